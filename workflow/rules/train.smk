rule train:
    input:
        train=get_input("train", "train"),
        test=get_input("train", "test"),
        shards=get_shards("train"),
    output:
        provenance=stored("train/{model}.{device}/{key}/provenance.json"),
        history=stored("train/{model}.{device}/{key}/history.csv"),
        diverged=stored("train/{model}.{device}/{key}/diverged.csv"),
        parameters=stored("train/{model}.{device}/{key}/parameters.safetensors"),
        predictions=stored("train/{model}.{device}/{key}/predictions.safetensors"),
    log:
        "results/logs/train/{model}.{device}.{key}.log",
    priority: 3  # the longest jobs first, so that short ones fill the cores at the end
    group:
        get_group("train")
    conda:
        "../../envs/torch.yaml"
    resources:
        **get_resources("train"),
    params:
        start=get_start,
        settings=get_settings("train"),
        inputs=get_roles,
        about=get_about("train"),
        force=get_force,
    message:
        "train {wildcards.model} on {wildcards.device}: {params.about}"
    shell:
        "{params.start:q} d2l_lab.stages train --settings {params.settings:q}"
        " {params.inputs:q} --result {output.provenance:q} --log {log:q} {params.force:q}"


# Some replicates of a large training, which `train` combines; see replicas_per_job.
use rule train as train_shard with:
    output:
        provenance=stored("train/{model}.{device}.{first}-{last}/{key}/provenance.json"),
        history=stored("train/{model}.{device}.{first}-{last}/{key}/history.csv"),
        diverged=stored("train/{model}.{device}.{first}-{last}/{key}/diverged.csv"),
        parameters=stored(
            "train/{model}.{device}.{first}-{last}/{key}/parameters.safetensors"
        ),
        predictions=stored(
            "train/{model}.{device}.{first}-{last}/{key}/predictions.safetensors"
        ),
    log:
        "results/logs/train/{model}.{device}.{first}-{last}.{key}.log",
    message:
        "train {wildcards.model} on {wildcards.device}, replicates {wildcards.first} to"
        " {wildcards.last}: {params.about}"
