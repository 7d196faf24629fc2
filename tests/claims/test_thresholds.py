"""The thresholds of claims are recorded, and every change of them is visible."""

import csv
import hashlib
import subprocess

from checkout import ROOT
from d2l_lab.claims import thresholds
from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import FAILS, HOLDS, OPEN
from d2l_lab.claims.thresholds import AT_LEAST, AT_MOST, KINDS, THRESHOLDS

FILE = thresholds.FILE.relative_to(ROOT).as_posix()


def entries():
    with thresholds.REGISTERED.open(encoding="utf-8", newline="") as lines:
        return [(row["sha256"], row["commit"]) for row in csv.DictReader(lines)]


def test_each_claim_has_its_threshold():
    assert sorted(THRESHOLDS) == sorted(claim.id for claim in CLAIMS)
    for kind, relation, _, predicted in THRESHOLDS.values():
        assert kind in KINDS
        assert relation in (AT_MOST, AT_LEAST)
        assert predicted in (HOLDS, FAILS, OPEN)


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
