"""Define claims, and derive their verdicts from evidence."""

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.claims.evidence import Evidence, Measure
from d2l_lab.claims.thresholds import AT_LEAST, FILE, Threshold, read
from d2l_lab.errors import LabError
from d2l_lab.tables.claims import NOT_REFUTED
from d2l_lab.tables.statistics import CONFIDENCE, holm

HOLDS, FAILS, OPEN, STANDS = "holds", "does not hold", "not decided", "not refuted"
RESTS_ON_DIVERGED = "rests on a model that diverged: "

DATASETS = ("linear", "fashion_mnist", "polynomial")  # the notes' own
# The tables with rows for the configured models.
OF_MODELS = {"models", "training", "summary", "kfold", "kfold_summary", "confusion", "agreement"}


class Setting(NamedTuple):
    """The settings under which a claim is tested, in both languages of the book."""

    zh: str
    en: str


OWN = Setting("笔记自己的设置", "the notes' own")


class Claim(NamedTuple):
    """An assertion of the notes, and its test.

    Parameters
    ----------
    id : str
    section : str
        The section of the notes, such as ``4.1.2``.
    measure : callable
        Takes tables as arguments of their names, and returns the evidence, or None if they have
        none, for instance because the configuration lacks a model. `thresholds.py` has the
        threshold to compare it with.
    zh, en : str
        The assertion in the notes' words, and in English.
    test_zh, test_en : str
        What is measured, in words.
    setting : Setting
    see : str
        The claim that tests the same assertion under other settings.
    """

    id: str
    section: str
    measure: Measure
    zh: str
    en: str
    test_zh: str
    test_en: str
    setting: Setting = OWN
    see: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that the evidence depends on: the arguments of the measure."""
        return tuple(signature(self.measure).parameters)

    def variant(self, suffix: str, measure: Measure, **changes: Any) -> "Claim":
        """Return the same claim with another measure, under another setting."""
        own = {"id": f"{self.id}_{suffix}", "measure": measure, "see": ""}
        return self._replace(**own | changes)


def of_the_notes(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Leave out models of other datasets than the notes', since the claims are not about them."""
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


def verdict(threshold: Threshold, evidence: Evidence | None) -> str:
    """Judge one piece of evidence independently of all others.

    A claim holds if the whole interval is on the right side of the threshold, and does not hold if
    the whole interval is on the wrong side. Otherwise, or without evidence, it is not decided. A
    claim about all cases is called not refuted as long as no case refutes it.
    """
    if evidence is None:
        return OPEN
    low, high = evidence.interval
    good, bad = high <= threshold.value, low > threshold.value
    if threshold.relation == AT_LEAST:
        good, bad = low >= threshold.value, high < threshold.value
    if good:
        return STANDS if threshold.kind == NOT_REFUTED else HOLDS
    return FAILS if bad else OPEN


def judge(
    claims: Sequence[Claim],
    tables: Mapping[str, pd.DataFrame],
    thresholds: Mapping[str, Threshold] | None = None,
) -> pd.DataFrame:
    """Test claims.

    Parameters
    ----------
    claims : sequence of Claim
    tables : mapping of DataFrames
        All existing tables, by name. A claim that needs a missing one is not decided.
    thresholds : mapping
        The threshold of each claim, by the claim's id; by default those of `thresholds.csv`.

    Returns
    -------
    DataFrame
        One row for each claim, in order, with missing values if there is no evidence or interval.
        If a model that a claim depends on has diverged, the reason says so and names all diverged
        models. The verdict is corrected for the many claims of a section (see `correct`); another
        column has the uncorrected verdict.

    Raises
    ------
    LabError
        If a claim has no threshold.
    """
    thresholds = read() if thresholds is None else thresholds
    for claim in claims:
        if claim.id not in thresholds:
            raise LabError(f"{FILE}: no threshold for the claim {claim.id}; add its row")
    tables = of_the_notes(tables)
    lost = [*tables["diverged"]["model"].unique()] if "diverged" in tables else []
    found = []
    for claim in claims:
        there = all(name in tables for name in claim.tables)
        found.append(claim.measure(*(tables[name] for name in claim.tables)) if there else None)
    rows = [
        row(claim, thresholds[claim.id], evidence, lost)
        for claim, evidence in zip(claims, found, strict=True)
    ]
    return correct(pd.DataFrame(rows))


def row(
    claim: Claim, threshold: Threshold, evidence: Evidence | None, lost: Sequence[str]
) -> dict[str, Any]:
    """Return a claim's row, with its evidence and uncorrected verdict."""
    known = evidence or Evidence(np.nan, 0, np.nan)
    low, high = known.interval
    alone = verdict(threshold, evidence)
    is_estimate = known.error != 0 and not np.isnan(known.value)
    return {
        "id": claim.id,
        "section": claim.section,
        "assertion_zh": claim.zh,
        "assertion_en": claim.en,
        "setting": claim.setting.en,
        "setting_zh": claim.setting.zh,
        "test": claim.test_en,
        "test_zh": claim.test_zh,
        "kind": threshold.kind,
        "relation": threshold.relation,
        "threshold": threshold.value,
        "evidence": known.value,
        "ci_low": low,
        "ci_high": high,
        "n": known.n,
        "covers": known.covers,
        "share": known.share,
        "detectable": known.detectable,
        "p_value": known.p_value(threshold.value) if is_estimate else np.nan,
        "verdict": alone,
        "verdict_uncorrected": alone,
        "predicted": threshold.predicted,
        "tables": " ".join(claim.tables),
        "see": claim.see,
        "reason": reason(lost) if evidence and np.isnan(known.value) else "",
    }


def correct(claims: pd.DataFrame) -> pd.DataFrame:
    """Withdraw verdicts that do not survive the correction for all estimates of a section.

    The p-values of a section's estimates are a family, corrected by Holm's method, so that the
    chance of any false verdict among them is at most 5 %. A claim whose corrected p-value is above
    5 % is not decided.
    """
    corrected = claims.groupby("section")["p_value"].transform(of_family)
    withdrawn = claims["verdict"].isin([HOLDS, FAILS]) & (corrected > 1 - CONFIDENCE)
    claims.insert(claims.columns.get_loc("p_value") + 1, "p_corrected", corrected)
    claims.insert(claims.columns.get_loc("p_value"), "family", claims["section"])
    claims.loc[claims["p_value"].isna(), "family"] = ""
    claims.loc[withdrawn, "verdict"] = OPEN
    return claims


def of_family(p_values: pd.Series) -> pd.Series:
    """Correct the p-values of one family; missing ones stay missing."""
    known = p_values.dropna()
    return pd.Series(holm(known), known.index).reindex(p_values.index)


def reason(diverged: Sequence[str]) -> str:
    """Say why evidence is unknown, if models have diverged."""
    return f"{RESTS_ON_DIVERGED}{', '.join(diverged)}" if diverged else ""
