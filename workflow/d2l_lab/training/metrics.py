"""The metrics: what is measured of a model beside its loss (notes 3.6).

To add one, write a function with `metric` above it. Its name heads a column of
``history.csv``, its titles stand in figures and on pages. It gives a number for each example;
recorded is their mean over the examples of a split. Whatever shows metrics reads this module, most
of it without torch, so the module imports no library.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

TASKS = ("classification", "regression")
RESERVED = ("replicate", "fold", "epoch", "split")  # the other columns of a history

OfExamples = Callable[[Any, Any], Any]


class Metric(NamedTuple):
    """What a metric is called, and what it tells.

    Parameters
    ----------
    name : str
    title : mapping
        By language: ``{"en": "accuracy", "zh": "精度"}``.
    unit : mapping
        By language, if it has one.
    task : str or None
        One of `TASKS`; None if every model has it.
    more_is_better : bool
    of_examples : callable or None
        A number for each example, (R, B), from outputs (R, B, q) and labels: classes (R, B), or
        numbers (R, B, q). None for the loss, which is the model's own.
    """

    name: str
    title: Mapping[str, str]
    unit: Mapping[str, str]
    task: str | None
    more_is_better: bool
    of_examples: OfExamples | None

    def labelled(self, language: str) -> str:
        """Return the title with the unit in brackets, if there is one."""
        unit = self.unit.get(language)
        return self.title[language] + (f" ({unit})" if unit else "")


LOSS = Metric("loss", {"en": "loss", "zh": "损失"}, {}, None, False, None)
METRICS = {LOSS.name: LOSS}  # by name, in the order of tables and figures


def metric(
    *,
    task: str,
    more_is_better: bool,
    unit: Mapping[str, str] | None = None,
    **title: str,
) -> Callable[[OfExamples], OfExamples]:
    """Make a function a metric of all models of a task; `title` is by language, as is `unit`."""

    def add(function: OfExamples) -> OfExamples:
        name = function.__name__
        METRICS[name] = Metric(name, title, unit or {}, task, more_is_better, function)
        return function

    return add


@metric(
    task="classification",
    more_is_better=True,
    en="accuracy",
    zh="精度",
    unit={"en": "fraction correct", "zh": "正确的比例"},
)
def accuracy(outputs, y):
    """Mark the examples whose most probable class is the label (notes 3.6)."""
    # The same class as by argmax, the first of equal ones, in a tenth of the time.
    return outputs.max(dim=-1).indices == y


def metrics_of(task: str) -> list[Metric]:
    """List the metrics of a task without the loss."""
    return [each for each in METRICS.values() if each.task == task]


def faults(languages: list[str]) -> list[str]:
    """Say what is wrong with the metrics, a line each."""
    found = []
    for each in METRICS.values():
        if each.name in RESERVED or (each.of_examples and each.name == LOSS.name):
            found.append(f"metric {each.name}: a history has this column already; rename it")
        if each.of_examples and each.task not in TASKS:
            found.append(f"metric {each.name}: task {each.task!r} is none of {', '.join(TASKS)}")
        found += [
            f"metric {each.name}: has no title in the language {language} of the book; add "
            f'{language}="…"'
            for language in languages
            if not each.title.get(language)
        ]
    return found
