"""Tables of a few rows, and the verdicts of claims on them."""

import io
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import pytest

from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import FAILS, HOLDS, STANDS, judge

KNOWN = {claim.id: claim for claim in CLAIMS}
Tables = Mapping[str, pd.DataFrame]


def table(text: str) -> pd.DataFrame:
    """Read a table with spaces between its columns."""
    return pd.read_csv(io.StringIO(text), sep=r"\s+")


class Case(NamedTuple):
    """A claim, tables with known evidence, and tables under which it fails.

    Parameters
    ----------
    claim : str
    value : float
    The evidence in the tables under which it holds.
    n : int
    is_estimate : bool
        Whether the evidence has an interval.
    holds, fails : mapping of DataFrames
    """

    claim: str
    value: float
    n: int
    is_estimate: bool
    holds: Tables
    fails: Tables

    def check(self) -> None:
        """Assert the evidence and both verdicts."""
        claim = KNOWN[self.claim]
        found = claim.measure(*(self.holds[name] for name in claim.tables))
        assert (found.value, found.n) == (pytest.approx(self.value, abs=1e-15), self.n)
        assert (found.error > 0) == self.is_estimate
        assert self.verdict(self.holds) in {HOLDS, STANDS}
        assert self.verdict(self.fails) == FAILS

    def verdict(self, tables: Tables) -> str:
        """Judge by these tables."""
        (row,) = judge((KNOWN[self.claim],), tables).to_dict("records")
        return row["verdict"]


def without_a_case(module, cases: list[Case]) -> set[str]:
    """Name the claims of a module that have no case."""
    return {claim.id for claim in module.CLAIMS} - {case.claim for case in cases}
