"""A learning rate is chosen on training data only."""

import inspect
from functools import cache

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from d2l_lab.errors import LabError
from d2l_lab.studies import _picked
from d2l_lab.studies._picked import split_folds
from d2l_lab.studies.given import Data
from d2l_lab.studies.selection import study
from d2l_lab.training.randomness import generator
from recipes import images

FOLDS = 3
DATA = Data(images().X.numpy(), images().y.numpy(), 10)
RATES = [0.01, 0.1]
SETTINGS = {"learning_rates": RATES, "folds": FOLDS, "epochs": 2, "batch_size": 64}


def results(seed=0, data=DATA, **changes):
    return study(data, seed, **SETTINGS | changes)


@cache
def found():
    return results()


def parts():
    """Cut the rows as the study does."""
    return split_folds(
        "selection", torch.arange(500), FOLDS, generator(0, "selection", "folds", 500)
    )


def textbook(rows, number, counted, learning_rate):
    """Train one net by the plain loop of notes 3.6 and 3.7, as the reference."""
    start, order = (
        generator(0, "selection", counted, purpose, number)
        for purpose in ("initial values", "shuffles")
    )
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    nn.init.zeros_(net[1].bias)
    net[1].weight.data = torch.normal(0.0, 0.01, (784, 10), generator=start).T
    trainer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    for _ in range(SETTINGS["epochs"]):
        for batch in rows[torch.randperm(len(rows), generator=order)].split(64):
            trainer.zero_grad()
            nn.CrossEntropyLoss()(net(images().X[batch]), images().y[batch]).backward()
            trainer.step()
    return net


@torch.no_grad()
def measure(net, rows):
    outputs, y = net(images().X[rows]), images().y[rows]
    return nn.CrossEntropyLoss()(outputs, y).item(), (outputs.argmax(1) == y).double().mean().item()


def test_there_is_a_row_for_each_learning_rate_fold_and_split():
    table = found()["selection"]
    assert list(table) == ["learning_rate", "fold", "split", "loss", "accuracy", "n"]
    key = ["learning_rate", "fold", "split"]
    assert len(table.drop_duplicates(key)) == len(table) == len(RATES) * FOLDS * 2
    assert table["learning_rate"].dtype == np.float64
    sizes = table.groupby(["learning_rate", "split"])["n"].agg(sorted)
    for rate in RATES:
        assert sizes[rate, "validation"] == [166, 167, 167]  # each example once
        assert sizes[rate, "train"] == [333, 333, 334]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("fold", range(FOLDS))
def test_each_fold_learns_and_validates_as_the_textbook_does(rate, fold):
    net = textbook(parts()[fold][0], fold, "fold", rate)
    table = found()["selection"].set_index(["learning_rate", "fold", "split"])
    for split, rows in zip(("train", "validation"), parts()[fold], strict=True):
        loss, accuracy = measure(net, rows)
        row = table.loc[(rate, fold, split)]
        assert row["loss"] == pytest.approx(loss, rel=1e-5)
        assert row["accuracy"] == pytest.approx(accuracy)
        assert row["n"] == len(rows)


def test_the_choice_is_the_lowest_mean_validation_loss():
    table, choice = found()["selection"], found()["selection_choice"]
    validated = table[table["split"] == "validation"].groupby("learning_rate")
    assert list(choice) == [
        "learning_rate",
        "validation_loss",
        "validation_accuracy",
        "train_loss",
        "train_accuracy",
    ]
    assert choice["learning_rate"].item() == 0.1
    assert validated["loss"].mean()[0.1] < validated["loss"].mean()[0.01]
    assert choice["validation_loss"].item() == validated["loss"].mean()[0.1]
    assert choice["validation_accuracy"].item() == validated["accuracy"].mean()[0.1]


def test_the_chosen_model_is_trained_on_all_training_data():
    everything = torch.arange(500)
    net = textbook(everything, 0, "refit", 0.1)
    W, b = torch.from_numpy(found()["W"]), torch.from_numpy(found()["b"])
    torch.testing.assert_close(W, net[1].weight.detach().T, rtol=0, atol=1e-5)
    torch.testing.assert_close(b, net[1].bias.detach().unsqueeze(0), rtol=0, atol=1e-5)
    assert (found()["W"].dtype, found()["b"].dtype) == (np.float32, np.float32)
    choice = found()["selection_choice"]
    expected = measure(net, everything)
    assert choice[["train_loss", "train_accuracy"]].to_numpy()[0] == pytest.approx(expected, 1e-5)


def test_the_smaller_learning_rate_wins_among_equal_losses(monkeypatch):
    def alike(study, data, parts, candidates, **settings):
        rows = [
            {**each.values, "split": split, "loss": loss, "accuracy": 0.5}
            for each in candidates
            for split, loss in (
                ("validation", 2.0 if each.values["learning_rate"] == 0.01 else 1.0),
                ("train", 0.0),
            )
        ]
        return pd.DataFrame(rows)

    monkeypatch.setattr(_picked, "cross_validate", alike)
    choice = results(learning_rates=[0.2, 0.01, 0.1], epochs=1)["selection_choice"]
    assert choice["learning_rate"].item() == 0.1


def test_the_choice_cannot_see_test_data():
    given = [
        one.name
        for one in inspect.signature(study).parameters.values()
        if one.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    assert given == ["fashion_mnist_train", "seed"]


def test_a_learning_rate_gives_the_same_whatever_the_others_are():
    alone = results(learning_rates=[0.1])["selection"]
    among = found()["selection"].query("learning_rate == 0.1").reset_index(drop=True)
    assert alone.equals(among)
    for name, one in results(learning_rates=RATES[::-1]).items():
        assert np.array_equal(one, found()[name])


def test_more_folds_than_examples_are_refused_in_one_line():
    tiny = Data(DATA.X[:4], DATA.y[:4], 10)
    with pytest.raises(LabError, match=r"^study selection: folds: 5; with 4 examples, .* 4$"):
        results(data=tiny, folds=5)


def test_a_learning_rate_that_diverges_is_recorded_and_never_chosen():
    tables = results(learning_rates=[0.1, 1e38], epochs=1)
    table = tables["selection"]
    lost = table["learning_rate"] == 1e38
    assert table.loc[lost, ["loss", "accuracy"]].isna().all(axis=None)
    assert table.loc[~lost, ["loss", "accuracy"]].notna().all(axis=None)
    assert tables["selection_choice"]["learning_rate"].item() == 0.1
    with pytest.raises(LabError, match="every learning rate diverges, even 1e\\+37; add smaller"):
        results(learning_rates=[1e38, 1e37], epochs=1)
