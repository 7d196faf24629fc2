"""The histories of all models as one tidy table, and what is left of them at the end."""

from collections.abc import Sequence

import pandas as pd

from d2l_lab.tables.statistics import summarise

METRICS = ["loss", "accuracy"]


def tidy(histories: Sequence[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """Put the histories below each other, one value a row.

    Parameters
    ----------
    histories : sequence of (model, device, history)
        A history has the columns replicate or fold, epoch, split, loss and accuracy.

    Returns
    -------
    DataFrame
        model, device, replicate or fold, epoch, split, metric, value. A metric that a model does
        not have is left out.
    """
    return pd.concat(
        [
            history.melt(
                id_vars=[column for column in history if column not in METRICS],
                value_vars=METRICS,
                var_name="metric",
            )
            .dropna(subset="value")
            .assign(model=model, device=device)
            for model, device, history in histories
        ],
        ignore_index=True,
    ).pipe(lambda table: table[["model", "device", *table.columns.drop(["model", "device"])]])


def final_summary(history: pd.DataFrame) -> pd.DataFrame:
    """Summarise what was measured after the last epoch, over the replicates or folds.

    Parameters
    ----------
    history : DataFrame
        Of `tidy`.

    Returns
    -------
    DataFrame
        model, device, metric (such as test_accuracy or train_loss), mean, sd, ci_low, ci_high, n.
    """
    group = ["model", "device"]
    last = history[history["epoch"] == history.groupby(group)["epoch"].transform("max")]
    last = last.assign(metric=last["split"] + "_" + last["metric"])
    summary = last.groupby([*group, "metric"], sort=False)["value"].apply(summarise).unstack()
    return summary.astype({"n": int}).reset_index()
