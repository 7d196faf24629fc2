"""The shipped configuration, and how a user's differs from it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from d2l_lab.config.datasets import local_files
from d2l_lab.config.schema import SCHEMA
from d2l_lab.config.validation import validate
from d2l_lab.errors import LabError

# A copy, because users edit config.yaml in place and may have no git.
SHIPPED = SCHEMA.with_name("config.shipped.yaml")
ABSENT = ""  # the value of a missing key
UNREAD = ("book", "replicas_per_job")  # keys that affect no number


class Change(NamedTuple):
    """A key whose value differs from the shipped one.

    Parameters
    ----------
    key : str
        Its path, such as ``models.mlp_scratch.epochs``.
    shipped, yours : object
        `ABSENT` where there is no such key.
    """

    key: str
    shipped: Any
    yours: Any


def shipped_config() -> dict[str, Any]:
    """Read the shipped configuration, with its defaults filled in.

    Raises
    ------
    LabError
        If it is invalid with the code of this checkout, for instance because a module was deleted.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, if present
    try:
        return validate(loader(SHIPPED.read_text("utf-8")).get_single_data())
    except LabError as error:
        fault = str(error).splitlines()[0].removeprefix("config.yaml: ")
        raise LabError(
            f"{SHIPPED}: {fault}; the shipped configuration is invalid with the code of this "
            "checkout"
        ) from None


def readable(config: Mapping[str, Any]) -> dict[str, Any]:
    """Remove from a valid configuration everything that affects no number, and folders of files."""
    rest = {key: value for key, value in config.items() if key not in UNREAD}
    datasets = {name: _without_places(dataset) for name, dataset in config["datasets"].items()}
    return rest | {"datasets": datasets}


def _without_places(config: Mapping[str, Any]) -> dict[str, Any]:
    """Remove where a dataset's files come from, since no result depends on it.

    A local file keeps its name but not its folder, which is private.
    """
    names = {key: path.name for key, path in local_files(config).items()}
    return {key: value for key, value in (config | names).items() if key != "sources"}


def changes(shipped: Any, yours: Any, path: str = "") -> Iterator[Change]:
    """List the keys in which two valid configurations differ; a missing section is one key."""
    if isinstance(shipped, Mapping) and isinstance(yours, Mapping):
        for key in dict.fromkeys([*shipped, *yours]):
            below = f"{path}.{key}" if path else str(key)
            yield from changes(shipped.get(key, ABSENT), yours.get(key, ABSENT), below)
    elif shipped != yours:
        yield Change(path, shipped, yours)
