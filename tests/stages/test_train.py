"""Replicates: each is the same to the bit whatever its company, so that none is trained twice."""

import pytest
import torch
from safetensors.torch import save_file

import d2l_lab.stages.train as stage
from by_hand import TRAINING
from d2l_lab.stages.job import Job
from d2l_lab.store import keys, provenance, results
from recipes import curve, images

# 31 examples in minibatches of 10: the last holds one row, where torch takes other roads
OVERFIT = TRAINING | {
    "module": "d2l_lab.models.polynomial_regression.concise",
    "learning_rate": 0.01,
    "evaluate_train": False,
    "evaluate_every": 2,
}
SOFTMAX = TRAINING | {
    "module": "d2l_lab.models.softmax_regression.scratch",
    "learning_rate": 0.1,
    "batch_size": 499,
}
KINDS = {
    "polynomial": (OVERFIT, curve(20, 31), curve(20, 40, seed=1), 1),
    "softmax": (SOFTMAX, images(), images("test"), 10),
}


class Lab:
    """A store beside the data of one kind of model; its results are made in this very process."""

    def __init__(self, path, kind):
        self.path, self.inputs = path, {}
        self.settings, train, test, outputs = KINDS[kind]
        for split, examples in (("train", train), ("test", test)):
            folder = path / split
            folder.mkdir()
            tensors = {**examples._asdict(), "outputs": torch.tensor(outputs)}
            save_file(tensors, folder / "examples.safetensors")
            self.inputs[split] = [folder]

    def train(self, replicates):
        settings = self.settings | {"replicates": replicates}
        ingredients = {"stage": "train", "settings": settings, "inputs": {}}
        place = self.path / "model.cpu" / keys.key(ingredients)
        with results.writing(place, ingredients) as (folder, measured):
            stage.work(
                Job("model.cpu", settings, self.inputs, ingredients, place, folder, measured)
            )
        return place


def files_of(folder):
    return {name: (folder / name).read_bytes() for name in provenance.read(folder)["files"]}


def trained_of(folder):
    return provenance.read(folder)["measured"]["trained"]


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def fresh(kind, tmp_path_factory):
    """The files of one, two and four replicates, each trained where there was nothing before."""
    return {
        count: files_of(Lab(tmp_path_factory.mktemp("fresh"), kind).train(count))
        for count in (1, 2, 4)
    }


@pytest.mark.parametrize(
    ("before", "count", "trained"),
    [([1], 2, 1), ([2], 4, 2), ([1, 2], 4, 2), ([4], 2, 0), ([4], 1, 0), ([1], 4, 3)],
    ids=str,
)
def test_what_is_there_is_kept_and_the_rest_trained_and_the_bits_are_the_same(
    tmp_path, kind, fresh, before, count, trained
):
    lab = Lab(tmp_path, kind)
    for earlier in before:
        lab.train(earlier)
    folder = lab.train(count)
    assert trained_of(folder) == trained
    assert files_of(folder) == fresh[count]


def test_an_earlier_result_that_was_altered_is_not_used(tmp_path):
    lab = Lab(tmp_path, "polynomial")
    history = lab.train(1) / "history.csv"
    history.write_text(history.read_text().replace("1", "2"))
    assert trained_of(lab.train(2)) == 2
