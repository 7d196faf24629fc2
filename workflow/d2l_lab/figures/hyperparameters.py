"""The joint choice of three hyperparameters by cross-validation (notes 4.4.2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

FOLDS = term("line: mean of {folds}; faint marks: each fold")
MARKS = "oDsv^P"
COLORS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.SKY_BLUE, style.BLACK)
LINES = ("-", "--", "-.", ":")


@style.of_rows
def draw(
    hyperparameters: pd.DataFrame, hyperparameters_choice: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw the validation loss against the learning rate, and ring the choice (notes 4.4.2).

    A panel for each number of hidden layers has a line for each strength of weight decay: the mean
    over the folds, with each fold as a faint mark. A point that diverges in a fold has no mean.

    Parameters
    ----------
    hyperparameters : DataFrame
        Columns hidden_layers, weight_decay, learning_rate, fold, split and loss.
    hyperparameters_choice : DataFrame, one row
        Columns hidden_layers, weight_decay, learning_rate and validation_loss.
    """
    (choice,) = hyperparameters_choice.to_dict("records")
    rows = hyperparameters[hyperparameters["split"] == "validation"]
    layers = sorted(rows["hidden_layers"].unique())
    strengths = sorted(rows["weight_decay"].unique())
    rates = np.unique(rows["learning_rate"])
    figure = style.new_figure(words("Validation loss by the number of hidden layers"))
    panels = figure.subplots(1, len(layers), sharex=True, sharey=True, squeeze=False)[0]
    for axes, count in zip(panels, layers, strict=True):
        lines = []
        for number, strength in enumerate(strengths):
            color = COLORS[number % len(COLORS)]
            line, mark = LINES[number % len(LINES)], MARKS[number % len(MARKS)]
            look = style.Look(
                words("weight decay {strength:g}", strength=strength), color, line, mark
            )
            here = (rows["hidden_layers"] == count) & (rows["weight_decay"] == strength)
            small = {"label": None, "markersize": 3, "markeredgewidth": 0.6, "alpha": 0.7}
            own = rows[here]
            axes.plot(own["learning_rate"], own["loss"], **style.hollow(look) | small)
            mean = own.groupby("learning_rate")["loss"].agg(lambda loss: loss.mean(skipna=False))
            lines.append(style.draw_line(axes, look, mean))
        if count == choice["hidden_layers"]:
            ring = {"marker": "o", "markersize": 14, "markerfacecolor": "none", "linestyle": ""}
            where = [choice["learning_rate"]], [choice["validation_loss"]]
            (chosen,) = axes.plot(*where, label=words("chosen"), color=style.BLACK, **ring)
        axes.set_title(words.count(count, "hidden layer"))
        axes.set(xscale="log", xlabel=words("learning rate"))
        axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axes.minorticks_off()
    panels[0].set_ylabel(words("validation loss"))
    lost = rows.groupby(["hidden_layers", "weight_decay", "learning_rate"])["loss"]
    diverged = int(lost.apply(lambda loss: loss.isna().any()).sum())
    about = words(FOLDS, folds=words.count(rows["fold"].nunique(), "fold"))
    if diverged:
        points = words.count(diverged, "point")
        about += "\n" + words("without a mean, as they diverge: {points}", points=points)
    style.legend_below(figure, [*lines, chosen], about)
    return figure
