if plan.stage("record"):

    rule record:
        input:
            shown=get_input("record", "shown", "all"),
        output:
            **reported_tables("record", "all"),
        log:
            "results/logs/record.log",
        priority: 1  # a page waits for it
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("record", "all"),
            inputs=get_roles,
            force=get_force,
        message:
            "record the jobs"
        shell:
            "{params.start:q} d2l_lab.stages record --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
