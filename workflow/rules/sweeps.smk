if plan.stage("sweeps"):

    rule sweeps:
        input:
            **{
                role: get_input("sweeps", role, "all")
                for role in plan["sweeps", "all"].inputs
            },
        output:
            **reported_tables("sweeps", "all"),
        log:
            "results/logs/sweeps.log",
        priority: 2  # a figure and a page wait for them
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("sweeps", "all"),
            inputs=get_roles,
            force=get_force,
        message:
            "gather the sweeps"
        shell:
            "{params.start:q} d2l_lab.stages sweeps --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
