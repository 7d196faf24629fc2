"""The study of weight decay: its exact fits are ridge regression, its steps those of torch."""

import pytest
import torch

from d2l_lab.studies import _polynomials as polynomials
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


def test_steps_are_those_of_torchs_sgd_with_weight_decay(examples):
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
