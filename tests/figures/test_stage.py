"""The stage `figures` passes the right split, model and device to each figure."""

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from d2l_lab.figures import predictions
from d2l_lab.stages import figures
from d2l_lab.stages.job import Input, Job
from figures import examples
from figures.examples import LABELS, labelled, titles


@pytest.fixture
def made(tmp_path):
    """Make an input of the stage: a folder with tables, arrays and a provenance."""

    def made(name, tables=(), settings=(), **arrays):
        folder = tmp_path / name
        folder.mkdir()
        for table, content in dict(tables).items():
            content.to_csv(folder / f"{table}.csv", index=False)
        for file, content in arrays.items():
            save_file(content, folder / f"{file}.safetensors")
        return Input(folder, "a stage", name, dict(settings), {}, {}, 0.0)

    return made


def draw(module, inputs, **settings):
    """Draw a figure by the stage's function for it."""
    job = Job(module, settings | {"module": module}, inputs, [], None, {})
    return figures.drawn(job)


@pytest.fixture
def halves(made):
    """The training and test sets of a dataset of images, which have no image in common."""
    X, y = np.arange(60, dtype=np.uint8).reshape(60, 1, 1, 1), np.arange(60) // 10
    X, classes = np.broadcast_to(X, (60, 1, 28, 28)), {"classes": pd.DataFrame({"name": LABELS})}
    return {
        split: [made(f"pets_{split}", classes, examples={"X": X[rows].copy(), "y": y[rows].copy()})]
        for split, rows in (("train", slice(30, 60)), ("test", slice(30)))
    }


def images_of(figure):
    return [axes.images[0].get_array()[0, 0] * 255 for axes in figure.axes]


def test_the_grid_shows_the_first_training_images(halves):
    figure = draw("image_grid", halves, images=12)
    np.testing.assert_allclose(images_of(figure), range(30, 42))
    labels = [LABELS[3]] * 10 + [LABELS[4]] * 2
    assert [axes.get_title() for axes in figure.axes] == labels
    assert figure.get_suptitle() == "pets"


def test_predictions_are_those_of_the_first_replicate_for_the_first_test_images(made, halves):
    said = np.stack([np.full(30, 2), np.zeros(30, dtype=int)])
    halves["trained"] = [made("mlp_scratch.cuda0", predictions={"predicted": said})]
    figure = draw("predictions", halves)
    np.testing.assert_allclose(images_of(figure), range(predictions.IMAGES))
    names = [(LABELS[i // 10], LABELS[2]) for i in range(predictions.IMAGES)]
    titles = [f"true: {true}\npredicted: {predicted}" for true, predicted in names]
    assert [axes.get_title() for axes in figure.axes] == titles
    assert figure.get_suptitle() == "MLP scratch"


def test_fits_are_drawn_with_their_data_and_the_true_curve(made):
    settings = {"dataset": {"weights": examples.TRUE_WEIGHTS.tolist()}}
    inputs = {}
    for seed, split in enumerate(("train", "test")):
        x, y = examples.points(seed).to_numpy().T
        arrays = {"X": np.stack([x**0, x, x**2 / 2], axis=1), "y": y.reshape(-1, 1).copy()}
        inputs[split] = [made(split, settings=settings, examples=arrays)]
    learned = {f"{model}.cpu": {"w": w[..., None]} for model, w in examples.fits().items()}
    inputs["trained"] = [made(name, parameters=weights) for name, weights in learned.items()]
    figure = draw("fits", inputs)
    assert titles(figure)[1] == "polynomial underfit\n(2 features)"
    lines = labelled(figure.axes[0])
    for seed, split in enumerate(("train", "test")):
        np.testing.assert_array_equal(lines[f"{split} data"].get_xydata(), examples.points(seed))
    x, y = lines["true curve"].get_data()
    np.testing.assert_allclose(y, examples.polynomial(examples.TRUE_WEIGHTS, x))


@pytest.mark.parametrize(
    ("several", "dataset", "expected"),
    [
        (False, "polynomial", ("MLP scratch", "log")),
        (True, "x", ("MLP scratch on cuda:0", "linear")),
    ],
)
@pytest.mark.parametrize("repeat", ["replicate", "fold"])
def test_curves_name_the_model_and_one_of_several_devices(made, repeat, several, dataset, expected):
    settings = {"device": "cuda:0", "dataset": dataset}
    trained = made("mlp_scratch.cuda0", {"history": examples.curves(repeat)}, settings)
    module = {"replicate": "training_curves", "fold": "kfold_curves"}[repeat]
    figure = draw(module, {"trained": [trained]}, several_devices=several)
    assert (figure.get_suptitle(), figure.axes[0].get_yscale()) == expected
    assert figure.legends[0].get_title().get_text().startswith(f"line: mean of 5 {repeat}s")


def test_classes_that_look_like_numbers_keep_their_names(made):
    names = ["1", "01", "True"]
    table = examples.crossed(model=["mlp"], device=["cpu"], true=names, predicted=names)
    figure = draw("confusion", {"drawn": [made("confusion", {"confusion": table.assign(count=1)})]})
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == names


def test_a_figure_is_written_under_its_own_name(made, tmp_path):
    table = examples.crossed(example=range(5), feature=["x[0]"]).assign(x=1.0, y=2.0)
    inputs = {"drawn": [made("minibatches", {"minibatches_examples": table, "other": table})]}
    settings = {"module": "minibatches", "dpi": 40, "translations": []}
    figures.work(Job("a", settings, inputs, [], tmp_path, {}))
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"a.svg", "a.png"}
