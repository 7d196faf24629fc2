rule record:
    input:
        shown=get_input("record", "shown"),
    output:
        update(f"{STORE}/record/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/record/{name}.{key}.log",
    priority: 1  # a page waits for it
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        settings=get_settings("record"),
        again=get_again,
    message:
        "record the jobs"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.record --settings {params.settings:q}"
        " --input shown {input.shown:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
