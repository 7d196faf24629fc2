"""Each replicate and fold has the same bits whatever is trained with it, and is trained once."""

from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.stages import kfold, shards, train
from d2l_lab.store import keys, results
from d2l_lab.tables import divergences, files
from d2l_lab.training import randomness
from d2l_lab.training.fit import Examples
from jobs import MLP, POLYNOMIAL, SOFTMAX, dataset, run
from nets import CONVOLUTIONAL
from recipes import curve, images

COUNT = 7
ALL = range(COUNT)
KINDS = {
    # In minibatches of 5: seven folds of four or five examples, whose last minibatches have one or
    # two rows; those of replicates have one, for which torch picks another kernel.
    "polynomial": (POLYNOMIAL, curve(20, 31), curve(20, 40, seed=1), 1),
    "mlp": (MLP, images(), images("test"), 10),
    # In minibatches of 16: folds of 34 or 35 rows; convolutions, normalisation and dropout.
    "module": (
        {key: value for key, value in MLP.items() if key != "hidden_units"}
        | {"module": CONVOLUTIONAL, "batch_size": 16},
        Examples(*(part[:40] for part in images())),
        Examples(*(part[:40] for part in images("test"))),
        10,
    ),
}
STAGES = {"train": (train, "replicates"), "kfold": (kfold, "folds")}


class Lab:
    """The data of one kind of model, and the results of one stage."""

    def __init__(self, path: Path, kind: str, stage: str):
        self.path, (self.stage, count) = path, STAGES[stage]
        settings, train_half, test_half, outputs = KINDS[kind]
        self.whole = settings | {count: COUNT}
        self.inputs = {
            split: dataset(path / split, half, outputs)
            for split, half in (("train", train_half), ("test", test_half))
        }

    def make(self, numbers: range, earlier=()):
        """Make the result of some or all replicas."""
        settings = shards.settings_of(self.whole, numbers) if numbers != ALL else self.whole
        folder = self.path / f"{numbers.start}-{numbers.stop} {len(earlier)}"
        return run(self.stage, folder, settings, earlier=earlier, **self.inputs)


def contents(result, numbers=ALL, held=ALL):
    """Return the bits of some replicas in a result."""
    tensors = {
        (path.name, name): values[[held.index(number) for number in numbers]].numpy().tobytes()
        for path in result.folder.glob("*.safetensors")
        for name, values in load_file(path).items()
    }
    history = pd.read_csv(result.folder / "history.csv", dtype=str)
    return tensors, history[history.iloc[:, 0].astype(int).isin(numbers)].to_numpy().tolist()


@pytest.fixture(scope="module", params=[(k, s) for k in KINDS for s in STAGES], ids="-".join)
def lab(request, tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("lab"), *request.param)


@pytest.fixture(scope="module")
def at_once(lab):
    return lab.make(ALL)


@pytest.mark.parametrize(
    ("before", "wanted", "trained"),
    [
        ([], range(1), 1),
        ([], range(3, 5), 2),
        ([range(2), range(1)], range(4), 2),
        ([range(1)], ALL, COUNT - 1),
        ([range(4)], range(1, 3), 0),
        ([range(2), range(2, 5), range(5, COUNT)], ALL, 0),
    ],
    ids=str,
)
def test_known_replicas_are_kept_the_rest_is_trained_and_the_bits_are_the_same(
    lab, at_once, before, wanted, trained
):
    result = lab.make(wanted, [lab.make(numbers) for numbers in before])
    assert result.measured["trained"] == trained
    assert result.measured["replicas"] == len(wanted)
    assert contents(result, wanted, wanted) == contents(at_once, wanted)


@pytest.mark.parametrize(
    ("stage", "changes", "reused"),
    [
        (train, {"replicates": 9}, True),
        (train, {"seed": 1}, False),
        (train, {"learning_rate": 0.2}, False),
        (kfold, {"folds": 9}, False),
        (kfold, {"seed": 1}, False),
        (kfold, {"only": [0, 2]}, True),
    ],
)
def test_replicas_of_another_seed_or_number_of_folds_are_not_reused(
    tmp_path, stage, changes, reused
):
    count = {"replicates": 2} if stage is train else {"folds": 2}
    folders = []
    for settings in (MLP | count, MLP | count | changes):
        ingredients = {"stage": "a stage", "settings": settings, "inputs": {}}
        folders.append(tmp_path / "a.cpu" / keys.key(ingredients))
        with results.writing(folders[-1], ingredients):
            pass
    found = results.relatives(folders[1], ingredients, stage.REUSES_REPLICAS_OF_OTHER)
    assert [folder for folder, _ in found] == folders[:1] * reused


@pytest.mark.parametrize("stage", STAGES)
def test_initial_values_shuffles_and_folds_all_come_from_the_seed(tmp_path, monkeypatch, stage):
    lab, asked, made = Lab(tmp_path, "polynomial", stage), [], set()

    def spy(seed, *purpose):
        if seed not in made:  # one that comes from another generator's seed rests on that
            asked.append((seed, *purpose))
        found = generator(seed, *purpose)
        made.add(found.initial_seed())
        return found

    generator = randomness.generator
    for module in (randomness, kfold):
        monkeypatch.setattr(module, "generator", spy)
    lab.whole |= {"seed": 5}
    lab.make(ALL)
    assert {purpose[0] for purpose in asked} == {5}
    assert len({*asked}) == len(asked) == 2 * COUNT + (stage == "kfold")


def test_replicates_are_tested_on_the_test_set_and_never_trained_on_it(tmp_path):
    halves = {split: images(split) for split in ("train", "test")}
    inputs = {split: dataset(tmp_path / split, half, 10) for split, half in halves.items()}
    result = run(train, tmp_path / "result", SOFTMAX, **inputs)
    learned = load_file(result.folder / "parameters.safetensors")
    history = pd.read_csv(result.folder / "history.csv").query("epoch == 2")
    for split, (X, y) in halves.items():
        y_hat = softmax(X.flatten(1) @ learned["W"] + learned["b"])
        losses = cross_entropy(y_hat, y.expand(2, -1)).mean(dim=1).tolist()
        rows = history[history["split"] == split]
        assert rows["loss"].tolist() == pytest.approx(losses, rel=1e-5)
    predicted = load_file(result.folder / "predictions.safetensors")["predicted"]
    assert torch.equal(predicted, y_hat.argmax(dim=-1))

    ruined = halves["test"]._replace(X=halves["test"].X.flip(0))
    inputs["test"] = dataset(tmp_path / "ruined", ruined, 10)
    other = run(train, tmp_path / "other", SOFTMAX, **inputs)
    again = load_file(other.folder / "parameters.safetensors")
    assert all(torch.equal(again[name], values) for name, values in learned.items())


def test_the_requested_features_are_the_first_columns(tmp_path):
    lab = Lab(tmp_path, "polynomial", "train")
    lab.whole |= {"features": 4}
    four = load_file(lab.make(range(2)).folder / "parameters.safetensors")["w"]
    lab.inputs = {
        split: dataset(tmp_path / f"four {split}", curve(4, size, seed), 1)
        for split, size, seed in (("train", 31, 0), ("test", 40, 1))
    }
    expected = load_file(lab.make(range(2, 4)).folder / "parameters.safetensors")["w"]
    assert four.shape == expected.shape == (2, 4, 1)
    both = load_file(lab.make(range(4)).folder / "parameters.safetensors")["w"]
    assert torch.equal(torch.cat([four, expected]), both)


@pytest.mark.parametrize(("stage", "epochs"), [("train", 5), ("kfold", 6)])
def test_a_diverging_replica_is_recorded_alike_whatever_is_trained_with_it(tmp_path, stage, epochs):
    """At this learning rate some replicas diverge within these epochs, and others do not."""
    lab = Lab(tmp_path, "polynomial", stage)
    lab.whole |= {"learning_rate": 2.0, "epochs": epochs}
    whole = lab.make(ALL)
    lost = {each.replica for each in divergences.read(whole.folder)}
    assert 0 < len(lost) < COUNT
    history = files.read_history(whole.folder / "history.csv")
    counted = history.columns[0]
    assert {*history.loc[history["loss"].isna(), counted]} == lost
    assert history.groupby(counted).size().nunique() == 1  # no row is left out
    parameters = load_file(whole.folder / "parameters.safetensors")["w"]
    for number in ALL:
        assert parameters[number].isnan().all() == (number in lost)
        assert parameters[number].isfinite().all() == (number not in lost)
    for where in (range(3), range(min(lost), min(lost) + 1)):
        part = lab.make(where)
        assert contents(part, where, where) == contents(whole, where)
        expected = [each for each in divergences.read(whole.folder) if each.replica in where]
        assert str(divergences.read(part.folder)) == str(expected)
    again = lab.make(ALL, [part, lab.make(range(3))])
    assert contents(again) == contents(whole)
    for name in ("history.csv", "diverged.csv"):
        assert (again.folder / name).read_bytes() == (whole.folder / name).read_bytes()


def test_training_stops_when_every_replica_has_diverged(tmp_path):
    lab = Lab(tmp_path, "mlp", "train")
    lab.whole |= {"learning_rate": 1e9, "epochs": 9}
    result = lab.make(range(2))
    first, _ = divergences.read(result.folder)
    assert (first.replica, first.epoch, first.where[:5]) == (0, 1, "step ")
    history = files.read_history(result.folder / "history.csv")
    assert history["epoch"].max() == 9
    assert history.loc[history["epoch"] > 1, ["loss", "accuracy"]].isna().all(axis=None)
    predicted = load_file(result.folder / "predictions.safetensors")["predicted"]
    assert (predicted == -1).all()
    told = divergences.Diverged.of("a", "train", lab.whole, result.folder)
    (line,) = divergences.lines([told])
    assert line.startswith("a: 2 of 7 replicates diverged (first replicate 0, epoch 1, step ")
    assert line.endswith(" with sgd, learning_rate 1e+09; reduce models.a.learning_rate")
