"""Check every result against its provenance, and make some again, which must come out the same.

Every file in results/store, and every one shown in results/, is compared with the checksum that was
written down when it was made. Then a sample of the present configuration's results is made again
in a folder of its own. On the machine that made the first one, every byte must be the same.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.pipeline import environment, session
from d2l_lab.pipeline.plan import Plan, Result
from d2l_lab.store import layout
from d2l_lab.tools import cli
from d2l_lab.tools.comparison import TOLERANCE
from d2l_lab.tools.integrity import Checked, check_result, check_view, places
from d2l_lab.tools.remaking import APART, NEAR, SAME, can_be_remade, remake_all, sample


def main() -> int:
    """Run the tool; 0 if all is as it was made, and came out the same again."""
    parser = cli.parser("verify", __doc__)
    parser.epilog = f"Results of another machine: {TOLERANCE}."
    parser.add_argument(
        "--rerun",
        type=count_or_all,
        default=3,
        metavar="N",
        help="how many results to make again, or all (default: 3)",
    )
    parser.add_argument(
        "--seed", type=count, default=0, help="which ones: another seed draws others (default: 0)"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="take its provenance from each altered result, so that it is made again",
    )
    args = parser.parse_args()
    return cli.reported(lambda: verify(args))


def count(text: str) -> int:
    """Read a whole number that is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def count_or_all(text: str) -> int:
    """Read how many; `all` is more than there can be."""
    return sys.maxsize if text == "all" else count(text)


def verify(args: argparse.Namespace) -> int:
    """Check everything, make some again, and sum up in a last line."""
    environment.prepare(conda=args.conda)
    plan = cli.plan(args)
    lock(forget=args.forget)
    folders, remains = places()
    if not folders:
        raise LabError(f"{layout.STORE}: there are no results yet; run snakemake first")
    results, view = [check_result(folder) for folder in folders], check_view()
    if args.forget:
        forget(results, view, plan)
    tell(results, view, plan, forgotten=args.forget)
    for folder in remains:
        cli.say(
            f"{folder}: has no {layout.PROVENANCE}, so it counts as missing, and is made when needed"
        )
    whole = {one.folder for one in results if not one.findings}
    candidates = [one for one in plan.results.values() if can_be_remade(one, whole)]
    if args.conda:
        candidates = []
        cli.say("none can be made again: this Python has not the conda environments' libraries")
    elif not candidates:
        cli.say("none can be made again: the store has none of the present configuration's")
    verdicts = remake_all(sample(candidates, args.rerun, args.seed))
    as_made = not any(one.findings for one in (*results, *([view] if view else [])))
    cli.say(f"{sum_up(results, view)}; {sum_up_remade(verdicts, len(candidates))}")
    return 0 if as_made and {*verdicts} <= {SAME, NEAR} else 1


def lock(*, forget: bool) -> None:
    """Keep others from taking results away meanwhile; who does so needs the store alone."""
    if not layout.STORE.exists():
        return  # the lock would make it
    if forget:
        session.have_the_store_alone()
    else:
        session.use_the_store()


def tell(results: Sequence[Checked], view: Checked | None, plan: Plan, *, forgotten: bool) -> None:
    """Name every altered file, and how to mend it."""
    for one in results:
        mend = way_to_mend(planned(one.folder, plan), forgotten=forgotten)
        for path, found, extra in one.findings:
            cli.say(f"{path}: {found}; {'delete it' if extra else mend}")
    for path, found, _ in view.findings if view else []:
        cli.say(f"{path}: {found}; snakemake shows it again")
    if view is None or view.folder.name != plan.view_key:
        cli.say(f"{session.RESULTS}: does not show the present configuration; snakemake shows it")


def way_to_mend(result: Result | None, *, forgotten: bool) -> str:
    """Say how an altered result is made again; None is one that the present plan has not."""
    first = "forgotten, so that" if forgotten else "with --forget, then"
    if result is None:
        return f"{first} a run of its own configuration makes it again"
    need = "" if result.files else " as soon as something needs it"
    return f"{first} snakemake makes it again{need}"


def planned(folder: Path, plan: Plan) -> Result | None:
    """Give the present plan's result that belongs into a folder, if there is one."""
    stage, name, key = folder.parts[-3:]
    result = plan.results.get((stage, name))
    return result if result and result.key == key else None


def forget(results: Sequence[Checked], view: Checked | None, plan: Plan) -> None:
    """Take their marks from what was altered, and from the view if it must be made again."""
    altered = [one.folder for one in results if not all(finding.extra for finding in one.findings)]
    for folder in altered:
        (folder / layout.PROVENANCE).unlink(missing_ok=True)
    shown_again = any(one.files for one in (planned(folder, plan) for folder in altered) if one)
    if view and (view.findings or shown_again):
        view.folder.unlink(missing_ok=True)


def sum_up(results: Sequence[Checked], view: Checked | None) -> str:
    """Say how many results and files there are, and how many are not as they were made."""
    checked = numbered(len(results), "result")
    checked += f", {numbered(sum(one.files for one in results), 'file')}"
    if view:
        checked += f", {view.files} shown"
    altered = sum(bool(one.findings) for one in results)
    shown = len(view.findings) if view else 0
    if not altered and not shown:
        return f"{checked}: as they were made"
    told = [numbered(altered, "result")] * bool(altered)
    told += [numbered(shown, "shown file")] * bool(shown)
    return f"{checked}: {' and '.join(told)} altered"


def sum_up_remade(verdicts: Sequence[str], candidates: int) -> str:
    """Say how many results came out the same again."""
    if not verdicts:
        return "none made again"
    counts = Counter(one if one in {SAME, NEAR, APART} else "failed" for one in verdicts)
    told = [f"{n} {verdict}" for verdict, n in counts.items()]
    if len(counts) == 1 and "failed" not in counts:
        told = [*counts]
    return f"{len(verdicts)} of {candidates} made again: {', '.join(told)}"


def numbered(count: int, what: str) -> str:
    """Count things in words: 1 result, 2 results."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


if __name__ == "__main__":
    sys.exit(main())
