"""Check every result against its provenance, and recompute some of them.

Every file in results/store, and every one shown in results/, is compared with the checksum recorded
when it was made. Then a sample of the current configuration's results is recomputed in a separate
folder. On the machine that made the original, every byte must be the same.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from d2l_lab.config.messages import count
from d2l_lab.errors import LabError
from d2l_lab.pipeline import environment, session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, view
from d2l_lab.tools import cli
from d2l_lab.tools.comparison import TOLERANCE
from d2l_lab.tools.integrity import Finding, check_result, check_view
from d2l_lab.tools.inventory import Stored, stored
from d2l_lab.tools.remaking import APART, NEAR, SAME, can_be_remade, remake_all, sample


def main() -> int:
    """Run the tool; return 0 if nothing was modified and all recomputed results are the same."""
    parser = cli.parser("verify", __doc__)
    parser.epilog = f"For results of another machine, {TOLERANCE}."
    parser.add_argument(
        "--rerun",
        type=number_or_all,
        default=3,
        metavar="N",
        help="how many results to recompute, or all (default: 3)",
    )
    parser.add_argument(
        "--seed", type=number, default=0, help="the seed of the sample (default: 0)"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="delete the provenance of each modified result, so that the next run recomputes it",
    )
    args = parser.parse_args()
    return cli.reported(lambda: verify(args))


def number(text: str) -> int:
    """Read a whole number that is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def number_or_all(text: str) -> int:
    """Parse a number of results; `all` is more than there can be."""
    return sys.maxsize if text == "all" else number(text)


def verify(args: argparse.Namespace) -> int:
    """Check everything, recompute some results, and summarise in a last line."""
    environment.prepare(conda=args.conda)
    plan = cli.plan(args)
    if layout.STORE.exists():  # taking the lock would create it
        session.claim_store() if args.forget else session.share_store()
    found = [result for result in stored() if result.is_result]
    results = [result for result in found if (result.folder / layout.PROVENANCE).exists()]
    if not results:
        raise LabError(f"{layout.STORE}: no results yet; run make first")
    findings = {result: check_result(result) for result in results}
    shown, of_view, is_current = check_view(results, plan)
    if args.forget:
        forget(findings)
    for line in told(findings, plan, forgotten=args.forget):
        cli.say(line)
    for path, words, _ in of_view:
        cli.say(f"{path}: {words}")
    if not is_current:
        cli.say(f"{view.RESULTS}: shows another configuration; snakemake shows the current one")
    for remains in (result.folder for result in found if result not in findings):
        text = f"has no {layout.PROVENANCE}, so it counts as missing and is made when needed"
        cli.say(f"{remains}: {text}")
    whole = {result.folder for result in results if not findings[result]}
    candidates = [each for each in plan.results.values() if can_be_remade(each, whole)]
    if args.conda:
        candidates = []
        cli.say("none can be recomputed: this Python lacks the conda environments' libraries")
    elif not candidates:
        cli.say("none can be recomputed: the store has no results of the current configuration")
    verdicts = remake_all(sample(candidates, args.rerun, args.seed))
    files = sum(len(result.record["files"]) for result in results if result.record)
    numbers = {"result": len(results) - len(whole), "shown file": len(of_view)}
    altered = " and ".join(count(number, what) for what, number in numbers.items() if number)
    cli.say(
        f"{count(len(results), 'result')}, {count(files, 'file')}, {len(shown)} shown: "
        f"{f'{altered} modified' if altered else 'none modified'}; "
        f"{sum_up(verdicts, len(candidates))}"
    )
    return 0 if not altered and {*verdicts} <= {SAME, NEAR} else 1


def forget(findings: Mapping[Stored, Sequence[Finding]]) -> None:
    """Delete the provenance of each result that has modified files."""
    for result, found in findings.items():
        if not all(finding.extra for finding in found):
            (result.folder / layout.PROVENANCE).unlink(missing_ok=True)


def told(
    findings: Mapping[Stored, Sequence[Finding]], plan: Plan, *, forgotten: bool
) -> Iterator[str]:
    """Yield every modified file, and how to restore it."""
    planned = {result.reference: result for result in plan.results.values()}
    first = "forgotten, so that" if forgotten else "with --forget, then"
    for result, found in findings.items():
        mend = f"{first} a run with its configuration makes it again"
        if known := planned.get(result.reference):
            need = "" if known.is_shown else " as soon as something needs it"
            mend = f"{first} snakemake makes it again{need}"
        for path, words, extra in found:
            yield f"{path}: {words}; {'delete it' if extra else mend}"


def sum_up(verdicts: Sequence[str], candidates: int) -> str:
    """Say how many recomputed results are the same."""
    if not verdicts:
        return "none recomputed"
    counts = Counter(each if each in {SAME, NEAR, APART} else "failed" for each in verdicts)
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    if len(counts) == 1 and "failed" not in counts:
        told = verdicts[0]
    return f"{len(verdicts)} of {candidates} recomputed: {told}"


if __name__ == "__main__":
    sys.exit(main())
