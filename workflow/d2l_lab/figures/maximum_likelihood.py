"""Normal densities, and likelihood beside squared loss (notes 3.1)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from d2l_lab.figures import style

COLORS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.SKY_BLUE, style.BLACK)
STYLES = ("-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)))


@style.of_rows
def draw(maximum_likelihood: pd.DataFrame, maximum_likelihood_densities: pd.DataFrame) -> Figure:
    """Draw the densities, and the two curves over the weight with their one minimum.

    The densities above, the curves over the weight below, side by side.

    Parameters
    ----------
    maximum_likelihood : DataFrame
        weight, squared_loss, negative_log_likelihood.
    maximum_likelihood_densities : DataFrame
        mean, deviation, x, density.
    """
    figure = style.new_figure(height=1.7 * style.PANEL_HEIGHT)
    grid = figure.add_gridspec(2, 2)
    above = figure.add_subplot(grid[0, :])
    _draw_densities(above, maximum_likelihood_densities)
    curves = {
        "squared_loss": ("mean squared loss", style.BLUE),
        "negative_log_likelihood": ("negative log-likelihood", style.VERMILLION),
    }
    for position, (column, (label, color)) in enumerate(curves.items()):
        axes = figure.add_subplot(grid[1, position])
        _draw_curve(axes, maximum_likelihood.set_index("weight")[column], color)
        axes.set(xlabel="first weight", ylabel=label)
    style.legend_below(figure, above.get_lines(), "normal densities", columns=2)
    return figure


def _draw_densities(axes: Axes, densities: pd.DataFrame) -> None:
    groups = densities.groupby(["mean", "deviation"], sort=False)
    for number, ((mean, deviation), rows) in enumerate(groups):
        axes.plot(
            rows["x"],
            rows["density"],
            color=COLORS[number % len(COLORS)],
            linestyle=STYLES[number % len(STYLES)],
            label=f"mean {mean:g}, deviation {deviation:g}",
        )
    axes.set(xlabel="x", ylabel="density")


def _draw_curve(axes: Axes, curve: pd.Series, color: str) -> None:
    best = curve.idxmin()
    axes.plot(curve, color=color)
    axes.plot(best, curve[best], marker="o", markersize=7, color=style.BLACK)
    style.write_at(
        axes, f"least at {best:.4f}", (best, curve[best]), (0, 45), ha="center", fontsize=10
    )
