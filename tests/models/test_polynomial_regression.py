import pytest
import torch
from torch import nn

from d2l_lab.training.fit import Evaluation, Examples
from d2l_lab.training.minibatches import padded
from recipes import RECIPES, TRUE_WEIGHTS, curve, train

NORMAL = RECIPES["polynomial_regression.concise"]


def test_four_features_find_the_true_polynomial_within_400_epochs():
    test = curve(seed=1)
    rows = padded([torch.arange(100)] * 2)
    evaluations = [
        Evaluation("train", NORMAL.examples, rows, 20),
        Evaluation("test", test, rows, 20),
    ]
    run = train(NORMAL, range(2), epochs=400, evaluations=evaluations)
    truth = torch.tensor(TRUE_WEIGHTS).reshape(4, 1)
    assert (run.parameters["w"] - truth).abs().max() < 0.2
    last = [one for one in run.history if one.epoch == 400 and one.split != "train_running"]
    assert [one.split for one in last] == ["train", "train", "test", "test"]
    assert all(one.loss < 0.05 for one in last)


def test_two_features_are_too_few_to_fit_even_the_training_data():
    X, y = curve(features=2)
    least = ((X @ torch.linalg.lstsq(X, y).solution - y) ** 2).mean().item()
    run = train(NORMAL._replace(examples=Examples(X, y)), [0], epochs=60)
    assert run.history[-1].loss == pytest.approx(least, rel=0.05)
    assert least > 1


@pytest.mark.parametrize("features", [1, 2, 4, 20])
def test_initial_weights_are_drawn_as_nn_linear_draws_them_and_there_is_no_bias(features):
    recipe = NORMAL._replace(examples=curve(features=features))
    parameters = recipe.build(range(200)).parameters()
    assert parameters.keys() == {"w"}
    w, bound = parameters["w"], features**-0.5
    assert w.shape == (200, features, 1)
    assert w.abs().max() <= bound
    assert w.std() == pytest.approx(bound / 3**0.5, rel=0.15)
    assert len(w[:, 0].unique()) > 190


def test_initial_weights_come_from_the_generators_alone():
    torch.manual_seed(1)
    first = NORMAL.build(range(2)).parameters()["w"]
    torch.manual_seed(2)
    assert torch.equal(first, NORMAL.build(range(2)).parameters()["w"])


@pytest.mark.parametrize("features", [2, 4, 20])
def test_a_batched_run_equals_the_loop_of_the_notes(features):
    """The oracle is notes 4.4.4, for one replica after the other."""
    recipe, epochs = NORMAL._replace(examples=curve(features=features)), 10
    run = train(recipe, range(2), epochs=epochs)
    start = recipe.build(range(2)).parameters()["w"]
    X, y = recipe.examples
    loss = nn.MSELoss(reduction="none")
    for r, orders in enumerate(recipe.orders([r]) for r in range(2)):
        net = nn.Sequential(nn.Linear(features, 1, bias=False))
        net[0].weight.data.copy_(start[r].T)
        trainer = torch.optim.SGD(net.parameters(), lr=0.01)
        expected = []
        for _ in range(epochs):
            running = 0.0
            for batch in next(orders).index[0].split(10):
                l = loss(net(X[batch]), y[batch])  # noqa: E741
                trainer.zero_grad()
                l.mean().backward()
                trainer.step()
                running += l.sum().item()
            expected += [running / 100, loss(net(X), y).mean().item()]
        found = [one.loss for one in run.history if one.replica == r]
        assert found == pytest.approx(expected, rel=1e-5)
        torch.testing.assert_close(
            run.parameters["w"][r], net[0].weight.detach().T, rtol=0, atol=1e-5
        )
