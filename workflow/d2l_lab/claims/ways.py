"""How far the two ways of a model, from scratch and concise, are apart (3.3, 3.7 and 4.3)."""

import pandas as pd

WAYS = ("scratch", "concise")


def greatest_differences(
    table: pd.DataFrame, models: pd.DataFrame, family: str, column: str, matched: list[str]
) -> pd.Series | None:
    """Return the greatest difference of a column's values between the two ways, by replicate.

    It is that of the first two models of a family, such as ``mlp``, on one dataset and device; None
    if there are no such two. Rows are matched by the replicate and by what is `matched`. Where a
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
