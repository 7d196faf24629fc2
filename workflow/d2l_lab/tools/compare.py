"""Compare two results of `make history`: what they were made of, and how their metrics differ."""

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from d2l_lab.config.messages import did_you_mean
from d2l_lab.errors import LabError
from d2l_lab.figures import _overlay, style
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, provenance
from d2l_lab.tables import files, histories
from d2l_lab.tables.contrasts import difference
from d2l_lab.tools import cli
from d2l_lab.tools.differences import differences
from d2l_lab.tools.history import measured, model_of, stored_trainings
from d2l_lab.tools.inventory import Stored

HEAD = '<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>A and B compared</title>'


def find(text: str, plan: Plan) -> Stored:
    """Find the result that a model's name, or the beginning of a key, stands for.

    A model's name stands for its training as the present configuration asks for it; if the store
    does not have that, for the newest one.
    """
    if not text:
        raise LabError("compare: name two results, as in make compare A=mlp_scratch B=1a2b3c4d")
    whole = stored_trainings()
    trainings = [each for each in whole if model_of(each) == text and each.stage == "train"]
    if trainings:
        present = {result.reference for result in plan.results.values()}
        found = max(trainings, key=lambda each: (each.reference in present, each.date))
    else:
        of_key = {each.folder.name: each for each in whole if each.folder.name.startswith(text)}
        if not re.fullmatch("[0-9a-f]+", text) or not of_key:
            mend = did_you_mean(text, [*{model_of(each) for each in whole}])
            mend = mend or "`make history` lists the models and keys"
            raise LabError(f"{text}: no model or key in {layout.STORE} begins so; {mend}")
        if len(of_key) > 1:
            keys = ", ".join(sorted(of_key))
            raise LabError(f"{text}: {len(of_key)} keys begin so, {keys}; give more of the key")
        (found,) = of_key.values()
    provenance.require_unmodified(found.folder)
    return found


def compare(first: Stored, second: Stored) -> Iterator[str]:
    """Tell what differs between two results, then how far their last metrics lie apart."""
    old, new = first.record["ingredients"], second.record["ingredients"]
    for letter, result in (("A", first), ("B", second)):
        yield f"{letter}: {result.stage} {result.name} {result.folder.name}"
    yield from (f"  {words}" for words in differences(old, new) or ["made of the same"])
    a, b = final(first), final(second)
    if [*a] != [*b]:
        raise LabError(
            f"{first.reference} has the metrics {', '.join(a)}, {second.reference} has "
            f"{', '.join(b)}; compare results of the same stage and kind of data"
        )
    is_paired = pairs(first, second)
    found = pd.DataFrame({name: difference(a[name], b[name], paired=is_paired) for name in a})
    if found.loc["half"].isna().all():
        yield "no interval is known: one has a single replicate, or some have diverged"
    yield from cli.columns(
        {
            "metric": [*a],
            "A": [measured(a[name].mean(skipna=False), 0) for name in a],
            "B": [measured(b[name].mean(skipna=False), 0) for name in a],
            "B - A": [measured(*found[name]) for name in a],
        }
    )
    how = "paired by replicate or fold" if is_paired else "Welch's, of independent values"
    yield f"± half the 95 % interval's width, {how}"


def final(result: Stored) -> dict[str, pd.Series]:
    """Give the values of each metric after the last epoch, by replicate or fold."""
    history = files.read_history(result.folder / "history.csv")
    last = histories.last_values(histories.tidy([("", "", history)]))
    return {
        name: rows.set_index(history.columns[0])["value"]
        for name, rows in last.groupby("metric", sort=True)
    }


def write(first: Stored, second: Stored, lines: list[str], folder: Path, dpi: int) -> None:
    """Write the curves as PNG and SVG, and a page with all that was told, which needs no network.

    Parameters
    ----------
    first, second : Stored
    lines : list of str
        Of `compare`.
    folder : Path
        Made if it is not there.
    dpi : int
        Of the PNG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    a, b = (files.read_history(each.folder / "history.csv") for each in (first, second))
    figure = _overlay.draw(a, b, f"A: {first.name}, B: {second.name}", repeat=a.columns[0])
    svg, _ = style.save(figure, folder, "curves", dpi)
    drawn = svg.read_text("utf-8")
    inline = drawn[drawn.index("<svg") :]
    text = html.escape("\n".join(lines))
    page = f"{HEAD}\n<h1>A and B compared</h1>\n<pre>{text}</pre>\n{inline}</html>\n"
    (folder / "index.html").write_text(page, "utf-8")


def pairs(first: Stored, second: Stored) -> bool:
    """Tell whether equal numbers mean equal data and draws: of stage, data, seed and folds."""

    def shared(result: Stored) -> tuple:
        ingredients = result.record["ingredients"]
        settings = ingredients["settings"]
        return (result.stage, ingredients["inputs"], settings.get("seed"), settings.get("folds"))

    return shared(first) == shared(second)


def main() -> int:
    """Be the command."""
    parser = cli.parser("compare", __doc__)
    for letter in "ab":
        parser.add_argument(letter, help="a model's name, or the beginning of a key")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="for curves and a page")
    args = parser.parse_args()

    def tell() -> int:
        plan = cli.plan(args)
        first, second = find(args.a, plan), find(args.b, plan)
        lines = [*compare(first, second)]
        for line in lines:
            print(line)  # not folded: a table is wide
        names = (f"{model_of(each)}_{each.folder.name[:8]}" for each in (first, second))
        folder = args.output or layout.STORE.parent / "compare" / "-".join(names)
        write(first, second, lines, folder, plan.config["figures"]["dpi"])
        print(f"curves and a page are in {folder}")
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
