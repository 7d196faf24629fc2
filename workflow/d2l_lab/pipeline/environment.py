"""Set up what the jobs of a run inherit from Snakemake's own process."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.stages import surroundings
from d2l_lab.stages.runner import PLANNED
from d2l_lab.store.code import PINNED, ROOT
from d2l_lab.store.layout import STORE

# The C library returns large freed blocks to the system, and every training step would request them
# again, which takes a tenth of its time. In bytes; other C libraries ignore it.
# Huge pages for its tensors save another tenth.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(2**25),
    "MALLOC_TRIM_THRESHOLD_": str(2**32),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

UNUSABLE = ("{", "}", "\n", os.pathsep)  # they delimit wildcards, lines and folders
# Libraries' folders for caches and settings, and their places if the home folder is read-only.
CACHES = {
    "IPYTHONDIR": "ipython",
    "JUPYTER_RUNTIME_DIR": "jupyter",
    "MPLCONFIGDIR": "matplotlib",
    "XDG_CACHE_HOME": "others",
}


def prepare(*, conda: bool) -> None:
    """Give all jobs the same environment: this project's modules and, without conda, this Python.

    `d2l_lab.stages.surroundings` says which of the user's settings they do not see.

    Parameters
    ----------
    conda : bool
        Whether the jobs run in their rules' conda environments. If so, the library versions in the
        keys are those that envs/*.yaml pin.
    """
    surroundings.clean()
    surroundings.say_anything()
    os.environ[PLANNED] = "1"
    _share_as_the_store_is()
    for variable, value in MEMORY.items():
        os.environ.setdefault(variable, value)
    _put_caches_where_one_may_write()
    if conda:
        os.environ |= {PINNED: "1", "PYTHONPATH": str(ROOT), "PYTHONNOUSERSITE": "1"}
    else:
        folders = [str(Path(sys.executable).parent), *os.environ.get("PATH", "").split(os.pathsep)]
        os.environ["PATH"] = os.pathsep.join(dict.fromkeys(filter(None, folders)))


def module_path() -> str:
    """Return the folders that jobs import modules from; call `prepare` first."""
    return os.environ["PYTHONPATH"]


def _share_as_the_store_is() -> None:
    """Give new files the store's permissions, so that all its users can use them."""
    if STORE.is_dir():
        os.umask(os.umask(0) & ~STORE.stat().st_mode)


def _put_caches_where_one_may_write() -> None:
    """Give libraries a folder for caches and settings if the home folder is not writable.

    Otherwise they would create one in each job, with a warning.
    """
    home = Path(os.path.expanduser("~"))
    if os.access(home, os.W_OK | os.X_OK) and home.is_dir():
        return
    for variable, name in CACHES.items():
        os.environ.setdefault(variable, str(Path(".snakemake", "caches", name).absolute()))


def resolve_devices(wanted: Sequence[str]) -> list[str]:
    """Turn the configured devices into the devices to train on.

    Parameters
    ----------
    wanted : sequence of str
        cpu, cuda:0, mps, …, or auto, which means every device of this machine.
    """
    if "auto" not in wanted:
        return list(wanted)  # no need to start torch
    there = _available()
    chosen = (there if device == "auto" else [device] for device in wanted)
    return list(dict.fromkeys(chain(*chosen)))


def device_slot(device: str) -> str:
    """Return a device's name in paths and as a resource; each accelerator has one unit of it."""
    return device.replace(":", "")


def training_name(model: str, device: str) -> str:
    """Return the name of a model's results on a device, such as ``mlp_scratch.cuda0``."""
    return f"{model}.{device_slot(device)}"


def accelerator_slots(devices: Sequence[str]) -> dict[str, int]:
    """Count how many jobs may run at a time on each device of this machine besides the CPU.

    Returns
    -------
    dict
        One for each numbered accelerator; for cuda, which is any of them, their count.

    Raises
    ------
    LabError
        If this machine lacks a device.
    """
    if list(devices) == ["cpu"]:
        return {}  # every machine has one
    there = _available()
    gpus = [device for device in there if device.startswith("cuda:")]
    slots = {device: 1 for device in there if device != "cpu"} | (
        {"cuda": len(gpus)} if gpus else {}
    )
    missing = [device for device in devices if device not in ("cpu", *slots)]
    if missing:
        raise LabError(
            "\n".join(
                f"config.yaml: devices: {device} is not on this machine; "
                f"give one or more of {', '.join(there)}, or auto"
                for device in missing
            )
        )
    return {device: slots[device] for device in devices if device != "cpu"}


def require_names(wanted: Sequence[str]) -> None:
    """Raise `LabError` if other machines run the jobs and the devices are not named."""
    if "auto" in wanted:
        raise LabError(
            "config.yaml: devices: auto means the devices of this machine, but the jobs run on "
            "others; name them, such as [cpu], or [cuda] for the GPU that a job is given"
        )


def _available() -> list[str]:
    """Ask torch in a separate process, so that Snakemake's need not load it."""
    command = [sys.executable, "-m", "d2l_lab.training.devices"]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if answer.returncode:
        raise LabError(f"torch cannot list the devices: {answer.stderr.strip()[-500:]}")
    return json.loads(answer.stdout)


def require_usable_path(checkout: Path) -> None:
    """Raise `LabError` if Snakemake or PYTHONPATH cannot handle the checkout's path."""
    if found := [character for character in UNUSABLE if character in str(checkout)]:
        raise LabError(
            f"{str(checkout)!r}: the path of the project's folder contains {found[0]!r}, which "
            "Snakemake and Python cannot handle; rename the folder"
        )


def require_writable(folder: Path) -> None:
    """Raise `LabError` if a folder that a run writes to cannot be created or is not writable."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise LabError(f"{existing}: is a file, where results need a folder; move it away")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise LabError(f"{existing}: is not writable, and a run writes there; make it writable")
