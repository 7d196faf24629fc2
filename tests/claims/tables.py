"""Tiny tables of studies with known evidence."""

import itertools

import pandas as pd

REPLICATES = (0, 1, 2)
JITTER = 0.001  # orders of magnitude between replicates where values differ by degree or split


def capacity(exponents, method, degrees=(0, 1, 2, 3, 4, 5), true_degree=2):
    """Return mean losses over two folds: 10 to exponents, by (split, degree) or else 0.

    In validation the folds differ from the mean by equal amounts.
    """
    shares = {"train": (1, 1), "validation": (0.5, 1.5)}
    rows = [
        (method, degree, r, fold, split, share * power(exponents, split, degree, r))
        for r, degree, split in itertools.product(REPLICATES, degrees, shares)
        for fold, share in enumerate(shares[split])
    ]
    columns = ["method", "degree", "replicate", "fold", "split", "loss"]
    return pd.DataFrame(rows, columns=columns).assign(true_degree=true_degree)


def sample_size(exponents, method, degrees=(1, 3, 19), sizes=(2, 10, 500), true_degree=3):
    """Return losses: 10 to exponents, by (split, degree, examples) or else 0."""
    rows = [
        (method, size, degree, r, split, power(exponents, split, degree, r, size))
        for size, degree, r, split in itertools.product(
            sizes, degrees, REPLICATES, ("train", "test")
        )
    ]
    columns = ["method", "examples", "degree", "replicate", "split", "loss"]
    return pd.DataFrame(rows, columns=columns).assign(true_degree=true_degree)


def weight_decay(exponents, method, strengths=(0.0, 0.1, 1.0)):
    """Return losses: 10 to exponents, by (split, strength) or else 0."""
    rows = [
        (method, strength, r, split, power(exponents, split, strength, r))
        for strength, r, split in itertools.product(strengths, REPLICATES, ("train", "test"))
    ]
    return pd.DataFrame(rows, columns=["method", "weight_decay", "replicate", "split", "loss"])


def norms(of_strengths, method):
    """Return the norms of the weights by strength."""
    rows = [(method, s, r, norm) for s, norm in of_strengths.items() for r in REPLICATES]
    return pd.DataFrame(rows, columns=["method", "weight_decay", "replicate", "norm"])


def choices(validation, test, method):
    """Return losses of the chosen degree: 10 to exponents, one for each replicate."""
    rows = [
        (method, r, rule, 10.0**v * worse, 10.0**t * worse)
        for r, (v, t) in enumerate(zip(validation, test, strict=True))
        for rule, worse in (("minimum", 1), ("one_standard_error", 50))
    ]
    columns = ["method", "replicate", "rule", "validation_loss", "test_loss"]
    return pd.DataFrame(rows, columns=columns)


def capacity_test(exponent, method):
    """Return losses: 10 to an exponent in tests of degree 5, the highest; others in training."""
    rows = [
        (method, degree, r, split, 10.0 ** {"train": 3, "test": exponent * (degree == 5)}[split])
        for degree, r, split in itertools.product((2, 5), REPLICATES, ("train", "test"))
    ]
    return pd.DataFrame(rows, columns=["method", "degree", "replicate", "split", "loss"])


def history(accuracies, counted, split):
    """Return histories of two epochs with accuracies after the last one, by model and split."""
    rows = [
        (model, "cpu", number, epoch, part, metric, value if epoch and part == split else 0.5)
        for model, values in accuracies.items()
        for number, value in enumerate(values)
        for epoch, part, metric in itertools.product((0, 1), ("train", split), ("loss", "accuracy"))
    ]
    columns = ["model", "device", counted, "epoch", "split", "metric", "value"]
    return pd.DataFrame(rows, columns=columns)


def uncertainty(accuracies, error=0.001):
    rows = [(model, "cpu", value, 5, error, 30.0) for model, value in accuracies.items()]
    return pd.DataFrame(
        rows, columns=["model", "device", "accuracy", "replicates", "error", "freedom"]
    )


def uncertainty_pairs(first, second, difference, error=0.001):
    rows = [(first, second, difference, 0.9), (second, first, -difference, 0.1)]
    table = pd.DataFrame(rows, columns=["first", "second", "difference", "share"])
    return table.assign(device="cpu", replicates=5, error=error, freedom=30.0)


def models(**modules):
    table = pd.DataFrame({"model": [*modules], "module": [*modules.values()]})
    return table.assign(device="cpu", dataset="fashion_mnist")


def picked(validation, test, error=0.001):
    """Return the validation and the test of a picked model."""
    columns = ["split", "accuracy", "accuracy_error", "n", "freedom"]
    rows = [("validation", validation, error, 6000, 4), ("test", test, error, 1000, 999)]
    return pd.DataFrame(rows, columns=columns)


def grid(accuracies, losses):
    """Return a grid of two combinations, by fold: validation accuracy and loss of each."""
    rows = [
        (rate, fold, split, loss if split == "validation" else 0.0, accuracy)
        for rate, of_folds in accuracies.items()
        for fold, (accuracy, loss) in enumerate(zip(of_folds, losses[rate], strict=True))
        for split in ("train", "validation")
    ]
    columns = ["learning_rate", "fold", "split", "loss", "accuracy"]
    return pd.DataFrame(rows, columns=columns).assign(hidden_layers=1, weight_decay=0.0)


def power(exponents, split, level, replicate, *more):
    """Return a loss, which differs a little by replicate."""
    jitter = JITTER * (replicate - 1) * (1 + (split == "train")) * (1 + level)
    return 10.0 ** (exponents.get((split, level, *more), 0) + min(jitter, 1))
