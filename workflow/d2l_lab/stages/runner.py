"""Run one stage: read its command line, compute the key, and write a complete result.

    python -m d2l_lab.stages train --settings module=mlp.scratch epochs=10 … \
        --input train results/store/prepare/DATASET_train/<key> … \
        --result results/store/train/mlp_scratch.cpu/<key>

`snakemake -n -p` prints such a command for each job. Run by hand with other settings, a stage makes
the result of these settings under their own key, and prints its folder.
"""

import argparse
import importlib
import inspect
import json
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

from safetensors import SafetensorError

from d2l_lab.errors import LabError
from d2l_lab.stages.job import Given, Input, Job
from d2l_lab.store import keys, layout, provenance, results, view

KEY = re.compile("[0-9a-f]{16}")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PLANNED = "D2L_LAB_PLANNED"  # set for a run's jobs, whose keys must be the planned ones
log = logging.getLogger(__name__)


class Ending:
    """The way a stage reacts to a signal to end.

    It ends in order, so that no incomplete result is left. Once the result is about to be moved
    into place, the signal is ignored and the stage succeeds. A flag does that, not another handler,
    because Python prints a message if a signal arrives while handlers are being changed.
    """

    def __init__(self) -> None:
        self.refused = False

    def __call__(self, number: int, _: FrameType | None) -> None:
        """Handle a signal."""
        if not self.refused:
            raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    stages = names()
    if not arguments or arguments[0] not in stages:
        parser = argparse.ArgumentParser(
            "python -m d2l_lab.stages", description=__doc__.split("\n")[0]
        )
        parser.add_argument(
            "stage", choices=stages, help="what to run; each has a --help of its own"
        )
        parser.parse_args(arguments[:1])
    stage, *rest = arguments
    module = importlib.import_module(f"d2l_lab.stages.{stage}")
    args = command_line(stage, module).parse_args(rest)
    return reported(lambda ending: make(stage, module, args, ending), args.result, args.log)


def names() -> list[str]:
    """List the stages: the modules next to this one that define `work`."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return [path.stem for path in modules if "\ndef work(job: Job)" in path.read_text("utf-8")]


def command_line(stage: str, module: ModuleType) -> argparse.ArgumentParser:
    """Build the parser of a stage's command line."""
    parser = argparse.ArgumentParser(
        prog=f"python -m d2l_lab.stages {stage}",
        description=f"{inspect.getdoc(module)}\n\n{inspect.getdoc(module.work)}",
        epilog="A result's provenance.json has the settings and inputs that made it.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    setting = {"nargs": "*", "action": "extend", "type": key_and_value, "default": []}
    setting["metavar"] = "KEY=VALUE"
    parser.add_argument("--settings", **setting, help="each value as JSON, or as plain text")
    parser.add_argument("--unkeyed", **setting, help="settings that cannot change the result")
    parser.add_argument(
        "--input",
        nargs="+",
        action="append",
        default=[],
        metavar=("ROLE", "PATH"),
        help="a role, and its results: their folders, or files in them",
    )
    parser.add_argument(
        "--result",
        type=Path,
        required=True,
        help=f"the folder of the result, {layout.STORE}/{stage}/NAME/KEY, or a file in it",
    )
    parser.add_argument(
        "--also",
        nargs="+",
        action="append",
        default=[],
        metavar=("RESULT", "KEY=VALUE"),
        help="another result to make in the same job, and the settings in which it differs",
    )
    parser.add_argument("--show", action="store_true", help="copy what people read to results/")
    parser.add_argument("--force", action="store_true", help="make the result even if it exists")
    parser.add_argument("--log", type=Path, help="where to write progress; default: stderr")
    return parser


def key_and_value(text: str) -> tuple[str, Any]:
    """Parse ``key=value``; a value that is not JSON is text."""
    key, separator, value = text.partition("=")
    if not (key and separator):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    try:
        return key, json.loads(value, parse_constant=_refuse)
    except ValueError:
        return key, value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity, which are not allowed in settings


def as_argument(key: str, value: Any) -> str:
    """Format a setting for `key_and_value`, in ASCII, so that it works in every locale."""
    is_text = isinstance(value, str) and value.isascii()
    is_plain = is_text and key_and_value(f"{key}={value}")[1] == value
    return f"{key}={value if is_plain else keys.canonical(value)}"


def make(stage: str, module: ModuleType, args: argparse.Namespace, ending: Ending) -> None:
    """Make one result, or several that differ in some settings, unless they exist.

    Parameters
    ----------
    stage : str
    module : module
        The stage's module.
    args : argparse.Namespace
        From `command_line`.
    ending : Ending
        The handler of signals; it ignores them once the result is about to be moved into place.

    Raises
    ------
    LabError
        If the key is not the planned one in a run, or an input is missing or modified.
    """
    folders = {
        role: list(dict.fromkeys(_result_folder(Path(path)) for path in paths))
        for role, *paths in args.input
        if paths
    }
    references = {role: [*map(layout.reference, paths)] for role, paths in folders.items()}
    wanted = {}
    for path, changes in [(args.result, []), *((path, rest) for path, *rest in args.also)]:
        settings = dict(args.settings) | dict(map(key_and_value, changes))
        ingredients = keys.ingredients(stage, settings, references)
        wanted[_place(_result_folder(Path(path)), ingredients)] = ingredients
    with ExitStack() as stack:
        for folder in sorted(wanted):  # a fixed order avoids deadlock
            stack.enter_context(results.exclusive(folder))
        missing = [each for each in wanted if args.force or provenance.modified_files(each)]
        if missing:
            inputs = Given({role: [*map(Input.read, paths)] for role, paths in folders.items()})
            jobs = [
                stack.enter_context(_writing(module, folder, wanted[folder], inputs, args.unkeyed))
                for folder in missing
            ]
            if len(jobs) == 1:
                module.work(jobs[0])
            else:
                module.work_together(jobs)
            ending.refused = True  # ending now would report an existing result as a failure
    if args.show and _result_folder(args.result) in wanted:
        view.show(_result_folder(args.result))


def _place(planned: Path, ingredients: dict[str, Any]) -> Path:
    """Return the folder of a result. If it is not the planned one, fail in a run, else print it."""
    folder = planned.with_name(keys.key(ingredients))
    if folder != planned and PLANNED in os.environ:
        raise LabError(
            f"{planned}: the code, the inputs or the installed libraries have changed since the "
            "run was planned; run again"
        )
    if folder != planned:
        print(f"{folder}: the result of these settings; the key {planned.name} is another's")
    return folder


@contextmanager
def _writing(
    module: ModuleType,
    folder: Path,
    ingredients: dict[str, Any],
    inputs: Given,
    unkeyed: Sequence[tuple[str, Any]],
) -> Iterator[Job]:
    """Yield the job that makes a result, with the replicas that already exist."""
    apart_from = getattr(module, "REUSES_REPLICAS_OF_OTHER", ())
    kept = _kept(folder, ingredients, apart_from) if apart_from else []
    with results.writing(folder, ingredients) as (temporary, measured):
        found = [Input.read(path) for path in kept]
        told = Given(ingredients["settings"] | dict(unkeyed))
        yield Job(folder.parent.name, told, inputs, found, temporary, measured)


def _kept(folder: Path, ingredients: dict[str, Any], apart_from: Collection[str]) -> list[Path]:
    """List earlier results that have replicas of this one; stop at the first with all of them."""
    kept = []
    for path, _ in results.relatives(folder, ingredients, apart_from):
        if not provenance.modified_files(path):
            kept.append(path)
            if path.name == folder.name:
                break
    return kept


def _result_folder(path: Path) -> Path:
    """Find the folder of a result from its path or that of a file in it."""
    for folder in (path, *path.parents):
        if KEY.fullmatch(folder.name):
            return folder
    raise LabError(f"{path}: not in a store; give a folder such as {layout.STORE}/STAGE/NAME/KEY")


def reported(action: Callable[[Ending], None], target: Path, logged: Path | None) -> int:
    """Run an action; if it fails, report why in one line.

    Parameters
    ----------
    action : callable
        It is given the handler of signals.
    target : Path
        What it makes, for errors of the system that name no file.
    logged : Path or None
        The file for progress and errors; None means stderr.

    Returns
    -------
    int
        The exit code.
    """
    ending = Ending()
    for number in ENDING:
        signal.signal(number, ending)
    try:
        _log_to(logged)
        action(ending)
    except Exception as error:
        message = _message(error, target)
        if logged:
            log.error(message or "unexpected error", exc_info=not message)
        if not message:
            raise
        print(message, file=sys.stderr)
        return 1
    return 0


def _log_to(path: Path | None) -> None:
    """Log progress to a file, line by line; continue if the disk is full."""
    logging.raiseExceptions = False
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=path,
        filemode="w",
        encoding="utf-8",
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
    )


def _message(error: Exception, target: Path) -> str:
    """Describe in one line an error that the user can fix; return None for a bug."""
    if isinstance(error, LabError):
        return str(error)
    # torch raises RuntimeError if it runs out of memory.
    text = str(error) if isinstance(error, RuntimeError) else ""
    if isinstance(error, MemoryError) or "allocate memory" in text:
        return (
            f"{target}: out of memory; no incomplete result is kept: run again with fewer --cores "
            "or with a smaller batch_size, hidden_units or replicates"
        )
    if "shared memory" in text or "Bus error" in text:
        return (
            f"{target}: /dev/shm is too small for the workers of a DataLoader; enlarge it, for "
            "instance by --shm-size=1g for a container, or set studies.images.workers to [0]"
        )
    if not isinstance(error, OSError | SafetensorError):
        return ""
    where = getattr(error, "filename", None) or target
    what = getattr(error, "strerror", None) or error
    return f"{where}: {what}; no incomplete result is kept: fix it and run again"


def leave(code: int) -> NoReturn:
    """End the process immediately; shutting torch down properly would take each job a second."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
