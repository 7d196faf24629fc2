"""The user's configuration: checked as a whole, explained in plain words, completed with defaults.

`workflow/schemas/config.schema.yaml` says what each key means and may be; the signature of `build`
in a model's module says which hyperparameters the model has, that of an optimiser's function which
settings it takes, and that of `generate` or `read` in a dataset's module which settings the dataset
has. This package joins them. Each mistake becomes one line that says where it is, what was found,
and how to mend it.
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
