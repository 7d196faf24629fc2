"""Training on a real GPU; skipped on machines without one."""

import pytest
import torch

import d2l_lab.training.fit as module
from d2l_lab.training.devices import available
from d2l_lab.training.fit import Examples, fit
from recipes import CLASSIFIERS, RECIPES, same_bits

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
GPU = "cuda:0"


def trained(recipe, device):
    """Train three replicas for two epochs; return history and parameters."""
    model = recipe.build(range(3), device=device)
    (history,) = recipe.fit([model], recipe.orders(range(3)))
    return history, model.parameters()


def test_the_gpu_is_among_the_devices():
    assert GPU in available()


@every_recipe
def test_a_gpu_learns_what_the_cpu_learns(recipe):
    (here, parameters), (there, others) = (trained(recipe, device) for device in ("cpu", GPU))
    assert [one.loss for one in there] == pytest.approx([one.loss for one in here], rel=1e-3)
    for name, values in parameters.items():
        torch.testing.assert_close(others[name], values, rtol=1e-3, atol=1e-4)


@every_recipe
def test_a_gpu_repeats_itself_to_the_bit(recipe):
    (history, parameters), (again, others) = (trained(recipe, GPU) for _ in range(2))
    assert again == history
    assert same_bits(parameters, others)


def test_no_step_waits_for_the_gpu(monkeypatch):
    recipe = CLASSIFIERS["mlp.scratch"]
    monkeypatch.setattr(module.Log, "check", lambda *_: None)
    monkeypatch.setattr(module.Log, "last_epoch", lambda log: [])
    monkeypatch.setattr(module, "summarise", lambda *_: [])
    examples = Examples(*(part.to(GPU) for part in recipe.examples))
    model = recipe.build(range(3), device=GPU)
    rows, optimisers = next(recipe.orders(range(3))).to(GPU), [recipe.optimiser(model)]
    torch.cuda.set_sync_debug_mode("error")
    try:
        fit([model], optimisers, examples, iter([rows]), [], epochs=1, batch_size=64)
    finally:
        torch.cuda.set_sync_debug_mode("default")
