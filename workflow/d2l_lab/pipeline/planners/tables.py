"""The tables of all models, the verdicts on the notes' claims, and the benchmark's results."""

from typing import TYPE_CHECKING

from d2l_lab.claims import thresholds
from d2l_lab.config.shipped import readable
from d2l_lab.pipeline.planners.data import SPLITS, is_generated
from d2l_lab.tables import benchmarks, printed

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

TABLES = ("models", "training", "summary", "kfold", "kfold_summary", "parameters", "timing")
TABLES += ("diverged",)


def add_to(plan: "Plan") -> None:
    """Add the tables, the claims if configured, and the benchmark if it has been run."""
    inputs = {
        "train": plan.stage("train"),
        "kfold": plan.stage("kfold"),
        "generated": [data for data in plan.stage("generate") if data.name.endswith("_train")],
    }
    files = [f"{table}.csv" for table in TABLES]
    tables = plan.add("tables", "all", {}, inputs, files=files, is_shown=True)
    if plan.config["claims"]:
        inputs = {"tables": [tables], "studies": plan.stage("study")}
        registered = {"digest": thresholds.digest(), "commit": thresholds.first_commit()}
        plan.add("claims", "all", registered, inputs, files=["claims.csv"], is_shown=True)
    if plan.config["book"]["languages"]:
        _add_published(plan, tables)
        _add_checklist(plan)
    if digests := benchmarks.digests():
        files = [f"{benchmarks.shown_as(table)}.csv" for table in digests]
        plan.add("benchmark", "all", {"sha256": digests}, files=files, is_shown=True)


def _add_published(plan: "Plan", tables: "Result") -> None:
    """Add the comparison of published numbers with this run's, for the page that shows it."""
    settings = {"digest": printed.digest(), "datasets": readable(plan.config)["datasets"]}
    inputs = {"tables": [tables]}
    if ("study", printed.STUDY) in plan.results:
        inputs["studies"] = [plan["study", printed.STUDY]]
    files = [f"{table}.csv" for table in printed.TABLES]
    plan.add("published", "all", settings, inputs, files=files, is_shown=True)


def _add_checklist(plan: "Plan") -> None:
    """Add the counts that the page of the reproducibility checklist shows."""
    datasets = plan.config["datasets"]
    used = plan.datasets()
    kinds = {name: datasets[name]["kind"] for name in used}
    generated = [name for name in used if is_generated(datasets[name])]
    inputs = {
        "train": plan.stage("train"),
        "kfold": plan.stage("kfold"),
        "data": [plan.data(name, split) for name in used for split in SPLITS],
    }
    files = ["checklist_models.csv", "checklist_data.csv"]
    settings = {"kinds": kinds, "generated": generated}
    plan.add("checklist", "all", settings, inputs, files=files, is_shown=True)
