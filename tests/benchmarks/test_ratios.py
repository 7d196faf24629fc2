"""The promises about speed are computed from the tables, and can be met or missed."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.ratios import Ratio, ratios

NAN = np.nan
TRAINING = pd.DataFrame(
    [
        ("mlp", "notes", 0, 1, NAN, 1, 6.0, 60.0),
        ("mlp", "notes", 2, 1, NAN, 1, 2.0, 20.0),
        ("mlp", "notes", 4, 1, NAN, 1, 5.0, 50.0),
        ("mlp", "scikit-learn", NAN, 1, NAN, 1, 0.9, 9.0),
        ("mlp", "limit", NAN, 5, 1, 1, 0.4, 4.0),
        ("mlp", "scratch", NAN, 1, 1, 1, 0.1, 1.0),  # for one replica: it does not count
        ("mlp", "scratch", NAN, 5, 1, 1, 0.5, 5.0),
        ("mlp", "concise", NAN, 5, 1, 1, 0.6, 6.0),
        ("mlp", "scratch", NAN, 5, 1, 2, 0.25, 2.5),
        ("softmax_regression", "notes", 2, 1, NAN, 1, 3.0, 30.0),
        ("softmax_regression", "limit", NAN, 10, 1, 1, 0.06, 0.6),
        ("softmax_regression", "scratch", NAN, 10, 1, 1, 0.1, 1.0),
    ],
    columns=[
        *("model", "way", "workers", "replicas", "threads", "jobs"),
        *("least", "seconds_per_fit"),
    ],
).assign(seconds_per_epoch=lambda table: 2 * table["least"])
RUNS = pd.DataFrame(
    {
        "run": ["cold", "no-op", "no-op of an empty workflow", "one learning rate changed"],
        "seconds": [80.0, 1.2, 1.0, 30.0],
        "cores": 2,
        "useful_seconds": [120.0, NAN, NAN, 20.0],
        "training_seconds": [70.0, NAN, NAN, 14.0],
    }
)
CAPACITY = pd.DataFrame({"way": ["one by one", "batched"], "seconds_of_all": [900.0, 1.5]})


def promised(**tables):
    """Return each quantity with a bound, by its name: its value, and whether the bound is met."""
    found = ratios(tables).query("wanted != ''")
    by = found.set_index(["what", "compared_with"])
    return {about: (row.measured, row.met) for about, row in by.iterrows()}


def test_training_is_compared_with_each_way():
    """The notes' loop runs with its own four workers, and with its fastest number of workers."""
    assert promised(training=TRAINING) == {
        ("mlp", "notes"): (pytest.approx(20), "yes"),
        ("mlp", "notes, fastest"): (pytest.approx(8), "NO"),
        ("mlp", "scikit-learn"): (pytest.approx(3.6), "yes"),
        ("mlp", "limit"): (pytest.approx(0.8), "yes"),
        ("softmax_regression", "notes"): (pytest.approx(30), "NO"),
        ("softmax_regression", "notes, fastest"): (pytest.approx(30), "NO"),
    }


def test_runs_are_compared_with_the_notes_fits_and_with_an_empty_workflow():
    assert promised(runs=RUNS, capacity=CAPACITY) == {
        ("capacity study", "one by one"): (pytest.approx(600), "yes"),
        ("main job, cold: overhead", "seconds x cores"): (pytest.approx(0.25), "yes"),
        ("one learning rate changed", "its training"): (pytest.approx(16), "NO"),
        ("no-op", "empty workflow's no-op"): (pytest.approx(1.2), "yes"),
    }
    both = promised(runs=RUNS, training=TRAINING)
    assert both["main job, cold", "notes: four fits"] == (pytest.approx(80 / 160), "yes")
    assert both["main job, cold", "notes, fastest: four fits"] == (pytest.approx(80 / 100), "yes")


def test_missing_tables_are_not_mentioned():
    assert ratios({}).empty


@pytest.mark.parametrize(
    ("wanted", "measured", "met"),
    [
        (">= 2", 2, "yes"),
        (">= 2", 1.99, "NO"),
        ("<= 1.3", 1.3, "yes"),
        ("<= 1.3", 2, "NO"),
        ("", 9, ""),
    ],
)
def test_a_bound_is_met_up_to_and_including_its_value(wanted, measured, met):
    assert Ratio("", "", "", measured, wanted).met == met
