"""For every figure the arguments of its `draw`: small tables as its study writes them."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
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
SPLITS = {"replicate": "test", "fold": "validation"}  # what is held out
TIMES = {"train": 1, "validation": 2, "test": 4}  # how much higher a half's losses are
METHODS = ("sgd", "exact")
STAGES = {"train": 9, "prepare": 2, "kfold": 9, "tables": 1, "download": 1, "generate": 4}
EDGES = [
    *(["prepare", name] for name in ("train", "kfold")),
    *(["generate", name] for name in ("train", "kfold")),
    *([name, "tables"] for name in ("train", "kfold", "prepare")),
    ["download", "prepare"],
]


def crossed(**levels: Any) -> pd.DataFrame:
    """Make a row for each combination of some columns' values."""
    return pd.MultiIndex.from_product(levels.values(), names=levels).to_frame(index=False)


def curves(repeat, repeats=5, epochs=10, metrics=("loss", "accuracy"), scale=1.0):
    splits = ["train_running", "train", SPLITS[repeat]]
    table = crossed(**{repeat: range(repeats), "epoch": range(1, epochs + 1), "split": splits})
    values = np.random.default_rng(0).uniform(0.3, 0.9, (len(table), 2)) * scale
    table[["loss", "accuracy"]] = values if "accuracy" in metrics else values * [1, np.nan]
    return table


def confusion(models=("softmax_regression_scratch", "mlp_scratch"), devices=("cpu",)):
    names = LABELS[:3]
    table = crossed(model=models, device=devices, true=names, predicted=names)
    return table.assign(count=np.tile(CONFUSION.ravel(), len(models) * len(devices)))


def gradients(replicates=3):
    initial = ["notes", "xavier"]
    table = crossed(
        activation=["relu", "sigmoid", "tanh"],
        initial=initial,
        depth=[1, 2, 4],
        replicate=range(replicates),
    )
    values = 10 ** np.random.default_rng(0).uniform(-9, -1, len(table))
    return table.assign(first_layer=values)


def selection(rates=(0.01, 0.1, 0.3)):
    table = crossed(learning_rate=rates, fold=range(3), split=["train", "validation"])
    table[["loss", "accuracy"]] = np.random.default_rng(0).uniform(0.3, 0.9, (len(table), 2))
    return table


def by_split(losses, *splits):
    """Let each half of the data have losses of its own."""
    return pd.concat(losses.assign(split=s, loss=losses["loss"] * TIMES[s]) for s in splits)


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


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Give the arguments of each figure, by its module's name."""
    x, p, entropy = np.linspace(-8, 8, 33), np.linspace(0.1, 0.9, 9), np.linspace(1, 2, 20)
    functions = {
        "relu": (np.maximum(x, 0), 1.0 * (x > 0)),
        "sigmoid": (1 / (1 + np.exp(-x)), np.cosh(x / 2) ** -2 / 4),
        "tanh": (np.tanh(x), np.cosh(x) ** -2),
    }
    growth = {"seconds": [1.0, 2.0], "least": 0.5, "greatest": 3.0, "peak_mebibytes": [100, 300]}
    losses = crossed(method=METHODS, degree=range(4), replicate=range(5), fold=range(2))
    losses["loss"] = 10.0 ** -losses["degree"] * (1 + losses["replicate"])
    no_fold = losses[losses["fold"] == 0].drop(columns="fold")
    rules = ["minimum", "one_standard_error"]
    choice = crossed(method=METHODS, replicate=range(5), rule=rules)
    sizes = crossed(method=METHODS, examples=(10, 100), degree=(1, 3), replicate=range(5))
    sizes["loss"] = (1 + sizes["replicate"]) / sizes["examples"]
    steps = crossed(replicate=range(3), step=range(5))
    rates = crossed(learning_rate=(0.1, 1.0, 3.0), replicate=range(3))
    times = crossed(length=(10, 100), way=("loop", "vectorised"), repeat=range(3))
    seconds = times["way"].map({"loop": 1e-5, "vectorised": 1e-7})
    pixels = crossed(feature=[f"x[{f}]" for f in range(6)], example=range(5))
    grid = pd.DataFrame({"weight": [1.0, 2.0, 3.0], "squared_loss": [1.0, 0.0, 1.0]})
    pair = ("ways", "mlp_scratch", "mlp_concise", "mlp", "cpu")
    other = ("ways", "linear_scratch", "linear_concise", "linear_regression", "cpu")
    return {
        "activations": {
            "activations": pd.concat(
                pd.DataFrame(
                    {"function": f, "x": x, "value": v, "derivative": slope, "formula": slope / 2}
                )
                for f, (v, slope) in functions.items()
            )
        },
        "affine_collapse": {
            "affine_collapse": pd.DataFrame(ACCURACIES)
            .rename_axis("replicate")
            .reset_index()
            .melt("replicate", var_name="model", value_name="test_accuracy")
        },
        "agreement": {
            "agreement": pd.DataFrame(
                [
                    (*pair, "loss", 2e-6, 2.0, 10),
                    (*pair, "accuracy", 0.0, 0.8, 10),
                    (*pair, "b1", 0.0, 0.0, 3),
                    (*other, "loss", 0.06, 3.0, 10),
                ],
                columns=AGREEMENT,
            )
        },
        "benchmark_jobs": {
            "benchmark_jobs": pd.DataFrame(
                {
                    "stage": ["train", "figures", "train"],
                    "name": "x",
                    "started": [0.0, 5.0, 3.0],
                    "seconds": [4.0, 1.0, 2.0],
                    "useful_seconds": [3.0, 0.0, 1.5],
                }
            )
        },
        "benchmark_scale": {
            "benchmark_scale": pd.DataFrame({"grows": "replicates", "count": [1, 5], **growth}),
            "benchmark_planning": pd.concat(
                pd.DataFrame(
                    {"measured": what, "models": 50, "devices": [1, 8], "results": [99, 999]}
                    | growth
                )
                for what in ("keys", "jobs")
            ),
        },
        "benchmark_training": {
            "benchmark_training": pd.DataFrame(
                {
                    "model": "mlp",
                    "way": ["scratch", "notes", "scikit-learn, tested", "limit", "scratch"],
                    "workers": [np.nan, 4, np.nan, np.nan, np.nan],
                    "replicas": [5, 1, 1, 5, 1],
                    "threads": [1, np.nan, np.nan, 1, 2],
                    "jobs": [2, 1, 1, 1, 1],
                    "seconds_per_epoch": [0.3, 5.0, 0.8, 0.2, 0.4],
                }
            ).assign(least=0.1, greatest=9.0)
        },
        "capacity": {
            "capacity": by_split(losses, "train", "validation"),
            "capacity_test": by_split(no_fold, "train", "test"),
            "capacity_choice": choice.assign(degree=np.where(choice["replicate"] > 0, 3, 2)),
        },
        "claims": {"claims": judge(CLAIMS, activations.study(points=33))},
        "closed_form": {
            "closed_form": pd.DataFrame({"error": [0.3, 0.4]}),
            "closed_form_distance": steps.assign(
                epoch=-(-steps["step"] // 2),
                distance=(1 + steps["replicate"]) * 10.0 ** -steps["step"],
            ),
        },
        "confusion": {"confusion": confusion()},
        "image_grid": {"images": IMAGES, "titles": LABELS},
        "images": {
            "images": crossed(split=["train", "test"], name=LABELS[:3]).assign(
                count=[600, 590, 610, 100, 0, 90]
            ),
            "images_timing": pd.DataFrame(
                {
                    "way": ["DataLoader", "DataLoader", "resident tensor"],
                    "workers": [0, 1, np.nan],
                    "seconds": [3.06, 2.5, 0.088],
                }
            ),
        },
        "information": {
            "information_surprisal": pd.DataFrame({"probability": p, "surprisal": -np.log(p)}),
            "information_entropy": pd.DataFrame({"probability": p, "entropy": p * (1 - p)}),
            "information_cross_entropy": pd.DataFrame(
                {"entropy": entropy, "cross_entropy": entropy * 1.5}
            ),
        },
        "kfold_curves": {"history": curves("fold"), "title": "a model", "dataset": ""},
        "learning_rate": {
            "learning_rate": rates.assign(
                initial_loss=8.0,
                loss=rates["learning_rate"] * (1 + rates["replicate"]),
                diverged=rates["learning_rate"] > 1,
            )
        },
        "maximum_likelihood": {
            "maximum_likelihood": grid.assign(negative_log_likelihood=3 + 5 * grid["squared_loss"]),
            "maximum_likelihood_densities": crossed(
                mean=(0, 3), deviation=(1, 2), x=(-1, 0, 1)
            ).assign(density=0.1),
        },
        "minibatches": {
            "minibatches_examples": pixels.assign(
                x=pixels["example"] * pixels["feature"].str[2].astype(int),
                y=2.0 * pixels["example"],
            )
        },
        "polynomial_fits": {
            "train": points(0),
            "test": points(1),
            "true_weights": TRUE_WEIGHTS,
            "fits": fits(),
        },
        "predictions": {
            "images": IMAGES,
            "true": LABELS,
            "predicted": PREDICTED,
            "title": "softmax regression",
        },
        "sample_size": {"sample_size": by_split(sizes, "train", "test")},
        "selection": {
            "selection": selection(),
            "selection_choice": pd.DataFrame({"learning_rate": [0.1]}),
        },
        "selection_test": {
            "selection_test": pd.DataFrame(
                {
                    "learning_rate": 0.1,
                    "split": ["validation", "test"],
                    "loss": [0.45, 0.47],
                    "loss_error": [0.004, 0.006],
                    "accuracy": [0.845, 0.836],
                    "accuracy_error": [0.002, 0.0037],
                }
            )
        },
        "softmax": {
            "softmax_overflow": pd.DataFrame(
                {
                    "scale": [1.0, 10.0, 100.0, 1000.0],
                    "plain_finite": [1.0, 0.98, 0.1, 0.0],
                    "stable_finite": 1.0,
                }
            )
        },
        "test_accuracy": {
            "summary": pd.DataFrame(
                {
                    "model": ["softmax_regression_scratch"] * 2 + ["mlp_scratch", "linear"],
                    "device": "cpu",
                    "metric": ["test_accuracy", "train_loss", "test_accuracy", "train_loss"],
                    "mean": [0.836, 0.450, 0.861, 5e-5],
                    "ci_low": [0.831, 0.448, 0.857, 4e-5],
                    "ci_high": [0.841, 0.452, 0.865, 6e-5],
                    "n": 5,
                }
            )
        },
        "training_curves": {"history": curves("replicate"), "title": "a model", "dataset": ""},
        "vanishing_gradients": {"vanishing_gradients": gradients()},
        "vectorisation": {
            "vectorisation_timing": times.assign(
                seconds=times["length"] * seconds * (1 + times["repeat"])
            )
        },
        "workflow_graph": {"stages": STAGES, "edges": EDGES},
    }


def table(name: str) -> Any:
    """Give the one table, or the first, that a figure is drawn from."""
    return next(iter(examples()[name].values()))


# What is seen on the panels of a figure


def labelled(axes: Axes) -> dict[str, Line2D]:
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def thin_lines(axes: Axes) -> list[Line2D]:
    return [line for line in axes.lines if line.get_label().startswith("_")]


def limits(band: PolyCollection) -> tuple[pd.Series, pd.Series]:
    """Give the lower and the upper edge of a band, by x."""
    corners = pd.DataFrame(band.get_paths()[0].vertices).groupby(0)[1]
    return corners.min(), corners.max()


def texts(found: Any) -> list[str]:
    return [text.get_text() for text in found]


def rows_of(axes: Axes) -> list[str]:
    return texts(axes.get_yticklabels())


def titles(figure: Any) -> list[str]:
    return [axes.get_title("left") for axes in figure.axes]
