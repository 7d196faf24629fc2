"""Any `nn.Module` is trained as torch trains it, and evaluated as `net.eval()` evaluates it."""

import sys
from types import SimpleNamespace

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from d2l_lab.errors import LabError
from d2l_lab.stages import train
from d2l_lab.training.fit import Examples
from d2l_lab.training.randomness import Stream, generator
from d2l_lab.training.scratch import FromScratch
from jobs import SOFTMAX, dataset, run
from nets import ENDLESS_NOISE, NETS, as_module, network_of
from recipes import images

SETTINGS = SOFTMAX | {"batch_size": 50, "learning_rate": 0.05}
HALVES = {
    split: Examples(*(part[:size] for part in images(split)))
    for split, size in (("train", 130), ("test", 70))
}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return {split: dataset(folder / split, half, 10) for split, half in HALVES.items()}


def trained(folder, inputs, module, **settings):
    return run(train, folder, SETTINGS | {"module": module} | settings, **inputs)


@pytest.mark.parametrize("module", [module for module in NETS if module != ENDLESS_NOISE])
def test_the_losses_follow_from_the_stored_parameters_in_evaluation_mode(tmp_path, inputs, module):
    result = trained(tmp_path, inputs, module)
    stored = load_file(result.folder / "parameters.safetensors")
    history = pd.read_csv(result.folder / "history.csv").query("epoch == 2")
    predicted = load_file(result.folder / "predictions.safetensors")["predicted"]
    for replicate in range(2):
        net = network_of(module)(10)
        net.load_state_dict({name: values[replicate] for name, values in stored.items()})
        net.eval()
        for split, (X, y) in HALVES.items():
            with torch.no_grad():
                outputs = net(X)
            is_its_own = (history["split"] == split) & (history["replicate"] == replicate)
            rows = history[is_its_own]
            expected = nn.functional.cross_entropy(outputs, y).item()
            assert rows["loss"].tolist() == pytest.approx([expected], abs=1e-5)
            hits = (outputs.argmax(dim=1) == y).double().mean().item()
            assert rows["accuracy"].tolist() == pytest.approx([hits])
        assert torch.equal(predicted[replicate], outputs.argmax(dim=1))


@pytest.mark.parametrize("module", NETS)
def test_a_replica_is_trained_as_one_net_by_the_loop_of_the_notes(tmp_path, inputs, module):
    """Initial values, dropout and shuffles follow from the replica's own seeds."""
    result = trained(tmp_path, inputs, module, evaluate_every=1)
    stored = load_file(result.folder / "parameters.safetensors")
    purposes = ("initial values", "shuffles")
    X, y = HALVES["train"]
    initial, shuffling = (generator(0, "nets", "replicate", each, 1) for each in purposes)
    with Stream(initial, "training", "cpu"):
        net = network_of(module)(10)
        optimiser = torch.optim.SGD(net.parameters(), SETTINGS["learning_rate"])
        for _ in range(SETTINGS["epochs"]):
            order = torch.randperm(len(X), generator=shuffling)
            for index in order.split(SETTINGS["batch_size"]):
                optimiser.zero_grad()
                nn.functional.cross_entropy(net(X[index]), y[index]).backward()
                optimiser.step()
    assert stored.keys() == net.state_dict().keys()
    for name, value in net.state_dict().items():
        torch.testing.assert_close(stored[name][1], value, rtol=1e-4, atol=1e-5)


# Errors are one line


class Pair(nn.LSTM):
    pass


class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(784, 10)

    def forward(self, X):
        return self.linaer(X)


SHARED = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Dropout())
SHARED_LAYER = nn.BatchNorm1d(784, affine=False)  # it has only buffers
WIDTHS = iter(range(10, 1000))
WRONG = {
    "not flat": (
        lambda q: nn.Sequential(nn.Linear(784, q), nn.Dropout()),
        r"layer 0 \(Linear\): RuntimeError: mat1 and mat2 .*: its inputs had the shape \(2, 1, .*",
    ),
    "not flat, batched": (
        lambda q: nn.Linear(784, q),
        r"RuntimeError: .*: its inputs had the shape \(2, 1, 28, 28\)",
    ),
    "too flat": (
        lambda q: nn.Sequential(nn.Flatten(), nn.Conv2d(1, q, 5)),
        r"layer 1 \(Conv2d\): RuntimeError: Expected .*: its inputs .*",
    ),
    "a tuple": (
        lambda q: nn.Sequential(nn.Flatten(), Pair(784, q)),
        r"TypeError: the net returns a tuple, not a tensor \(rows, outputs\): its inputs .*",
    ),
    "still an image": (
        lambda q: nn.Conv2d(1, q, 5),
        r"ValueError: the net returns a tensor \(2, 10, 24, 24\), not \(rows, outputs\): its .*",
    ),
    "other outputs": (
        lambda q: nn.Sequential(nn.Flatten(), nn.Linear(784, 7)),
        r"for 2 rows the net returns a tensor \(2, 7\), not \(2, 10\)",
    ),
    "a slip": (
        lambda _: Broken(),
        r"AttributeError: 'Broken' object has no attribute 'linaer'.*: its inputs .*",
    ),
    "a bad setting": (
        lambda _: nn.Dropout(1.5),
        r"ValueError: dropout probability has to be between 0 and 1, but got 1.5",
    ),
    "lazy": (
        lambda q: nn.Sequential(nn.Flatten(), nn.LazyLinear(q)),
        "1.weight has no shape until the first inputs; give the layer its sizes",
    ),
    "nothing to train": (
        lambda _: nn.Sequential(nn.Flatten(), nn.Dropout()),
        "the net has no trainable parameters; add a layer that has some",
    ),
    "no net": (lambda _: None, "`network` returns a NoneType; it must return an nn.Module"),
    "one net for all": (
        lambda _: SHARED,
        "replicas share values; `network` must make a new net each time",
    ),
    "one layer for all": (
        lambda q: nn.Sequential(nn.Flatten(), SHARED_LAYER, nn.Linear(784, q)),
        "replicas share values; `network` must make a new net each time",
    ),
    "unlike shapes": (
        lambda q: nn.Sequential(nn.Flatten(), nn.Linear(784, n := next(WIDTHS)), nn.Linear(n, q)),
        r"1.weight is \(\d+, 784\) in replica 0, but \(\d+, 784\) in 1; `network` must make .*",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_net_that_cannot_be_trained_is_refused_in_one_line(tmp_path, inputs, kind):
    network, message = WRONG[kind]
    as_module("wrong", network)
    with pytest.raises(LabError, match=rf"^models\.a: module nets\.wrong: {message}$") as caught:
        trained(tmp_path, inputs, "nets.wrong")
    assert "\n" not in str(caught.value)


BUILDS = {
    "forgets to return": (lambda *_: None, "build returns nothing; it must return a FromScratch"),
    "a net of torch": (
        lambda *_: nn.Linear(784, 10),
        "build returns a Linear; it must",
    ),
    "a formula without a value": (
        lambda _inputs, _outputs, generators, device: FromScratch(
            lambda X, w: None, None, [{"w": torch.zeros(784, 10)} for _ in generators], device
        ),
        "the net returns a NoneType, not a tensor",
    ),
}


@pytest.mark.parametrize("kind", BUILDS)
def test_a_module_that_builds_no_model_is_refused_in_one_line(tmp_path, inputs, monkeypatch, kind):
    build, message = BUILDS[kind]
    monkeypatch.setitem(sys.modules, "d2l_lab.models.nets.built", SimpleNamespace(build=build))
    with pytest.raises(LabError, match=rf"^models\.a: module nets\.built: {message}"):
        trained(tmp_path, inputs, "nets.built")


def test_a_minibatch_of_one_row_that_a_layer_cannot_take_names_the_key_to_change(tmp_path, inputs):
    message = (
        r"^models\.a: module nets\.batch_norm: layer 2 \(BatchNorm1d\): ValueError: Expected more "
        r"than 1 value per channel .* its inputs had the shape \(1, 1, 28, 28\); choose a "
        "batch_size that leaves no minibatch with a single row$"
    )
    with pytest.raises(LabError, match=message):
        trained(tmp_path, inputs, "nets.batch_norm", batch_size=43)


def test_a_failure_in_the_backward_pass_is_one_line_too(tmp_path, inputs):
    class Changing(nn.Module):
        def __init__(self, outputs):
            super().__init__()
            self.linear = nn.Linear(784, outputs)

        def forward(self, X):
            outputs = self.linear(X.flatten(1)).exp()
            outputs += 1
            return outputs

    as_module("wrong", Changing)
    with pytest.raises(LabError, match=r"^models\.a: module nets\.wrong: RuntimeError: one of the"):
        trained(tmp_path, inputs, "nets.wrong")
