import pytest
import torch

from d2l_lab.training.fit import train_step
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.scratch import FromScratch
from recipes import RECIPES, same_bits


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_each_replica_moves_by_the_mean_over_its_own_examples(recipe):
    """Padded places do not count, and a replica without examples does not change by a bit."""
    X, y = recipe.examples.take(torch.arange(12).expand(3, 12))
    shares = torch.zeros(3, 12)
    shares[0], shares[1, :5] = 1 / 12, 1 / 5
    model = recipe.build(range(3))
    start = model.parameters()
    train_step(model, recipe.optimiser(model), X, y, shares)
    end = model.parameters()
    fewer = recipe.build(range(3))
    few = X[:, :5], y[:, :5], torch.full((3, 5), 1 / 5)
    train_step(fewer, recipe.optimiser(fewer), *few)
    for name, by_five in fewer.parameters().items():
        torch.testing.assert_close(end[name][1], by_five[1], rtol=1e-6, atol=1e-7)
        assert not torch.equal(end[name][0], by_five[0])
        assert torch.equal(end[name][2], start[name][2])


def test_the_initial_values_are_copied_and_stay_unchanged():
    initial = [{"w": torch.full((2, 1), float(r))} for r in range(3)]
    model = FromScratch(lambda X, w: X @ w, lambda o, y: (o - y).squeeze(-1), initial, "cpu")
    optimiser = make_optimiser(model, learning_rate=1.0)
    train_step(model, optimiser, torch.ones(3, 4, 2), 0.0, torch.full((3, 4), 1 / 4))
    assert torch.equal(
        model.parameters()["w"][:, :, 0], torch.tensor([[-1.0], [0], [1]]).repeat(1, 2)
    )
    assert [one["w"].unique().tolist() for one in initial] == [[0], [1], [2]]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_the_returned_parameters_are_copies_on_the_cpu(recipe):
    model = recipe.build(range(2))
    before, spoilt = model.parameters(), model.parameters()
    for value in spoilt.values():
        assert (value.device.type, value.requires_grad) == ("cpu", False)
        assert value.is_contiguous()
        value.fill_(7)
    assert same_bits(model.parameters(), before)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_step_goes_down_the_gradient_of_each_replicas_mean_loss(recipe):
    """The gradient agrees with the change of the loss along the step."""
    model = recipe.build(range(2))
    X, y = recipe.examples.take(torch.arange(128).reshape(2, 64) % len(recipe.examples.X))
    start = model.parameters()
    before, _ = train_step(model, recipe.optimiser(model), X, y, torch.full((2, 64), 1 / 64))
    after, end = model.losses(model.predict(X), y), model.parameters()
    moved = sum(((end[name] - start[name]) ** 2).flatten(1).sum(dim=1) for name in start)
    fallen = (before - after).mean(dim=1)
    first_order = moved / recipe.learning_rate  # a step s = -ηg lowers the loss by |s|²/η
    torch.testing.assert_close(fallen, first_order, rtol=0.35, atol=0)
