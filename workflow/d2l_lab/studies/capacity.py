"""Loss against a polynomial's degree, and the degree that K-fold picks (notes 4.4.1 to 4.4.4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.training.folds import kfold
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("capacity", "capacity_test", "capacity_weights", "capacity_choice")


def study(
    polynomial: Mapping[str, Any],
    polynomial_examples: int,
    polynomial_test_examples: int,
    seed: int,
    *,
    folds: int,
    replicates: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, pd.DataFrame]:
    """Fit polynomials of every degree to many datasets, on all folds together.

    Every replicate draws its own dataset, so that results do not depend on a single one. The fits
    use SGD with the notes' settings and, for comparison, least squares. The degrees go from 0 to
    the polynomial's max_degree - 1.

    Returns
    -------
    capacity : DataFrame
        method, degree, replicate, fold, split (train, validation), loss: the mean squared error;
        true_degree: the degree of the polynomial that generated the data.
    capacity_test : DataFrame
        method, degree, replicate, split (train, test), loss of the fit to all training examples.
    capacity_weights : DataFrame
        method, degree, replicate, greatest_weight: the greatest absolute weight of that fit.
    capacity_choice : DataFrame
        method, replicate, rule, degree, validation_loss, test_loss: the degree that K-fold picks by
        the lowest mean validation loss, or the lowest degree within one standard error of it.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    be_deterministic()
    degrees = range(polynomial["max_degree"])
    numbers = range(replicates)
    n = polynomial_examples
    train = polynomials.draw_datasets(polynomial, n, seed, "capacity train", replicates)
    test = polynomials.draw_datasets(
        polynomial, polynomial_test_examples, seed, "capacity test", replicates
    )
    whole = polynomials.concatenate(train)

    def fits(rows: list[Tensor], purpose: str) -> dict[str, Sequence[Tensor]]:
        """Fit rows of the replicates' concatenated data by both methods."""
        return polynomials.fit_both_ways(
            "capacity",
            whole,
            rows,
            degrees,
            [generator(seed, "capacity", purpose, number) for number in range(len(rows))],
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
        )

    parts = [
        (replicate, fold, training + replicate * n, validation + replicate * n)
        for replicate in numbers
        for fold, (training, validation) in enumerate(
            kfold(n, folds, generator(seed, "capacity", "folds", replicate))
        )
    ]
    of_folds = fits([training for _, _, training, _ in parts], "folds' fits")
    of_all = fits([torch.arange(n) + replicate * n for replicate in numbers], "fits")
    halves = {
        split: [polynomials.take_rows(whole, part[place]) for part in parts]
        for split, place in (("train", 2), ("validation", 3))
    }
    known = [{"replicate": replicate, "fold": fold} for replicate, fold, *_ in parts]
    validated = polynomials.losses_of_splits(degrees, of_folds, halves, known)
    known = [{"replicate": replicate} for replicate in numbers]
    tested = polynomials.losses_of_splits(degrees, of_all, {"train": train, "test": test}, known)
    sizes = pd.concat(
        polynomials.table(
            degrees, "greatest_weight", W.abs().amax(dim=0), method=method, replicate=replicate
        )
        for method in polynomials.METHODS
        for replicate, W in enumerate(of_all[method])
    )
    chosen = pd.DataFrame(choices(validated.query("split == 'validation'")))
    test_losses = tested.query("split == 'test'").rename(columns={"loss": "test_loss"})
    on = ["method", "replicate", "degree"]
    return {
        "capacity": validated[["method", "degree", "replicate", "fold", "split", "loss"]].assign(
            true_degree=polynomials.true_degree(polynomial)
        ),
        "capacity_test": tested[["method", "degree", "replicate", "split", "loss"]],
        "capacity_weights": sizes[["method", "degree", "replicate", "greatest_weight"]],
        "capacity_choice": chosen.merge(test_losses[[*on, "test_loss"]], on=on),
    }


def choices(validation: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Pick a degree for each method and replicate, from its folds' validation losses alone."""
    for (method, replicate), rows in validation.groupby(["method", "replicate"], sort=False):
        over_folds = rows.groupby("degree")["loss"]
        means, errors = over_folds.mean(), over_folds.sem()
        best = means.idxmin()
        near = means.index[means <= means[best] + errors[best]]
        for rule, degree in (("minimum", best), ("one_standard_error", min(near))):
            yield {
                "method": method,
                "replicate": replicate,
                "rule": rule,
                "degree": degree,
                "validation_loss": means[degree],
            }
