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
            settings=get_settings("benchmark", "all"),
            inputs="",
            force=get_force,
        message:
            "take what `make bench` has measured"
        shell:
            stage_command("benchmark", more=" --show")
