# Snakemake's own report on everything that is shown, published with the book.


rule snakemake_report:
    input:
        shown=get_input("report", "shown", "all"),
    output:
        **stored_files("report", "all"),
    log:
        "results/logs/report.log",
    localrule: True
    conda:
        "../../envs/report.yaml"
    params:
        start=get_start,
        settings=get_settings("report", "all"),
        unkeyed=get_unkeyed("report", "all"),
        inputs=get_roles,
        force=get_force,
    message:
        "Snakemake's report"
    shell:
        "{params.start:q} d2l_lab.stages report --settings {params.settings:q}"
        " --unkeyed {params.unkeyed:q}"
        " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
