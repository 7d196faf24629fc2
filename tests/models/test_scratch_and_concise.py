"""The notes' two ways start alike, see the same batches and come to the same end."""

import importlib

import pytest
import torch

from d2l_lab.training.fit import Evaluation, train_step
from d2l_lab.training.minibatches import padded
from recipes import RECIPES, images, losses_of, same_bits, train

FAMILIES = ["linear_regression", "softmax_regression", "mlp"]
CLASSIFIERS = FAMILIES[1:]


def two_ways(family):
    return RECIPES[f"{family}.scratch"], RECIPES[f"{family}.concise"]


def steps_of(recipe, replicas):
    """Train for an epoch, and give the mean loss of every step, (steps, R)."""
    model, losses = recipe.build(replicas), []
    size, optimiser = recipe.batch_size, recipe.optimiser(model)
    for index, shares in next(recipe.orders(replicas)).shares(size).batches(size):
        X, y = recipe.examples.take(index)
        losses.append(train_step(model, optimiser, X, y, shares)[0].mean(dim=1))
    return torch.stack(losses)


@pytest.mark.parametrize("family", FAMILIES)
def test_both_ways_start_from_the_same_parameters_by_the_same_names(family):
    scratch, concise = (recipe.build(range(3)).parameters() for recipe in two_ways(family))
    assert same_bits(scratch, concise)


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_start_from_a_narrow_normal_distribution_and_biases_from_zero(family):
    parameters = two_ways(family)[0].build(range(50)).parameters()
    biases = [name for name in parameters if name.startswith("b")]
    assert all(parameters.pop(bias).unique().tolist() == [0] for bias in biases)
    for weights in parameters.values():
        assert weights.std().item() == pytest.approx(0.01, rel=0.2)
        assert abs(weights.mean()) < 0.004
        assert len(weights.flatten(1)[:, 0].unique()) == 50  # each replica has its own


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_both_ways_agree_step_by_step_over_the_first_epoch(family):
    scratch, concise = (steps_of(recipe, range(2)) for recipe in two_ways(family))
    torch.testing.assert_close(scratch, concise, rtol=0, atol=1e-5)
    assert (scratch[-1] < scratch[0]).all()


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_both_ways_have_the_same_history_and_parameters_after_ten_epochs(family):
    test = Evaluation("test", images("test"), padded([torch.arange(200)] * 2), 1)
    scratch, concise = (
        train(recipe, range(2), epochs=10, evaluations=[test]) for recipe in two_ways(family)
    )
    for one, other in zip(scratch.history, concise.history, strict=True):
        assert one[:3] == other[:3]
        assert one.loss == pytest.approx(other.loss, abs=1e-3)
        assert one.accuracy == pytest.approx(other.accuracy, abs=0.005)
    for name, values in scratch.parameters.items():
        torch.testing.assert_close(values, concise.parameters[name], rtol=0, atol=1e-3)
    assert losses_of(scratch.history)[-1] < losses_of(scratch.history)[0] / 2


def test_linear_regression_from_scratch_takes_the_same_steps_at_twice_the_learning_rate():
    """Its loss has a half that `nn.MSELoss` has not: half the gradient, and half the loss."""
    scratch, concise = two_ways("linear_regression")
    doubled = scratch._replace(learning_rate=2 * concise.learning_rate)
    runs = [train(recipe, range(2), epochs=3) for recipe in (doubled, concise)]
    for name, values in runs[0].parameters.items():
        torch.testing.assert_close(values, runs[1].parameters[name], rtol=0, atol=1e-5)
    for one, other in zip(runs[0].history, runs[1].history, strict=True):
        assert one[:3] == other[:3]
        assert 2 * one.loss == pytest.approx(other.loss, rel=1e-4)
    torch.testing.assert_close(
        2 * steps_of(doubled, range(2)), steps_of(concise, range(2)), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("name", ["mlp.scratch", "mlp.concise"])
def test_the_number_of_hidden_units_can_be_chosen_and_is_256(name):
    def hidden_units(**chosen):
        return RECIPES[name].build([0], **chosen).parameters()["W1"].shape[-1]

    assert hidden_units() == 256
    assert hidden_units(hidden_units=7) == 7


@pytest.mark.parametrize("family", FAMILIES)
def test_from_scratch_uses_nothing_of_torch_nn(family, monkeypatch):
    """Whatever the scratch way would take from `torch.nn` or `torch.optim` is taken away."""
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
