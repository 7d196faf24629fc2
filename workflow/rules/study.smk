rule study:
    input:
        **get_study_inputs(),
    output:
        update(f"{STORE}/study/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/study/{name}.{key}.log",
    conda:
        "../../envs/study.yaml"
    params:
        settings=get_settings("study"),
        again=get_again,
    message:
        "study {wildcards.name}"
    shell:
        "python -m d2l_lab.stages.study --settings {params.settings:q}"
        + "".join(f" --input {role} {{input.{role}:q}}" for role in get_study_inputs())
        + " --result {output:q} --log {log:q} --again {params.again:q}"
