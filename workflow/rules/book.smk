# A book is a folder of files, represented by its front page.


rule book:
    input:
        pages=get_input("book", "pages"),
        tables=get_input("book", "tables"),
        picture=get_input("book", "picture"),
        graph=get_input("book", "graph"),
    output:
        provenance=stored("book/{language}/{key}/provenance.json"),
        front_page=stored("book/{language}/{key}/{language}/index.html"),
    log:
        "results/logs/book/{language}.{key}.log",
    localrule: True
    conda:
        "../../envs/book.yaml"
    params:
        start=get_start,
        settings=get_settings("book"),
        inputs=get_roles,
        force=get_force,
    message:
        "book in {wildcards.language}"
    shell:
        "{params.start:q} d2l_lab.stages book --settings {params.settings:q}"
        " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
