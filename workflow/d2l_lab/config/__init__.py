"""The user's configuration: checked as a whole, explained in plain words, completed with defaults.

What a key means and may be stands in `workflow/schemas/config.schema.yaml`; which hyperparameters a
model has stands in the signature of its chapter module's `build`. Here the two are joined, and each
mistake becomes one line that says where it is, what was found, and how to mend it.
"""

from d2l_lab.config.order import in_written_order
from d2l_lab.config.signatures import CHAPTERS, REQUIRED, hyperparameters, modules, study
from d2l_lab.config.syntax import check_syntax
from d2l_lab.config.validation import validate

__all__ = [
    "CHAPTERS",
    "REQUIRED",
    "check_syntax",
    "hyperparameters",
    "in_written_order",
    "modules",
    "study",
    "validate",
]
