rule claims:
    input:
        tables=get_input("claims", "tables"),
        studies=get_input("claims", "studies"),
    output:
        update(f"{STORE}/claims/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/claims/{name}.{key}.log",
    priority: 2  # a figure and most pages wait for them
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        settings=get_settings("claims"),
        again=get_again,
    message:
        "claims"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.claims --settings {params.settings:q}"
        " --input tables {input.tables:q} --input studies {input.studies:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
