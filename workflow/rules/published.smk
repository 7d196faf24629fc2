if plan.stage("published"):

    rule published:
        input:
            **{
                role: get_input("published", role, "all")
                for role in plan["published", "all"].inputs
            },
        output:
            **reported_tables("published", "all"),
        log:
            "results/logs/published.log",
        priority: 1  # a page waits for it
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("published", "all"),
            inputs=get_roles,
            force=get_force,
        message:
            "check published numbers"
        shell:
            "{params.start:q} d2l_lab.stages published --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
