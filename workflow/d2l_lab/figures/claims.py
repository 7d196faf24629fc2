"""What the notes assert, and whether it holds."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style

LINE_HEIGHT = 0.21  # inches
VERDICTS = {
    "holds": ("✓", style.GREEN),
    "does not hold": (style.CROSS, style.VERMILLION),
    "not decided": ("?", style.GREY),
}
LONGEST = 108  # characters of an assertion that fit on a line


@style.of_rows
def draw(claims: pd.DataFrame) -> Figure:
    """List the claims section by section, each with its verdict, its evidence and its settings.

    A line for each claim.

    Parameters
    ----------
    claims : DataFrame
        section, assertion_en, setting, relation, threshold, evidence, n, verdict.
    """
    figure = Figure(figsize=(1.45 * style.WIDTH, 1.1 + LINE_HEIGHT * len(claims)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(claims), -1))
    counts = claims["verdict"].value_counts()
    said = ", ".join(f"{verdict}: {n}" for verdict, n in counts.items())
    figure.suptitle(f"What the notes assert ({said})")
    columns = {0.0: "notes", 0.055: "", 0.08: "assertion", 0.74: "evidence", 0.87: "threshold"}
    for x, title in columns.items():
        axes.text(x, -0.7, title, color=style.GREY, fontsize=8)
    for y, row in enumerate(claims.itertuples()):
        mark, color = VERDICTS[row.verdict]
        axes.text(0.0, y, row.section, fontsize=8, va="center")
        axes.text(0.055, y, mark, color=color, fontsize=10, va="center", weight="bold")
        own = row.setting == "the notes' own"
        text = row.assertion_en if own else f"{row.assertion_en} ({row.setting})"
        axes.text(0.08, y, _shortened(text), fontsize=8, va="center")
        found = "" if pd.isna(row.evidence) else f"{row.evidence:.3g} (n = {row.n})"
        axes.text(0.74, y, found, fontsize=8, va="center")
        axes.text(0.87, y, f"{row.relation} {row.threshold:.3g}", fontsize=8, va="center")
    return figure


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
