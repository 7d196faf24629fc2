"""Every study makes its tables, follows its seed, and loads only what it needs."""

import importlib
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from checkout import ROOT
from d2l_lab.config import study as declared
from d2l_lab.errors import LabError
from d2l_lab.studies.given import Data
from recipes import POLYNOMIAL, images, line

CLASSES = tuple("abcdefghij")
TRAIN, TEST = (Data(X.numpy(), y.numpy(), 10, CLASSES) for X, y in map(images, ("train", "test")))
LINE = Data(*(part.numpy() for part in line(60)), 1)
TRUTH = {"weights": [2.0, -3.4], "bias": 4.2, "noise": 0.01}
SGD = {"epochs": 2, "batch_size": 10, "learning_rate": 0.03}
RATES = {"learning_rates": [0.01, 0.1], "epochs": 2}
FEW_IMAGES = SGD | {"examples": 60, "replicates": 2}
CASES = {  # the inputs of a study before its seed, and its settings
    "activations": ((), {"points": 9}),
    "affine_collapse": ((TRAIN, TEST), SGD | {"hidden_units": 4, "replicates": 2}),
    "capacity": ((POLYNOMIAL, 20, 20), SGD | {"folds": 3, "replicates": 2}),
    "closed_form": ((LINE, TRUTH), SGD | {"replicates": 2}),
    "exercises_linear": ((), SGD | {"examples": 40, "replicates": 2}),
    "exercises_softmax": ((TRAIN,), FEW_IMAGES),
    "exercises_mlp": ((TRAIN, POLYNOMIAL), FEW_IMAGES),
    "hyperparameters": (
        (TRAIN,),
        RATES
        | {"weight_decays": [0, 0.1], "hidden_layers": [0, 2], "hidden_units": 4}
        | {"examples": 90, "folds": 3, "batch_size": 32},
    ),
    "information": ((), {"points": 9, "pairs": 20, "classes": 5}),
    "learning_rate": ((LINE,), RATES | {"batch_size": 10, "replicates": 2}),
    "library": ((), {"numbers": 50, "replicates": 2}),
    "maximum_likelihood": ((LINE, TRUTH), {"means": [0], "deviations": [1], "points": 5}),
    "minibatches": ((LINE,), {"batch_size": 10, "epochs": 2, "replicates": 2}),
    "plain_loop": ((TRAIN,), SGD | {"examples": 90, "hidden_units": 4, "replicates": 2}),
    "polynomial_terms": ((POLYNOMIAL, 20), SGD | {"replicates": 2}),
    "redrawn": ((TRUTH, 20, POLYNOMIAL, 20), {"replicates": 2}),
    "sample_size": (
        (POLYNOMIAL, 40),
        {"steps": 8, "batch_size": 10, "learning_rate": 0.03}
        | {"sizes": [2, 40], "degrees": [1], "replicates": 2},
    ),
    "selection": ((TRAIN,), RATES | {"batch_size": 64, "folds": 3}),
    "softmax": ((), {"examples": 50, "classes": 4}),
    "vanishing_gradients": (
        (TRAIN,),
        {"depths": [2], "hidden_units": 4, "examples": 9, "replicates": 2},
    ),
    "weight_decay": ((POLYNOMIAL, 20, 20), SGD | {"weight_decays": [0, 0.1], "replicates": 2}),
    "weight_images": ((TRAIN, TEST), SGD),
    "vectorisation": ((), {"lengths": [10], "repeats": 1}),
}
WITHOUT_CHANCE = {"activations", "maximum_likelihood"}
THE_SAME = {"vectorisation", "minibatches_examples", "information_surprisal", "information_entropy"}
THE_SAME |= {"closed_form", "library", "learning_rate_surface", "sample_size_truth"}


def found(name, seed=0, **changes):
    given, settings = CASES[name]
    module = importlib.import_module(f"d2l_lab.studies.{name}")
    given = given if name in WITHOUT_CHANCE else (*given, seed)
    results = module.study(*given, **settings | changes)
    return {name: value for name, value in results.items() if not name.endswith("_timing")}


def same(one, other):
    if isinstance(one, pd.DataFrame):
        return one.reset_index(drop=True).equals(other.reset_index(drop=True))
    return np.array_equal(one, other)


@pytest.mark.parametrize("name", CASES)
def test_a_study_makes_what_it_declares_and_repeats_it_exactly(name):
    first, again = found(name), found(name)
    tables, arrays = declared(name).tables, getattr(declared(name), "arrays", ("W", "b"))
    without_times = [table for table in tables if not table.endswith("_timing")]
    assert [table for table in first if table not in arrays] == without_times
    assert all(same(first[result], again[result]) for result in first)


@pytest.mark.parametrize("name", sorted(CASES.keys() - WITHOUT_CHANCE))
def test_all_randomness_in_a_study_comes_from_its_seed(name, monkeypatch):
    """Data, folds, shuffles and initial values are each checked separately."""
    importlib.import_module(f"d2l_lab.studies.{name}")  # before its imports are replaced
    drawn, made, rngs, default_rng = [], set(), [], np.random.default_rng

    def spy(seed, *purpose):
        if seed not in made:  # a generator seeded by another one depends on that one
            drawn.append(seed)
        found = generator(seed, *purpose)
        made.add(found.initial_seed())
        return found

    def spy_numpy(seed):
        rngs.append(tuple(seed))
        return default_rng(seed)

    generator = importlib.import_module("d2l_lab.training.randomness").generator
    for key, module in [*sys.modules.items()]:
        if key.startswith("d2l_lab.") and getattr(module, "generator", None) is generator:
            monkeypatch.setattr(module, "generator", spy)
    monkeypatch.setattr(np.random, "default_rng", spy_numpy)
    first, other = found(name, seed=0), found(name, seed=7)
    seeds = [*drawn, *(seed for seed, *_ in rngs)]
    half = len(seeds) // 2
    assert {*seeds} == {0, 7}
    assert seeds.count(0) == half > 0
    assert len({*rngs}) == len(rngs)  # training and test sets have different numbers
    for result in first.keys() - THE_SAME:
        assert not same(first[result], other[result])


WITH_REPLICATES = [name for name, (_, settings) in CASES.items() if "replicates" in settings]
WITHOUT_COMPANION = {
    "capacity",
    "sample_size",
    "weight_decay",
    "polynomial_terms",
    "redrawn",
}  # the last digit may differ for a single replicate


@pytest.mark.parametrize("name", WITH_REPLICATES)
def test_a_replicate_has_the_same_bits_whatever_their_number(name):
    among_two = found(name)
    for replicates in {1, 3} - ({1} if name in WITHOUT_COMPANION else set()):
        for table, rows in found(name, replicates=replicates).items():
            if "replicate" in rows:
                assert {*rows["replicate"]} == {*range(replicates)}
                common = [two[two["replicate"] < replicates] for two in (among_two[table], rows)]
                assert same(*(half[half["replicate"] < 2] for half in common))


@pytest.mark.parametrize(
    "name",
    [
        "affine_collapse",
        "capacity",
        "closed_form",
        "plain_loop",
        "polynomial_terms",
        "sample_size",
        "weight_images",
    ],
)
def test_a_diverging_training_is_reported_in_one_line(name):
    found_there = rf"^study {name}: (replicate|fit) 0.*: .* (nan|-?inf|not finite)"
    advice = f" with learning_rate 1e+38; reduce studies.{name}.learning_rate"
    with pytest.raises(LabError, match=found_there + re.escape(advice) + "$"):
        found(name, learning_rate=1e38)


@pytest.mark.parametrize("name", ["information", "confusion", "agreement"])
def test_studies_without_training_need_no_torch(name):
    code = f"import sys, d2l_lab.studies.{name}\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "workflow", check=True)
