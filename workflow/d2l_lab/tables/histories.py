"""The histories of all models as one tidy table, and what is left of them at the end."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from d2l_lab.tables.statistics import summarise

METRICS = ["loss", "accuracy"]


def read(path: Path) -> pd.DataFrame:
    """Read a history; a metric that the model does not have is left out.

    What is NaN was not measured any more: the replicate or fold has diverged.
    """
    history = pd.read_csv(path, keep_default_na=False, na_values=dict.fromkeys(METRICS, "nan"))
    return history.drop(columns=[name for name in METRICS if (history[name] == "").any()])


def tidy(histories: Sequence[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """Put the histories below each other, one value a row.

    Parameters
    ----------
    histories : sequence of (model, device, history)
        A history has the columns replicate or fold, epoch, split, loss and accuracy, if the model
        has one: see `read`.

    Returns
    -------
    DataFrame
        model, device, replicate or fold, epoch, split, metric, value.
    """
    return pd.concat(
        [
            history.melt(
                id_vars=[column for column in history if column not in METRICS],
                value_vars=[metric for metric in METRICS if metric in history],
                var_name="metric",
            ).assign(model=model, device=device)
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
        model, device, metric (such as test_accuracy or train_loss), mean, sd, ci_low, ci_high, n,
        diverged (how many of the n have); see `summarise`.
    """
    group = ["model", "device"]
    last = history[history["epoch"] == history.groupby(group)["epoch"].transform("max")]
    last = last.assign(metric=last["split"] + "_" + last["metric"])
    values = last.groupby([*group, "metric"], sort=False)["value"]
    summary = values.apply(summarise).unstack().astype({"n": int})
    summary["diverged"] = values.size() - values.count()
    return summary.reset_index()
