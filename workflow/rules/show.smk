rule show:
    input:
        get_to_show,
    output:
        get_shown(),
        mark=str(VIEW),
    log:
        "results/logs/show.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    message:
        "show the results in results/"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.show --shown {input:q} --into results"
        " --mark {output.mark:q} --log {log:q}"
