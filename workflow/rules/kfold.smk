rule kfold:
    input:
        train=get_input("kfold", "train"),
    output:
        f"{STORE}/kfold/{{name}}/{{key}}/provenance.json",
    log:
        "results/logs/kfold/{name}.{key}.log",
    params:
        settings=get_settings("kfold"),
    message:
        "cross-validate {wildcards.name}"
    conda:
        "../../envs/torch.yaml"
    shell:
        "python -m d2l_lab.stages.kfold --settings {params.settings:q}"
        " --input train {input.train:q} --result {output:q} --log {log:q}"
