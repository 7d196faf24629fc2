"""What the jobs of a run inherit from Snakemake's own process."""

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

# The C library gives large blocks back to the system whenever they are freed. A training step would
# ask for them again each time: a tenth of its time. Bytes; other C libraries ignore it.
# Its tensors in huge pages are found more quickly: another tenth.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(2**25),
    "MALLOC_TRIM_THRESHOLD_": str(2**32),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

UNUSABLE = ("{", "}", "\n", os.pathsep)  # wildcards, lines and lists of folders are written so
# Where libraries keep caches and settings, and their places if the home folder cannot be written.
CACHES = {
    "IPYTHONDIR": "ipython",
    "JUPYTER_RUNTIME_DIR": "jupyter",
    "MPLCONFIGDIR": "matplotlib",
    "XDG_CACHE_HOME": "others",
}


def prepare(*, conda: bool) -> None:
    """Give all jobs the same surroundings: this project's modules and, without conda, this Python.

    See `d2l_lab.stages.surroundings` for what they do not see of the user's.

    Parameters
    ----------
    conda : bool
        Whether the jobs run in their rules' conda environments. Then the versions of their
        libraries, which keys hold, are those that envs/*.yaml pin.
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
    """Return the folders in which jobs find modules, once `prepare` has found them."""
    return os.environ["PYTHONPATH"]


def _share_as_the_store_is() -> None:
    """Let whoever may read or write the store do so with what this run puts into it."""
    if STORE.is_dir():
        os.umask(os.umask(0) & ~STORE.stat().st_mode)


def _put_caches_where_one_may_write() -> None:
    """Give libraries a folder for caches and settings if the home folder cannot be written.

    Otherwise they would create one in each job, and warn each time.
    """
    home = Path(os.path.expanduser("~"))
    if os.access(home, os.W_OK | os.X_OK) and home.is_dir():
        return
    for variable, name in CACHES.items():
        os.environ.setdefault(variable, str(Path(".snakemake", "caches", name).absolute()))


def resolve_devices(wanted: Sequence[str]) -> list[str]:
    """Turn the configured devices into those to train on.

    Parameters
    ----------
    wanted : sequence of str
        cpu, cuda:0, mps, …, or auto, which stands for every device of this machine.
    """
    if "auto" not in wanted:
        return list(wanted)  # no need to start torch
    there = _available()
    chosen = (there if device == "auto" else [device] for device in wanted)
    return list(dict.fromkeys(chain(*chosen)))


def device_slot(device: str) -> str:
    """Name a device in a path, and as the resource of which each accelerator has one."""
    return device.replace(":", "")


def training_name(model: str, device: str) -> str:
    """Name the results of a model on a device: ``mlp_scratch.cpu``, ``mlp_scratch.cuda0``."""
    return f"{model}.{device_slot(device)}"


def accelerator_slots(devices: Sequence[str]) -> dict[str, int]:
    """Count how many jobs may run at a time on each device, the CPU apart, of this machine.

    Returns
    -------
    dict
        One for each accelerator by its number; for cuda, which is any of them, their number.

    Raises
    ------
    LabError
        If a device is not there.
    """
    if list(devices) == ["cpu"]:
        return {}  # always there
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
    """Raise `LabError` if devices are not named, where other machines run the jobs."""
    if "auto" in wanted:
        raise LabError(
            "config.yaml: devices: auto stands for the devices of one machine, and the jobs run on "
            "other ones; name them, such as [cpu], or [cuda] for the GPU that a job is given"
        )


def _available() -> list[str]:
    """Ask torch, in a process of its own, so that Snakemake's need not load it."""
    command = [sys.executable, "-m", "d2l_lab.training.devices"]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if answer.returncode:
        raise LabError(f"torch cannot be asked for devices: {answer.stderr.strip()[-500:]}")
    return json.loads(answer.stdout)


def require_usable_path(checkout: Path) -> None:
    """Raise `LabError` if the path of the checkout is none for Snakemake or PYTHONPATH."""
    if found := [character for character in UNUSABLE if character in str(checkout)]:
        raise LabError(
            f"{str(checkout)!r}: the path of the project's folder holds {found[0]!r}, which "
            "Snakemake and Python cannot take there; rename the folder"
        )


def require_writable(folder: Path) -> None:
    """Raise `LabError` if a folder that a run writes to cannot be written, or made."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise LabError(f"{existing}: is a file; results need a folder of this name: move it away")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise LabError(f"{existing}: cannot be written; a run writes there: make it writable")
