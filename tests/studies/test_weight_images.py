"""The images of softmax regression's weights are those of the model that the book trains."""

from base64 import b64decode
from functools import cache

import numpy as np
import pytest
from safetensors.torch import load_file

import d2l_lab.stages.train as stage
from d2l_lab.studies.given import Data
from d2l_lab.studies.weight_images import study
from d2l_lab.tables.files import read_history
from jobs import SOFTMAX, dataset, run
from recipes import images

NAMES = tuple("abcdefghij")
TRAIN, TEST = (Data(*(part.numpy() for part in images(s)), 10, NAMES) for s in ("train", "test"))
SETTINGS = {name: SOFTMAX[name] for name in ("epochs", "batch_size", "learning_rate")}


@cache
def found():
    return study(TRAIN, TEST, SOFTMAX["seed"], **SETTINGS)


def weights(epoch):
    """Decode the images of an epoch: (784, 10)."""
    rows = found()["weight_images_pixels"].query("epoch == @epoch")
    assert tuple(rows["name"]) == NAMES
    levels = [np.frombuffer(b64decode(pixels), np.int8) for pixels in rows["pixels"]]
    return np.array(levels).T / 127 * rows["scale"].iloc[0]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Train the model as the stage does, in as many replicates as the configuration has."""
    folder = tmp_path_factory.mktemp("trained")
    halves = {s: dataset(folder / s, images(s), outputs=10) for s in ("train", "test")}
    return run(stage, folder / "result", SOFTMAX, **halves).folder


def test_the_last_images_show_the_first_replicates_weights_on_a_common_scale(trained):
    W = load_file(trained / "parameters.safetensors")["W"][0].numpy()
    scale = found()["weight_images_pixels"]["scale"].unique().item()
    assert scale == pytest.approx(np.quantile(np.abs(W), 0.99), rel=0.05)
    apart = weights(SETTINGS["epochs"]) - np.clip(W, -scale, scale)
    assert np.abs(apart).max() <= scale / 127 * 0.501
    assert found()["weight_images"]["greatest_weight"].iloc[-1] == np.abs(W).max()


def test_each_epoch_has_the_test_of_the_first_replicate(trained):
    history = read_history(trained / "history.csv")
    wanted = history.query("split == 'test' and replicate == 0")
    before, *after = found()["weight_images"].itertuples(index=False)
    assert [(each.test_loss, each.test_accuracy) for each in after] == [
        *zip(wanted["loss"], wanted["accuracy"], strict=True)
    ]
    assert before.epoch == 0
    assert before.test_loss == pytest.approx(np.log(10), abs=0.1)
    assert before.greatest_weight < 0.06  # of normal numbers with deviation 0.01


def test_the_weights_come_to_resemble_the_mean_images_of_their_classes():
    table = found()["weight_images"].set_index("epoch")
    assert table["correlation_last"].iloc[-1] == pytest.approx(1)
    assert abs(table.loc[0, "correlation_mean"]) < 0.1 < table.loc[1, "correlation_mean"]
    X = TRAIN.X.reshape(500, -1).astype(float)
    means = [X[TRAIN.y == label].mean(axis=0) - X.mean(axis=0) for label in range(10)]
    pairs = zip(means, weights(1).T, strict=True)
    by_hand = np.mean([np.corrcoef(mean, own)[0, 1] for mean, own in pairs])
    assert table.loc[1, "correlation_mean"] == pytest.approx(by_hand, abs=0.03)
