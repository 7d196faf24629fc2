"""The histories of all models as one tidy table, and what is left of them at the end."""

from collections.abc import Sequence

import pandas as pd

from d2l_lab.tables.files import metrics_in
from d2l_lab.tables.statistics import summarise
from d2l_lab.training.metrics import METRICS

OF_MODEL = ["model", "device"]


def tidy(histories: Sequence[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """Put the histories below each other, one value a row.

    Parameters
    ----------
    histories : sequence of (model, device, history)
        A history has the columns replicate or fold, epoch, split, loss and the model's metrics:
        see `files.read_history`.

    Returns
    -------
    DataFrame
        model, device, replicate or fold, epoch, split, metric, value.
    """
    return pd.concat(
        [
            history.melt(
                id_vars=history.columns.drop(metrics_in(history)),
                value_vars=metrics_in(history),
                var_name="metric",
            ).assign(model=model, device=device)
            for model, device, history in histories
        ],
        ignore_index=True,
    ).pipe(lambda table: table[["model", "device", *table.columns.drop(["model", "device"])]])


def last_values(history: pd.DataFrame) -> pd.DataFrame:
    """Keep what was measured after each model's last epoch, of a history of `tidy`.

    A metric is called by its split, too: test_accuracy.
    """
    last = history[history["epoch"] == history.groupby(OF_MODEL)["epoch"].transform("max")]
    return last.assign(metric=last["split"] + "_" + last["metric"])


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
    last = last_values(history)
    of_folds = last["fold"].notna() if "fold" in last else pd.Series(False, last.index)
    values = last.groupby([*OF_MODEL, "metric"], sort=False)["value"]

    def summarised(each: pd.Series) -> pd.Series:
        folds = bool(of_folds[each.index].all())
        # which validate on data of their own, so that their losses may be of other orders
        return summarise(each, folds=folds, positive=folds and is_error(each.name[-1]))

    summary = values.apply(summarised).unstack().astype({"n": int})
    summary["diverged"] = values.size() - values.count()
    return summary.reset_index()


def is_error(measure: str) -> bool:
    """Return whether a measure, such as test_loss, is an error and so may span orders of magnitude.

    A metric of which less is better is one.
    """
    errors = (metric.name for metric in METRICS.values() if not metric.more_is_better)
    return any(measure.endswith(f"_{name}") for name in errors)
