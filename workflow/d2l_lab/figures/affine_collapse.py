"""What a hidden layer is worth without and with activation function (notes 4.1.1)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.tables.statistics import summarise

ROW_HEIGHT = 0.6  # inches
NAMES = {
    "softmax_regression": "softmax regression\n(no hidden layer)",
    "without_activation": "hidden layer,\nno activation",
    "with_relu": "hidden layer,\nReLU",
}
BELOW = 0.25  # of a row: where the replicates stand


@style.styled
def draw(affine_collapse: pd.DataFrame) -> Figure:
    """Draw the test accuracy of the three models, with its 95 % interval (notes 4.1.1).

    Parameters
    ----------
    affine_collapse : DataFrame
        Columns model, replicate and test_accuracy.

    Returns
    -------
    Figure
        One row per model: the mean, its interval (none for a single replicate), and both as
        numbers; below them a ring for each replicate.

    Raises
    ------
    ValueError
        If the table is empty.
    """
    style.require_rows(affine_collapse, "affine_collapse")
    models = list(affine_collapse["model"].unique())
    accuracies = affine_collapse.groupby("model", sort=False)["test_accuracy"]
    summary = accuracies.apply(summarise).unstack()
    positions = np.arange(len(models))
    figure = Figure(figsize=(style.WIDTH, 1.6 + ROW_HEIGHT * len(models)))
    figure.suptitle("A hidden layer without and with activation")
    axes = figure.subplots()
    means = axes.errorbar(
        summary["mean"],
        positions,
        xerr=[summary["mean"] - summary["ci_low"], summary["ci_high"] - summary["mean"]],
        label="mean, with its 95 % interval",
        linestyle="",
        marker="o",
        markersize=6,
        color=style.SPLITS["test"].color,
        capsize=4,
    )
    (rings,) = axes.plot(
        affine_collapse["test_accuracy"],
        affine_collapse["model"].map(models.index) + BELOW,
        label="each replicate",
        linestyle="",
        marker="o",
        markerfacecolor="none",
        markeredgecolor=style.BLACK,
    )
    axes.set_yticks(positions, [NAMES[model] for model in models])
    axes.set_ylim(len(models) - 0.5, -0.5)
    axes.margins(x=0.1)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("test accuracy (fraction correct)")
    beside = {"x": 1.02, "transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 9}
    for position, row in zip(positions, summary.itertuples(), strict=True):
        axes.text(y=position, s=_numbers(row), **beside)
    style.legend_below(figure, [means, rings])
    return figure


def _numbers(row: tuple) -> str:
    interval = "" if np.isnan(row.ci_low) else f"\n[{row.ci_low:.4f}, {row.ci_high:.4f}]"
    return f"{row.mean:.4f}{interval}, n = {row.n:g}"
