"""Data in MNIST's file format are read correctly, or refused in one line."""

import gzip

import numpy as np
import pytest

from d2l_lab.datasets import idx
from d2l_lab.errors import LabError

IMAGES, LABELS = 0x00000803, 0x00000801
PIXELS = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
DIGITS = np.array([0, 1, 2, 1], np.uint8)


def packed(magic, data):
    lengths = b"".join(length.to_bytes(4) for length in data.shape)
    return magic.to_bytes(4) + lengths + data.tobytes()


@pytest.fixture
def files(tmp_path):
    """Write the four files with some changes; return them by their keys."""
    whole = {
        "images": packed(IMAGES, PIXELS),
        "labels": packed(LABELS, DIGITS),
        "test_images": packed(IMAGES, PIXELS[:2]),
        "test_labels": packed(LABELS, DIGITS[1:3]),
    }

    def files(**changes):
        for key, data in (whole | changes).items():
            (tmp_path / key).write_bytes(data)
        return {key: tmp_path / key for key in whole}

    return files


def test_images_and_labels_are_read_compressed_or_not_and_labels_are_their_own_names(files):
    for paths in (files(), files(images=gzip.compress(packed(IMAGES, PIXELS)))):
        half = idx.read("train", **paths)
        assert np.array_equal(half.X[:, 0], PIXELS)
        assert (half.y.tolist(), half.classes) == ([0, 1, 2, 1], ("0", "1", "2"))
    assert idx.read("test", **files()).y.tolist() == [1, 2]
    assert idx.read("test", **files(), classes=["a", "b", "c", "d"]).classes == (*"abcd",)


BROKEN = {
    "empty": ({"images": b""}, "images: the file is empty"),
    "labels for images": ({"images": packed(LABELS, DIGITS)}, "images: begins with 00000801, but"),
    "images for labels": ({"labels": packed(IMAGES, PIXELS)}, "labels: begins with 00000803, but"),
    "floats": ({"images": packed(0x0D03, PIXELS)}, "images: begins with 00000d03, but an IDX file"),
    "no IDX at all": ({"test_labels": b"label\n1\n2\n"}, "test_labels: begins with 6c616265, but"),
    "short": ({"images": packed(IMAGES, PIXELS)[:-1]}, "images: has 39 bytes, but its header"),
    "long": ({"labels": packed(LABELS, DIGITS) + b"x"}, "labels: has 13 bytes, but its header"),
    "cut off": ({"images": gzip.compress(packed(IMAGES, PIXELS))[:-9]}, "images: a damaged gzip"),
    "nothing in it": (
        {"images": packed(IMAGES, PIXELS[:0])},
        "images: an IDX file without",
    ),
    "unequal count": ({"labels": packed(LABELS, DIGITS[:3])}, "labels: 3 labels for the 4 images"),
    "unequal in the test": ({"test_labels": packed(LABELS, DIGITS)}, "test_labels: 4 labels for"),
    "another size": (
        {"test_images": packed(IMAGES, PIXELS[:2].reshape(2, 3, 2))},
        "test_images: images of 3 × 2 pixels, but those in",
    ),
    "one class": ({"labels": packed(LABELS, DIGITS * 0 + 5)}, "labels: every label is 5"),
    "unknown class": (
        {"test_labels": packed(LABELS, DIGITS[1:3] + 6)},
        "test_labels: entry 1: the label 7 does not occur in",
    ),
}


@pytest.mark.parametrize(("changes", "expected"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("split", ["train", "test"])
def test_broken_files_are_refused_in_one_line(files, split, changes, expected):
    with pytest.raises(LabError) as caught:
        idx.read(split, **files(**changes))
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_for_too_few_classes_are_refused(files):
    with pytest.raises(
        LabError, match="the label 2, but classes lists 2 names, for the labels 0 to 1"
    ):
        idx.read("train", **files(), classes=["a", "b"])


def test_a_name_that_readers_of_tables_take_for_missing_is_refused(files):
    with pytest.raises(LabError, match="classes: 'None' looks like a missing value; rename it"):
        idx.read("train", **files(), classes=["None", "a", "b"])


def test_a_missing_file_is_named(files):
    paths = files()
    paths["labels"].unlink()
    with pytest.raises(LabError, match=r"labels: no such file; correct the path, or put"):
        idx.read("train", **paths)
