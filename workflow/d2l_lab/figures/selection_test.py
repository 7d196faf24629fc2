"""The chosen model's validation beside its one test (notes 4.4.2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style


@style.of_rows
def draw(selection_test: pd.DataFrame) -> Figure:
    """Draw loss and accuracy of the validation beside those of the test (notes 4.4.2).

    A panel for the loss and one for the accuracy; each number has its standard error as a bar to
    either side.

    Parameters
    ----------
    selection_test : DataFrame
        Columns learning_rate, split (validation, test), loss, loss_error, accuracy and
        accuracy_error.
    """
    rate = selection_test["learning_rate"].iloc[0]
    figure = style.new_figure(f"First validated, then tested once: learning rate {rate:g}")
    for axes, (metric, label) in zip(
        figure.subplots(1, len(style.METRICS)), style.METRICS.items(), strict=True
    ):
        for position, row in enumerate(selection_test.to_dict("records")):
            look, error = style.SPLITS[row["split"]], row[f"{metric}_error"]
            marks = {"marker": look.marker, "markersize": 6, "color": look.color, "capsize": 4}
            axes.errorbar(position, row[metric], yerr=error, **marks)
            numbers = f"{row[metric]:.4f}" + ("" if np.isnan(error) else f"\n± {error:.4f}")
            style.write_at(axes, numbers, (position, row[metric]), (10, 0), va="center")
        axes.set_xticks(range(len(selection_test)), selection_test["split"])
        axes.set_xlim(-0.5, len(selection_test))
        axes.margins(y=0.15)
        axes.grid(visible=False, axis="x")
        axes.set_ylabel(label)
    figure.supxlabel("bars: one standard error to either side", fontsize=9)
    return figure
