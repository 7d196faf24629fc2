if plan.stage("benchmark"):

    rule benchmark:
        output:
            **reported_tables("benchmark", "all"),
        log:
            "results/logs/benchmark.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        params:
            start=get_start,
            settings=get_settings("benchmark", "all"),
            force=get_force,
        message:
            "store the results of `make bench`"
        shell:
            "{params.start:q} d2l_lab.stages benchmark --settings {params.settings:q}"
            " --show --result {output.provenance:q} --log {log:q} {params.force:q}"
