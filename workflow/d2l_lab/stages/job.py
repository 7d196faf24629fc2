"""The job of a stage: its settings, inputs and folder."""

from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from d2l_lab.errors import LabError
from d2l_lab.store import provenance


class Given(dict):
    """Settings or inputs by name; a missing one ends the stage with a one-line message."""

    def __missing__(self, name: str) -> NoReturn:
        raise LabError(
            f"{name}: not given; add it to --settings or --input, as `snakemake -n -p` shows "
            "for a job of this stage"
        )


class Input(NamedTuple):
    """A result that a stage reads, with what its provenance says about how it was made.

    Parameters
    ----------
    folder : Path
        Its folder; all files are verified.
    stage, name : str
    settings : dict
        The settings of the stage that made it.
    inputs : dict from a role to the references of results
    measured : dict
        What that stage measured besides the result.
    seconds : float
        How long that stage took.
    """

    folder: Path
    stage: str
    name: str
    settings: dict[str, Any]
    inputs: dict[str, list[str]]
    measured: dict[str, Any]
    seconds: float

    @classmethod
    def read(cls, folder: Path) -> "Input":
        """Read a result's provenance; raise `LabError` if a file is missing or modified."""
        provenance.require_unmodified(folder)
        record = provenance.read(folder)
        made_of = record["ingredients"]
        return cls(
            folder,
            made_of["stage"],
            record["name"],
            made_of["settings"],
            made_of["inputs"],
            record["measured"],
            record["seconds"],
        )


class Job(NamedTuple):
    """The task of a stage.

    Parameters
    ----------
    name : str
        The result's name.
    settings : dict
        The stage's part of the configuration.
    inputs : dict from a role to results
    earlier : list of Input
        Results that differ from this one only in which replicas they have.
    folder : Path
        The folder where the stage writes its files.
    measured : dict
        Where it records times and the like, which are not part of the result.
    """

    name: str
    settings: dict[str, Any]
    inputs: dict[str, list[Input]]
    earlier: list[Input]
    folder: Path
    measured: dict[str, Any]
