rule book:
    input:
        pages=get_input("book", "pages"),
        tables=get_input("book", "tables"),
        graph=get_input("book", "graph"),
    output:
        update(f"{STORE}/book/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/book/{name}.{key}.log",
    localrule: True
    conda:
        "../../envs/book.yaml"
    params:
        settings=get_settings("book"),
        again=get_again,
    message:
        "book in {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.book --settings {params.settings:q}"
        " --input pages {input.pages:q} --input tables {input.tables:q} --input graph {input.graph:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
