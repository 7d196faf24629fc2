"""The notes' code that runs on the pages does what the text next to it says."""

import contextlib
import io
import random

import numpy as np
import torch
import yaml

from d2l_lab.book.examples import CLASSES, COUNT, SIDE, first_images, random_images
from d2l_lab.book.notebooks import in_language
from d2l_lab.book.page_requests import NOTEBOOKS
from d2l_lab.config import validate
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store.code import ROOT


class Images:
    """A page with images that a linear model can tell apart."""

    def images(self):
        rng = np.random.default_rng(0)
        y = rng.integers(10, size=512)
        X = rng.random((512, 28, 28), dtype=np.float32) / 2
        X[np.arange(512), y] += 0.5  # one bright row
        return X, y


def run(page):
    """Run the code that a page shows; return its names, and what it printed."""
    cells = in_language((NOTEBOOKS / f"{page}.py").read_text("utf-8"), "en").cells
    code = "\n".join(cell.source for cell in cells if "code" in cell.metadata.get("tags", []))
    names, printed = {"page": Images(), "__name__": page}, io.StringIO()
    state = random.getstate()
    with contextlib.redirect_stdout(printed), torch.random.fork_rng():
        exec(compile(code, page, "exec"), names)  # noqa: S102
    random.setstate(state)
    return names, printed.getvalue()


def losses(printed):
    """Read the losses of runs over epochs, one list for each run."""
    runs = []
    for line in printed.splitlines():
        if line.startswith("epoch "):
            _, number, _, loss, *_ = line.replace(",", "").split()
            if number == "1":
                runs.append([])
            runs[-1].append(float(loss))
    return runs


def test_linear_regression_finds_the_true_weights_in_both_ways():
    names, printed = run("linear_regression")
    true = torch.tensor([[2.0], [-3.4]])
    torch.testing.assert_close(names["w"].detach(), true, atol=0.01, rtol=0)
    torch.testing.assert_close(names["net"][0].weight.detach(), true.T, atol=0.01, rtol=0)
    scratch, concise = losses(printed)
    assert scratch[0] > scratch[-1] < 1e-3
    assert concise[0] > concise[-1] < 1e-3
    assert "RuntimeError" in printed  # raised by mm
    assert "AssertionError" in printed  # raised by TensorDataset


def test_softmax_regression_learns_by_both_branches_of_the_same_function():
    names, printed = run("softmax_regression")
    gradient, probabilities = names["o"].grad, names["softmax"](names["o"].detach())
    torch.testing.assert_close(gradient, probabilities - torch.tensor([[0.0, 1.0, 0.0]]))
    scratch, concise = losses(printed)
    assert scratch[0] > scratch[-1]
    assert concise[0] > concise[-1]
    assert "plain formulas: tensor([0.3490,    inf])" in printed


def test_the_perceptron_learns_and_two_affine_maps_collapse_into_one():
    _, printed = run("multilayer_perceptrons")
    assert "affine: True" in printed
    assert "ReLU:   False" in printed
    assert "ValueError" in printed  # raised for a non-leaf tensor
    assert all(run[0] > run[-1] for run in losses(printed))


def test_four_features_fit_the_cubic_better_than_two():
    _, printed = run("model_selection")
    found = [float(line.split()[-1]) for line in printed.splitlines() if line.startswith("train")]
    assert found[0] < found[1]
    assert "ndarray float64" in printed
    assert "Tensor torch.float32" in printed


def test_the_pages_get_the_images_of_the_run_or_random_ones(published, tmp_path):
    X, y = first_images(published.path / "results" / "store")
    assert X.dtype == np.float32
    assert (X.shape, X.min(), X.max()) == ((500, SIDE, SIDE), 0, 1)
    assert y.shape == (500,)
    assert first_images(tmp_path) is None
    X, y = random_images()
    assert (X.shape, y.shape, y.max() + 1) == ((COUNT, SIDE, SIDE), (COUNT,), CLASSES)


def test_only_pages_that_show_images_are_given_images():
    config = validate(yaml.safe_load((ROOT.parent / "config.yaml").read_text("utf-8")))
    pages = {page.name: page.inputs for page in Plan(config, ["cpu"]).stage("notebook")}
    given = {name: [each.name for each in inputs.get("data", [])] for name, inputs in pages.items()}
    assert given["softmax_regression"] == given["multilayer_perceptrons"]
    assert given["softmax_regression"] == ["fashion_mnist_train"]
    assert [name for name, data in given.items() if data] == [
        "multilayer_perceptrons",
        "softmax_regression",
    ]
