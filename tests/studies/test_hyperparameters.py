"""Learning rate, weight decay and number of layers are chosen together, and tested once."""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from d2l_lab.errors import LabError
from d2l_lab.studies import _picked, hyperparameters_test
from d2l_lab.studies.given import Data, Studied
from d2l_lab.studies.hyperparameters import study
from d2l_lab.training.randomness import generator
from recipes import images

DATA, TEST = (
    Data(X.numpy()[:, :, ::4, ::4], y.numpy(), 10) for X, y in map(images, ("train", "test"))
)
SGD = {"epochs": 2, "batch_size": 16, "folds": 3, "examples": 61, "hidden_units": 4}
GRID = {"learning_rates": [0.3, 0.1], "weight_decays": [0.2, 0], "hidden_layers": [1, 0]}
VALUES = ["hidden_layers", "weight_decay", "learning_rate"]
POINTS = [(layers, decay, rate) for layers in (0, 1) for decay in (0, 0.2) for rate in (0.1, 0.3)]


def results(data=DATA, seed=0, **changes):
    return study(data, seed, **GRID | SGD | changes)


@cache
def found():
    return results()


def part():
    """Draw the images that the study uses."""
    return torch.randperm(500, generator=generator(0, "hyperparameters", "part"))[:61]


def textbook(rows, number, counted, layers, decay, rate):
    """Train one net as the notes do, by torch's SGD."""
    start, order = (
        generator(0, "hyperparameters", counted, purpose, number)
        for purpose in ("initial values", "shuffles")
    )
    sizes = [49, *[4] * layers, 10]
    linear = [nn.Linear(*pair) for pair in pairwise(sizes)]
    for layer in linear:
        nn.init.zeros_(layer.bias)
        shape = layer.in_features, layer.out_features
        layer.weight.data = torch.normal(0.0, 0.01, shape, generator=start).T
    activations = [nn.ReLU() for _ in linear[1:]]
    net = nn.Sequential(nn.Flatten(), linear[0])
    for activation, layer in zip(activations, linear[1:], strict=True):
        net.extend([activation, layer])
    trainer = torch.optim.SGD(net.parameters(), lr=rate, weight_decay=decay)
    X, y = torch.from_numpy(DATA.X), torch.from_numpy(DATA.y)
    for _ in range(SGD["epochs"]):
        for batch in rows[torch.randperm(len(rows), generator=order)].split(16):
            trainer.zero_grad()
            nn.CrossEntropyLoss()(net(X[batch]), y[batch]).backward()
            trainer.step()
    return net


@torch.no_grad()
def measure(net, X, y):
    outputs, y = net(torch.from_numpy(X)), torch.from_numpy(y)
    return nn.CrossEntropyLoss()(outputs, y).item(), (outputs.argmax(1) == y).double().mean().item()


def test_every_point_of_the_grid_is_validated_on_each_example_of_the_part_once():
    table = found()["hyperparameters"]
    assert list(table) == [*VALUES, "fold", "split", "loss", "accuracy", "n"]
    assert [*table.groupby(VALUES).groups] == POINTS
    sizes = table.groupby([*VALUES, "split"])["n"].agg(sorted)
    for point in POINTS:
        assert sizes[(*point, "validation")] == [20, 20, 21]
        assert sizes[(*point, "train")] == [40, 41, 41]


@pytest.mark.parametrize("point", [(0, 0, 0.3), (1, 0.2, 0.1)])
def test_a_fold_of_a_point_is_trained_as_in_the_textbook_with_its_own_settings(point):
    draw = generator(0, "hyperparameters", "folds")
    folds = _picked.split_folds("hyperparameters", part(), SGD["folds"], draw)
    table = found()["hyperparameters"].set_index([*VALUES, "fold", "split"])
    for fold, own in enumerate(folds):
        net = textbook(own[0], fold, "fold", *point)
        for split, rows in zip(("train", "validation"), own, strict=True):
            row = table.loc[(*point, fold, split)]
            expected = measure(net, DATA.X[rows], DATA.y[rows])
            assert (row["loss"], row["accuracy"]) == pytest.approx(expected, rel=1e-5)


def test_the_choice_has_the_lowest_mean_and_is_trained_on_the_whole_part():
    table, (choice,) = (
        found()["hyperparameters"],
        found()["hyperparameters_choice"].to_dict("records"),
    )
    validated = table[table["split"] == "validation"]
    means = validated.groupby(VALUES)[["loss", "accuracy"]].mean()
    best = means["loss"].idxmin()
    assert tuple(choice[name] for name in VALUES) == best
    assert choice["validation_loss"] == means.loc[best, "loss"]
    assert choice["validation_accuracy"] == means.loc[best, "accuracy"]
    net, rows = textbook(part(), 0, "refit", *best), part()
    expected = measure(net, DATA.X[rows], DATA.y[rows])
    assert (choice["train_loss"], choice["train_accuracy"]) == pytest.approx(expected, rel=1e-5)
    arrays = {name: array for name, array in found().items() if name[0] in "Wb"}
    learned = [parameter.detach().numpy().T for parameter in net.parameters()]
    for array, parameter in zip(arrays.values(), learned, strict=True):
        np.testing.assert_allclose(array.squeeze(), parameter, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("losses", "chosen"),
    [
        ({}, (0, 0, 0.1)),  # all are equal: fewer layers, less decay, the smaller rate
        ({(1, 0.2, 0.3): 0.5}, (1, 0.2, 0.3)),
        ({(0, 0, 0.1): np.nan}, (0, 0, 0.3)),
        ({point: 2 for point in POINTS if point[0] == 0 or point[2] == 0.1}, (1, 0, 0.3)),
    ],
)
def test_the_simpler_of_equal_points_wins_and_a_diverged_one_never_does(
    losses, chosen, monkeypatch
):
    def known(study, data, parts, candidates, **settings):
        rows = [
            {**each.values, "fold": fold, "split": "validation", "accuracy": 0.5}
            | {"loss": losses.get((*each.values.values(),), 1.0) if fold else 1.0}
            for each in candidates
            for fold in range(3)
        ]
        return pd.DataFrame(rows)

    monkeypatch.setattr(_picked, "cross_validate", known)
    choice = results(epochs=1)["hyperparameters_choice"]
    assert (*choice[VALUES].iloc[0],) == chosen


def test_a_point_that_diverges_is_recorded_and_if_all_do_a_line_says_so():
    table = results(learning_rates=[0.1, 1e38], hidden_layers=[0], epochs=1)["hyperparameters"]
    lost = table["learning_rate"] == 1e38
    assert table.loc[lost, ["loss", "accuracy"]].isna().all(axis=None)
    assert table.loc[~lost, ["loss", "accuracy"]].notna().all(axis=None)
    told = r"^study hyperparameters: every learning rate diverges, even 1e\+38; add smaller values "
    with pytest.raises(LabError, match=told + r"to studies\.hyperparameters\.learning_rates$"):
        results(learning_rates=[3e38, 1e38], hidden_layers=[0], epochs=1)


def test_more_folds_than_examples_or_examples_than_images_are_refused_in_one_line():
    told = "^study hyperparameters: 501 is more than the 500 examples there are; give studies.hyper"
    with pytest.raises(LabError, match=told):
        results(examples=501)
    with pytest.raises(LabError, match=r"^study hyperparameters: folds: 5; with 4 examples, "):
        results(examples=4, folds=5)


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_the_one_test_equals_torchs_on_the_chosen_model_and_is_next_to_its_validation(layers):
    results_ = results(hidden_layers=[layers], weight_decays=[0])
    tables = {name: results_[name] for name in ("hyperparameters", "hyperparameters_choice")}
    arrays = {name: value for name, value in results_.items() if name not in tables}
    tested = hyperparameters_test.study(Studied(tables, arrays), TEST)["hyperparameters_test"]
    (choice,) = tables["hyperparameters_choice"].to_dict("records")
    for name in VALUES:
        assert (tested[name] == choice[name]).all()
    validation, test = tested.to_dict("records")
    assert (validation["loss"], validation["n"]) == (choice["validation_loss"], 61)
    net = textbook(part(), 0, "refit", layers, 0, choice["learning_rate"])
    expected = measure(net, TEST.X, TEST.y)
    assert (test["loss"], test["accuracy"]) == pytest.approx(expected, rel=1e-5)
    assert (test["split"], test["n"]) == ("test", 200)
    share = test["accuracy"]
    assert test["accuracy_error"] == pytest.approx((share * (1 - share) / 200) ** 0.5)
