"""Differences between a model from scratch and its concise version (3.3, 3.7 and 4.3)."""

import pandas as pd

WAYS = ("scratch", "concise")


def greatest_differences(
    table: pd.DataFrame, models: pd.DataFrame, family: str, column: str, matched: list[str]
) -> pd.Series | None:
    """Return the greatest difference of a column between the two implementations, by replicate.

    The models are the first two of a family, such as ``mlp``, on the same dataset and device; None
    if there are no such two. Rows are matched by replicate and by the columns in `matched`. If a
    value is unknown, so is the greatest difference.
    """
    scratch, concise = (models[models["module"] == f"{family}.{way}"] for way in WAYS)
    pairs = scratch.merge(concise, on=["dataset", "device"], suffixes=["_" + way for way in WAYS])
    if pairs.empty:
        return None
    first = pairs.iloc[0]
    ways = (
        table[(table["model"] == first[f"model_{way}"]) & (table["device"] == first["device"])]
        for way in WAYS
    )
    values = (rows.set_index(["replicate", *matched])[column] for rows in ways)
    both = pd.concat(values, axis="columns", keys=WAYS, join="inner")
    if both.empty:
        return None
    differences = (both["scratch"] - both["concise"]).abs()
    return differences.groupby("replicate").agg(lambda values: values.max(skipna=False))
