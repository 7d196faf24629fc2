"""List the tables that a page's sentences depend on, without libraries, as every run reads this."""

import re

TABLES: dict[str, tuple[str, ...]] = {
    "claims": ("claims",),
    "descent": ("closed_form", "closed_form_distance"),
    "rates": ("learning_rate",),
    "loop": ("vectorisation_timing",),
    "linear": ("training", "models"),
    "learned": ("parameters", "models"),
    "ways": ("agreement",),
    "classes_of_images": ("images",),
    "reading": ("images_timing",),
    "overflow": ("softmax_overflow",),
    "classifiers": ("summary", "kfold_summary", "training", "models"),
    "confused": ("confusion", "confusion_classes", "models", "summary"),
    "formed": ("weight_images",),
    "collapse": ("affine_collapse_difference", "affine_collapse"),
    "vanishing": ("vanishing_gradients",),
    "degrees": ("capacity_test", "capacity_weights", "capacity_choice"),
    "sizes": ("sample_size",),
    "rate_choice": ("selection", "selection_choice", "selection_test"),
    "joint_choice": ("hyperparameters", "hyperparameters_choice", "hyperparameters_test"),
    "polynomials": ("models", "summary"),
    "published": ("published",),
    "facing_pages": ("published", "models", "summary"),
    "overfitting": ("capacity_test",),
    "trainings": ("checklist_models", "summary"),
    "halves": ("checklist_data",),
    "machine": ("jobs_timing",),
    "searched": ("hyperparameters", "hyperparameters_choice"),
    "exercises_linear": ("exercises_linear",),
    "exercises_softmax": ("exercises_softmax",),
    "exercises_reading": ("exercises_softmax_timing",),
    "exercises_mlp": ("exercises_mlp",),
}
EXPRESSION = re.compile(r"{[{%].*?[%}]}", re.DOTALL)
NAME = re.compile(r"(?<![\w.])[a-z_]+\b")


def findings_of(text: str) -> list[str]:
    """List the findings that a template uses."""
    names = NAME.findall(" ".join(EXPRESSION.findall(text)))
    return [name for name in TABLES if name in names]


def required_tables(text: str) -> list[str]:
    """List the tables that a template uses."""
    return list(dict.fromkeys(table for name in findings_of(text) for table in TABLES[name]))
