"""Every model, scratch or concise, is trained as in the notes, alone or as one of many replicas."""

import importlib
from itertools import pairwise

import pytest
import torch
from torch import nn

from d2l_lab.training.fit import Evaluation, train_step
from d2l_lab.training.minibatches import padded
from recipes import RECIPES, TRUE_WEIGHTS, curve, images, losses_of, same_bits, train

FAMILIES = ["linear_regression", "softmax_regression", "mlp"]
CLASSIFIERS = FAMILIES[1:]
HIDDEN_UNITS = 64
NETS = {  # a net of the notes, and the names of its parameters there
    "linear_regression": (lambda d: nn.Sequential(nn.Linear(d, 1)), ["w", "b"]),
    "softmax_regression": (lambda d: nn.Sequential(nn.Flatten(), nn.Linear(d, 10)), ["W", "b"]),
    "mlp": (
        lambda d: nn.Sequential(
            nn.Flatten(), nn.Linear(d, HIDDEN_UNITS), nn.ReLU(), nn.Linear(HIDDEN_UNITS, 10)
        ),
        ["W1", "b1", "W2", "b2"],
    ),
    "polynomial_regression": (lambda d: nn.Sequential(nn.Linear(d, 1, bias=False)), ["w"]),
}
TEST = images("test"), padded([torch.arange(200)] * 2)


def two_ways(family):
    return RECIPES[f"{family}.scratch"], RECIPES[f"{family}.concise"]


def loss_of_the_notes(recipe, y_hat, y):
    """Return the loss of each example."""
    if not y.is_floating_point():
        return nn.CrossEntropyLoss(reduction="none")(y_hat, y)
    return nn.MSELoss(reduction="none")(y_hat, y) / (2 if "scratch" in recipe.module else 1)


def textbook(net, order, recipe, epochs):
    """Train by the loop of notes 3.6; return losses and accuracies during and after training."""
    X, y = recipe.examples
    trainer = torch.optim.SGD(net.parameters(), lr=recipe.learning_rate)
    for _ in range(epochs):
        running, hits = 0.0, 0
        for batch in next(order).index[0].split(recipe.batch_size):
            y_hat = net(X[batch])
            losses = loss_of_the_notes(recipe, y_hat, y[batch])
            trainer.zero_grad()
            losses.mean().backward()
            trainer.step()
            running += losses.sum().item()
            hits += (y_hat.argmax(dim=1) == y[batch]).sum().item()
        yield running / len(X), hits / len(X)
        y_hat = net(X)
        accuracy = (y_hat.argmax(dim=1) == y).double().mean().item()
        yield loss_of_the_notes(recipe, y_hat, y).mean().item(), accuracy


@pytest.mark.parametrize(
    ("name", "features"),
    [*((name, None) for name in RECIPES), *(("polynomial_regression.concise", f) for f in (2, 20))],
)
def test_a_batched_run_equals_the_textbook_loop_of_one_model(name, features):
    recipe, family = RECIPES[name], name.partition(".")[0]
    make_net, names = NETS[family]
    if features:
        recipe = recipe._replace(examples=curve(features=features))
    more = {"hidden_units": HIDDEN_UNITS} if family == "mlp" else {}
    run = train(recipe, range(3), epochs=3, **more)
    start = recipe.build(range(3), **more).parameters()
    for r in range(3):
        net = make_net(recipe.examples.X[0].numel())
        with torch.no_grad():
            for own, known in zip(net.parameters(), names, strict=True):
                own.copy_(start[known][r].T.reshape(own.shape))
        records = [record for record in run.history if record.replica == r]
        expected = textbook(net, recipe.orders([r]), recipe, epochs=3)
        for record, (loss, accuracy) in zip(records, expected, strict=True):
            assert record.loss == pytest.approx(loss, rel=1e-4, abs=1e-5)
            if recipe.examples.y.is_floating_point():
                assert record.metrics == {}
            else:
                assert record.metrics["accuracy"] == pytest.approx(accuracy)
        for own, known in zip(net.parameters(), names, strict=True):
            learned = run.parameters[known][r].T.reshape(own.shape)
            torch.testing.assert_close(learned, own.detach(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("way", ["scratch", "concise"])
def test_several_hidden_layers_equal_the_textbook_loop_too(way):
    recipe, units = RECIPES[f"mlp.{way}"]._replace(learning_rate=0.5), [32, 16, 8]
    start = recipe.build([3], hidden_units=units).parameters()
    assert [*start] == ["W1", "b1", "W2", "b2", "W3", "b3", "W4", "b4"]
    assert [(*start[f"W{n}"].shape[1:],) for n in (1, 2, 3, 4)] == [
        (784, 32),
        (32, 16),
        (16, 8),
        (8, 10),
    ]
    net, sizes = nn.Sequential(nn.Flatten()), [784, *units, 10]
    for number, (d, h) in enumerate(pairwise(sizes), start=1):
        net.extend([nn.Linear(d, h), nn.ReLU()])
        with torch.no_grad():
            net[-2].weight.copy_(start[f"W{number}"][0].T)
            net[-2].bias.copy_(start[f"b{number}"][0, 0])
    run = train(recipe, [3], hidden_units=units)
    for record, (loss, _) in zip(
        run.history, textbook(net[:-1], recipe.orders([3]), recipe, 2), strict=True
    ):
        assert record.loss == pytest.approx(loss, rel=1e-4)
    learned = [run.parameters[f"{letter}{n}"][0].T for n in (1, 2, 3, 4) for letter in "Wb"]
    for own, known in zip(net.parameters(), learned, strict=True):
        torch.testing.assert_close(known.reshape(own.shape), own.detach(), rtol=0, atol=1e-5)


# Results of training


@pytest.mark.parametrize("recipe", two_ways("linear_regression"), ids=["scratch", "concise"])
def test_linear_regression_finds_the_true_weights_and_bias_of_the_notes_data(recipe):
    run = train(recipe, range(5), epochs=3)
    truth = torch.tensor([[2.0], [-3.4]])
    assert (run.parameters["w"] - truth).abs().max() < 0.01
    assert (run.parameters["b"] - 4.2).abs().max() < 0.01
    noise = 0.01**2 / (2 if "scratch" in recipe.module else 1)  # the smallest loss to be expected
    assert losses_of(run.history, "train")[-5:] == pytest.approx([noise] * 5, rel=0.2)


@pytest.mark.parametrize("family", CLASSIFIERS)
@pytest.mark.parametrize("way", ["scratch", "concise"])
def test_a_classifier_learns_to_tell_clothes_apart(family, way):
    test = Evaluation("test", *TEST, None)
    run = train(RECIPES[f"{family}.{way}"], range(2), epochs=20, evaluations=[test])
    assert losses_of(run.history)[-1] < 0.7
    assert all(
        record.metrics["accuracy"] > 0.65 for record in run.history if record.split == "test"
    )


def test_four_features_find_the_true_polynomial_within_400_epochs():
    recipe = RECIPES["polynomial_regression.concise"]
    test = Evaluation("test", curve(seed=1), padded([recipe.rows] * 2), None)
    run = train(recipe, range(2), epochs=400, evaluations=[test])
    truth = torch.tensor(TRUE_WEIGHTS).reshape(4, 1)
    assert (run.parameters["w"] - truth).abs().max() < 0.2
    assert max(losses_of(run.history)[-2:] + losses_of(run.history, "test")) < 0.05


def test_two_features_are_too_few_to_fit_even_the_training_data():
    X, y = examples = curve(features=2)
    least = ((X @ torch.linalg.lstsq(X, y).solution - y) ** 2).mean().item()
    recipe = RECIPES["polynomial_regression.concise"]._replace(examples=examples)
    assert train(recipe, [0], epochs=60).history[-1].loss == pytest.approx(least, rel=0.05)
    assert least > 1


# Initial values


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_start_from_a_narrow_normal_distribution_and_biases_from_zero(family):
    scratch, concise = (recipe.build(range(50)).parameters() for recipe in two_ways(family))
    assert same_bits(scratch, concise)
    for name, values in scratch.items():
        if name.startswith("b"):
            assert values.unique().tolist() == [0]
        else:
            assert values.std().item() == pytest.approx(0.01, rel=0.2)
            assert abs(values.mean()) < 0.004
            assert len(values.flatten(1)[:, 0].unique()) == 50  # each replica has its own values


@pytest.mark.parametrize("features", [1, 4, 20])
def test_a_polynomials_weights_are_drawn_as_nn_linear_draws_them_and_there_is_no_bias(features):
    recipe = RECIPES["polynomial_regression.concise"]._replace(examples=curve(features=features))
    torch.manual_seed(1)
    parameters = recipe.build(range(200)).parameters()
    torch.manual_seed(2)
    assert same_bits(recipe.build(range(200)).parameters(), parameters)
    assert parameters.keys() == {"w"}
    w, bound = parameters["w"], features**-0.5
    assert w.shape == (200, features, 1)
    assert w.abs().max() <= bound
    assert w.std() == pytest.approx(bound / 3**0.5, rel=0.15)
    assert len(w[:, 0].unique()) > 190


@pytest.mark.parametrize("name", ["mlp.scratch", "mlp.concise"])
def test_the_number_of_hidden_units_can_be_chosen_and_defaults_to_256(name):
    build = RECIPES[name].build
    assert build([0]).parameters()["W1"].shape[-1] == 256
    seven = build([0], hidden_units=7).parameters()
    assert seven["W1"].shape[-1] == 7
    assert same_bits(seven, build([0], hidden_units=[7]).parameters())


# Comparison of the two ways


def steps_of(recipe):
    """Train for an epoch, and return the mean loss of every step, (steps, R)."""
    model, losses = recipe.build(range(2)), []
    size, optimiser = recipe.batch_size, recipe.optimiser(model)
    for index, shares in next(recipe.orders(range(2))).shares(size).batches(size):
        X, y = recipe.examples.take(index)
        losses.append(train_step(model, optimiser, X, y, shares)[0].mean(dim=1))
    return torch.stack(losses)


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_both_ways_have_the_same_steps_history_and_parameters(family):
    torch.testing.assert_close(*map(steps_of, two_ways(family)), rtol=0, atol=1e-5)
    test = Evaluation("test", *TEST, 1)
    scratch, concise = (
        train(recipe, range(2), epochs=10, evaluations=[test]) for recipe in two_ways(family)
    )
    for one, other in zip(scratch.history, concise.history, strict=True):
        assert one[:3] == other[:3]
        assert one.loss == pytest.approx(other.loss, abs=1e-3)
        assert one.metrics["accuracy"] == pytest.approx(other.metrics["accuracy"], abs=0.005)
    for name, values in scratch.parameters.items():
        torch.testing.assert_close(values, concise.parameters[name], rtol=0, atol=1e-3)


def test_linear_regression_from_scratch_takes_the_same_steps_at_twice_the_learning_rate():
    """Its loss has a factor 1/2 that `nn.MSELoss` lacks, which halves the gradient and the loss."""
    scratch, concise = two_ways("linear_regression")
    doubled = scratch._replace(learning_rate=2 * concise.learning_rate)
    torch.testing.assert_close(2 * steps_of(doubled), steps_of(concise), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_models_from_scratch_use_nothing_from_torch_nn(family, monkeypatch):
    """Any use of `torch.nn` or `torch.optim` by the scratch way is an error here."""
    recipe = two_ways(family)[0]
    allowed = train(recipe, [0], epochs=1)

    def refuse(*_, **__):
        raise AssertionError("not from scratch")

    for module, names in {
        "torch.nn": ["Module", "Linear", "ReLU", "CrossEntropyLoss", "MSELoss", "Parameter"],
        "torch.nn.functional": ["linear", "relu", "softmax", "cross_entropy", "mse_loss"],
        "torch.optim": ["SGD"],
        "torch": ["softmax", "log_softmax", "relu", "nll_loss"],
    }.items():
        for name in names:
            if hasattr(importlib.import_module(module), name):
                monkeypatch.setattr(f"{module}.{name}", refuse)
    assert same_bits(train(recipe, [0], epochs=1).parameters, allowed.parameters)
