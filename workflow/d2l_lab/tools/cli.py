"""Read the configuration and report errors in one line, for all tools."""

import argparse
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.forkserver.streams import open_missing
from d2l_lab.pipeline.plan import Plan, make_plan, read_config
from d2l_lab.stages import surroundings
from d2l_lab.store.code import PINNED


def parser(tool: str, description: str) -> argparse.ArgumentParser:
    """Build the command line that all tools share; they run in the checkout's folder.

    Also set the environment of a run's jobs, and make all text printable.
    """
    surroundings.clean()
    surroundings.say_anything()
    parser = argparse.ArgumentParser(
        prog=f"python -m d2l_lab.tools.{tool}", description=description
    )
    add_configfile(parser)
    parser.add_argument(
        "--conda",
        action="store_true",
        help="use the library versions of runs with --software-deployment-method conda",
    )
    return parser


def add_configfile(parser: argparse.ArgumentParser) -> None:
    """Add the option for files that override config.yaml."""
    parser.add_argument(
        "--configfile",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="files that override config.yaml, as for snakemake",
    )


def plan(args: argparse.Namespace) -> Plan:
    """Plan the configuration that the command line names; raise `LabError` if it is invalid."""
    if args.conda:
        os.environ[PINNED] = "1"
    return make_plan(read_config(args.configfile), read_config([]))


def columns(table: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Align columns below headers with one word per line."""
    headers = [name.replace("_", " ").split() for name in table]
    height = max(map(len, headers))
    filled = [
        [*[""] * (height - len(words)), *words, *cells]
        for words, cells in zip(headers, table.values(), strict=True)
    ]
    widths = [max(map(len, cells)) for cells in filled]
    for line in zip(*filled, strict=True):
        cells = (f"{cell:{width}}" for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()


def say(line: str) -> None:
    """Print one line; in a narrow terminal, indent its continuation."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        line = textwrap.fill(line, width, subsequent_indent="    ", break_on_hyphens=False)
    print(line)


def reported(action: Callable[[], int | Iterable[str]]) -> int:
    """Run an action; if it fails, report why in one line.

    Parameters
    ----------
    action : callable
        Returns the exit code, or the lines to print on success.

    Returns
    -------
    int
        The exit code.
    """
    open_missing()
    try:
        code = action()
        if not isinstance(code, int):
            for line in code:
                say(line)
            code = 0
        sys.stdout.flush()
    except BrokenPipeError:  # as in `make history | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (LabError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return code
