"""The devices that this machine can train on."""

import json

import torch

from d2l_lab.errors import LabError

ANY_GPU = "cuda"  # any free GPU


def available() -> list[str]:
    """List the devices, in torch's names: cpu, cuda:0, cuda:1, …, mps."""
    devices = ["cpu", *(f"cuda:{n}" for n in range(torch.cuda.device_count()))]
    return devices + ["mps"] * torch.backends.mps.is_available()


def require(device: str) -> None:
    """Raise `LabError` if this machine lacks a device."""
    there = available()
    if device not in there and not (device == ANY_GPU and "cuda:0" in there):
        raise LabError(f"device {device} is not on this machine, only {', '.join(there)}")


if __name__ == "__main__":
    print(json.dumps(available()))
