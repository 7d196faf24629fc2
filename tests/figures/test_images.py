import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import images, style

NAMES = ["bag", "coat", "shirt"]
CLASSES = pd.DataFrame(
    {
        "split": ["train"] * 3 + ["test"] * 3,
        "label": [0, 1, 2] * 2,
        "name": NAMES * 2,
        "count": [600, 590, 610, 100, 0, 90],
        "least": 0.0,
        "greatest": 1.0,
    }
)
TIMING = pd.DataFrame(
    {
        "way": ["DataLoader", "DataLoader", "resident tensor"],
        "workers": [0, 1, np.nan],
        "seconds": [3.06, 2.5, 0.088],
    }
)


def draw(classes=CLASSES, timing=TIMING):
    return images.draw(classes, timing)


def rows_of(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def test_each_split_has_a_dot_for_each_class():
    balance, _ = draw().axes
    assert rows_of(balance) == NAMES
    for line, split in zip(balance.lines, ["train", "test"], strict=True):
        counts = CLASSES.loc[CLASSES["split"] == split, "count"]
        np.testing.assert_array_equal(line.get_xydata(), [*zip(counts, range(3), strict=True)])
        assert line.get_marker() == style.SPLITS[split].marker


def test_each_way_has_a_dot_and_its_time_in_numbers_on_a_logarithmic_axis():
    _, timing = draw().axes
    (line,) = timing.lines
    np.testing.assert_array_equal(line.get_xydata(), [(3.06, 0), (2.5, 1), (0.088, 2)])
    assert [text.get_text() for text in timing.texts] == ["3.1 s", "2.5 s", "0.088 s"]
    assert rows_of(timing) == ["DataLoader,\n0 workers", "DataLoader,\n1 worker", "resident tensor"]
    assert timing.get_xscale() == "log"


def test_it_says_that_the_times_are_not_reproducible():
    assert "one measurement, not reproducible" in draw().axes[1].get_xlabel()


def test_the_first_row_stands_on_top():
    assert all(axes.yaxis_inverted() for axes in draw().axes)


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [style.save(draw(), tmp_path, stem, dpi=40) for stem in ("one", "other")]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


def test_an_empty_table_is_refused_by_its_name():
    with pytest.raises(ValueError, match="images is empty"):
        draw(CLASSES.iloc[:0])
    with pytest.raises(ValueError, match="images_timing is empty"):
        draw(timing=TIMING.iloc[:0])
