import json
import runpy
import warnings
from types import SimpleNamespace

import pytest
import torch

from d2l_lab.errors import LabError
from d2l_lab.stages import gpus
from d2l_lab.training import devices


@pytest.fixture
def machine(monkeypatch):
    """Simulate a machine with these devices."""

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
def test_the_devices_of_the_machine_are_listed_by_torchs_names(machine, gpus, mps, found):
    machine(gpus, mps)
    assert devices.available() == found
    assert [str(torch.device(name)) for name in found] == found


def test_an_existing_device_is_accepted(machine):
    machine(2, False)
    for device in ("cpu", "cuda:0", "cuda:1", "cuda"):
        devices.require(device)


@pytest.mark.parametrize("device", ["cuda:2", "mps", "tpu", ""])
def test_a_missing_device_is_refused_with_the_existing_ones(machine, device):
    machine(2, False)
    with pytest.raises(LabError) as refused:
        devices.require(device)
    assert str(refused.value) == f"device {device} is not on this machine, only cpu, cuda:0, cuda:1"


@pytest.fixture
def claimed(machine, monkeypatch, tmp_path):
    """Simulate two GPUs; return a function that claims one in a process and says which."""
    machine(2, False)
    chosen = []
    monkeypatch.setattr(gpus.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda n: SimpleNamespace(uuid=f"serial-{n}")
    )
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)

    def claim(device):
        gpus.claim(device)
        return chosen[-1] if chosen else None

    return claim


def test_any_free_gpu_is_taken(claimed):
    assert [claimed("cuda"), claimed("cuda")] == [0, 1]


def test_a_gpu_requested_by_number_is_not_given_to_another_process(claimed):
    assert [claimed("cuda:0"), claimed("cuda")] == [0, 1]


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_a_process_waits_for_a_gpu_that_another_holds(claimed, monkeypatch, tmp_path, device):
    assert [claimed("cuda"), claimed("cuda")] == [0, 1]
    waits = []

    def another_ends(seconds):
        waits.append(seconds)
        (tmp_path / "d2l-lab-gpu-serial-1.lock").unlink()  # that counts as returned

    monkeypatch.setattr(gpus.time, "sleep", another_ends)
    assert claimed(device) == 1
    assert len(waits) == 1


def test_the_cpu_is_shared(claimed):
    assert claimed("cpu") is claimed("cpu") is None


def test_no_gpu_is_claimed_on_a_machine_without_one(machine):
    machine(0, False)
    with pytest.raises(LabError, match=r"^device cuda is not on this machine, only cpu$"):
        gpus.claim("cuda")


def test_the_command_prints_the_devices_as_json(machine, capsys):
    machine(1, False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*found in sys.modules")
        runpy.run_module("d2l_lab.training.devices", run_name="__main__")
    assert json.loads(capsys.readouterr().out) == ["cpu", "cuda:0"]
