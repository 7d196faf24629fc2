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
            force=get_force,
        message:
            "take what `make bench` has measured"
        shell:
            "PYTHONPATH={SOURCES:q} {PYTHON:q} -m d2l_lab.stages benchmark --settings {params.settings:q}"
            " --show --result {output.provenance:q} --log {log:q} {params.force:q}"
