rule notebook:
    input:
        shown=get_input("notebook", "shown"),
    output:
        update(f"{STORE}/notebook/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/notebook/{name}.{key}.log",
    localrule: True
    conda:
        "../../envs/notebook.yaml"
    params:
        settings=get_settings("notebook"),
        again=get_again,
    message:
        "page {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.notebook --settings {params.settings:q}"
        " --input shown {input.shown:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
