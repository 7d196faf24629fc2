"""`verify` covers everything that a run makes: figures, tables, downloads and the view."""

import re

import pytest


@pytest.mark.thorough
def test_results_of_every_stage_are_reproduced(built):
    before = built.files("results/store")
    answer = built.tool("verify", "--rerun", "14")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    *lines, last = answer.stdout.splitlines()
    assert re.fullmatch(
        r"\d+ results, \d+ files, \d+ shown: none modified; "
        r"14 of \d+ recomputed: the same to the bit",
        last,
    )
    assert {line.split()[1].partition("/")[0] for line in lines} >= {"train", "kfold", "figures"}
    assert built.files("results/store") == before


@pytest.mark.thorough
def test_the_next_run_makes_and_shows_again_what_verify_forgets(copy):
    before = copy.files("results/tables") | copy.files("results/figures")
    for pattern in ("store/tables/*/*/training.csv", "store/train/mlp_scratch.cpu/*/history.csv"):
        (path,) = (copy.path / "results").glob(pattern)
        path.write_text("altered")
    (copy.path / "results/figures/test_accuracy.svg").unlink()
    answer = copy.tool("verify", "--rerun", "0", "--forget")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    table, history, figure, last = answer.stdout.splitlines()
    assert "/training.csv: has 7 bytes instead of " in table
    assert "/history.csv: has 7 bytes instead of " in history
    assert figure == "results/figures/test_accuracy.svg: is missing; snakemake shows it again"
    assert ": 2 results and 1 shown file modified; " in last
    copy.done()
    after = copy.files("results/tables") | copy.files("results/figures")
    assert {name for name in before if after[name] != before[name]} <= {"timing.csv"}
    answer = copy.tool("verify", "--rerun", "0")
    assert answer.returncode == 0, answer.stdout + answer.stderr
