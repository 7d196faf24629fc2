import json
import runpy
import warnings

import pytest
import torch

from d2l_lab.errors import LabError
from d2l_lab.training import devices


@pytest.fixture
def machine(monkeypatch):
    """Pretend to be a machine with these devices."""

    def pretend(gpus, mps):
        monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return pretend


@pytest.mark.parametrize(
    ("gpus", "mps", "found"),
    [
        (0, False, ["cpu"]),
        (2, False, ["cpu", "cuda:0", "cuda:1"]),
        (0, True, ["cpu", "mps"]),
    ],
)
def test_lists_the_devices_of_the_machine_in_torchs_names(machine, gpus, mps, found):
    machine(gpus, mps)
    assert devices.available() == found
    assert [str(torch.device(name)) for name in found] == found


def test_a_device_that_is_there_is_accepted(machine):
    machine(2, False)
    for device in ("cpu", "cuda:0", "cuda:1"):
        devices.require(device)


@pytest.mark.parametrize("device", ["cuda:2", "cuda", "mps", "tpu", ""])
def test_a_device_that_is_not_there_is_refused_with_those_that_are(machine, device):
    machine(2, False)
    with pytest.raises(LabError) as refused:
        devices.require(device)
    assert str(refused.value) == f"device {device} is not on this machine, only cpu, cuda:0, cuda:1"


def test_as_a_command_it_prints_the_devices_as_json(machine, capsys):
    machine(1, False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*found in sys.modules")
        runpy.run_module("d2l_lab.training.devices", run_name="__main__")
    assert json.loads(capsys.readouterr().out) == ["cpu", "cuda:0"]
