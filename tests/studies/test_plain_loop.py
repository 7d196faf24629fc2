import pytest
import torch

import recipes
from d2l_lab.studies import plain_loop
from d2l_lab.studies.given import Data

TRAIN = Data(*(part.numpy() for part in recipes.images()), 10, tuple("abcdefghij"))

WAYS = ("scratch", "concise")


def found(**changes):
    sgd = {"epochs": 2, "batch_size": 32, "learning_rate": 0.1}
    settings = {"examples": 90, "hidden_units": 8, "replicates": 2} | sgd
    return plain_loop.study(TRAIN, 0, **settings | changes)["plain_loop"]


def test_the_notes_loop_and_ours_end_at_the_same_parameters_for_both_models_and_ways():
    table = found()
    ways = [f"{family}.{way}" for family in ("softmax_regression", "mlp") for way in WAYS]
    assert table["module"].tolist() == [module for module in ways for _ in range(2)]
    assert (table["steps"] == 6).all()
    assert (table["greatest_difference"] < 1e-13).all()
    assert (table["greatest_value"] > 0.01).all()
    assert torch.get_default_dtype() == torch.float32


@pytest.mark.parametrize("skipped", ["step", "zero_grad"])
def test_a_loop_that_behaved_differently_would_be_noticed(skipped, monkeypatch):
    class Otherwise(torch.optim.SGD):
        pass

    setattr(Otherwise, skipped, lambda _: None)
    train_plainly = plain_loop.train_plainly

    def train_otherwise(*arguments, **settings):
        with monkeypatch.context() as only_here:
            only_here.setattr(torch.optim, "SGD", Otherwise)
            return train_plainly(*arguments, **settings)

    monkeypatch.setattr(plain_loop, "train_plainly", train_otherwise)
    table = found(replicates=1)
    assert (table["greatest_difference"] > 1e-4).all()
