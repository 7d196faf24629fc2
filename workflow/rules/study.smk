# A rule for each study, whose module declares its inputs and the files that it makes.

for result in plan.stage("study"):

    rule:
        name:
            f"study_{result.name}"
        input:
            **{role: get_input("study", role, result.name) for role in result.inputs},
        output:
            **reported_tables("study", result.name),
        log:
            f"results/logs/study/{result.name}.log",
        priority: 2  # the claims wait for all of them
        group:
            get_group("study", result.name)
        conda:
            "../../envs/study.yaml"
        resources:
            **get_resources("study", result.name),
        params:
            start=get_start,
            settings=get_settings("study", result.name),
            inputs=get_roles,
            force=get_force,
        message:
            f"study {result.name}"
        shell:
            "{params.start:q} d2l_lab.stages study --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
