# In a process of its own: the warm one is loading torch meanwhile.


rule download:
    output:
        update(f"{STORE}/download/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/download/{name}.{key}.log",
    priority: 4  # the longest jobs wait for it
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        settings=get_settings("download"),
        again=get_again,
        sources=lambda wildcards: json.dumps(
            plan.config["datasets"][wildcards.name]["sources"]
        ),
    message:
        "download {wildcards.name}"
    shell:
        "python -m d2l_lab.stages.download --settings {params.settings:q}"
        " --sources {params.sources:q} --result {output:q} --log {log:q} --again {params.again:q}"
