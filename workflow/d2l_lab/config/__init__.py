"""The user's configuration: checked as a whole, explained in plain words, completed with defaults.

`workflow/schemas/config.schema.yaml` says what each key means and may be; the signature of `build`
in a model's module says which hyperparameters the model has, and that of an optimiser's function
which settings it takes. This package joins the two. Each
mistake becomes one line that says where it is, what was found, and how to mend it.
"""

from d2l_lab.config.signatures import MODELS, hyperparameters, modules, optimiser_settings, study
from d2l_lab.config.syntax import check_syntax
from d2l_lab.config.validation import validate

__all__ = [
    "MODELS",
    "check_syntax",
    "hyperparameters",
    "modules",
    "optimiser_settings",
    "study",
    "validate",
]
