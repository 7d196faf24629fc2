"""What the notes assert, and whether it holds."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style

LINE_HEIGHT = 0.21  # inches
VERDICTS = {
    "holds": ("✓", style.GREEN),
    "not refuted": ("(✓)", style.GREEN),
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
        section, assertion_en, setting, kind, relation, threshold, evidence, n, verdict.
    """
    figure = Figure(figsize=(1.45 * style.WIDTH, 1.1 + LINE_HEIGHT * len(claims)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(claims), -1))
    ours = claims["kind"] == "finding of ours"
    counts = claims.loc[~ours, "verdict"].value_counts()
    said = ", ".join(f"{verdict}: {n}" for verdict, n in counts.items())
    figure.suptitle(f"What the notes assert ({said})")
    columns = {0.0: "notes", 0.055: "", 0.08: "assertion", 0.74: "evidence", 0.87: "threshold"}
    for x, title in columns.items():
        axes.text(x, -0.7, title, color=style.GREY, fontsize=8)
    for y, row in enumerate(claims.itertuples()):
        mark, color = VERDICTS[row.verdict]
        own = row.setting == "the notes' own"
        text = row.assertion_en if own else f"{row.assertion_en} ({row.setting})"
        text = f"[ours] {text}" if ours[row.Index] else text
        shown = {
            0.0: (row.section, {}),
            0.055: (mark, {"color": color, "fontsize": 10, "weight": "bold"}),
            0.08: (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…", {}),
            0.74: ("" if pd.isna(row.evidence) else f"{row.evidence:.3g} (n = {row.n})", {}),
            0.87: (f"{row.relation} {row.threshold:.3g}", {}),
        }
        for x, (cell, look) in shown.items():
            axes.text(x, y, cell, va="center", **{"fontsize": 8} | look)
    return figure
