"""The polynomials side by side, with the data, the true curve and the fits (notes 4.4.4)."""

from collections.abc import Mapping
from math import factorial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

CURVE_POINTS = 200
DATA = {"train": term("train data"), "test": term("test data")}
TRUTH = style.Look("true curve", style.BLACK, (0, (4, 2)), "")
MARGIN = 0.08  # share of the data's range, on every side


@style.of_rows
def draw(
    train: pd.DataFrame,
    test: pd.DataFrame,
    true_weights: np.ndarray,
    fits: Mapping[str, np.ndarray],
    *,
    words: Words = ENGLISH,
) -> Figure:
    """Draw every fitted polynomial with the data and the true curve (notes 4.4.4).

    One panel for each fit, on the same axes. The axes follow the data, so that a curve that leaves
    them does not squash the picture.

    Parameters
    ----------
    train, test : DataFrame
        The points, columns x and y.
    true_weights : ndarray, shape (n_coefficients,)
        The true weights, in the notes' basis xⁱ / i!.
    fits : mapping of str to ndarray, shape (n_replicates, n_features)
        The learned weights of each model, in the same basis, with one panel each, in this order.
        Diverged replicates are NaN; then there is no mean.
    """
    points = pd.concat([train, test])
    x_limits, y_limits = _limits(points["x"]), _limits(points["y"])
    x = np.linspace(*x_limits, CURVE_POINTS)

    figure = style.new_figure()
    panels = figure.subplots(1, len(fits), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (model, weights) in zip(panels, fits.items(), strict=True):
        curves = _evaluate(np.asarray(weights), x)
        for split, table in {"train": train, "test": test}.items():
            look = style.SPLITS[split]
            small = {"label": words(DATA[split]), "markersize": 3.5, "alpha": 0.7}
            axes.plot(table["x"], table["y"], **style.hollow(look) | small)
        mean = words("fit, mean of {repeats}", repeats=words.count(len(curves), "replicate"))
        axes.plot(x, curves.mean(axis=0), label=mean, color=style.PURPLE, linewidth=2.4)
        replicates = pd.DataFrame(curves.T, index=x)
        style.draw_range(axes, replicates, style.PURPLE, words("fit, lowest to highest"))
        style.draw_line(
            axes, words.look(TRUTH), x, _evaluate(np.asarray(true_weights), x), linewidth=1.2
        )
        about = words.count(weights.shape[1], "feature")
        if lost := np.isnan(weights).any(axis=1).sum():
            about += words("; {lost} of {all} diverged", lost=lost, all=len(weights))
        axes.set(title=words("{model}\n({about})", model=words.name(model), about=about))
        axes.set(xlabel="x", xlim=x_limits, ylim=y_limits)
    panels[0].set_ylabel("y")
    style.legend_below(figure, panels[0].get_legend_handles_labels()[0])
    return figure


def _limits(values: pd.Series) -> tuple[float, float]:
    margin = MARGIN * (values.max() - values.min())
    return values.min() - margin, values.max() + margin


def _evaluate(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the sum over i of w_i xⁱ / i!: weights (..., n_features), result (..., n_points)."""
    degrees = np.arange(weights.shape[-1])
    return weights @ (x ** degrees[:, None] / [[float(factorial(degree))] for degree in degrees])
