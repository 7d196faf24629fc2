"""The classes that each classifier confuses, and its accuracy by class (notes 3.6, 4.2)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from d2l_lab.studies.given import Data, Trained
from d2l_lab.tables.statistics import summarise

TABLES = ("confusion", "confusion_classes")
COUNTS = ["model", "device", "true", "predicted", "count"]
ACCURACIES = ["model", "device", "name", "mean", "sd", "ci_low", "ci_high", "n"]


def study(trained: list[Trained], tests: Mapping[str, Data]) -> dict[str, pd.DataFrame]:
    """Compare every classifier's predictions with the labels of its test set.

    `tests` has the test sets of all datasets with classes, by name. Other models are left out.

    Returns
    -------
    confusion : DataFrame
        model, device, true, predicted, count: how many examples of one class were predicted as
        another, summed over the replicates; missing if a replicate has diverged and predicts
        nothing.
    confusion_classes : DataFrame
        model, device, name, mean, sd, ci_low, ci_high, n: the accuracy among the examples of one
        class, over the replicates. It is missing for a class without test examples, and for all if
        a replicate has diverged.
    """
    classifiers = [model for model in trained if model.dataset in tests]
    tables = ((counts, COUNTS), (accuracies, ACCURACIES))
    return {
        name: pd.concat(
            [pd.DataFrame(columns=columns)] * (not classifiers)
            + [table(model, tests[model.dataset])[columns] for model in classifiers]
        )
        for name, (table, columns) in zip(TABLES, tables, strict=True)
    }


def counts(classifier: Trained, test: Data) -> pd.DataFrame:
    """Count each pair of true and predicted class, over all replicates."""
    names = np.array(test.classes)
    q = len(names)
    if len(classifier.diverged):
        pairs = pd.array([pd.NA] * q**2, dtype="Int64")
    else:
        pairs = np.bincount((test.y * q + classifier.predicted).ravel(), minlength=q**2)
    true, predicted = np.divmod(np.arange(q**2), q)
    return pd.DataFrame(
        {"true": names[true], "predicted": names[predicted], "count": pairs}
    ).assign(model=classifier.model, device=classifier.device)


def accuracies(classifier: Trained, test: Data) -> pd.DataFrame:
    """Summarise the accuracy within each class over the replicates."""
    right = pd.DataFrame((classifier.predicted == test.y).T)
    if len(classifier.diverged):
        right = right.astype(float)
        right[classifier.diverged] = np.nan
    within = right.groupby(test.y).mean().reindex(range(len(test.classes)))
    return (
        within.apply(summarise, axis="columns")
        .astype({"n": int})
        .assign(model=classifier.model, device=classifier.device, name=test.classes)
    )
