"""What every stage does: read its command line, check the key, write one whole result."""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from safetensors import SafetensorError

from d2l_lab import store
from d2l_lab.errors import LabError


class Job(NamedTuple):
    """What a stage works on.

    Parameters
    ----------
    name : str
        The result's name.
    settings : dict
        The stage's part of the configuration.
    inputs : dict from a role to the folders of results
    ingredients : dict
        All that goes into the result; see `store.ingredients`.
    place : Path
        Where the result belongs, beside its relatives.
    folder : Path
        Where the stage writes its files.
    measured : dict
        Where it notes times and the like.
    """

    name: str
    settings: dict[str, Any]
    inputs: dict[str, list[Path]]
    ingredients: dict[str, Any]
    place: Path
    folder: Path
    measured: dict[str, Any]


def main(stage: str, description: str, work: Callable[[Job], None]) -> int:
    """Be the command of a stage that needs no more than its settings and inputs."""
    return run(stage, parser(stage, description).parse_args(), work)


def leave(code: int) -> NoReturn:
    """End the process at once: taking torch down in order would cost each job a second."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def parser(stage: str, description: str) -> argparse.ArgumentParser:
    """Make the command line that all stages share."""
    parser = argparse.ArgumentParser(
        prog=f"python -m d2l_lab.stages.{stage}",
        description=description,
        epilog="A result's provenance.json tells the settings and inputs that made it.",
    )
    parser.add_argument(
        "--settings", type=json_of(dict), required=True, help="the stage's settings, as JSON"
    )
    parser.add_argument(
        "--input",
        nargs="+",
        action="append",
        default=[],
        metavar=("ROLE", "MARK"),
        help="a role, and the provenance.json of each result in it",
    )
    parser.add_argument(
        "--result", type=Path, required=True, help="the provenance.json of the result to make"
    )
    parser.add_argument(
        "--again",
        choices=["yes", "no"],
        default="no",
        help="whether to make the result even if it is there already (default: no)",
    )
    parser.add_argument("--log", type=Path, help="where progress is written; default: stderr")
    return parser


def json_of(kind: type) -> Callable[[str], Any]:
    """Make the type of an argument that is JSON: an object (dict) or an array (list)."""
    name = {dict: "object", list: "array"}[kind]

    def refuse(constant: str) -> None:
        raise ValueError(constant)  # NaN and Infinity, which Python alone would take

    def read(text: str) -> Any:
        try:
            value = json.loads(text, parse_constant=refuse)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not JSON: {error}") from None
        if not isinstance(value, kind):
            raise argparse.ArgumentTypeError(f"{text!r} is no JSON {name}")
        return value

    return read


def run(stage: str, args: argparse.Namespace, work: Callable[[Job], None]) -> int:
    """Make one result, and say in one line what is wrong if it cannot be made.

    Parameters
    ----------
    stage : str
    args : argparse.Namespace
        Of `parser`.
    work : callable
        Writes the result's files.

    Returns
    -------
    int
        The exit code.
    """
    folder = args.result.parent
    inputs = {role: [Path(mark).parent for mark in marks] for role, *marks in args.input if marks}

    def make() -> None:
        with store.alone(folder):
            if args.again == "no" and not store.altered(folder):
                return  # another run has made it since this one was planned
            references = {
                role: [store.reference_of(one) for one in folders]
                for role, folders in inputs.items()
            }
            ingredients = store.ingredients(stage, args.settings, references)
            if store.key_of(ingredients) != folder.name:
                raise LabError(
                    f"{folder}: the code, the inputs or the installed libraries are not those of "
                    "the plan, they make another result; run again to plan anew"
                )
            for one in chain(*inputs.values()):
                store.require_unaltered(one)
            with store.writing(folder, ingredients) as (temporary, measured):
                name = folder.parent.name
                work(Job(name, args.settings, inputs, ingredients, folder, temporary, measured))

    return reported(make, folder, args.log)


def reported(action: Callable[[], None], target: Path, log: Path | None) -> int:
    """Do something, and say in one line what is wrong if it cannot be done.

    Parameters
    ----------
    action : callable
    target : Path
        What it makes, named where an error of the system names no file.
    log : Path or None
        Where progress, and the error, is written; None: stderr.

    Returns
    -------
    int
        The exit code.
    """
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    try:
        _log_to(log)
        action()
    except (LabError, OSError, SafetensorError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate memory" not in str(error):
            raise  # else it is torch's way to say that there is no memory left
        message = str(error) if isinstance(error, LabError) else _plain(error, target)
        if log:
            logging.getLogger(__name__).error(message)
        print(message, file=sys.stderr)
        return 1
    return 0


def _end(number: int, _: FrameType | None) -> NoReturn:
    """End when asked to, so that nothing half-made is left: a signal alone would sweep nothing."""
    raise SystemExit(128 + number)


def _log_to(path: Path | None) -> None:
    """Write progress to a file, line by line; a disk too full for it is no reason to stop."""
    logging.raiseExceptions = False
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=path,
        filemode="w",
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
    )


def _plain(error: Exception, target: Path) -> str:
    if isinstance(error, MemoryError | RuntimeError):
        return (
            f"{target}: out of memory; nothing half-made is kept: run again with fewer --cores, or "
            "with a smaller batch_size, hidden_units or replicates"
        )
    where = getattr(error, "filename", None) or target
    what = getattr(error, "strerror", None) or error
    return f"{where}: {what}; nothing half-made is kept: mend it and run again"
