"""The shipped metric counts what the notes count, and new metrics are easy to add."""

import subprocess
import sys

import pytest
import torch

from checkout import ROOT
from d2l_lab.errors import LabError
from d2l_lab.training import metrics
from d2l_lab.training.fit import Evaluation, measure, predict_all
from d2l_lab.training.metrics import METRICS, accuracy, faults, metric
from d2l_lab.training.minibatches import padded
from d2l_lab.training.randomness import generator
from recipes import RECIPES, images

CLASSES = {"task": "classification", "more_is_better": True, "en": "top 2", "zh": "前两名"}
NUMBERS = CLASSES | {"task": "regression"}


@pytest.fixture(autouse=True)
def _restored(monkeypatch):
    monkeypatch.setattr(metrics, "METRICS", dict(METRICS))


def top_2(outputs, y):
    return (outputs.topk(2).indices == y.unsqueeze(-1)).any(dim=-1)


def absolute_error(outputs, y):
    return (outputs - y).abs().mean(dim=-1)


def test_accuracy_counts_what_the_notes_count():
    outputs = torch.randn(3, 200, 10, generator=generator(0))
    y = images("test").y.expand(3, -1)
    marked = accuracy(outputs, y)
    assert marked.shape == (3, 200)
    assert torch.equal(marked, outputs.argmax(dim=-1) == y)
    assert accuracy(torch.eye(10).unsqueeze(0), torch.arange(10).unsqueeze(0)).all()
    assert accuracy(torch.ones(1, 1, 10), torch.zeros(1, 1)).all()  # the first of equal ones


@pytest.mark.parametrize(
    ("module", "names", "function"),
    [
        ("softmax_regression.concise", ["accuracy", "top_2"], top_2),
        ("linear_regression.scratch", ["absolute_error"], absolute_error),
    ],
)
def test_a_new_metric_is_the_mean_over_the_examples_of_its_task(module, names, function):
    metric(**CLASSES)(top_2)
    metric(**NUMBERS)(absolute_error)
    recipe = RECIPES[module]
    rows = [torch.arange(70), torch.arange(5, 40)]  # the second replica is padded
    model, held_out = recipe.build(range(2)), Evaluation("test", recipe.examples, padded(rows), 1)
    (history,) = recipe.fit([model], recipe.orders(range(2)), [held_out])
    predicted = predict_all(model, recipe.examples, padded(rows))
    for record in history:
        assert [*record.measured] == ["loss", *names]
    for record, own, outputs in zip(history[-2:], rows, predicted, strict=True):
        mean = function(outputs[: len(own)], recipe.examples.y[own]).double().mean().item()
        assert record.metrics[names[-1]] == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize(
    ("of_examples", "told"),
    [
        (
            lambda outputs, y: outputs.mean(),
            r"returns a tensor \(\) for outputs \(2, 5, 3\); it must return one num",
        ),
        (
            lambda outputs, y: outputs == y.unsqueeze(-1),
            r"returns a tensor \(2, 5, 3\) for .* example, \(2, 5\)$",
        ),
        (lambda outputs, y: 0.5, r"returns 0\.5 for outputs"),
        (
            lambda outputs, y: outputs.topk(4).indices,
            r"RuntimeError: selected index k out of range$",
        ),
    ],
    ids=["mean", "too_many", "number", "raises"],
)
def test_a_metric_that_gives_no_number_for_each_example_is_refused_in_one_line(of_examples, told):
    metric(**CLASSES)(of_examples)
    with pytest.raises(LabError, match=f"^metric <lambda>: {told}"):
        measure(metrics.METRICS["<lambda>"], torch.zeros(2, 5, 3), torch.zeros(2, 5).long())


def test_a_metric_that_no_table_figure_or_page_could_show_is_reported():
    def epoch(outputs, y):
        return top_2(outputs, y)

    assert faults(["en", "zh"]) == []
    metric(**CLASSES | {"task": "ranking"})(top_2)
    metric(**CLASSES)(epoch)
    assert faults(["en", "fr"]) == [
        'metric loss: has no title in fr, a language of the book; add fr="…"',
        'metric accuracy: has no title in fr, a language of the book; add fr="…"',
        "metric top_2: task 'ranking'; choose classification or regression",
        'metric top_2: has no title in fr, a language of the book; add fr="…"',
        "metric epoch: histories have a column of this name; rename it",
        'metric epoch: has no title in fr, a language of the book; add fr="…"',
    ]


def test_figures_and_pages_read_the_titles_without_torch():
    code = "import sys, d2l_lab.training.metrics, d2l_lab.book.page, d2l_lab.figures.style\n"
    subprocess.run(
        [sys.executable, "-c", code + "assert 'torch' not in sys.modules"],
        env={"PYTHONPATH": str(ROOT / "workflow")},
        check=True,
    )
