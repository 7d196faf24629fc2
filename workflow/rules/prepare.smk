rule prepare:
    input:
        files=get_input("prepare", "files"),
    output:
        f"{STORE}/prepare/{{name}}/{{key}}/provenance.json",
    log:
        "results/logs/prepare/{name}.{key}.log",
    conda:
        "../../envs/torch.yaml"
    params:
        settings=get_settings("prepare"),
    message:
        "prepare {wildcards.name}"
    shell:
        "python -m d2l_lab.stages.prepare --settings {params.settings:q}"
        " --input files {input.files:q} --result {output:q} --log {log:q}"


rule generate:
    output:
        f"{STORE}/generate/{{name}}/{{key}}/provenance.json",
    log:
        "results/logs/generate/{name}.{key}.log",
    conda:
        "../../envs/data.yaml"
    params:
        settings=get_settings("generate"),
    message:
        "generate {wildcards.name}"
    shell:
        "python -m d2l_lab.stages.generate --settings {params.settings:q}"
        " --result {output:q} --log {log:q}"
