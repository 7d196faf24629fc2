# d2l-lab: every experiment of the notes on Dive into Deep Learning, chapters 3 and 4.
# In order: config.yaml, the plan of all results, the rules that make them, and the target `all`.

from snakemake.utils import min_version

min_version("9.0")


include: "workflow/rules/bootstrap.smk"


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


if DeploymentMethod.APPTAINER in deployment:

    # Built from the Containerfile's image by `apptainer build`; see docs/how-to/run-elsewhere.md.
    container: "d2l-lab.sif"


include: "workflow/rules/common.smk"
include: "workflow/rules/download.smk"
include: "workflow/rules/prepare.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/kfold.smk"
include: "workflow/rules/study.smk"
include: "workflow/rules/sweeps.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/comparison.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/published.smk"
include: "workflow/rules/benchmark.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/record.smk"
include: "workflow/rules/notebook.smk"
include: "workflow/rules/book.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/show.smk"


rule all:
    default_target: True
    input:
        [str(result.provenance) for result in plan.shown],
    message:
        where_results_are()
