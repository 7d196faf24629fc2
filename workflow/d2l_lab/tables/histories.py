"""The histories of all models as one tidy table, and their final values."""

from collections.abc import Sequence

import pandas as pd

from d2l_lab.tables.files import metrics_in
from d2l_lab.tables.statistics import summarise
from d2l_lab.training.metrics import METRICS

OF_MODEL = ["model", "device"]


def tidy(histories: Sequence[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """Concatenate the histories, with one value per row.

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
    """Select the values after each model's last epoch from a history of `tidy`.

    The names of metrics get their split as a prefix: test_accuracy.
    """
    last = history[history["epoch"] == history.groupby(OF_MODEL)["epoch"].transform("max")]
    return last.assign(metric=last["split"] + "_" + last["metric"])


def final_summary(history: pd.DataFrame) -> pd.DataFrame:
    """Summarise the values after the last epoch over the replicates or folds.

    Parameters
    ----------
    history : DataFrame
        The result of `tidy`.

    Returns
    -------
    DataFrame
        model, device, metric (such as test_accuracy or train_loss), mean, sd, ci_low, ci_high, n,
        diverged (how many of the n diverged); see `summarise`.
    """
    last = last_values(history)
    of_folds = last["fold"].notna() if "fold" in last else pd.Series(False, last.index)
    values = last.groupby([*OF_MODEL, "metric"], sort=False)["value"]

    def summarised(each: pd.Series) -> pd.Series:
        folds = bool(of_folds[each.index].all())
        # folds have different validation data, so their losses may differ by orders of magnitude
        return summarise(each, folds=folds, positive=folds and is_error(each.name[-1]))

    summary = values.apply(summarised).unstack().astype({"n": int})
    summary["diverged"] = values.size() - values.count()
    return summary.reset_index()


def is_error(measure: str) -> bool:
    """Return whether a metric such as test_loss is an error, which may span orders of magnitude.

    All metrics where less is better count as errors.
    """
    errors = (metric.name for metric in METRICS.values() if not metric.more_is_better)
    return any(measure.endswith(f"_{name}") for name in errors)
