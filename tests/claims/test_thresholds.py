"""The thresholds of claims are recorded, and every change of them is visible."""

import csv
import hashlib
import subprocess

import pytest

from checkout import ROOT
from d2l_lab.claims import thresholds
from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import FAILS, HOLDS, OPEN, judge
from d2l_lab.errors import LabError

FILE = thresholds.FILE.relative_to(ROOT).as_posix()


def entries():
    with thresholds.REGISTERED.open(encoding="utf-8", newline="") as lines:
        return [(row["sha256"], row["commit"]) for row in csv.DictReader(lines)]


def test_each_claim_has_its_threshold():
    known = thresholds.read()
    assert sorted(known) == sorted(claim.id for claim in CLAIMS)
    assert {threshold.predicted for threshold in known.values()} <= {HOLDS, FAILS, OPEN}
    with pytest.raises(LabError, match=f"no threshold for the claim {CLAIMS[-1].id}; add its row"):
        judge(CLAIMS[-1:], {}, {})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,exact,<=,low,holds", "line 2: threshold: 'low' is not a number; correct it"),
        ("a,exact,<=", "line 2: threshold: None is not a number; correct it"),
        ("a,exact,<,1,holds", "line 2: relation: '<'; choose one of <=, >="),
        ("a,sure,<=,1,holds", "line 2: kind: 'sure'; choose one of exact, estimated, not refuted"),
    ],
)
def test_a_slip_in_the_file_is_told_in_one_line(tmp_path, monkeypatch, row, message):
    monkeypatch.setattr(thresholds, "FILE", tmp_path / "thresholds.csv")
    thresholds.FILE.write_text(f"id,kind,relation,threshold,predicted\n{row}\n")
    with pytest.raises(LabError, match=rf"^.*thresholds\.csv: {message}"):
        thresholds.read()
    thresholds.FILE.write_text(row)
    with pytest.raises(LabError, match=r"line 1: the columns must be id,kind,relation,threshold"):
        thresholds.read()


def test_a_changed_threshold_must_be_recorded_with_its_commit():
    digest, _ = entries()[-1]
    assert thresholds.digest() == digest, (
        f"{FILE} was changed: commit it, then enter its SHA-256 and that commit in registered.csv"
    )


def test_each_record_names_the_first_commit_with_those_thresholds():
    def at(commit):
        git = ["git", "-C", str(ROOT), "show", f"{commit}:{FILE}"]
        return subprocess.run(git, capture_output=True, check=False)

    for digest, commit in entries():
        shown = at(commit)
        if shown.returncode == 0:  # an archive and a shallow clone lack the history
            assert hashlib.sha256(shown.stdout).hexdigest() == digest
            assert at(f"{commit}^").stdout != shown.stdout
