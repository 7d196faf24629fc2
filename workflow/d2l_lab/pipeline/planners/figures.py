"""The figures, each drawn by a module of `d2l_lab.figures` from results of other stages."""

from typing import TYPE_CHECKING, Any

from d2l_lab.pipeline.environment import training_name
from d2l_lab.store import layout
from d2l_lab.tables import benchmarks

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result


def add_to(plan: "Plan") -> None:
    """Add the figures of models, data, sweeps, studies, claims and benchmarks."""
    _add_curves(plan)
    if any(plan.facts(dataset).task == "classification" for dataset in plan.datasets()):
        add_figure(plan, "test_accuracy", {"tables": [plan["tables", "all"]]})
    for dataset in plan.datasets():
        for module in plan.facts(dataset).shows:
            _add_shown(plan, dataset, module)
    for gathered in plan.stage("sweeps"):
        for sweep, about in gathered.settings["sweeps"].items():
            told = {"sweep": sweep, "device": plan.devices[0], "keys": about["keys"]}
            add_figure(plan, f"sweep_{sweep}", {"sweeps": [gathered]}, "sweep", **told)
    for study in plan.stage("study"):
        add_figure(plan, study.name, {"drawn": [study]})
    for claims in plan.stage("claims"):
        add_figure(plan, "claims", {"drawn": [claims]})
    for benchmark in plan.stage("benchmark"):
        for name, tables in benchmarks.FIGURES.items():
            if benchmark.settings["sha256"].keys() >= {*tables}:
                add_figure(plan, name, {"drawn": [benchmark]})


def add_figure(
    plan: "Plan",
    name: str,
    inputs: dict[str, list["Result"]],
    module: str | None = None,
    **settings: Any,
) -> None:
    """Add a figure, drawn by the module of the same name unless another is given.

    It is always made in English, also as PNG, and in the other languages of the book.
    """
    languages = [each for each in plan.config["book"]["languages"] if each != layout.ENGLISH]
    told = {"module": module or name, "dpi": plan.config["figures"]["dpi"]}
    files = [f"{name}.svg", f"{name}.png", *(layout.svg_file(name, each) for each in languages)]
    told |= {"translations": languages} | settings
    plan.add("figures", name, told, inputs, files=files, is_shown=True)


def _add_curves(plan: "Plan") -> None:
    several = len(plan.devices) > 1
    for model, _, device in plan.trainings():
        name = training_name(model, device)
        for kind, stage in (("training", "train"), ("kfold", "kfold")):
            figure = f"{kind}_{name if several else model}"
            inputs = {"trained": [plan[stage, name]]}
            add_figure(plan, figure, inputs, f"{kind}_curves", several_devices=several)


def _add_shown(plan: "Plan", dataset: str, module: str) -> None:
    """Add a figure that a dataset's module names: one of the data, or one per model."""
    train, test = ([plan.data(dataset, split)] for split in ("train", "test"))
    trained = {model: plan.trained(model) for model in plan.models_of(dataset)}
    if module == "predictions":
        for model, result in trained.items():
            inputs = {"test": test, "trained": [result]}
            add_figure(plan, f"{module}_{model}", inputs, module)
    elif module == "image_grid":
        images = plan.config["figures"]["images"]
        add_figure(plan, f"{dataset}_{module}", {"train": train}, module, images=images)
    else:
        inputs = {"train": train, "test": test, "trained": [*trained.values()]}
        add_figure(plan, f"{dataset}_{module}", inputs, module)
