if plan.stage("claims"):

    rule claims:
        input:
            tables=get_input("claims", "tables", "all"),
            studies=get_input("claims", "studies", "all"),
        output:
            **reported_tables("claims", "all"),
        log:
            "results/logs/claims.log",
        priority: 2  # a figure and most pages wait for them
        localrule: True
        conda:
            "../../envs/report.yaml"
        params:
            start=get_start,
            settings=get_settings("claims", "all"),
            inputs=get_roles,
            force=get_force,
        message:
            "judge the claims of the notes"
        shell:
            "{params.start:q} d2l_lab.stages claims --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
