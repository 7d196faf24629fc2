rule benchmark:
    output:
        update(f"{STORE}/benchmark/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/benchmark/{name}.{key}.log",
    conda:
        "../../envs/data.yaml"
    params:
        settings=get_settings("benchmark"),
        again=get_again,
    message:
        "benchmark {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.benchmark --settings {params.settings:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
