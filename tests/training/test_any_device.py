"""The training loop on a device other than the CPU: `meta`, whose tensors have only shapes.

Reading a value of such a tensor is an error; on a GPU it means waiting for all pending work.
"""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

import d2l_lab.training.fit as module
from d2l_lab.errors import LabError
from d2l_lab.training import metrics
from d2l_lab.training.fit import Evaluation, Examples
from d2l_lab.training.minibatches import padded
from recipes import CLASSIFIERS, RECIPES

REPLICAS = 3
every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


class Watch(TorchDispatchMode):
    """Records the devices and types of the tensors that enter and leave every operation."""

    def __init__(self):
        super().__init__()
        self.mixed, self.types, self.operations = [], set(), 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **kwargs or {})
        tensors = [*tensors_in(args), *tensors_in(kwargs or {}), *tensors_in(result)]
        devices = {one.device.type for one in tensors}
        self.operations += 1
        if len(devices) > 1:
            self.mixed.append(func)
        if "meta" in devices:
            self.types |= {one.dtype for one in tensors if one.is_floating_point()}
        return result


def tensors_in(values):
    """List the tensors among an operation's arguments or results."""
    return [one for one in tree_leaves(values) if isinstance(one, torch.Tensor)]


@pytest.fixture
def watched(monkeypatch):
    """Train for two epochs on `meta`, with an evaluation after each; return the record.

    Values may be read only at the end of an epoch; that reading is left out.
    """
    ends = []
    monkeypatch.setattr(module.Log, "check", lambda log, losses, epoch, _: ends.append(epoch))
    monkeypatch.setattr(module.Log, "last_epoch", lambda log: [])
    monkeypatch.setattr(module, "summarise", lambda *_: [])

    def train(recipe):
        examples = Examples(*(t.to("meta") for t in recipe.examples))
        model = recipe.build(range(REPLICAS), device="meta")
        held_out = Evaluation("test", examples, padded([recipe.rows] * REPLICAS).to("meta"), 1)
        orders = iter([next(recipe.orders(range(REPLICAS))).to("meta") for _ in range(2)])
        recipe = recipe._replace(examples=examples)
        with Watch() as watch:
            recipe.fit([model], orders, [held_out])
        assert ends == [1, 2]
        return watch

    return train


@every_recipe
def test_no_step_and_no_evaluation_leaves_the_device_or_waits_for_it(watched, recipe):
    watch = watched(recipe)
    assert watch.operations > 100
    assert watch.mixed == []


@every_recipe
def test_no_number_is_less_precise_than_in_the_notes(watched, recipe):
    assert watched(recipe).types <= {torch.float32, torch.float64}


def measure(monkeypatch, of_examples):
    """Measure the accuracy of classifiers in another way."""
    other = metrics.METRICS["accuracy"]._replace(of_examples=of_examples)
    monkeypatch.setitem(metrics.METRICS, "accuracy", other)


def test_the_watch_notices_what_leaves_the_device(watched, monkeypatch):
    def to_the_cpu(outputs, y):
        return torch.empty_like(outputs, device="cpu").argmax(dim=-1)

    measure(monkeypatch, to_the_cpu)
    assert watched(CLASSIFIERS["softmax_regression.scratch"]).mixed


def test_reading_a_value_within_a_step_is_an_error(watched, monkeypatch):
    measure(monkeypatch, lambda outputs, y: outputs.sum().item())
    with pytest.raises(LabError, match="RuntimeError"):
        watched(CLASSIFIERS["mlp.concise"])
