"""What a claim is, and how the verdict follows from its evidence."""

from collections.abc import Mapping
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.claims.evidence import Evidence, Measure

HOLDS, FAILS, OPEN = "holds", "does not hold", "not decided"
RESTS_ON_DIVERGED = "rests on a model that diverged: "
AT_MOST, AT_LEAST = "<=", ">="


DATASETS = ("linear", "fashion_mnist", "polynomial")  # the notes' own
# The tables whose rows are of models of the configuration.
OF_MODELS = {"models", "training", "summary", "kfold", "kfold_summary", "confusion", "agreement"}


class Setting(NamedTuple):
    """Under what settings a claim is tested, in both languages of the book."""

    zh: str
    en: str


OWN = Setting("笔记自己的设置", "the notes' own")


class Check(NamedTuple):
    """What is measured, and where it must lie; set before anything was measured.

    Parameters
    ----------
    relation : str
        `AT_MOST` or `AT_LEAST`.
    threshold : float
    measure : callable
        Takes tables, each by its name; gives the evidence, or None if they hold nothing of the
        kind, as when the configuration has no such model.
    """

    relation: str
    threshold: float
    measure: Measure

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


def at_most(threshold: float, measure: Measure) -> Check:
    """Check that what is measured is no greater than this."""
    return Check(AT_MOST, threshold, measure)


def at_least(threshold: float, measure: Measure) -> Check:
    """Check that what is measured is no less than this."""
    return Check(AT_LEAST, threshold, measure)


class Claim(NamedTuple):
    """An assertion of the notes, and the test that it is put to.

    Parameters
    ----------
    id : str
    section : str
        Of the notes, such as ``4.1.2``.
    check : Check
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
    check: Check
    zh: str
    en: str
    test_zh: str
    test_en: str
    setting: Setting = OWN
    see: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that the evidence rests on: the arguments of the measure."""
        return tuple(signature(self.check.measure).parameters)

    def variant(self, suffix: str, measure: Measure, **changes: Any) -> "Claim":
        """Make the same claim, but measured otherwise: under another setting."""
        check = self.check._replace(measure=measure)
        return self._replace(**{"id": f"{self.id}_{suffix}", "check": check, "see": ""} | changes)


def of_the_notes(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Leave out models of other data than the notes', of which these assert nothing."""
    if "models" not in tables:
        return dict(tables)
    models = tables["models"]
    known = models.loc[models["dataset"].isin(DATASETS), "model"]
    kept = dict(tables)
    for name in OF_MODELS & tables.keys():
        table = tables[name]
        named = table["first"].str.split(" ").str[0] if name == "agreement" else table["model"]
        kept[name] = table[named.isin(known)]
    return kept


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
        One row a claim, in their order; evidence and interval are missing where there is none. If
        a model has diverged that a claim rests on, the reason says so, and names all that have.
    """
    tables = of_the_notes(tables)
    rows, lost = [], [*tables["diverged"]["model"].unique()] if "diverged" in tables else []
    for claim in claims:
        there = all(name in tables for name in claim.tables)
        evidence = claim.check.measure(*(tables[name] for name in claim.tables)) if there else None
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
                "relation": claim.check.relation,
                "threshold": float(claim.check.threshold),
                "evidence": value,
                "ci_low": low,
                "ci_high": high,
                "n": n,
                "verdict": claim.check.verdict(evidence),
                "tables": " ".join(claim.tables),
                "see": claim.see,
                "reason": reason(lost) if evidence and np.isnan(value) else "",
            }
        )
    return pd.DataFrame(rows)


def reason(diverged: list[str]) -> str:
    """Say why evidence is unknown, if models have diverged."""
    return f"{RESTS_ON_DIVERGED}{', '.join(diverged)}" if diverged else ""
