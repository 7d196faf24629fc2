"""The evidence for the claims of linear regression, on tables of a few rows."""

import pandas as pd
import pytest

from claims.tiny import KNOWN, Case, table, without_a_case
from d2l_lab.claims import linear_regression

CLOSED = table("parameter closed_form\n w[0] 2.0\n b 9.0")


def grid(squared, likelihood):
    """Evaluate both losses at weights from 1 to 3."""
    weights = [1.0, 1.5, 2.0, 2.5, 3.0]
    columns = {"weight": weights, "squared_loss": squared, "negative_log_likelihood": likelihood}
    return pd.DataFrame(columns)


LEAST_AT_2 = [5, 3, 1, 2, 4]
LEAST_AT_1, LEAST_AT_3 = [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]
RATES = """
learning_rate replicate first_step loss diverged
0.1 0 {steps[0]} {losses[0]} False
0.2 0 {steps[1]} {losses[1]} False
3.0 0 6.0 1e9 True
0.1 1 {steps[2]} {losses[2]} False
0.2 1 {steps[3]} {losses[3]} False
3.0 1 3.0 1e9 True
"""


def rates(steps=(0.2, 0.4, 0.1, 0.2), losses=(1, 1000, 1000, 10)):
    return {"learning_rate": table(RATES.format(steps=steps, losses=losses))}


def timings(*of_repeats):
    """Return the times of a loop at lengths 10, 1000 and 2000; the other way takes a second."""
    rows = [
        {"length": length, "way": way, "repeat": repeat, "seconds": seconds}
        for repeat, loops in enumerate(of_repeats)
        for length, loop in zip((10, 1000, 2000), loops, strict=True)
        for way, seconds in (("vectorised", 1.0), ("loop", loop))
    ]
    return {"vectorisation_timing": pd.DataFrame(rows)}


def iterates(column, *of_replicates):
    """Return the values of each replicate after each step, the last step first."""
    rows = [
        {"replicate": replicate, "step": step, column: value}
        for replicate, values in enumerate(of_replicates)
        for step, value in reversed([*enumerate(values)])
    ]
    return {"closed_form_distance": pd.DataFrame(rows)}


def epochs(*losses):
    """Return two replicates' training losses after each epoch, and values that do not count."""
    rows = [
        ("scratch", "cpu", replicate, epoch, split, metric, value)
        for replicate, values in enumerate(losses)
        for epoch, loss in enumerate(values, start=1)
        for split, metric, value in (
            ("train", "loss", loss),
            ("test", "loss", epoch),
            ("train", "accuracy", epoch),
        )
    ]
    rows += [("concise", "cpu", 0, epoch, "train", "loss", epoch) for epoch in (1, 2, 3)]
    columns = ["model", "device", "replicate", "epoch", "split", "metric", "value"]
    return {"training": pd.DataFrame(rows, columns=columns), "models": MODELS}


MODELS = table("""
model device module dataset
scratch cpu linear_regression.scratch linear
concise cpu linear_regression.concise linear
later cpu linear_regression.concise linear
""")


def learned(*pairs):
    """Return w and b of each replicate by both ways, and by a third model that does not count."""
    rows = [
        (model, "cpu", replicate, parameter, value)
        for replicate, ways in enumerate(pairs)
        for model, values in zip(("scratch", "concise", "later"), (*ways, (7, 7)), strict=True)
        for parameter, value in zip(("w[0]", "b"), values, strict=True)
    ]
    columns = ["model", "device", "replicate", "parameter", "learned"]
    return {"parameters": pd.DataFrame(rows, columns=columns), "models": MODELS}


ORDERS = """
replicate compared_with same_places rank_correlation examples
0 index {0} {2} 101
0 epoch-before {1} {3} 101
1 index {0} {4} 101
1 epoch-before {1} {5} 101
1 replicate-before {1} {5} 101
2 index {0} {6} 101
"""


def orders(*values):
    text = table(ORDERS.format(*values))
    named = text["compared_with"].str.replace("-", " ")
    return {"minibatches_order": text.assign(compared_with=named)}


def seen(*examples):
    ways = ["data_iter"] * 3 + ["DataLoader"] * 3
    return {"minibatches": pd.DataFrame({"way": ways, "example": examples})}


CASES = [
    Case(
        "closed_form_is_the_minimum",
        0.4,
        5,
        False,
        {
            "closed_form": CLOSED.assign(closed_form=[1.8, 9]),
            "maximum_likelihood": grid(LEAST_AT_2, LEAST_AT_3),
        },
        {"closed_form": CLOSED, "maximum_likelihood": grid(LEAST_AT_1, LEAST_AT_2)},
    ),
    Case(
        "maximum_likelihood_is_least_squares",
        0,
        5,
        False,
        {"maximum_likelihood": grid(LEAST_AT_2, LEAST_AT_2)},
        {"maximum_likelihood": grid(LEAST_AT_2, LEAST_AT_3)},
    ),
    Case(
        "hyperparameters_matter",
        3.05,
        2,
        True,
        rates(losses=(1, 1000, 10**5.1, 100)),
        rates(losses=(1, 2, 1, 2.1)),
    ),
    Case(
        "learning_rate_is_the_step",
        0.0005,
        2,
        False,
        rates(steps=(0.2, 0.4, 0.1, 0.2001)),
        rates((0.2, 0.39, 0.1, 0.2)),
    ),
    Case(
        "vectorised_is_faster",
        1,
        3,
        True,
        timings((10, 1e4, 1e3), (10**1.1, 99, 99), (99, 99, 10**0.9)),
        timings((0.9, 99, 99), (0.8, 99, 99), (0.85, 99, 99)),
    ),
    Case(
        "vectorised_is_100_times_faster",
        3,
        3,
        True,
        timings((1, 1e3, 1e4), (1, 1e4, 10**3.1), (1, 10**2.9, 1e4)),
        timings((1e3, 90, 1e4), (1e3, 80, 1e4), (1e3, 1e4, 85)),
    ),
    Case(
        "sgd_finds_the_closed_form",
        0.002,
        3,
        True,
        iterates("distance", (1, 0.001), (1, 0.002), (1, 0.003)),
        iterates("distance", (0.001, 1), (0.001, 1.1), (0.001, 1.2)),
    ),
    Case(
        "each_update_lowers_the_loss",
        1,
        4,
        False,
        iterates("loss", (3, 2, 1), (9, 8, 0)),
        iterates("loss", (3, 2, 1), (9, 8, 8)),
    ),
    Case(
        "each_epoch_lowers_the_loss", 0.5, 4, False, epochs((8, 4, 1), (9, 2, 1)), epochs((2, 1, 3))
    ),
    Case(
        "examples_are_read_at_random",
        (1 + 3.44 / 3 + 0.81) / 3,
        3,
        True,
        orders(9, 9, 0.1, -0.1, -0.12, 0.1, -0.09),
        orders(1, 1, 0.9, -0.9, -0.9, 0.8, -1),
    ),
    Case(
        "examples_are_read_at_random_anew",
        1,
        2,
        False,
        orders(99, 1, 1, 1, 1, 1, 1),
        orders(1, 99, 0, 0, 0, 0, 0),
    ),
    Case("both_readers_see_the_same", 0, 3, False, seen(0, 2, 1, 2, 1, 0), seen(0, 2, 1, 2, 2, 0)),
    Case(
        "linear_regression_agrees",
        0.003,
        2,
        True,
        learned(((1, 4), (1.0029, 4)), ((1, 4), (1.001, 3.9969))),
        learned(((1, 4), (1, 4.5)), ((1, 4), (1, 3.51))),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_the_evidence_is_as_known_and_the_verdict_can_be_either(case):
    case.check()


def test_every_claim_has_a_case():
    assert without_a_case(linear_regression, CASES) == set()


def test_two_ways_are_compared_only_if_both_exist_and_neither_diverged():
    measure = KNOWN["linear_regression_agrees"].measure
    tables = learned(((1, 4), (1, 4)), ((1, None), (1, 4)))
    assert pd.isna(measure(**tables).value)
    assert measure(tables["parameters"], MODELS.query("model != 'scratch'")) is None
    elsewhere = MODELS.assign(dataset=["linear", "other", "other"])
    assert measure(tables["parameters"], elsewhere) is None


def test_short_vectors_alone_say_nothing_about_long_ones():
    short = timings((9, 9, 9)).popitem()[1].query("length == 10")
    assert KNOWN["vectorised_is_100_times_faster"].measure(short) is None
