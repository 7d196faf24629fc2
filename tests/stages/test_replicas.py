"""Shards: a training that is cut into jobs of any size comes out the same to the bit."""

import pytest
import torch
from safetensors.torch import save_file

from by_hand import TRAINING
from d2l_lab.stages import kfold, shards, train
from d2l_lab.stages.job import Job
from d2l_lab.store import keys, provenance, results
from recipes import curve, images

COUNT = 7
# 31 examples in minibatches of 5: seven folds of four or five, whose last minibatches hold one
# row or two, and the replicates' one, where torch takes other roads.
POLYNOMIAL = TRAINING | {
    "module": "d2l_lab.models.polynomial_regression.concise",
    "learning_rate": 0.01,
    "batch_size": 5,
}
MLP = TRAINING | {
    "module": "d2l_lab.models.mlp.scratch",
    "learning_rate": 0.1,
    "batch_size": 64,
    "epochs": 2,
    "hyperparameters": {"hidden_units": 16},
}
KINDS = {
    "polynomial": (POLYNOMIAL, curve(20, 31), curve(20, 40, seed=1), 1),
    "mlp": (MLP, images(), images("test"), 10),
}
STAGES = {"train": (train, {"replicates": COUNT}), "kfold": (kfold, {"folds": COUNT})}


class Lab:
    """A store beside the data of one kind of model, for the jobs of one stage."""

    def __init__(self, path, kind, stage):
        self.path, self.inputs = path, {}
        self.stage, count = STAGES[stage]
        settings, train_half, test_half, outputs = KINDS[kind]
        self.whole = settings | count
        for split, examples in (("train", train_half), ("test", test_half)):
            folder = path / split
            folder.mkdir()
            tensors = {**examples._asdict(), "outputs": torch.tensor(outputs)}
            save_file(tensors, folder / "examples.safetensors")
            self.inputs[split] = [folder]

    def run(self, name, settings):
        """Be one job; give the folder of its result."""
        ingredients = {"stage": "a stage", "settings": settings, "inputs": {}}
        place = self.path / "store" / name / keys.key(ingredients)
        with results.writing(place, ingredients) as (folder, measured):
            self.stage.work(Job(name, settings, self.inputs, ingredients, place, folder, measured))
        return place

    def shard(self, numbers):
        settings = shards.settings_of(self.whole, numbers)
        return self.run(shards.name_of("model.cpu", numbers), settings)

    def all(self):
        return self.run("model.cpu", self.whole)


def files_of(folder):
    return {name: (folder / name).read_bytes() for name in provenance.read(folder)["files"]}


def trained_of(folder):
    return provenance.read(folder)["measured"]["trained"]


@pytest.fixture(scope="module", params=[(k, s) for k in KINDS for s in STAGES], ids="-".join)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def at_once(kind, tmp_path_factory):
    """The files of all replicas, trained by one job."""
    return files_of(Lab(tmp_path_factory.mktemp("at_once"), *kind).all())


@pytest.mark.parametrize("size", [1, 3, COUNT - 1])
def test_shards_of_any_size_make_what_one_job_makes_to_the_bit(tmp_path, kind, at_once, size):
    lab = Lab(tmp_path, *kind)
    ranges = shards.cut(COUNT, size)
    assert [trained_of(lab.shard(one)) for one in reversed(ranges)] == [*map(len, ranges[::-1])]
    whole = lab.all()
    assert trained_of(whole) == 0
    assert files_of(whole) == at_once


def test_what_a_shard_lacks_or_has_altered_is_trained_by_the_whole(tmp_path, kind, at_once):
    lab = Lab(tmp_path, *kind)
    lab.shard(range(2))
    damaged = lab.shard(range(2, 4)) / "history.csv"
    damaged.write_text(damaged.read_text().replace("1", "2"))
    whole = lab.all()
    assert trained_of(whole) == COUNT - 2
    assert files_of(whole) == at_once


def test_a_shard_takes_what_earlier_results_of_any_size_hold(tmp_path, kind, at_once):
    lab = Lab(tmp_path, *kind)
    lab.all()
    assert trained_of(lab.shard(range(3, 5))) == 0
