rule figures:
    input:
        tables=get_input("figures", "tables"),
        train=get_input("figures", "train"),
        test=get_input("figures", "test"),
        trained=get_input("figures", "trained"),
        sweeps=get_input("figures", "sweeps"),
        drawn=get_input("figures", "drawn"),
    output:
        provenance=stored("figures/{figure}/{key}/provenance.json"),
        svg=reported(
            stored("figures/{figure}/{key}/{figure}.svg"),
            "Figures",
            "../report/templates/figure.rst",
            get_figure_labels,
        ),
        png=stored("figures/{figure}/{key}/{figure}.png"),
    log:
        "results/logs/figures/{figure}.{key}.log",
    priority: 1  # the record waits for all of them, so the pages come last
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        start=get_start,
        settings=get_settings("figures"),
        inputs=get_roles,
        caption=get_caption,
        force=get_force,
    message:
        "draw {wildcards.figure}"
    shell:
        "{params.start:q} d2l_lab.stages figures --settings {params.settings:q}"
        " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"


# The book's figures in other languages than English.
if translated := [each for each in plan.config["book"]["languages"] if each != "en"]:

    ruleorder: translated_figures > figures

    rule translated_figures:
        input:
            tables=get_input("figures", "tables"),
            train=get_input("figures", "train"),
            test=get_input("figures", "test"),
            trained=get_input("figures", "trained"),
            sweeps=get_input("figures", "sweeps"),
            drawn=get_input("figures", "drawn"),
        output:
            provenance=stored("figures/{figure}.{language}/{key}/provenance.json"),
            svg=stored("figures/{figure}.{language}/{key}/{language}/{figure}.svg"),
        log:
            "results/logs/figures/{figure}.{language}.{key}.log",
        wildcard_constraints:
            language="|".join(translated),
        priority: 1
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("figures"),
            inputs=get_roles,
            force=get_force,
        message:
            "draw {wildcards.figure} in {wildcards.language}"
        shell:
            "{params.start:q} d2l_lab.stages figures --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
