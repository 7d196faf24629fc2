"""A run examines its machine before any job starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from d2l_lab.errors import LabError
from d2l_lab.pipeline import environment
from d2l_lab.stages.runner import PLANNED
from d2l_lab.store.code import ROOT
from disks import remount, small_disk

MACHINES = {
    "laptop": ["cpu"],
    "mac": ["cpu", "mps"],
    "server": ["cpu", "cuda:0", "cuda:1"],
}


@pytest.mark.parametrize(
    ("machine", "wanted", "found"),
    [
        ("laptop", ["auto"], ["cpu"]),
        ("mac", ["auto"], ["cpu", "mps"]),
        ("server", ["auto"], MACHINES["server"]),
        ("laptop", ["cpu", "auto"], ["cpu"]),
        ("server", ["cuda:0", "auto"], list(dict.fromkeys(["cuda:0", *MACHINES["server"]]))),
        ("server", ["cuda:1", "cuda:0"], ["cuda:1", "cuda:0"]),
    ],
)
def test_auto_means_every_device_of_the_machine(monkeypatch, machine, wanted, found):
    monkeypatch.setattr(environment, "_available", lambda: MACHINES[machine])
    assert environment.resolve_devices(wanted) == found


def test_named_devices_are_taken_as_given_without_torch(monkeypatch):
    monkeypatch.setattr(environment, "_available", lambda: pytest.fail("torch was asked"))
    assert environment.resolve_devices(["cuda:1", "cpu"]) == ["cuda:1", "cpu"]


def test_every_missing_device_is_reported_in_a_line(monkeypatch):
    monkeypatch.setattr(environment, "_available", lambda: MACHINES["mac"])
    with pytest.raises(LabError) as caught:
        environment.accelerator_slots(["cuda:0", "mps", "cuda:7", "cuda"])
    assert str(caught.value).splitlines() == [
        f"config.yaml: devices: {device} is not on this machine; "
        "give one or more of cpu, mps, or auto"
        for device in ("cuda:0", "cuda:7", "cuda")
    ]


def test_the_cpu_alone_needs_no_look_at_torch(monkeypatch):
    monkeypatch.setattr(environment, "_available", lambda: pytest.fail("torch was asked"))
    assert environment.accelerator_slots(["cpu"]) == {}


@pytest.mark.parametrize(
    ("machine", "devices", "slots"),
    [
        ("mac", ["cpu", "mps"], {"mps": 1}),
        ("server", ["cuda:0"], {"cuda:0": 1}),
        ("server", ["cuda:1", "cpu", "cuda:0"], {"cuda:1": 1, "cuda:0": 1}),
        ("server", ["cuda"], {"cuda": 2}),
    ],
)
def test_one_job_at_a_time_runs_on_an_accelerator(monkeypatch, machine, devices, slots):
    monkeypatch.setattr(environment, "_available", lambda: MACHINES[machine])
    assert environment.accelerator_slots(devices) == slots


def test_devices_must_be_named_if_other_machines_run_the_jobs():
    environment.require_names(["cpu", "cuda:3"])
    with pytest.raises(
        LabError, match=r"^config.yaml: devices: auto .* name them, such as \[cpu\]"
    ):
        environment.require_names(["cpu", "auto"])


def test_the_jobs_find_the_modules_and_the_python_of_the_run_first(monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    for _ in range(2):
        environment.prepare(conda=False)
        assert os.environ["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)
        assert os.environ["PATH"] == os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin"])
        assert os.environ[PLANNED]


def test_a_folder_that_can_be_made_or_written_is_accepted(tmp_path):
    environment.require_writable(tmp_path)
    environment.require_writable(tmp_path / "not" / "yet" / "there")


def test_a_file_in_place_of_the_folder_is_reported(tmp_path):
    (tmp_path / "results").touch()
    with pytest.raises(LabError, match=f"^{tmp_path}/results: is a file, .*; move it away$"):
        environment.require_writable(tmp_path / "results")


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        remount(disk, "ro")
        with pytest.raises(LabError, match=f"^{disk}: is not writable, .*; make it writable$"):
            environment.require_writable(disk / "results")


def test_the_keys_cover_the_versions_pinned_in_conda_environments(monkeypatch):
    path = os.environ["PATH"]
    environment.prepare(conda=True)
    assert os.environ["PATH"] == path
    command = "from d2l_lab.store.code import code_of; print(code_of(['d2l_lab.stages.train']))"
    answer = subprocess.run(
        [sys.executable, "-c", command],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'torch': '2.14.1 of conda'" in answer.stdout
