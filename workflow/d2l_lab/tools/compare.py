"""Compare two results of `make history`: their settings and inputs, and their metrics."""

import html
import math
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
from d2l_lab.tables import files
from d2l_lab.tables.contrasts import contrast, final_values, share_draws
from d2l_lab.tools import against_default, cli
from d2l_lab.tools.against_default import DEFAULT
from d2l_lab.tools.differences import differences
from d2l_lab.tools.history import UNKNOWN, measured, model_of, stored_trainings
from d2l_lab.tools.inventory import Stored
from d2l_lab.training.metrics import METRICS

HEAD = '<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>A and B compared</title>'


def find(text: str, plan: Plan) -> Stored:
    """Find the result that a model's name or the beginning of a key refers to.

    A model's name refers to its training under the current configuration, or, if the store does not
    have that, to the newest one.
    """
    if not text:
        raise LabError(
            "compare: name two results, as in make compare A=mlp_scratch B=1a2b3c4d, or "
            "A=default, the shipped configuration"
        )
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
            raise LabError(f"{text}: no model or key in {layout.STORE} begins like this; {mend}")
        if len(of_key) > 1:
            keys = ", ".join(sorted(of_key))
            raise LabError(f"{text}: {len(of_key)} keys begin like this, {keys}; give more digits")
        (found,) = of_key.values()
    provenance.require_unmodified(found.folder)
    return found


def compare(first: Stored, second: Stored) -> Iterator[str]:
    """List what differs between two results, then the differences of their final metrics."""
    old, new = first.record["ingredients"], second.record["ingredients"]
    for letter, result in (("A", first), ("B", second)):
        yield f"{letter}: {result.stage} {result.name} {result.folder.name}"
    yield from (f"  {words}" for words in differences(old, new) or ["the same ingredients"])
    table = tabulate(first, second)
    if table["ci_low"].isna().all():
        yield "no interval: one has a single replicate, or some have diverged"
    halves = (table["ci_high"] - table["ci_low"]) / 2
    yield from cli.columns(
        {
            "metric": [*table["metric"]],
            "A": [measured(value, 0) for value in table["A"]],
            "B": [measured(value, 0) for value in table["B"]],
            "B−A": [*map(measured, table["difference"], halves)],
            "n": [*map(str, table["n"])],
            "P(B>A)": [known(value, ".2f") for value in table["share"]],
            "detectable": [known(value, ".2g") for value in table["detectable"]],
        }
    )
    how = "paired by replicate or fold" if table["paired"].all() else "Welch's, not paired"
    yield f"± half the 95 % interval's width, {how}; P(B>A): how often B is above A;"
    yield "detectable: the smallest difference that this n would have found in 80 % of cases"


def known(value: float, digits: str) -> str:
    """Format a number, if it is known."""
    return UNKNOWN if math.isnan(value) else format(value, digits)


def tabulate(first: Stored, second: Stored) -> pd.DataFrame:
    """Compare the metrics that two results share, after the last epoch.

    One may lack a metric that was added or removed since it was made.

    Returns
    -------
    DataFrame
        metric, A and B (the means), difference (B - A), ci_low, ci_high, n, paired, share,
        detectable; see `d2l_lab.tables.contrasts.difference`.
    """
    a, b = (files.read_history(each.folder / "history.csv") for each in (first, second))
    if kind(a) != kind(b):
        known, other = (", ".join(final_values(history)) for history in (a, b))
        raise LabError(
            f"{first.reference} has the metrics {known}, but {second.reference} has {other}; "
            "compare results of the same stage and kind of data"
        )
    paired = share_draws(*(each.record["ingredients"] for each in (first, second)))
    return contrast(a, b, paired=paired).rename(columns={"first": "A", "second": "B"})


def kind(history: pd.DataFrame) -> tuple[str, bool]:
    """Return what a history counts, and whether it is a classifier's."""
    columns = [*history]
    metrics = [METRICS[name] for name in columns if name in METRICS]
    return columns[0], any(metric.task == "classification" for metric in metrics)


def write(first: Stored, second: Stored, lines: list[str], folder: Path, dpi: int) -> None:
    """Write the curves, the table, and a page with both that needs no network.

    Parameters
    ----------
    first, second : Stored
    lines : list of str
        The output of `compare`.
    folder : Path
        Created if it does not exist.
    dpi : int
        The resolution of the PNG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files.write(tabulate(first, second), folder / "differences.csv")
    a, b = (files.read_history(each.folder / "history.csv") for each in (first, second))
    figure = _overlay.draw(a, b, f"A: {first.name}, B: {second.name}", repeat=a.columns[0])
    svg, _ = style.save(figure, folder, "curves", dpi)
    drawn = svg.read_text("utf-8")
    inline = drawn[drawn.index("<svg") :]
    text = html.escape("\n".join(lines))
    page = f"{HEAD}\n<h1>A and B compared</h1>\n<pre>{text}</pre>\n{inline}</html>\n"
    (folder / "index.html").write_text(page, "utf-8")


def show(first: Stored, second: Stored, output: Path | None, plan: Plan) -> None:
    """Compare two results: print what differs, and write it into a folder."""
    lines = [*compare(first, second)]
    for line in lines:
        print(line)  # without wrapping, since a table is wide
    names = (f"{model_of(each)}_{each.folder.name[:8]}" for each in (first, second))
    folder = output or layout.STORE.parent / "compare" / "-".join(names)
    write(first, second, lines, folder, plan.config["figures"]["dpi"])
    print(f"curves, differences.csv and a page are in {folder}")


def compare_all(plan: Plan, output: Path | None, *, train: bool) -> None:
    """Compare every result that differs from the shipped one with it."""
    changes = [*against_default.changed(plan)]
    for line in changes or ["config.yaml is as shipped: there is nothing to compare"]:
        cli.say(line)
    for told in against_default.pairs(plan, train=train) if changes else ():
        print()
        if isinstance(told, str):
            cli.say(told)
            continue
        _, yours = told
        try:
            show(*told, output and output / f"{yours.stage}_{yours.name}", plan)
        except LabError as error:  # for instance if a model predicts numbers instead of classes
            cli.say(str(error))


def main() -> int:
    """Run the command."""
    parser = cli.parser("compare", __doc__)
    for letter in "ab":
        parser.add_argument(
            letter,
            nargs="?",
            default="",
            help="a model's name, the beginning of a key, or default: the shipped configuration; "
            "default alone: with every model",
        )
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="for curves and a page")
    parser.add_argument(
        "--train",
        action="store_true",
        help="compute the shipped configuration's results if the store does not have them",
    )
    args = parser.parse_args()

    def tell() -> int:
        plan = cli.plan(args)
        named = (args.a, args.b)
        if sorted(named) == ["", DEFAULT]:
            compare_all(plan, args.output, train=args.train)
            return 0
        if named == (DEFAULT, DEFAULT):
            raise LabError("compare: both are default; give a model or a key for one of them")
        found = [None if each == DEFAULT else find(each, plan) for each in named]
        if None in found:
            (other,) = filter(None, found)
            shipped = against_default.find(other, plan, named, train=args.train)
            found = [each or shipped for each in found]
        show(*found, args.output, plan)
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
