import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import selection_test, style

TABLE = pd.DataFrame(
    [
        (0.1, "validation", 0.45, 0.004, 0.845, 0.002, 60000),
        (0.1, "test", 0.47, 0.006, 0.836, 0.0037, 10000),
    ],
    columns=["learning_rate", "split", "loss", "loss_error", "accuracy", "accuracy_error", "n"],
)


def draw(rows):
    return selection_test.draw(rows)


def test_each_split_has_its_number_and_one_standard_error_to_either_side():
    for axes, metric in zip(draw(TABLE).axes, ["loss", "accuracy"], strict=True):
        for place, container in enumerate(axes.containers):
            value, error = TABLE.loc[place, [metric, f"{metric}_error"]]
            np.testing.assert_allclose(container.lines[0].get_xydata(), [[place, value]])
            (segment,) = container.lines[2][0].get_segments()
            np.testing.assert_allclose(segment[:, 1], [value - error, value + error])


def test_the_splits_are_named_and_look_as_everywhere():
    for axes in draw(TABLE).axes:
        assert [label.get_text() for label in axes.get_xticklabels()] == ["validation", "test"]
        for container, split in zip(axes.containers, ["validation", "test"], strict=True):
            dot = container.lines[0]
            look = style.SPLITS[split]
            assert (dot.get_color(), dot.get_marker()) == (look.color, look.marker)


def test_the_numbers_are_printed_beside_the_dots():
    printed = [text.get_text() for text in draw(TABLE).axes[1].texts]
    assert printed == ["0.8450\n± 0.0020", "0.8360\n± 0.0037"]


def test_the_learning_rate_stands_in_the_title():
    assert draw(TABLE).get_suptitle().endswith("learning rate 0.1")


def test_an_unknown_error_is_a_dot_alone(tmp_path):
    figure = draw(TABLE.assign(loss_error=np.nan))
    style.save(figure, tmp_path, "figure", dpi=40)
    assert [text.get_text() for text in figure.axes[0].texts] == ["0.4500", "0.4700"]


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [style.save(draw(TABLE), tmp_path, stem, dpi=40) for stem in ("one", "other")]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="selection_test is empty"):
        draw(TABLE.iloc[:0])
