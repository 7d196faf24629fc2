rule prepare:
    input:
        files=get_input("prepare", "files"),
    output:
        provenance=stored("prepare/{dataset}/{key}/provenance.json"),
        examples=stored("prepare/{dataset}/{key}/examples.safetensors"),
        classes=stored("prepare/{dataset}/{key}/classes.csv"),
    log:
        "results/logs/prepare/{dataset}.{key}.log",
    priority: 4  # the longest jobs wait for it
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        start=get_start,
        settings=get_settings("prepare"),
        unkeyed=get_unkeyed("prepare"),
        inputs=get_roles,
        force=get_force,
    message:
        "prepare {wildcards.dataset}"
    shell:
        "{params.start:q} d2l_lab.stages prepare --settings {params.settings:q}"
        " --unkeyed {params.unkeyed:q} {params.inputs:q} --result {output.provenance:q}"
        " --log {log:q} {params.force:q}"


rule generate:
    output:
        provenance=stored("generate/{dataset}/{key}/provenance.json"),
        examples=stored("generate/{dataset}/{key}/examples.safetensors"),
    log:
        "results/logs/generate/{dataset}.{key}.log",
    priority: 4  # the longest jobs wait for it
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        start=get_start,
        settings=get_settings("generate"),
        force=get_force,
    message:
        "generate {wildcards.dataset}"
    shell:
        "{params.start:q} d2l_lab.stages generate --settings {params.settings:q}"
        " --result {output.provenance:q} --log {log:q} {params.force:q}"
