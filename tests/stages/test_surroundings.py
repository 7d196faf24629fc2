"""Processes that make results know where things are, but ignore personal settings."""

import io
import os
import subprocess
import sys

import pytest

from d2l_lab.stages import surroundings
from d2l_lab.store.code import ROOT

SETTINGS = {
    "BASH_ENV": "/mine/shell",
    "BASH_FUNC_env%%": "() { false; }",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2:glibc.malloc.check=0",
    "LANGUAGE": "tr",
    "LC_ALL": "tr_TR",
    "MATPLOTLIBRC": "/mine/matplotlibrc",
    "MKL_CBWR": "COMPATIBLE",
    "OMP_NUM_THREADS": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONUTF8": "0",
}
PLACES = {
    "CUDA_VISIBLE_DEVICES": "1",
    "HOME": "/mine",
    "LD_LIBRARY_PATH": "/mine/lib",
    "MPLCONFIGDIR": "/mine/cache",
    "PYTHONPYCACHEPREFIX": "/mine/cache",
    "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True",
    "SLURM_JOB_ID": "3",
    "TZ": "Pacific/Auckland",  # logs have local times, results do not
    "http_proxy": "http://proxy:3128",
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        monkeypatch.delenv(name)


def test_personal_settings_are_removed_or_fixed_and_locations_are_kept(monkeypatch):
    for name, value in (SETTINGS | PLACES).items():
        monkeypatch.setenv(name, value)
    assert SETTINGS.keys() <= surroundings.clean()
    assert {name: os.environ.get(name) for name in PLACES} == PLACES
    now = {name: os.environ.get(name) for name in SETTINGS}
    assert now == dict.fromkeys(SETTINGS) | {
        "GLIBC_TUNABLES": "glibc.malloc.check=0",
        "LC_ALL": "C",
        "MATPLOTLIBRC": os.devnull,
        "OMP_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }
    assert surroundings.clean() == set()


def test_modules_come_only_from_folders_of_installed_packages(monkeypatch, tmp_path):
    packages, modules = tmp_path / "packages", tmp_path / "modules"
    (packages / "torch-2.0.dist-info").mkdir(parents=True)
    modules.mkdir()
    path = [str(each) for each in (modules, packages, tmp_path / "nowhere", "", ROOT)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))
    surroundings.clean()
    assert os.environ["PYTHONPATH"].split(os.pathsep) == [str(ROOT), str(packages)]


def test_a_stage_run_by_hand_has_the_environment_of_a_run(tmp_path):
    mine = {"PYTHONWARNINGS": "error", "PYTHONPATH": str(ROOT), "MPLBACKEND": "module://nowhere"}
    answer = subprocess.run(
        [sys.executable, "-m", "d2l_lab.stages", "figures", "--help"],
        cwd=tmp_path,
        env=os.environ | mine,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("usage: python -m d2l_lab.stages figures")


@pytest.mark.parametrize(
    ("encoding", "printed"),
    [
        ("ascii", "5±1 → 小批量 \udcc3".encode("utf-8", "surrogateescape")),
        ("latin-1", "5±1 \\u2192 \\u5c0f\\u6279\\u91cf \\udcc3".encode("latin-1")),
    ],
)
def test_any_text_can_be_printed_in_any_locale(monkeypatch, encoding, printed):
    said = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, encoding, write_through=True))
    surroundings.say_anything()
    sys.stdout.write("5±1 → 小批量 \udcc3")
    assert said.getvalue() == printed


def test_a_users_settings_for_warnings_do_not_affect_a_run():
    script = (
        "import warnings; from d2l_lab.stages import surroundings; surroundings.clean();"
        "warnings.warn('old', DeprecationWarning); warnings.warn('seen')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONWARNINGS": "error", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "seen" in answer.stderr
    assert "old" not in answer.stderr
