"""Normal densities, and likelihood next to squared loss (notes 3.1)."""

from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

COLORS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.SKY_BLUE, style.BLACK)
STYLES = ("-", style.DASHED, style.DOTTED, style.DASH_DOTTED)
CURVES = {
    "squared_loss": (term("mean squared loss"), style.BLUE),
    "negative_log_likelihood": (term("negative log-likelihood"), style.VERMILLION),
}


@style.of_rows
def draw(
    maximum_likelihood: pd.DataFrame,
    maximum_likelihood_densities: pd.DataFrame,
    *,
    words: Words = ENGLISH,
) -> Figure:
    """Draw the densities, and the two curves over the weight with their common minimum.

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
    groups = maximum_likelihood_densities.groupby(["mean", "deviation"], sort=False)
    looks = zip(cycle(COLORS), cycle(STYLES), groups, strict=False)
    for color, linestyle, ((mean, deviation), rows) in looks:
        name = words("mean {mean:g}, deviation {deviation:g}", mean=mean, deviation=deviation)
        look = style.Look(name, color, linestyle, "")
        style.draw_line(above, look, rows["x"], rows["density"])
    above.set(xlabel="x", ylabel=words("density"))
    for position, (column, (label, color)) in enumerate(CURVES.items()):
        axes = figure.add_subplot(grid[1, position])
        curve = maximum_likelihood.set_index("weight")[column]
        best = curve.idxmin()
        least = (best, curve[best])
        axes.plot(curve, color=color)
        axes.plot(*least, marker="o", markersize=7, color=style.BLACK)
        style.write_at(
            axes,
            words("least at {weight:.4f}", weight=best),
            least,
            (0, 45),
            ha="center",
            fontsize=10,
        )
        axes.set(xlabel=words("first weight"), ylabel=words(label))
    style.legend_below(figure, above.get_lines(), words("normal densities"), columns=2)
    return figure
