"""`make bench` takes real measurements, and the next run shows them."""

import os
import subprocess
import sys

import pandas as pd
import pytest

from checkout import Checkout

ONE = "linear_regression_scratch"


def measure(checkout: Checkout, *arguments: str) -> subprocess.CompletedProcess:
    """Run the benchmark as `make bench` does."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--rounds", "1", *arguments]
    return subprocess.run(
        command,
        cwd=checkout.path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(["workflow", "."])},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.thorough
def test_the_next_run_shows_the_measurements_until_they_are_deleted(checkout):
    checkout.keep_models(ONE, studies=["capacity"])
    checkout.done()
    answer = measure(checkout, "--only", "capacity")
    assert answer.returncode == 0, answer.stderr
    assert "capacity study" in answer.stdout
    measured = checkout.files("results/benchmarks")
    assert measured.keys() == {f"{name}.csv" for name in ("about", "capacity", "ratios")}
    assert checkout.ran() == {"benchmark/all", "report/all"}
    shown = checkout.files("results/tables")
    assert all(shown[f"benchmark_{name}"] == table for name, table in measured.items())
    about = pd.read_csv(checkout.path / "results/benchmarks/about.csv")
    assert about["part"].tolist() == ["capacity"]
    assert about["quick"].all()

    for name in measured:
        (checkout.path / "results/benchmarks" / name).unlink()
    assert checkout.ran() == set()
    assert not any(name.startswith("benchmark") for name in checkout.files("results/tables"))


def test_a_mistake_of_the_user_is_reported_in_one_line(checkout):
    checkout.keep_models(ONE)
    for arguments, message in (
        (
            ["--only", "capacity"],
            "config.yaml: studies.capacity: is left out; put it in to measure it",
        ),
        (["--only", "training"], "config.yaml: no model or study uses fashion_mnist, on which"),
    ):
        answer = measure(checkout, *arguments)
        assert answer.returncode == 1
        assert answer.stderr.splitlines()[-1].startswith(message)
        assert "Traceback" not in answer.stderr
