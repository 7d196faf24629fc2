rule tables:
    input:
        train=get_input("tables", "train", "all"),
        kfold=get_input("tables", "kfold", "all"),
        generated=get_input("tables", "generated", "all"),
    output:
        **reported_tables("tables", "all"),
    log:
        "results/logs/tables.log",
    priority: 2  # the claims wait for them
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        start=get_start,
        settings=get_settings("tables", "all"),
        inputs=get_roles,
        force=get_force,
    message:
        "gather the tables"
    shell:
        "{params.start:q} d2l_lab.stages tables --settings {params.settings:q}"
        " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
