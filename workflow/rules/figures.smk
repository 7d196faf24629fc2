rule figures:
    input:
        tables=get_input("figures", "tables"),
        train=get_input("figures", "train"),
        test=get_input("figures", "test"),
        trained=get_input("figures", "trained"),
        drawn=get_input("figures", "drawn"),
    output:
        update(f"{STORE}/figures/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/figures/{name}.{key}.log",
    priority: 1  # the record waits for all of them, so the pages come last
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        settings=get_settings("figures"),
        again=get_again,
    message:
        "draw {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.figures --settings {params.settings:q}"
        " --input tables {input.tables:q} --input train {input.train:q}"
        " --input test {input.test:q} --input trained {input.trained:q} --input drawn {input.drawn:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
