"""The figures: each is drawn by a module of `d2l_lab.figures` from results of other stages."""

from typing import TYPE_CHECKING, Any

from d2l_lab.pipeline.environment import training_name
from d2l_lab.tables import benchmarks

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

IMAGES, POLYNOMIAL = "fashion_mnist", "polynomial"


def add_to(plan: "Plan") -> None:
    """Add the figures of models, data, sweeps, studies, claims and benchmarks."""
    _add_curves(plan)
    if plan.models_of(POLYNOMIAL):
        _add_polynomial_fits(plan)
    if classifiers := plan.models_of(IMAGES):
        _add_images(plan, classifiers)
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
    """Add a figure, drawn by the module of its name if it does not share one with others."""
    told = {"module": module or name, "dpi": plan.config["figures"]["dpi"], **settings}
    files = [f"{name}.svg", f"{name}.png"]
    plan.add("figures", name, told, inputs, files=files, is_shown=True)


def _add_curves(plan: "Plan") -> None:
    several = len(plan.devices) > 1
    for model, _, device in plan.trainings():
        name = training_name(model, device)
        for kind, stage in (("training", "train"), ("kfold", "kfold")):
            figure = f"{kind}_{name if several else model}"
            inputs = {"trained": [plan[stage, name]]}
            add_figure(plan, figure, inputs, f"{kind}_curves", several_devices=several)


def _add_polynomial_fits(plan: "Plan") -> None:
    inputs = {split: [plan.data(POLYNOMIAL, split)] for split in ("train", "test")}
    inputs["trained"] = [plan.trained(model) for model in plan.models_of(POLYNOMIAL)]
    add_figure(plan, "polynomial_fits", inputs)


def _add_images(plan: "Plan", classifiers: list[str]) -> None:
    add_figure(plan, "test_accuracy", {"tables": [plan["tables", "all"]]})
    images = plan.config["figures"]["images"]
    train, test = ([plan.data(IMAGES, split)] for split in ("train", "test"))
    add_figure(plan, IMAGES, {"train": train}, "image_grid", images=images)
    for model in classifiers:
        inputs = {"test": test, "trained": [plan.trained(model)]}
        add_figure(plan, f"predictions_{model}", inputs, "predictions")
