rule kfold:
    input:
        train=get_input("kfold", "train"),
        shards=get_shards("kfold"),
    output:
        provenance=stored("kfold/{model}.{device}/{key}/provenance.json"),
        history=stored("kfold/{model}.{device}/{key}/history.csv"),
        diverged=stored("kfold/{model}.{device}/{key}/diverged.csv"),
        parameters=stored("kfold/{model}.{device}/{key}/parameters.safetensors"),
    log:
        "results/logs/kfold/{model}.{device}.{key}.log",
    priority: 3  # the longest jobs first, so that short ones fill the cores at the end
    group:
        get_group("kfold")
    conda:
        "../../envs/torch.yaml"
    resources:
        **get_resources("kfold"),
    params:
        start=get_start,
        settings=get_settings("kfold"),
        inputs=get_roles,
        about=get_about("kfold"),
        force=get_force,
    message:
        "cross-validate {wildcards.model} on {wildcards.device}: {params.about}"
    shell:
        "{params.start:q} d2l_lab.stages kfold --settings {params.settings:q}"
        " {params.inputs:q} --result {output.provenance:q} --log {log:q} {params.force:q}"


use rule kfold as kfold_shard with:
    output:
        provenance=stored("kfold/{model}.{device}.{first}-{last}/{key}/provenance.json"),
        history=stored("kfold/{model}.{device}.{first}-{last}/{key}/history.csv"),
        diverged=stored("kfold/{model}.{device}.{first}-{last}/{key}/diverged.csv"),
        parameters=stored(
            "kfold/{model}.{device}.{first}-{last}/{key}/parameters.safetensors"
        ),
    log:
        "results/logs/kfold/{model}.{device}.{first}-{last}.{key}.log",
    message:
        "cross-validate {wildcards.model} on {wildcards.device}, folds {wildcards.first} to"
        " {wildcards.last}: {params.about}"
