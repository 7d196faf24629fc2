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
        translations=[
            stored(f"figures/{{figure}}/{{key}}/{language}/{{figure}}.svg")
            for language in plan.config["book"]["languages"]
            if language != layout.ENGLISH
        ],
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
