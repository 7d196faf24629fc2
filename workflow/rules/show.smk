rule show:
    input:
        [ancient(result.mark) for result in plan.shown],
    output:
        get_shown(),
        mark=VIEW_MARK,
    log:
        "results/logs/show.log",
    conda:
        "../../envs/data.yaml"
    message:
        "show the results in results/"
    shell:
        "python -m d2l_lab.stages.show --shown {input:q} --into results"
        " --mark {output.mark:q} --log {log:q}"
