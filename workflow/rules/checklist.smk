if plan.stage("checklist"):

    rule checklist:
        input:
            **{
                role: get_input("checklist", role, "all")
                for role in plan["checklist", "all"].inputs
            },
        output:
            **reported_tables("checklist", "all"),
        log:
            "results/logs/checklist.log",
        priority: 1  # a page waits for it
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("checklist", "all"),
            inputs=get_roles,
            force=get_force,
        message:
            "count runs, parameters and examples"
        shell:
            "{params.start:q} d2l_lab.stages checklist --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
