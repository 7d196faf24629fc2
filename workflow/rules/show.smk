# Files of the view are targets, too: `snakemake --cores 1 results/figures/capacity.svg`.

import re

stored_as = {
    plain: (result, path)
    for result in plan.shown
    for plain, path in result.plain_names.items()
}


rule show:
    input:
        get_files(lambda wildcards: [stored_as[f"results/{wildcards.file}"][0]]),
    output:
        "results/{file}",
    log:
        "results/logs/show/{file}.log",
    wildcard_constraints:
        file="|".join(re.escape(plain.removeprefix("results/")) for plain in stored_as),
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        stored=lambda wildcards: stored_as[f"results/{wildcards.file}"][1],
    message:
        "show {output}"
    shell:
        "cp {params.stored:q} {output:q} 2> {log:q}"
