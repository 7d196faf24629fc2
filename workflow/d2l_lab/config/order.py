"""The order of the models: the file's own."""

from collections.abc import Mapping
from typing import Any


def in_written_order(models: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Order models as the file does, then those that it does not name.

    Snakemake puts what `--configfile` and `--config` name before the rest; but the order is that
    of the tables' rows, and what is in them must not depend on how it was asked for.

    Parameters
    ----------
    models : mapping
        Of a valid configuration.
    written : mapping
        What config.yaml says, and nothing laid over it.

    Returns
    -------
    dict
    """
    known = [name for name in written.get("models") or () if name in models]
    return {name: models[name] for name in dict.fromkeys([*known, *models])}
