"""Read the user's configuration, check it as a whole, and fill in the defaults.

`workflow/schemas/config.schema.yaml` says what each key means and which values it allows. Function
signatures say the rest: that of a model's `build` lists the hyperparameters, that of an optimiser's
function its settings, and that of a dataset's `generate` or `read` the dataset's settings. This
package combines them. Each mistake is reported in one line: where it is, what was found, and how to
fix it.
"""

from d2l_lab.config.datasets import Facts, dataset, digest, facts, kinds, local_files
from d2l_lab.config.signatures import (
    MODELS,
    hyperparameters,
    layers,
    modules,
    optimiser_settings,
    study,
)
from d2l_lab.config.syntax import check_syntax
from d2l_lab.config.validation import validate

__all__ = [
    "MODELS",
    "Facts",
    "check_syntax",
    "dataset",
    "digest",
    "facts",
    "hyperparameters",
    "kinds",
    "layers",
    "local_files",
    "modules",
    "optimiser_settings",
    "study",
    "validate",
]
