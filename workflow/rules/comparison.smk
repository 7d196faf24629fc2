if plan.stage("comparison"):

    rule comparison:
        input:
            **{
                role: get_input("comparison", role, "all")
                for role in plan["comparison", "all"].inputs
            },
        output:
            **reported_tables("comparison", "all"),
        log:
            "results/logs/comparison.log",
        priority: 1  # a page waits for it
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("comparison", "all"),
            inputs=get_roles,
            force=get_force,
        message:
            "compare with the shipped configuration"
        shell:
            "{params.start:q} d2l_lab.stages comparison --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
