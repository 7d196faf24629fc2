"""The command that makes a result, as its rule runs it."""

import sys
from pathlib import Path

from d2l_lab.pipeline.result import Result
from d2l_lab.stages.runner import as_argument


def stage_command(result: Result, folder: Path, log: Path) -> list[str]:
    """Return the command that makes a result, from its inputs in the store.

    Parameters
    ----------
    result : Result
    folder : Path
        The result's folder: ``…/store/stage/name/key``.
    log : Path
        The file for progress messages.
    """
    command = [sys.executable, "-m", "d2l_lab.stages", result.stage]
    for option, settings in (("--settings", result.settings), ("--unkeyed", result.unkeyed)):
        if settings:
            command += [option, *(as_argument(*setting) for setting in settings.items())]
    for role, inputs in result.inputs.items():
        command += ["--input", role, *(str(given.folder) for given in inputs)]
    return [*command, "--result", str(folder), "--log", str(log)]
