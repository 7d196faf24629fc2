"""The notes' claims, and whether they hold."""

from itertools import accumulate
from unicodedata import east_asian_width

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term
from d2l_lab.tables.claims import OURS

LINE_HEIGHT = 0.21  # inches
VERDICTS = {
    "holds": (term("holds"), "✓", style.GREEN),
    "not refuted": (term("not refuted"), "(✓)", style.GREEN),
    "does not hold": (term("does not hold"), style.CROSS, style.VERMILLION),
    "not decided": (term("not decided"), "?", style.GREY),
}
LONGEST = 108  # Latin letters of an assertion that fit on a line


@style.of_rows
def draw(claims: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """List the claims section by section, each with its verdict, its evidence and its settings.

    One line for each claim.

    Parameters
    ----------
    claims : DataFrame
        section, assertion_en, setting, kind, relation, threshold, evidence, n, verdict.
    """
    figure = Figure(figsize=(1.45 * style.WIDTH, 1.1 + LINE_HEIGHT * len(claims)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(claims), -1))
    ours = claims["kind"] == OURS
    counts = claims.loc[~ours, "verdict"].value_counts()
    said = ", ".join(f"{words(VERDICTS[verdict][0])}: {n}" for verdict, n in counts.items())
    figure.suptitle(words("What the notes assert ({counts})", counts=said))
    columns = {
        0.0: words("notes"),
        0.08: words("assertion"),
        0.74: words("evidence"),
        0.87: words("threshold"),
    }
    for x, title in columns.items():
        axes.text(x, -0.7, title, color=style.GREY, fontsize=8)
    for y, row in enumerate(claims.itertuples()):
        _, mark, color = VERDICTS[row.verdict]
        text, setting = (_in_language(row, name, words) for name in ("assertion", "setting"))
        if row.setting != "the notes' own":
            text = words("{claim} ({setting})", claim=text, setting=setting)
        text = words("[ours] {claim}", claim=text) if ours[row.Index] else text
        shown = {
            0.0: (row.section, {}),
            0.055: (mark, {"color": color, "fontsize": 10, "weight": "bold"}),
            0.08: (_cut(text), {}),
            0.74: ("" if pd.isna(row.evidence) else f"{row.evidence:.3g} (n = {row.n})", {}),
            0.87: (f"{row.relation} {row.threshold:.3g}", {}),
        }
        for x, (cell, look) in shown.items():
            axes.text(x, y, cell, va="center", **{"fontsize": 8} | look)
    return figure


def _in_language(row: tuple, name: str, words: Words) -> str:
    """Return a text of a claim; the English one may have no suffix."""
    return getattr(row, f"{name}_{words.language}", None) or getattr(row, name)


def _cut(text: str) -> str:
    """Truncate a text that is too long for its line; Chinese characters are two letters wide."""
    widths = [*accumulate(1 + (east_asian_width(character) in "WF") for character in text)]
    if widths[-1] <= LONGEST:
        return text
    return text[: sum(width < LONGEST for width in widths)] + "…"
