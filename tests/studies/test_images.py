import multiprocessing
import os
import signal

import numpy as np
import pandas as pd
import psutil
import pytest
import torch

import recipes
from d2l_lab.datasets import fashion_mnist
from d2l_lab.studies import images
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import generator

pytestmark = [
    # From Python 3.12 on, a fork warns if torch has threads; the workers do not use them.
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
    # On a single core, torch advises fewer than two workers.
    pytest.mark.filterwarnings("ignore:This DataLoader will create:UserWarning"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return recipes.unpack(tmp_path_factory.mktemp("files"))


def data(split):
    X, y = recipes.images(split)
    return Data(X.numpy(), y.numpy(), 10, fashion_mnist.CLASSES)


def found(files, workers=(0,), batch_size=64, seed=0):
    return images.study(
        data("train"), data("test"), files, seed, workers=list(workers), batch_size=batch_size
    )


@pytest.fixture(scope="module")
def tables(files):
    return found(files, workers=(0, 3))


def whole(batches):
    """Join the batches of one epoch; return them with their sizes."""
    parts = [(X.clone(), y.clone()) for X, y in batches]
    X, y = map(torch.cat, zip(*parts, strict=True))
    return X, y, [len(y) for _, y in parts]


def test_the_images_of_each_class_are_counted(tables):
    table = tables["images"]
    assert table["name"].tolist() == [*fashion_mnist.CLASSES] * 2
    assert table["label"].tolist() == [*range(10)] * 2
    for split in ("train", "test"):
        y = recipes.images(split).y.tolist()
        assert table.loc[table["split"] == split, "count"].tolist() == [
            y.count(label) for label in range(10)
        ]


def test_the_smallest_and_largest_grey_values_are_those_of_the_class(tables):
    X, y = recipes.images("test")
    rows = tables["images"].query("split == 'test'")
    for row in rows.itertuples():
        assert row.least == X[y == row.label].min().item()
        assert row.greatest == X[y == row.label].max().item()


def test_a_class_without_images_has_a_count_of_zero():
    X = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 1, 2, 2)
    table = images.classes("train", Data(X, np.array([2, 0, 2]), 3, ("a", "b", "c")))
    assert table["count"].tolist() == [1, 0, 2]
    assert table["least"].isna().tolist() == [False, True, False]
    np.testing.assert_allclose(table["greatest"].dropna(), [X[1].max(), X[2].max()])


def of_property(table, name):
    return table[table["property"] == name].set_index("split")["value"].to_dict()


def test_the_tensors_equal_those_that_torchvision_reads(tables):
    table = tables["images_tensors"]
    assert dict(zip(table["split"], table["n"], strict=True)) == {"train": 500, "test": 200}
    for name in ("not_tensors", "other_shapes", "other_types", "greatest_difference"):
        assert of_property(table, name) == {"train": 0, "test": 0}
    extremes = {split: [data(split).X.min(), data(split).X.max()] for split in ("train", "test")}
    for split, expected in extremes.items():
        found = [of_property(table, name)[split] for name in ("least", "greatest")]
        np.testing.assert_allclose(found, expected)


def test_images_that_become_something_else_are_counted():
    own = np.full((5, 1, 2, 2), 0.25, np.float32)
    right = torch.full((1, 2, 2), 0.25)
    made = [right, right.double(), right[0], right.numpy(), right + 0.5]
    found = images.tensor_properties([(image, 0) for image in made], own)
    assert found.set_index("property")["value"].to_dict() == {
        "not_tensors": 1,
        "other_shapes": 1,
        "other_types": 1,
        "least": 0.25,
        "greatest": 0.75,
        "greatest_difference": 0.5,
    }
    assert (found["n"] == 5).all()


def test_every_way_of_reading_is_timed(tables):
    timing = tables["images_timing"]
    assert timing["way"].tolist() == ["DataLoader", "DataLoader", "resident tensor"]
    assert timing["workers"].tolist() == [0, 3, pd.NA]
    assert (timing["seconds"] > 0).all()


@pytest.mark.parametrize("workers", [0, 2])
def test_both_ways_read_each_image_once_with_its_label(files, workers):
    X, y = recipes.images()
    with fashion_mnist.torchvision_root(files) as root:
        by_loader = whole(images.notes_way(root, workers, 200, generator(0, "test")))
    by_tensor = whole(
        (X[0], y[0]) for X, y in images.resident(recipes.images(), 200, generator(0, "test"))
    )

    def in_order(X, y):
        rows = torch.cat([X.flatten(1), y.unsqueeze(1)], dim=1).numpy()
        return rows[np.lexsort(rows.T)]

    for read_X, read_y, sizes in (by_loader, by_tensor):
        assert sizes == [200, 200, 100]
        np.testing.assert_array_equal(in_order(read_X, read_y), in_order(X, y))
        assert not torch.equal(read_X, X)


def test_the_order_of_the_loader_depends_on_its_generator_and_not_on_the_workers(files):
    with fashion_mnist.torchvision_root(files) as root:
        one, same, other = (
            whole(images.notes_way(root, workers, 500, generator(seed, "test")))[1]
            for seed, workers in ((0, 0), (0, 2), (1, 0))
        )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_workers_have_ended_when_the_epoch_is_read(files):
    before = psutil.Process().children(recursive=True)
    with fashion_mnist.torchvision_root(files) as root:
        batches = images.notes_way(root, 2, 100, generator(0, "test"))
        next(batches)
        assert len(multiprocessing.active_children()) == 2
        whole(batches)
    assert psutil.Process().children(recursive=True) == before


def test_a_worker_told_to_end_does_so_silently_with_code_zero(files, capfd):
    with fashion_mnist.torchvision_root(files) as root:
        batches = images.notes_way(root, 1, 1, generator(0, "test"))
        next(batches)
        (worker,) = multiprocessing.active_children()
        os.kill(worker.pid, signal.SIGTERM)
        worker.join(10)
        assert worker.exitcode == 0
        batches.close()
    assert capfd.readouterr() == ("", "")


def test_a_signal_to_end_waits_until_the_workers_exist():
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with images.ending_put_off():
            signal.raise_signal(signal.SIGTERM)
            assert heard == []
        assert heard == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
