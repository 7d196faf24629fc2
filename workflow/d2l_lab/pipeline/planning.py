"""From the files of a checkout to its plan."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from snakemake.utils import update_config

from d2l_lab.config import check_syntax, validate
from d2l_lab.pipeline.environment import resolve_devices
from d2l_lab.pipeline.plan import Plan

CONFIG = Path("config.yaml")


def plan_of(config: Mapping[str, Any], written: Mapping[str, Any] | None = None) -> Plan:
    """Plan a configuration on this machine.

    Parameters
    ----------
    config : mapping
        As it was read, with all that was laid over config.yaml.
    written : mapping or None
        What config.yaml itself says, if `config` may have the models in another order.

    Raises
    ------
    LabError
        If it is not valid.
    """
    valid = validate(config, written)
    return Plan(valid, resolve_devices(valid["devices"]))


def read_config(overlays: Iterable[Path]) -> dict[str, Any]:
    """Read config.yaml, and lay other files over it as Snakemake does for `--configfile`.

    Raises
    ------
    LabError
        If a file is not there, or is not YAML.
    """
    config: dict[str, Any] = {}
    for path in (CONFIG, *overlays):
        update_config(config, check_syntax(path))
    return config
