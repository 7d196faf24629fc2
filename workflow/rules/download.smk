for result in plan.stage("download"):

    rule:
        name:
            f"download_{result.name}"
        output:
            **stored_files("download", result.name),
        log:
            f"results/logs/download/{result.name}.log",
        priority: 4  # the longest jobs wait for it
        localrule: True
        conda:
            "../../envs/data.yaml"
        params:
            run=RUN,
            settings=get_settings("download", result.name),
            sources=as_argument("sources", result.unkeyed["sources"]),
            force=get_force,
        message:
            f"download {result.name}"
        shell:
            "{params.run:q} d2l_lab.stages download --settings {params.settings:q}"
            " --unkeyed {params.sources:q} --result {output.provenance:q} --log {log:q} {params.force:q}"
