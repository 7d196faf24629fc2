"""The arguments of every figure's `draw`: small tables in the form that its study writes."""

import importlib
from base64 import b64encode
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from d2l_lab.claims.claim import judge
from d2l_lab.claims.perceptrons import CLAIMS
from d2l_lab.studies import activations

IMAGES = np.random.default_rng(0).uniform(size=(7, 28, 28))
LABELS = ["bag", "coat", "shirt", "dress", "sandal", "sneaker", "ankle boot"]
PREDICTED = ["bag", "shirt", "shirt", "dress", "sandal", "ankle boot", "ankle boot"]
CONFUSION = np.array([[7, 1, 2], [0, 20, 0], [96, 4, 100]])
AGREEMENT = ["kind", "first", "second", "family", "device", "quantity"]
AGREEMENT += ["greatest_difference", "greatest_value", "n"]
ACCURACIES = {
    "softmax_regression": [0.836, 0.837, 0.835],
    "without_activation": [0.838, 0.836, 0.84],
    "with_relu": [0.86, 0.853, 0.864],
}
TRUE_WEIGHTS = np.array([5, 1.2, -3.4, 5.6])
SPLITS = {"replicate": "test", "fold": "validation"}  # the held-out split
TIMES = {"train": 1, "validation": 2, "test": 4}  # the factor of a split's losses
METHODS = ("sgd", "exact")
STAGES = {"train": 9, "prepare": 2, "kfold": 9, "tables": 1, "download": 1, "generate": 4}
EDGES = [[made, stage] for made in ("prepare", "generate") for stage in ("train", "kfold")]
EDGES += [[made, "tables"] for made in ("train", "kfold", "prepare")] + [["download", "prepare"]]


def crossed(**levels: Any) -> pd.DataFrame:
    """Make a row for each combination of some columns' values."""
    return pd.MultiIndex.from_product(levels.values(), names=levels).to_frame(index=False)


def curves(repeat, repeats=5, epochs=10, metrics=("loss", "accuracy"), scale=1.0):
    splits = ["train_running", "train", SPLITS[repeat]]
    table = crossed(**{repeat: range(repeats), "epoch": range(1, epochs + 1), "split": splits})
    values = np.random.default_rng(0).uniform(0.3, 0.9, (len(table), 2)) * scale
    table[["loss", "accuracy"]] = values if "accuracy" in metrics else values * [1, np.nan]
    return table


def tried(name):
    """Make a table of experiments with every case of a figure's panels."""
    panels = importlib.import_module(f"d2l_lab.figures.{name}").PANELS
    rows = [
        (panel.exercise, case, panel.measure, replicate, (1.5 + number) * (1 + 0.1 * replicate))
        for panel in panels
        for number, case in enumerate(panel.cases or ["1", "10"])
        for replicate in range(3)
    ]
    return pd.DataFrame(rows, columns=["exercise", "case", "measure", "replicate", "value"])


def confusion(models=("softmax_regression_scratch", "mlp_scratch"), devices=("cpu",)):
    names = LABELS[:3]
    table = crossed(model=models, device=devices, true=names, predicted=names)
    return table.assign(count=np.tile(CONFUSION.ravel(), len(models) * len(devices)))


def gradients():
    kinds = {"activation": ["relu", "sigmoid", "tanh"], "initial": ["notes", "xavier"]}
    table = crossed(**kinds, depth=[1, 2, 4], replicate=range(3))
    values = 10 ** np.random.default_rng(0).uniform(-9, -1, len(table))
    return table.assign(first_layer=values)


def selection(rates=(0.01, 0.1, 0.3)):
    table = crossed(learning_rate=rates, fold=range(3), split=["train", "validation"])
    table[["loss", "accuracy"]] = np.random.default_rng(0).uniform(0.3, 0.9, (len(table), 2))
    return table


def by_split(losses, *splits):
    """Give each split its own losses."""
    return pd.concat(losses.assign(split=s, loss=losses["loss"] * TIMES[s]) for s in splits)


LOSSES = crossed(method=METHODS, degree=range(4), replicate=range(5), fold=range(2)).eval(
    "loss = 10.0 ** -degree * (1 + replicate)"
)


def polynomial(weights, x):
    return np.polynomial.Polynomial(weights / np.cumprod([1, *range(1, len(weights))]))(x)


def points(seed):
    random = np.random.default_rng(seed)
    x = random.normal(size=50)
    return pd.DataFrame({"x": x, "y": polynomial(TRUE_WEIGHTS, x) + random.normal(0, 0.1, 50)})


def fits(replicates=5):
    random = np.random.default_rng(2)
    features = {"polynomial_normal": 4, "polynomial_underfit": 2, "polynomial_overfit": 20}
    return {model: random.normal(size=(replicates, n)) for model, n in features.items()}


X = np.linspace(0.1, 0.9, 9)
CURVES = activations.study(points=33)["activations"]
GROWTH = {"seconds": [1.0, 2.0], "least": 0.5, "greatest": 3.0, "peak_mebibytes": [100, 300]}
WAYS = ["scratch", "notes", "scikit-learn, tested", "limit", "scratch"]
UNCERTAINTY = pd.DataFrame(
    [("mlp_scratch", "softmax_scratch", 0.02, 5), ("softmax_scratch", "mlp_scratch", -0.02, 5)],
    columns=["first", "second", "difference", "replicates"],
).assign(device="cpu", error_replicates=0.004, error=0.005, freedom=6.0)
PAIR = ("ways", "mlp_scratch", "mlp_concise", "mlp", "cpu")
OTHER = ("ways", "linear_scratch", "linear_concise", "linear_regression", "cpu")
TABLES = {
    "activations": CURVES.assign(formula=CURVES["formula"] / 2),
    "affine_collapse": crossed(model=ACCURACIES, replicate=range(3)).assign(
        test_accuracy=np.ravel([*ACCURACIES.values()])
    ),
    "agreement": pd.DataFrame(
        [
            (*PAIR, "loss", 2e-6, 2.0, 10),
            (*PAIR, "accuracy", 0.0, 0.8, 10),
            (*PAIR, "b1", 0.0, 0.0, 3),
            (*OTHER, "loss", 0.06, 3.0, 10),
        ],
        columns=AGREEMENT,
    ),
    "benchmark_jobs": pd.DataFrame(
        [("train", 0.0, 4.0, 3.0), ("figures", 5.0, 1.0, 0.0), ("train", 3.0, 2.0, 1.5)],
        columns=["stage", "started", "seconds", "useful_seconds"],
    ),
    "benchmark_scale": pd.DataFrame({"grows": "replicates", "count": [1, 5], **GROWTH}),
    "benchmark_planning": pd.concat(
        pd.DataFrame({"measured": what, "devices": [1, 8], "results": [99, 999], **GROWTH})
        for what in ("keys", "jobs")
    ).assign(models=50),
    "benchmark_training": pd.DataFrame({"way": WAYS, "jobs": [2, 1, 1, 1, 1]}).assign(
        model="mlp",
        workers=[np.nan, 4, np.nan, np.nan, np.nan],
        replicas=[5, 1, 1, 5, 1],
        threads=[1, np.nan, np.nan, 1, 2],
        seconds_per_epoch=[0.3, 5.0, 0.8, 0.2, 0.4],
        least=0.1,
        greatest=9.0,
    ),
    "capacity": by_split(LOSSES, "train", "validation"),
    "capacity_test": by_split(LOSSES[LOSSES["fold"] == 0], "train", "test").drop(columns="fold"),
    "capacity_choice": pd.concat(
        crossed(method=METHODS, rule=["minimum", "one_standard_error"], replicate=[r]).assign(
            degree=3 if r else 2
        )
        for r in range(5)
    ),
    "claims": judge(CLAIMS, {"activations": CURVES}),
    "closed_form": pd.DataFrame({"error": [0.3, 0.4]}),
    "closed_form_distance": crossed(replicate=range(3), step=range(5)).eval(
        "epoch = (step + 1) // 2\ndistance = (1 + replicate) * 10.0 ** -step"
    ),
    "confusion": confusion(),
    "weight_images": pd.DataFrame(
        {"epoch": range(11), "test_accuracy": [0.1, *np.linspace(0.71, 0.8, 10)]}
    ),
    "weight_images_pixels": crossed(epoch=range(11), name=LABELS[:3]).assign(
        width=4, scale=0.3, pixels=[b64encode(bytes(range(n, n + 12))).decode() for n in range(33)]
    ),
    "images": crossed(split=["train", "test"], name=LABELS[:3]).assign(
        count=[600, 590, 610, 100, 0, 90]
    ),
    "images_timing": pd.DataFrame(
        [("DataLoader", 0, 3.06), ("DataLoader", 1, 2.5), ("resident tensor", np.nan, 0.088)],
        columns=["way", "workers", "seconds"],
    ),
    "information_surprisal": pd.DataFrame({"probability": X, "surprisal": -np.log(X)}),
    "information_entropy": pd.DataFrame({"probability": X, "entropy": X * (1 - X)}),
    "information_cross_entropy": pd.DataFrame({"entropy": X + 1, "cross_entropy": X + 2}),
    "learning_rate": crossed(learning_rate=(0.1, 1.0, 3.0), replicate=range(3)).eval(
        "initial_loss = 8.0\nloss = learning_rate * (1 + replicate)\ndiverged = learning_rate > 1"
    ),
    "library_normal": pd.DataFrame(
        {"replicate": [0, 1, 2], "std": 0.01, "deviation": [0.009, 0.01, 0.011]}
    ).eval("variance = deviation ** 2"),
    "maximum_likelihood": pd.DataFrame({"weight": [1.0, 2.0, 3.0]}).assign(
        squared_loss=[1.0, 0.0, 1.0], negative_log_likelihood=[8.0, 3.0, 8.0]
    ),
    "maximum_likelihood_densities": crossed(
        mean=(0, 3), deviation=(1, 2), x=(-1, 0, 1), density=[0.1]
    ),
    "minibatches_examples": pd.concat(
        pd.DataFrame({"feature": f"x[{f}]", "x": np.arange(5) * f, "y": 2.0 * np.arange(5)})
        for f in range(6)
    ),
    **{name: tried(name) for name in ("exercises_linear", "exercises_softmax", "exercises_mlp")},
    "plain_loop": crossed(module=["mlp.scratch", "mlp.concise"], replicate=range(2)).assign(
        greatest_difference=[1e-16, 2e-16, 0, 1e-17], greatest_value=0.5
    ),
    "polynomial_terms": crossed(replicate=range(3), degree=range(4)).eval(
        "greatest_feature = (1.0 + replicate) / (1 + degree)\n"
        "greatest_power = (1.0 + replicate) ** degree"
    ),
    "redrawn": crossed(
        module=["linear_regression.scratch"], replicate=range(3), quantity=["train_loss", "b"]
    ).assign(features=2, value=[0.1, 1, 0.2, 1, 0.3, 1]),
    "sample_size": by_split(
        crossed(method=METHODS, examples=(10, 100), degree=(1, 3), replicate=range(5)).eval(
            "loss = (1 + replicate) / examples"
        ),
        "train",
        "test",
    ),
    "hyperparameters": crossed(
        hidden_layers=range(3), weight_decay=(0.0, 0.01), learning_rate=(0.1, 0.3), fold=range(3)
    ).assign(split="validation", loss=0.5),
    "hyperparameters_choice": pd.DataFrame(
        {"hidden_layers": [1], "weight_decay": 0.01, "learning_rate": 0.1, "validation_loss": 0.5}
    ),
    "hyperparameters_test": pd.DataFrame(
        [("validation", 0.45, 0.004, 0.845, 0.002), ("test", 0.47, 0.006, 0.836, 0.0037)],
        columns=["split", "loss", "loss_error", "accuracy", "accuracy_error"],
    ).assign(hidden_layers=1, weight_decay=0.01, learning_rate=0.1),
    "weight_decay": by_split(
        crossed(method=METHODS, weight_decay=(0.0, 0.01, 0.1), replicate=range(5)).eval(
            "loss = (1 + replicate) / (1 + weight_decay)"
        ),
        "train",
        "test",
    ),
    "weight_decay_norm": crossed(
        method=METHODS, weight_decay=(0.0, 0.01, 0.1), replicate=range(5)
    ).eval("norm = (1 + replicate) / (1 + weight_decay)"),
    "selection": selection(),
    "selection_choice": pd.DataFrame({"learning_rate": [0.1]}),
    "selection_test": pd.DataFrame(
        [(0.1, "validation", 0.45, 0.004, 0.845, 0.002), (0.1, "test", 0.47, 0.006, 0.836, 0.0037)],
        columns=["learning_rate", "split", "loss", "loss_error", "accuracy", "accuracy_error"],
    ),
    "softmax_overflow": pd.DataFrame({"scale": [1.0, 10.0, 100.0, 1000.0]}).assign(
        plain_finite=[1.0, 0.98, 0.1, 0.0], stable_finite=1.0
    ),
    "summary": pd.DataFrame(
        [
            ("softmax_regression_scratch", "test_accuracy", 0.836, 0.831, 0.841),
            ("softmax_regression_scratch", "train_loss", 0.450, 0.448, 0.452),
            ("mlp_scratch", "test_accuracy", 0.861, 0.857, 0.865),
            ("linear_regression_scratch", "train_loss", 5e-5, 4e-5, 6e-5),
        ],
        columns=["model", "metric", "mean", "ci_low", "ci_high"],
    ).assign(device="cpu", n=5),
    "uncertainty": UNCERTAINTY.rename(columns={"first": "model", "difference": "accuracy"}),
    "uncertainty_pairs": UNCERTAINTY,
    "vanishing_gradients": gradients(),
    "vectorisation_timing": pd.concat(
        crossed(length=(10, 100), way=[way], repeat=range(3), each=[seconds])
        for way, seconds in (("loop", 1e-5), ("vectorised", 1e-7))
    ).eval("seconds = length * each * (1 + repeat)"),
}
SWEPT = crossed(learning_rate=(0.01, 0.1), hidden_units=(64, 256)).assign(
    sweep="rates", model="mlp", device="cpu"
)
SWEEP = pd.concat(
    SWEPT.assign(split=split, metric=metric, mean=place * scale * np.arange(1, 5)).eval(
        "ci_low = mean - 0.1\nci_high = mean + 0.1"
    )
    for place, split in enumerate(("train", "validation"), 1)
    for metric, scale in (("loss", 1.0), ("accuracy", 0.1))
)
POINTS = {"train": points(0), "test": points(1)}
OTHERS = {
    "image_grid": {"images": IMAGES, "titles": LABELS},
    "kfold_curves": {"history": curves("fold"), "title": "a model", "dataset": ""},
    "fits": POINTS | {"true_weights": TRUE_WEIGHTS, "fits": fits()},
    "predictions": {"images": IMAGES, "true": LABELS, "predicted": PREDICTED, "title": "softmax"},
    "sweep": {
        "sweeps": SWEEP,
        "sweep_choice": SWEPT[:1],
        "keys": ["learning_rate", "hidden_units"],
    },
    "training_curves": {"history": curves("replicate"), "title": "a model", "dataset": ""},
    "workflow_graph": {"stages": STAGES, "edges": EDGES},
}


def arguments(name: str) -> dict[str, Any]:
    """Return the arguments of a figure's `draw`: by default the tables that it names."""
    draw = importlib.import_module(f"d2l_lab.figures.{name}").draw
    tables = [table for table in signature(draw).parameters if table != "words"]
    return OTHERS.get(name) or {table: TABLES[table] for table in tables}


def draw(name: str, *given: Any, **changes: Any) -> Figure:
    """Draw a figure from the arguments, or from the examples with some changes."""
    module = importlib.import_module(f"d2l_lab.figures.{name}")
    return module.draw(*given) if given else module.draw(**arguments(name) | changes)


# What the panels of a figure show


def labelled(axes: Axes) -> dict[str, Line2D]:
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def thin_lines(axes: Axes) -> list[Line2D]:
    return [line for line in axes.lines if line.get_label().startswith("_")]


def limits(band: PolyCollection) -> tuple[pd.Series, pd.Series]:
    """Return the lower and upper edges of a band, by x."""
    corners = pd.DataFrame(band.get_paths()[0].vertices).groupby(0)[1]
    return corners.min(), corners.max()


def texts(found: Any) -> list[str]:
    return [text.get_text() for text in found]


def rows_of(axes: Axes) -> list[str]:
    return texts(axes.get_yticklabels())


def titles(figure: Any) -> list[str]:
    return [axes.get_title("left") for axes in figure.axes]
