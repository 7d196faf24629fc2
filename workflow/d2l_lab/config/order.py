"""The order of the models: the file's own."""

from pathlib import Path
from typing import Any

import yaml


def in_written_order(models: dict[str, Any], path: Path) -> dict[str, Any]:
    """Order models as the file does, then those that it does not name.

    Snakemake puts what `--configfile` and `--config` name before the rest; but the order is that
    of the tables' rows, and what is in them must not depend on how it was asked for.

    Parameters
    ----------
    models : dict
        Of a valid configuration.
    path : Path
        config.yaml, its syntax checked.

    Returns
    -------
    dict
    """
    written = list(yaml.safe_load(path.read_text("utf-8")).get("models") or ())
    known = [name for name in written if name in models]
    return {name: models[name] for name in dict.fromkeys([*known, *models])}
