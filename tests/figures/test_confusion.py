import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import confusion, style

NAMES = ["shirt", "bag", "coat"]
COUNTS = np.array([[7, 1, 2], [0, 20, 0], [96, 4, 100]])


def table(models=("softmax_regression_scratch", "mlp_scratch"), devices=("cpu",), counts=COUNTS):
    return pd.DataFrame(
        [
            (model, device, true, predicted, counts[i, j] + shift * (i == j == 0))
            for model in models
            for shift, device in enumerate(devices)
            for i, true in enumerate(NAMES)
            for j, predicted in enumerate(NAMES)
        ],
        columns=["model", "device", "true", "predicted", "count"],
    )


def panels(rows):
    *matrices, bar = confusion.draw(rows).axes
    assert "% of the true class" in bar.get_xlabel()
    return matrices


def shown(axes):
    return axes.images[0].get_array().filled(np.nan)


def test_each_row_of_a_matrix_is_the_shares_of_one_true_class():
    for axes in panels(table()):
        np.testing.assert_allclose(shown(axes), COUNTS / COUNTS.sum(axis=1, keepdims=True))


def test_the_classes_stand_in_the_order_of_the_table_on_both_axes():
    left, right = panels(table())
    assert [label.get_text() for label in left.get_yticklabels()] == NAMES
    assert left.get_ylabel() == "true"
    for axes in (left, right):
        assert [label.get_text() for label in axes.get_xticklabels()] == NAMES
        assert axes.get_xlabel() == "predicted"


def test_shares_from_5_percent_on_are_printed_in_their_cells():
    printed = {text.get_position(): text.get_text() for text in panels(table())[0].texts}
    assert printed == {
        (0, 0): "70",
        (1, 0): "10",
        (2, 0): "20",
        (1, 1): "100",
        (0, 2): "48",
        (2, 2): "50",
    }


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_model_has_its_matrix(count):
    models = ["mlp_scratch", "mlp_concise", "softmax_regression_scratch", "wide"][:count]
    titles = [axes.get_title("left") for axes in panels(table(models))]
    assert titles == [style.human(model) for model in models]


def test_of_several_devices_the_first_is_drawn_and_named():
    (axes,) = panels(table(["mlp_scratch"], ["cuda:0", "cpu"]))
    assert axes.get_title("left") == "MLP scratch on cuda:0"
    assert shown(axes)[0, 0] == pytest.approx(0.7)


def test_a_class_without_images_is_left_blank():
    counts = COUNTS * np.array([[1], [0], [1]])
    (axes,) = panels(table(["mlp_scratch"], counts=counts))
    assert np.isnan(shown(axes)[1]).all()
    assert all(text.get_position()[1] != 1 for text in axes.texts)


def test_without_a_classifier_the_figure_says_so(tmp_path):
    figure = confusion.draw(table().iloc[:0])
    assert [text.get_text() for text in figure.texts] == [
        "no model of this configuration is a classifier"
    ]
    assert figure.axes == []
    assert len(style.save(figure, tmp_path, "empty", dpi=40)) == 2


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [
        style.save(confusion.draw(table()), tmp_path, stem, dpi=40) for stem in ("one", "other")
    ]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]
