"""Run the pipeline, and serve a page that follows it, with its jobs, figures and book.

The page is reachable only from this machine, and refreshes itself.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from d2l_lab.book.sources import BOOK
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.result import Result
from d2l_lab.pipeline.status import Status
from d2l_lab.store import view
from d2l_lab.tools import cli
from d2l_lab.tools.inventory import is_at_work
from d2l_lab.tools.prune import LOGS

HOST = "127.0.0.1"
PAUSE = 2.0  # seconds between updates
MADE, AT_WORK, WAITING = "made", "at work", "waiting"
SAID = 100  # characters of a job's last message


def main() -> int:
    """Run the command."""
    parser = cli.parser("watch", __doc__)
    parser.add_argument("--port", type=port, default=8000, help="port of the page (default: 8000)")
    parser.add_argument("--cores", default="all", help="for the run (default: all)")
    args = parser.parse_args()
    return cli.reported(lambda: watch(args))


def port(text: str) -> int:
    """Parse the number of a port that any user may open."""
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give one from 1024 to 65535")
    return int(text)


def watch(args: argparse.Namespace) -> NoReturn:
    """Run the pipeline as the user would, and serve the page until either is stopped."""
    run = [sys.executable, "-m", "snakemake", "--cores", args.cores]
    run += ["--configfile", *map(str, args.configfile)] if args.configfile else []
    serve = [sys.executable, "-m", "sphinx_autobuild", "--host", HOST, "--port", str(args.port)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="d2l-lab-live-")))
        live = Live(cli.plan(args), folder)
        live.look()
        serve += ["-q", "-c", str(BOOK), str(live.source), str(live.html)]
        server = stack.enter_context(process(serve))
        pipeline = stack.enter_context(process(run))
        cli.say(f"serving http://{HOST}:{args.port}; Ctrl-C ends it")
        while server.poll() is None:
            live.look(pipeline.poll())
            time.sleep(PAUSE)
    raise LabError(
        f"port {args.port}: the server has ended; if the port is in use, choose "
        "another: make watch PORT=8001"
    )


@contextmanager
def process(command: list[str]) -> Iterator[subprocess.Popen]:
    """Run a command in the background, and end it with this process."""
    started = subprocess.Popen(command)
    try:
        yield started
    finally:
        started.terminate()
        with suppress(KeyboardInterrupt):
            started.wait()


class Live:
    """The page that follows a run of a plan.

    Parameters
    ----------
    plan : Plan
    folder : Path
        The folder for its source, its HTML and a copy of the book.
    """

    def __init__(self, plan: Plan, folder: Path):
        self.source, self.html = folder / "source", folder / "html"
        self.source.mkdir()
        self.started = time.time()
        self.to_make = Status(plan).to_make

    def look(self, ended: int | None = None) -> None:
        """Look for new results, and write the page if there are any.

        Parameters
        ----------
        ended : int or None
            The exit code of the run; None while it runs.
        """
        book = self.html / "book"
        if ended == 0 and not book.exists():
            shutil.copytree(view.RESULTS / "book", book)
        made = [each for each in self.to_make if each.stage == "figures" and each.exists()]
        figures = [path for each in made for path in sorted(each.folder.glob("*.svg"))]
        for figure in figures:
            shutil.copyfile(figure, self.source / figure.name)
        text = "\n".join(self._lines(ended, figures))
        page = self.source / "index.md"
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")

    def _lines(self, ended: int | None, figures: list[Path]) -> Iterator[str]:
        states = [(result, state_of(result)) for result in self.to_make]
        yield "# d2l-lab, live\n"
        if ended is None:
            made = sum(state is MADE for _, state in states)
            yield f"**{made} of {len(states)}** results are done.\n"
        elif ended:
            yield f"**The run has ended with exit code {ended}**; the terminal says why.\n"
        else:
            yield "**Everything is done.**\n"
        if (self.html / "book").exists():
            yield '<a href="book/index.html">The book</a>\n'
        yield from self._rows([pair for pair in states if pair[1] is AT_WORK])
        yield from (f"![{path.stem}]({path.name})\n" for path in figures)
        yield from self._rows([pair for pair in states if pair[1] is not AT_WORK])

    def _rows(self, states: list[tuple[Result, str]]) -> Iterator[str]:
        """Write a table of jobs, the finished ones first."""
        if states:
            yield "| job | state | last message |\n| --- | --- | --- |"
            for result, state in sorted(states, key=lambda pair: pair[1]):
                said = last_word(result, self.started)
                yield f"| {result.stage} {result.name} | {state} | {said} |"
            yield ""


def state_of(result: Result) -> str:
    """Return whether a result is made, waiting, or being worked on."""
    if result.exists():
        return MADE
    return AT_WORK if is_at_work(result.folder) else WAITING


def last_word(result: Result, since: float) -> str:
    """Return the last line of a job's log, if that is newer than the start of the run."""
    stage, name = LOGS / result.stage, result.name
    for log in (f"{stage}/{name}.{result.key}.log", f"{stage}/{name}.log", f"{stage}.log"):
        path = Path(log)
        with suppress(OSError):
            lines = path.read_text("utf-8", "replace").splitlines()
            if lines and path.stat().st_mtime >= since:
                return lines[-1][:SAID].replace("|", "/")
    return ""


if __name__ == "__main__":
    sys.exit(main())
