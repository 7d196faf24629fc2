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
            start=get_start,
            settings=get_settings("download", result.name),
            unkeyed=get_unkeyed("download", result.name),
            force=get_force,
        message:
            f"download {result.name}"
        shell:
            "{params.start:q} d2l_lab.stages download --settings {params.settings:q}"
            " --unkeyed {params.unkeyed:q} --result {output.provenance:q} --log {log:q} {params.force:q}"
