"""In the study of weight decay, exact fits are ridge regression and steps are torch's."""

from functools import cache

import pytest
import torch

from d2l_lab.errors import LabError
from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.studies.weight_decay import study
from d2l_lab.training.fit import Examples
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.randomness import generator
from recipes import POLYNOMIAL

DECAYS = [0.0, 0.01, 0.5]


@pytest.fixture(scope="module")
def examples():
    (drawn,) = polynomials.draw_datasets(POLYNOMIAL, 25, 0, "weight decay", 1)
    return drawn


def test_exact_fits_solve_the_normal_equations_of_the_penalised_loss(examples):
    X, y = examples.X.double(), examples.y.double()
    W = polynomials.ridge(examples, 5, DECAYS)
    for column, decay in enumerate(DECAYS):
        w = W[:, column : column + 1]
        gradient = 2 / len(X) * X.T @ (X @ w - y) + decay * w
        torch.testing.assert_close(gradient, torch.zeros(6, 1).double(), rtol=0, atol=1e-9)


def test_steps_equal_those_of_torchs_sgd_with_weight_decay(examples):
    settings = {"epochs": 3, "batch_size": 10, "learning_rate": 0.05}
    rows = [torch.arange(25)]
    found = polynomials.fit_by_sgd(
        examples, rows, [5], [generator(0, "a")], weight_decays=DECAYS, **settings
    )[0]
    for column, decay in enumerate(DECAYS):
        g = generator(0, "a")
        w = torch.empty(6, 1).uniform_(-1, 1, generator=g) * 6**-0.5
        w.requires_grad_()
        trainer, orders = torch.optim.SGD([w], lr=0.05, weight_decay=decay), shuffles(rows, [g])
        for _ in range(3):
            for batch in next(orders).index[0].split(10):
                part = Examples(examples.X[batch], examples.y[batch])
                trainer.zero_grad()
                ((part.X @ w - part.y) ** 2).mean().backward()
                trainer.step()
        torch.testing.assert_close(found[:, column : column + 1], w.detach(), rtol=0, atol=1e-5)


SETTINGS = {"replicates": 2, "epochs": 3, "batch_size": 10, "learning_rate": 0.05}
COLUMNS = ["method", "weight_decay", "replicate"]


def found(weight_decays=(0.5, 0, 0.01), **changes):
    return study(POLYNOMIAL, 25, 15, 0, weight_decays=[*weight_decays], **SETTINGS | changes)


@cache
def tables():
    return found()


def by_hand(method, replicate):
    """Fit one dataset with every strength; return the weights and the data of both splits."""
    degree = POLYNOMIAL["max_degree"] - 1
    data = {
        split: polynomials.draw_datasets(POLYNOMIAL, n, 0, f"weight_decay {split}", 2)[replicate]
        for split, n in (("train", 25), ("test", 15))
    }
    if method == "exact":
        return polynomials.ridge(data["train"], degree, DECAYS), data
    own = {key: SETTINGS[key] for key in ("epochs", "batch_size", "learning_rate")}
    (W,) = polynomials.fit_by_sgd(
        data["train"],
        [torch.arange(25)],
        [degree],
        [generator(0, "weight_decay", "fits", replicate)],
        weight_decays=DECAYS,
        **own,
    )
    return W, data


@pytest.mark.parametrize("replicate", [0, 1])
@pytest.mark.parametrize("method", ["sgd", "exact"])
def test_each_fit_is_of_the_highest_degree_and_measured_without_its_penalty(method, replicate):
    W, data = by_hand(method, replicate)
    losses = tables()["weight_decay"].set_index([*COLUMNS, "split"])["loss"]
    norms = tables()["weight_decay_norm"].set_index(COLUMNS)["norm"]
    for column, decay in enumerate(DECAYS):
        w = W[:, column : column + 1].double()
        at = (method, decay, replicate)
        assert norms[at] == pytest.approx(w.square().sum().sqrt().item(), rel=1e-5)
        for split, examples in data.items():
            error = (examples.X.double() @ w - examples.y.double()).square().mean().item()
            assert losses[(*at, split)] == pytest.approx(error, rel=1e-4, abs=1e-9)


def test_every_strength_has_a_row_for_each_method_replicate_and_split():
    losses, norms = tables()["weight_decay"], tables()["weight_decay_norm"]
    assert [*losses] == [*COLUMNS, "split", "loss"]
    assert [*norms] == [*COLUMNS, "norm"]
    assert len(losses) == len(losses.drop_duplicates([*COLUMNS, "split"])) == 2 * 3 * 2 * 2
    assert len(norms) == len(norms.drop_duplicates(COLUMNS)) == 2 * 3 * 2
    assert [*losses["weight_decay"].unique()] == DECAYS


def test_stronger_decay_gives_smaller_exact_weights_and_a_higher_training_loss():
    exact = {name: table[table["method"] == "exact"] for name, table in tables().items()}
    norms = exact["weight_decay_norm"].pivot(index="replicate", columns="weight_decay")["norm"]
    train = exact["weight_decay"].query("split == 'train'")
    losses = train.pivot(index="replicate", columns="weight_decay", values="loss")
    assert (norms.diff(axis=1).iloc[:, 1:] < 0).all(axis=None)
    assert (losses.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


def test_a_strength_has_the_same_fits_whatever_the_others_are():
    for name, table in found([0.01]).items():
        among = tables()[name].query("weight_decay == 0.01").reset_index(drop=True)
        merged = table.merge(among, on=[*table.columns[:-1]])
        assert len(merged) == len(table) == len(among)
        assert merged.iloc[:, -1].to_numpy() == pytest.approx(merged.iloc[:, -2].to_numpy(), 1e-4)


def test_steps_that_diverge_are_reported_in_one_line():
    told = (
        "^study weight_decay: replicate 0: a weight is not finite with weight_decay 0 and with lea"
    )
    with pytest.raises(LabError, match=told):
        found(learning_rate=1e38)
