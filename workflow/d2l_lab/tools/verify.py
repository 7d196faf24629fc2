"""Check every result against its provenance, and make some again, which must come out the same.

Every file in results/store, and every one shown in results/, is compared with the checksum that was
written down when it was made. Then a sample of the present configuration's results is made again
in a folder of its own. On the machine that made the first one, every byte must be the same.
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
    """Run the tool; 0 if all is as it was made, and came out the same again."""
    parser = cli.parser("verify", __doc__)
    parser.epilog = f"Results of another machine: {TOLERANCE}."
    parser.add_argument(
        "--rerun",
        type=number_or_all,
        default=3,
        metavar="N",
        help="how many results to make again, or all (default: 3)",
    )
    parser.add_argument(
        "--seed", type=number, default=0, help="which ones: another seed draws others (default: 0)"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="take its provenance from each altered result, so that it is made again",
    )
    args = parser.parse_args()
    return cli.reported(lambda: verify(args))


def number(text: str) -> int:
    """Read a whole number that is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def number_or_all(text: str) -> int:
    """Read how many; `all` is more than there can be."""
    return sys.maxsize if text == "all" else number(text)


def verify(args: argparse.Namespace) -> int:
    """Check everything, make some again, and sum up in a last line."""
    environment.prepare(conda=args.conda)
    plan = cli.plan(args)
    if layout.STORE.exists():  # the lock would make it
        session.claim_store() if args.forget else session.share_store()
    found = [result for result in stored() if result.is_result]
    results = [result for result in found if (result.folder / layout.PROVENANCE).exists()]
    if not results:
        raise LabError(f"{layout.STORE}: there are no results yet; run snakemake first")
    findings = {result: check_result(result) for result in results}
    shown, of_view, is_current = check_view(results, plan)
    if args.forget:
        forget(findings)
    for line in told(findings, plan, forgotten=args.forget):
        cli.say(line)
    for path, words, _ in of_view:
        cli.say(f"{path}: {words}")
    if not is_current:
        cli.say(f"{view.RESULTS}: shows another configuration; snakemake shows the present one")
    for remains in (result.folder for result in found if result not in findings):
        text = f"has no {layout.PROVENANCE}, so it counts as missing, and is made when needed"
        cli.say(f"{remains}: {text}")
    whole = {result.folder for result in results if not findings[result]}
    candidates = [each for each in plan.results.values() if can_be_remade(each, whole)]
    if args.conda:
        candidates = []
        cli.say("none can be made again: this Python has not the conda environments' libraries")
    elif not candidates:
        cli.say("none can be made again: the store has none of the present configuration's")
    verdicts = remake_all(sample(candidates, args.rerun, args.seed))
    files = sum(len(result.record["files"]) for result in results if result.record)
    numbers = {"result": len(results) - len(whole), "shown file": len(of_view)}
    altered = " and ".join(count(number, what) for what, number in numbers.items() if number)
    cli.say(
        f"{count(len(results), 'result')}, {count(files, 'file')}, {len(shown)} shown: "
        f"{f'{altered} altered' if altered else 'as they were made'}; "
        f"{sum_up(verdicts, len(candidates))}"
    )
    return 0 if not altered and {*verdicts} <= {SAME, NEAR} else 1


def forget(findings: Mapping[Stored, Sequence[Finding]]) -> None:
    """Take its provenance from each result that has modified files."""
    for result, found in findings.items():
        if not all(finding.extra for finding in found):
            (result.folder / layout.PROVENANCE).unlink(missing_ok=True)


def told(
    findings: Mapping[Stored, Sequence[Finding]], plan: Plan, *, forgotten: bool
) -> Iterator[str]:
    """Name every modified file, and how to mend it."""
    planned = {result.reference: result for result in plan.results.values()}
    first = "forgotten, so that" if forgotten else "with --forget, then"
    for result, found in findings.items():
        mend = f"{first} a run of its own configuration makes it again"
        if known := planned.get(result.reference):
            need = "" if known.is_shown else " as soon as something needs it"
            mend = f"{first} snakemake makes it again{need}"
        for path, words, extra in found:
            yield f"{path}: {words}; {'delete it' if extra else mend}"


def sum_up(verdicts: Sequence[str], candidates: int) -> str:
    """Say how many results came out the same again."""
    if not verdicts:
        return "none made again"
    counts = Counter(each if each in {SAME, NEAR, APART} else "failed" for each in verdicts)
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    if len(counts) == 1 and "failed" not in counts:
        told = verdicts[0]
    return f"{len(verdicts)} of {candidates} made again: {told}"


if __name__ == "__main__":
    sys.exit(main())
