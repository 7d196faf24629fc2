"""The configuration as the project ships it, and how a user's differs from it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from d2l_lab.config.datasets import local_files
from d2l_lab.config.schema import SCHEMA
from d2l_lab.config.validation import validate
from d2l_lab.errors import LabError

# A copy, because users edit config.yaml in place and may have no git.
SHIPPED = SCHEMA.with_name("config.shipped.yaml")
ABSENT = ""  # stands for the value of a key that is not there
UNREAD = ("book", "replicas_per_job")  # the parts of the configuration that no number depends on


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
        If the code of this checkout does not allow it any more, as without a module that it names.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, if libyaml is there
    try:
        return validate(loader(SHIPPED.read_text("utf-8")).get_single_data())
    except LabError as error:
        fault = str(error).splitlines()[0].removeprefix("config.yaml: ")
        raise LabError(
            f"{SHIPPED}: {fault}; this is the configuration as it was shipped, which the code of "
            "this checkout does not allow any more"
        ) from None


def readable(config: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a valid configuration what no number depends on, and where files lie."""
    rest = {key: value for key, value in config.items() if key not in UNREAD}
    datasets = {name: _without_places(dataset) for name, dataset in config["datasets"].items()}
    return rest | {"datasets": datasets}


def _without_places(config: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a dataset's configuration where its files come from: no result depends on it.

    Of a local file the name is left, not the folder, which is nobody's business.
    """
    names = {key: path.name for key, path in local_files(config).items()}
    return {key: value for key, value in (config | names).items() if key != "sources"}


def changes(shipped: Any, yours: Any, path: str = "") -> Iterator[Change]:
    """List the keys in which two valid configurations differ; a section that one lacks is one."""
    if isinstance(shipped, Mapping) and isinstance(yours, Mapping):
        for key in dict.fromkeys([*shipped, *yours]):
            below = f"{path}.{key}" if path else str(key)
            yield from changes(shipped.get(key, ABSENT), yours.get(key, ABSENT), below)
    elif shipped != yours:
        yield Change(path, shipped, yours)
