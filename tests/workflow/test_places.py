"""Wherever files are and whoever owns them, a run works or says in one line why it cannot."""

import importlib
import os
import shutil
import stat
import subprocess
import sys

import pytest

from checkout import Checkout
from users import as_nobody, give

LONG = "scratch_of_a_cluster_" * 6
ODD = "ü {0} '\"; : $x `#"
TOOLS = ("explain", "history", "prune", "verify", "publish", "archive", "watch")


def told(checkout: Checkout, *arguments: str, **options) -> list[str]:
    """Run, which must fail without a traceback; return the lines that it prints."""
    answer = checkout.run(*arguments, "--quiet", "all", **options)
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stdout
    return [line for line in answer.stdout.splitlines() if "workflow specific profile" not in line]


def test_a_run_needs_no_home_folder_and_works_with_any_temporary_folder(linear_copy, tmp_path):
    linear_copy.configure({"book": {"languages": ["en"]}})
    page = "results/notebooks/en/devices.ipynb"
    (deep := tmp_path / LONG / ODD).mkdir(parents=True)
    homeless = {"HOME": os.devnull, "XDG_CACHE_HOME": "/proc", "TMPDIR": str(deep)}
    answer = linear_copy.run(page, env=homeless)
    assert answer.returncode == 0, answer.stdout
    assert (linear_copy.path / page).exists()


@pytest.mark.thorough
def test_a_checkout_may_have_any_name_that_snakemake_and_python_accept(linear_copy):
    odd = linear_copy.path.with_name("-ü '\"; $x `#")
    linear_copy.path.rename(odd)
    moved = Checkout.at(odd)
    shutil.rmtree(odd / "results/store/figures")
    assert moved.done()["figures"] == 2
    for character in ("{", ":", "\n"):
        moved.path = odd.rename(odd.with_name(f"a{character}b"))
        odd = moved.path
        (words,) = told(moved, "-n")
        assert f"contains {character!r}, which Snakemake and Python cannot handle" in words


@pytest.mark.parametrize("folder", ["results", "results/store"])
def test_every_command_names_a_link_to_a_disk_that_is_not_mounted(
    linear_copy, folder, monkeypatch, capsys
):
    path = linear_copy.path / folder
    shutil.rmtree(path)
    path.symlink_to("/not/mounted")
    line = f"{folder}: a link to /not/mounted, which does not exist; mount it, or point the link"
    assert told(linear_copy, "-n")[0].startswith(line)
    monkeypatch.chdir(linear_copy.path)
    for tool in TOOLS:
        monkeypatch.setattr("sys.argv", [tool])
        assert importlib.import_module(f"d2l_lab.tools.{tool}").main() == 1
        assert capsys.readouterr().err.startswith(line), tool


@pytest.mark.thorough
def test_closed_streams_and_readers_that_stop_reading_end_no_run(linear_copy):
    folder = linear_copy.path
    shutil.rmtree(folder / "results/store/figures")
    run = f"{sys.executable} -m snakemake --cores 2"
    for command in (f"{run} >&- 2>&- <&-", f"{run} -n --forceall 2>&1 | head -n 1"):
        answer = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout
        assert answer.stderr == ""
    assert len([*folder.glob("results/store/figures/*/*/*.svg")]) == 2
    for tool in TOOLS[:3]:
        words = f"PYTHONPATH=workflow {sys.executable} -m d2l_lab.tools.{tool} >&-"
        answer = subprocess.run(
            ["bash", "-c", words], cwd=folder, stderr=subprocess.PIPE, text=True, check=False
        )
        assert (answer.returncode, answer.stderr) == (0, ""), tool


@pytest.mark.thorough
def test_another_user_can_run_once_every_file_is_theirs_and_learns_which_is_not(linear_copy):
    nobody, folder = as_nobody(), linear_copy.path
    for parent in folder.parents[:3]:  # pytest has denied others access to these
        parent.chmod(parent.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    env = {"HOME": "/nonexistent"}
    (words,) = told(linear_copy, within=nobody, env=env)
    assert words == "results: is not writable, and a run writes there; make it writable"
    give(folder / "results")
    (folder / "results/.run").touch()
    os.chown(folder / "results/.run", 0, 0)
    (words,) = told(linear_copy, within=nobody, env=env)
    assert words == ".snakemake: is not writable, and a run writes there; make it writable"
    give(folder / ".snakemake")
    (words,) = told(linear_copy, within=nobody, env=env)
    assert words.startswith("results/.run: Permission denied; a run must write it: ")
    (folder / "results/.run").unlink()
    shutil.rmtree(folder / "results/store/figures")
    answer = linear_copy.run(within=nobody, env=env)
    assert answer.returncode == 0, answer.stdout


def test_a_missing_handwritten_file_is_reported_before_the_first_job(linear_copy):
    (linear_copy.path / "workflow/report/summary.rst").unlink()
    (linear_copy.path / "workflow/report/training_curves.rst").write_bytes(b"\xff")
    for arguments in ((), ("-n",)):
        captions = told(linear_copy, *arguments)
        assert captions[0].endswith(
            "workflow/report/summary.rst: no such file; create it with the caption of summary"
        )
        assert "training_curves.rst: is not UTF-8; save the caption" in captions[1]
    assert linear_copy.tool("explain").stderr.splitlines() == captions


def test_a_mistake_that_snakemake_finds_is_reported_even_with_quiet(linear_copy):
    assert "MissingRuleException" in "\n".join(told(linear_copy, "results/no_such_file"))
