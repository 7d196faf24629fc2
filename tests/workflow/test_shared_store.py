"""Several checkouts, users and runs can share one store."""

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checkout import Checkout, made
from d2l_lab.store import provenance
from disks import remount, small_disk
from preloaded import preloaded

MODEL = "linear_regression_scratch"
FORCED = ("--forcerun", "generate", "train", "kfold", "tables", "figures", "snakemake_report")


def sharing(path: Path, shared: Path) -> Checkout:
    """Make a checkout of one model whose store is a shared one."""
    checkout = Checkout(path)
    checkout.keep_models(MODEL)
    (checkout.path / "results/store").symlink_to(shared, target_is_directory=True)
    return checkout


def run_at_once(*checkouts: Checkout, arguments=(), each_with=({}, {})) -> None:
    """Run in two checkouts at the same time; both must succeed."""

    def run(number: int) -> subprocess.CompletedProcess:
        options = {"cores": 2, "one_of_several": number} | each_with[number]
        return checkouts[number].run(*arguments, **options)

    for number in range(2):
        preloaded(number)  # otherwise the second might begin after the first has trained
    with ThreadPoolExecutor() as threads:
        answers = [*threads.map(run, range(2))]
    assert [answer.returncode for answer in answers] == [0, 0], answers


def require_that_nothing_was_made_twice(*checkouts: Checkout) -> None:
    """Check that each training has epochs in one log only; a run that is late has no log of it."""
    for stage in ("train", "kfold"):
        logs = [log for each in checkouts for log in each.path.glob(f"results/logs/{stage}/*.log")]
        assert [" epoch 3/3 " in log.read_text() for log in logs].count(True) == 1


def race(
    store: Path, checkouts: list[Checkout], linear_run: Checkout, *target: str
) -> dict[str, bytes]:
    """Run a pair at once on an empty store, then a pair that makes everything again.

    Returns
    -------
    dict
        The tables and figures that both show; they equal those of a single run.
    """
    run_at_once(*checkouts, arguments=target)
    first, second = (checkout.files("results/tables") for checkout in checkouts)
    assert first == second  # including the times: those of the one run that made each result
    require_that_nothing_was_made_twice(*checkouts)
    run_at_once(*checkouts, arguments=[*FORCED, "--", *target])
    alone = linear_run.tables() | linear_run.files("results/figures")
    shown, other = (each.tables() | each.files("results/figures") for each in checkouts)
    assert shown == other
    assert shown.items() <= alone.items()
    for folder in store.glob("*/*/*"):
        assert not provenance.modified_files(folder)
    return shown


def made_by(store: Path) -> set[str]:
    """Name the results in a store, with their keys."""
    return {str(path.relative_to(store)) for path in store.glob("*/*/*")}


@pytest.mark.thorough
def test_two_runs_at_once_share_the_work_and_show_the_same_whether_forced_or_not(
    linear_run, tmp_path
):
    (store := tmp_path / "store").mkdir()
    checkouts = [sharing(tmp_path / name, store) for name in ("first", "second")]
    shown = race(store, checkouts, linear_run)
    assert shown == linear_run.tables() | linear_run.files("results/figures")
    assert made_by(store) == made_by(linear_run.path / "results/store")


@pytest.mark.thorough
def test_nine_more_pairs_of_runs_share_the_work_up_to_the_tables(linear_run, tmp_path):
    (store := tmp_path / "store").mkdir()
    checkouts = [sharing(tmp_path / name, store) for name in ("first", "second")]
    for _ in range(9):
        shown = race(store, checkouts, linear_run, "results/tables/summary.csv")
        assert shown == linear_run.tables()
        assert made_by(store) < made_by(linear_run.path / "results/store")
        for folder in (store, *(checkout.path / "results/logs" for checkout in checkouts)):
            shutil.rmtree(folder, ignore_errors=True)
        store.mkdir()


@pytest.mark.thorough
def test_a_read_only_store_suffices_if_every_result_exists(tmp_path):
    with small_disk(tmp_path / "disk", 100_000) as disk:
        first = sharing(tmp_path / "first", disk)
        first.done()
        remount(disk, "ro")
        second = sharing(tmp_path / "second", disk)
        assert second.ran() == set()
        assert second.files("results/tables") == first.files("results/tables")
        second.configure({"models": {MODEL: {"epochs": 2}}})
        answer = second.run()
        assert answer.returncode == 1
        told = "results/store: is not writable, and a run writes there; make it writable"
        assert told in answer.stdout.splitlines()
        assert made(answer.stdout) == set()


@pytest.fixture
def public():
    """A folder that every user can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


GROUP, USERS = 12000, (12001, 12002)


@pytest.mark.thorough
def test_two_users_of_a_group_share_a_store_at_once(public):
    if os.geteuid() != 0:
        pytest.skip("needs the right to act as other users")
    shared = public / "store"
    shared.mkdir()
    os.chown(shared, -1, GROUP)
    shared.chmod(0o2770)
    checkouts, users = [], []
    for user in USERS:
        home = public / str(user)
        home.mkdir()
        checkout = sharing(home / "checkout", shared)
        subprocess.run(["chown", "--recursive", f"{user}:{user}", home], check=True)
        # Other users may be unable to read this Python, so they get the right to read everything.
        within = ["setpriv", f"--reuid={user}", f"--regid={user}", f"--groups={GROUP}"]
        within += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        environment = {"HOME": str(home), "LOGNAME": f"user{user}"}
        checkouts.append(checkout)
        users.append({"within": within, "umask": 0o077, "env": environment})
    run_at_once(*checkouts, each_with=users)
    first, second = (checkout.files("results/tables") for checkout in checkouts)
    assert first == second
    require_that_nothing_was_made_twice(*checkouts)
    made_by = {path.stat().st_uid for path in shared.glob("*/*/*/provenance.json")}
    assert made_by <= {*USERS}
    for path in shared.rglob("*"):
        assert path.stat().st_gid == GROUP
        assert path.stat().st_mode & 0o077 in (0o060, 0o070)  # for the group too, and nobody else
