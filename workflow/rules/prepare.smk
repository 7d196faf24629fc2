# In processes of their own: the warm one is loading torch meanwhile.


rule prepare:
    input:
        files=get_input("prepare", "files"),
    output:
        update(f"{STORE}/prepare/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/prepare/{name}.{key}.log",
    priority: 4  # the longest jobs wait for it
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        settings=get_settings("prepare"),
        again=get_again,
    message:
        "prepare {wildcards.name}"
    shell:
        "python -m d2l_lab.stages.prepare --settings {params.settings:q}"
        " --input files {input.files:q} --result {output:q} --log {log:q} --again {params.again:q}"


rule generate:
    output:
        update(f"{STORE}/generate/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/generate/{name}.{key}.log",
    priority: 4  # as much waits for it
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        settings=get_settings("generate"),
        again=get_again,
    message:
        "generate {wildcards.name}"
    shell:
        "python -m d2l_lab.stages.generate --settings {params.settings:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
