rule notebook:
    input:
        shown=get_input("notebook", "shown"),
        data=get_input("notebook", "data"),
    output:
        **{
            language: stored(f"notebook/{{page}}/{{key}}/{language}/{{page}}.ipynb")
            for language in plan.config["book"]["languages"]
        },
        provenance=stored("notebook/{page}/{key}/provenance.json"),
    log:
        "results/logs/notebook/{page}.{key}.log",
    localrule: True
    conda:
        "../../envs/notebook.yaml"
    params:
        start=get_start,
        settings=get_settings("notebook"),
        inputs=get_roles,
        force=get_force,
    message:
        "page {wildcards.page}"
    shell:
        "{params.start:q} d2l_lab.stages notebook --settings {params.settings:q}"
        " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
