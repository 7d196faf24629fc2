# A rule for each batch: points of a sweep that are trained together, by one job.

for name, batch in plan.batches.items():

    rule:
        name:
            name
        input:
            **{
                role: get_files(lambda wildcards, found=found: found)
                for role, found in batch[0].inputs.items()
            },
        output:
            [path for result in batch for path in stored_paths(result)],
        log:
            f"results/logs/{batch[0].stage}/{name}.log",
        priority: 3  # the longest jobs first, so that short ones fill the cores at the end
        conda:
            "../../envs/torch.yaml"
        resources:
            **get_resources_of(lambda wildcards, batch=batch: batch),
        params:
            start=get_start,
            stage=batch[0].stage,
            settings=get_settings(batch[0].stage, batch[0]),
            inputs=get_roles,
            also=get_also(batch),
            force=get_force,
        message:
            f"sweep {name}: {len(batch)} points together; the first: {resources.describe(batch[0])}"
        shell:
            "{params.start:q} d2l_lab.stages {params.stage:q} --settings {params.settings:q}"
            " {params.inputs:q} {params.also:q} --result {output[0]:q} --log {log:q} {params.force:q}"


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
            "summarise the sweeps"
        shell:
            "{params.start:q} d2l_lab.stages sweeps --settings {params.settings:q}"
            " {params.inputs:q} --show --result {output.provenance:q} --log {log:q} {params.force:q}"
