"""The metrics: what is measured besides a model's loss (notes 3.6).

To add one, write a function with the decorator `metric`. Its name becomes a column of
``history.csv``, and its titles appear in figures and on pages. It returns a number for each
example; the history has the mean over the examples of each split. The module imports no library,
because most code that shows metrics does not need torch.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

TASKS = ("classification", "regression")
RESERVED = ("replicate", "fold", "epoch", "split")  # the other columns of a history

OfExamples = Callable[[Any, Any], Any]


class Metric(NamedTuple):
    """A metric: its names and properties, and its function.

    Parameters
    ----------
    name : str
    title : mapping
        By language: ``{"en": "accuracy", "zh": "精度"}``.
    unit : mapping
        By language; empty if it has none.
    task : str or None
        One of `TASKS`; None if it applies to every model.
    more_is_better : bool
    of_examples : callable or None
        Returns a number for each example, (R, B), from outputs (R, B, q) and labels, which are
        classes (R, B) or numbers (R, B, q). None for the loss, which depends on the model.
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
    """Make a function a metric for all models of a task; `title` and `unit` are by language."""

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
    # Like argmax, this picks the first of equal classes, but ten times as fast.
    return outputs.max(dim=-1).indices == y


def metrics_of(task: str) -> list[Metric]:
    """List the metrics of a task without the loss."""
    return [each for each in METRICS.values() if each.task == task]


def faults(languages: list[str]) -> list[str]:
    """List what is wrong with the metrics, one line per fault."""
    found = []
    for each in METRICS.values():
        if each.name in RESERVED or (each.of_examples and each.name == LOSS.name):
            found.append(f"metric {each.name}: histories have a column of this name; rename it")
        if each.of_examples and each.task not in TASKS:
            found.append(f"metric {each.name}: task {each.task!r}; choose {' or '.join(TASKS)}")
        found += [
            f"metric {each.name}: has no title in {language}, a language of the book; add "
            f'{language}="…"'
            for language in languages
            if not each.title.get(language)
        ]
    return found
