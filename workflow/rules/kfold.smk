rule kfold:
    input:
        train=get_input("kfold", "train"),
        shards=get_shards("kfold"),
    output:
        update(f"{STORE}/kfold/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/kfold/{name}.{key}.log",
    priority: 3  # the longest jobs first, so that short ones fill the cores at the end
    group:
        get_group("kfold")
    conda:
        "../../envs/torch.yaml"
    resources:
        **get_needs("kfold"),
    params:
        settings=get_settings("kfold"),
        again=get_again,
    message:
        "cross-validate {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.kfold --settings {params.settings:q}"
        " --input train {input.train:q} --result {output:q} --log {log:q} --again {params.again:q}"
