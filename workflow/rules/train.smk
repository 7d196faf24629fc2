rule train:
    input:
        train=get_input("train", "train"),
        test=get_input("train", "test"),
        shards=get_shards("train"),
    output:
        update(f"{STORE}/train/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/train/{name}.{key}.log",
    priority: 3  # the longest jobs first, so that short ones fill the cores at the end
    group:
        get_group("train")
    conda:
        "../../envs/torch.yaml"
    resources:
        **get_needs("train"),
    params:
        settings=get_settings("train"),
        again=get_again,
    message:
        "train {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.train --settings {params.settings:q}"
        " --input train {input.train:q} --input test {input.test:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
