"""Pick settings from a grid by K-fold, on training data alone (notes 4.4.2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.studies._together import train_together
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, Record, Replicas, with_companion
from d2l_lab.training.folds import kfold
from d2l_lab.training.metrics import METRICS
from d2l_lab.training.minibatches import padded


class Candidate(NamedTuple):
    """One point of a grid.

    Parameters
    ----------
    values : mapping
        Its settings, under their names in the tables: learning_rate, perhaps weight_decay, others.
    build : callable
        Builds its model.
    """

    values: Mapping[str, float]
    build: Callable[..., Replicas]


def split_folds(
    study: str, rows: Tensor, folds: int, generator: torch.Generator
) -> list[tuple[Tensor, Tensor]]:
    """Split rows into the training and the validation part of every fold.

    Raises
    ------
    LabError
        If there are more folds than rows.
    """
    try:
        places = kfold(len(rows), folds, generator)
    except ValueError as error:
        raise LabError(f"study {study}: {error}") from None
    return [(rows[training], rows[validation]) for training, validation in places]


def pick(
    study: str,
    data: Data,
    rows: Tensor,
    folds: Sequence[tuple[Tensor, Tensor]],
    candidates: Sequence[Candidate],
    **settings: int,
) -> dict[str, pd.DataFrame | np.ndarray]:
    """Pick the candidate of the lowest mean validation loss, and train it on all the rows.

    All candidates see the same folds and minibatches. If losses are equal, the first candidate
    wins. A candidate that diverges in a fold cannot win.

    Parameters
    ----------
    study : str
        Its name, which is that of the tables.
    rows : Tensor
        The rows of the data that may be used.
    folds : sequence of (training rows, validation rows)
    candidates : sequence of Candidate
    **settings
        seed, epochs and batch_size.

    Returns
    -------
    dict
        The table of the study's name: the candidate's values, fold, split (train, validation), the
        metrics after the last epoch (NaN if it has diverged), n (the examples of that split).

        The table of its choice, one row: the values; the metrics' means over the folds as
        validation_loss and so on; and the metrics of the model trained on all the rows as
        train_loss and so on.

        That model's parameters, float32.

    Raises
    ------
    LabError
        If every candidate diverges, or if the chosen one diverges on all the rows.
    """
    table = cross_validate(study, data, folds, candidates, **settings)
    validated = table[table["split"] == "validation"]
    metrics = [metric for metric in METRICS if metric in table]
    by_candidate = validated.groupby([*candidates[0].values], sort=False)[metrics]
    means = by_candidate.mean(skipna=False)
    if means["loss"].isna().all():
        least = min(candidate.values["learning_rate"] for candidate in candidates)
        raise LabError(
            f"study {study}: every learning rate diverges, even {least:g}; "
            f"add smaller values to studies.{study}.learning_rates"
        )
    best = int(np.nanargmin(means["loss"]))  # the first if several are equal
    chosen, everything = candidates[best], {"train": [rows for _ in with_companion([0])]}
    (model,), (refit,) = train(study, data, everything, [chosen], "refit", **settings)
    choice = {
        **chosen.values,
        **means.iloc[best].add_prefix("validation_"),
        **{f"train_{metric}": value for metric, value in refit[0].measured.items()},
    }
    return {
        study: table,
        f"{study}_choice": pd.DataFrame([choice]),
        **{name: values[0].numpy() for name, values in model.parameters().items()},
    }


def cross_validate(
    study: str,
    data: Data,
    folds: Sequence[tuple[Tensor, Tensor]],
    candidates: Sequence[Candidate],
    **settings: int,
) -> pd.DataFrame:
    """Train one replica per fold of each candidate; return the table of the study's name."""
    training, validation = map(list, zip(*folds, strict=True))
    rows = {"train": training, "validation": validation}
    _, histories = train(study, data, rows, candidates, "fold", may_diverge=True, **settings)
    found = []
    for candidate, history in zip(candidates, histories, strict=True):
        for record in history:
            about = {**candidate.values, "fold": record.replica, "split": record.split}
            n = len(rows[record.split][record.replica])
            found.append({**about, **record.measured, "n": n})
    return pd.DataFrame(found)


def train(
    study: str,
    data: Data,
    rows: Mapping[str, list[Tensor]],
    candidates: Sequence[Candidate],
    counted: str,
    *,
    may_diverge: bool = False,
    **settings: int,
) -> tuple[list[Replicas], list[list[Record]]]:
    """Train each candidate, and evaluate it at the end on the `rows` of each split."""
    examples = to_examples(data)
    return train_together(
        study,
        data,
        rows["train"],
        [candidate.build for candidate in candidates],
        [candidate.values["learning_rate"] for candidate in candidates],
        [Evaluation(split, examples, padded(part), None) for split, part in rows.items()],
        counted,
        counted=counted,
        rates_key="learning_rates",
        may_diverge=may_diverge,
        weight_decays=[candidate.values.get("weight_decay", 0.0) for candidate in candidates],
        **settings,
    )
