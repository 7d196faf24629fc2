"""What a claim is, what speaks for it, and how the verdict follows."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.tables.statistics import summarise

HOLDS, FAILS, OPEN = "holds", "does not hold", "not decided"
AT_MOST, AT_LEAST = "<=", ">="


class Text(NamedTuple):
    """What people read, in both languages of the book."""

    zh: str
    en: str


OWN = Text("笔记自己的设置", "the notes' own")


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


class Claim(NamedTuple):
    """An assertion of the notes, and the test that it is put to.

    Parameters
    ----------
    id : str
    section : str
        Of the notes, such as ``4.1.2``.
    assertion : Text
        As the notes have it, and in English.
    setting : Text
        Under what settings: `OWN`, or others in words.
    test : Text
        What is measured, in words.
    relation : str
        `AT_MOST` or `AT_LEAST`, of the measured to the threshold.
    threshold : float
        Set before anything was measured.
    tables : tuple of str
        What the evidence rests on.
    measure : callable
        Takes these tables, in this order; gives the evidence, or None if they hold nothing of the
        kind, as when the configuration has no such model.
    see : str
        The claim that tests the same under other settings.
    """

    id: str
    section: str
    assertion: Text
    setting: Text
    test: Text
    relation: str
    threshold: float
    tables: tuple[str, ...]
    measure: Callable[..., Evidence | None]
    see: str = ""


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


def verdict(claim: Claim, evidence: Evidence | None) -> str:
    """Judge a claim by its evidence.

    It holds if the whole interval is on the right side of the threshold, does not if the whole
    interval is on the wrong one, and is not decided in between, or without evidence.
    """
    if evidence is None:
        return OPEN
    good, bad = evidence.high <= claim.threshold, evidence.low > claim.threshold
    if claim.relation == AT_LEAST:
        good, bad = evidence.low >= claim.threshold, evidence.high < claim.threshold
    return HOLDS if good else FAILS if bad else OPEN


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
                "assertion_zh": claim.assertion.zh,
                "assertion_en": claim.assertion.en,
                "setting": claim.setting.en,
                "setting_zh": claim.setting.zh,
                "test": claim.test.en,
                "test_zh": claim.test.zh,
                "relation": claim.relation,
                "threshold": float(claim.threshold),
                "evidence": value,
                "ci_low": low,
                "ci_high": high,
                "n": n,
                "verdict": verdict(claim, evidence),
                "tables": " ".join(claim.tables),
                "see": claim.see,
            }
        )
    return pd.DataFrame(rows)
