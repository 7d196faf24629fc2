"""What a claim is, what speaks for it, and how the verdict follows."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.tables.statistics import summarise

HOLDS, FAILS, OPEN = "holds", "does not hold", "not decided"
AT_MOST, AT_LEAST = "<=", ">="


class Setting(NamedTuple):
    """Under what settings a claim is tested, in both languages of the book."""

    zh: str
    en: str


OWN = Setting("笔记自己的设置", "the notes' own")


class Evidence(NamedTuple):
    """A number that speaks for or against a claim.

    Parameters
    ----------
    value : float
    low, high : float
        The 95 % interval; both are the value itself where nothing is left to chance.
    n : int
        How many observations the number rests on.
    """

    value: float
    low: float
    high: float
    n: int


class Bound(NamedTuple):
    """Where the evidence must lie; set before anything was measured.

    Parameters
    ----------
    relation : str
        `AT_MOST` or `AT_LEAST`.
    threshold : float
    """

    relation: str
    threshold: float

    def verdict(self, evidence: Evidence | None) -> str:
        """Judge by the evidence.

        A claim holds if the whole interval is on the right side of the threshold, and does not
        hold if the whole interval is on the wrong side. It is not decided in between, or without
        evidence.
        """
        if evidence is None:
            return OPEN
        good, bad = evidence.high <= self.threshold, evidence.low > self.threshold
        if self.relation == AT_LEAST:
            good, bad = evidence.low >= self.threshold, evidence.high < self.threshold
        return HOLDS if good else FAILS if bad else OPEN


def at_most(threshold: float) -> Bound:
    """Let the evidence be no greater than this."""
    return Bound(AT_MOST, threshold)


def at_least(threshold: float) -> Bound:
    """Let the evidence be no less than this."""
    return Bound(AT_LEAST, threshold)


Measure = Callable[..., Evidence | None]


class Claim(NamedTuple):
    """An assertion of the notes, and the test that it is put to.

    Parameters
    ----------
    id : str
    section : str
        Of the notes, such as ``4.1.2``.
    measure : callable
        Takes tables, each by its name; gives the evidence, or None if they hold nothing of the
        kind, as when the configuration has no such model.
    bound : Bound
    zh, en : str
        The assertion as the notes have it, and in English.
    test_zh, test_en : str
        What is measured, in words.
    setting : Setting
    see : str
        The claim that tests the same under other settings.
    """

    id: str
    section: str
    measure: Measure
    bound: Bound
    zh: str
    en: str
    test_zh: str
    test_en: str
    setting: Setting = OWN
    see: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that the evidence rests on: the arguments of `measure`."""
        return tuple(signature(self.measure).parameters)


def mean(values: Any) -> Evidence:
    """Take the mean of independent values, with its 95 % interval."""
    found = summarise(pd.Series(np.asarray(values, dtype=float)))
    return Evidence(found["mean"], found["ci_low"], found["ci_high"], int(found["n"]))


def greatest(values: Any) -> Evidence:
    """Take the greatest of values, where none may be greater."""
    return exactly(np.max(values), np.size(values))


def least(values: Any) -> Evidence:
    """Take the least of values, where none may be less."""
    return exactly(np.min(values), np.size(values))


def exactly(value: float, n: int) -> Evidence:
    """Take a number as it is: nothing in it is left to chance."""
    return Evidence(float(value), float(value), float(value), n)


def judge(claims: tuple[Claim, ...], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put claims to the test.

    Parameters
    ----------
    claims : tuple of Claim
    tables : mapping of DataFrames
        All there are, by name. A claim that needs another one is not decided.

    Returns
    -------
    DataFrame
        One row a claim, in their order; evidence and interval are missing where there is none.
    """
    rows = []
    for claim in claims:
        there = all(name in tables for name in claim.tables)
        evidence = claim.measure(*(tables[name] for name in claim.tables)) if there else None
        value, low, high, n = evidence or (np.nan, np.nan, np.nan, 0)
        rows.append(
            {
                "id": claim.id,
                "section": claim.section,
                "assertion_zh": claim.zh,
                "assertion_en": claim.en,
                "setting": claim.setting.en,
                "setting_zh": claim.setting.zh,
                "test": claim.test_en,
                "test_zh": claim.test_zh,
                "relation": claim.bound.relation,
                "threshold": float(claim.bound.threshold),
                "evidence": value,
                "ci_low": low,
                "ci_high": high,
                "n": n,
                "verdict": claim.bound.verdict(evidence),
                "tables": " ".join(claim.tables),
                "see": claim.see,
            }
        )
    return pd.DataFrame(rows)
