rule tables:
    input:
        train=get_input("tables", "train"),
        kfold=get_input("tables", "kfold"),
    output:
        update(f"{STORE}/tables/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/tables/{name}.{key}.log",
    priority: 2  # the claims wait for them
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        settings=get_settings("tables"),
        again=get_again,
    message:
        "tables"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.tables --settings {params.settings:q}"
        " --input train {input.train:q} --input kfold {input.kfold:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
