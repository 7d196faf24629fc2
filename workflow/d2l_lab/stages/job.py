"""What a stage is given."""

from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from d2l_lab.errors import LabError
from d2l_lab.store import provenance


class Given(dict):
    """Settings or inputs by name; a missing one ends the stage with a plain line."""

    def __missing__(self, name: str) -> NoReturn:
        raise LabError(
            f"{name}: not given; name it under --settings or --input, as `snakemake -n -p` shows "
            "for a job of this stage"
        )


class Input(NamedTuple):
    """A result that a stage reads, with what its provenance says of how it came about.

    Parameters
    ----------
    folder : Path
        Its files, each as it was written.
    stage, name : str
    settings : dict
        What the stage that made it was told.
    inputs : dict from a role to the references of results
    measured : dict
        What that stage measured beside the result.
    seconds : float
        How long it took.
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
        """Read a result's provenance; `LabError` if a file of it is missing or modified."""
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
    """What a stage works on.

    Parameters
    ----------
    name : str
        The result's name.
    settings : dict
        The stage's part of the configuration.
    inputs : dict from a role to results
    earlier : list of Input
        Results that differ from this one in no more than how many replicas they hold.
    folder : Path
        Where the stage writes its files.
    measured : dict
        Where it notes times and the like, which are no part of the result.
    """

    name: str
    settings: dict[str, Any]
    inputs: dict[str, list[Input]]
    earlier: list[Input]
    folder: Path
    measured: dict[str, Any]
