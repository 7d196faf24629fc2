"""The figures of softmax regression and of its data."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from d2l_lab.figures import confusion, image_grid, images, information, style, words
from figures import examples
from figures.examples import IMAGES, LABELS, PREDICTED, TABLES, arguments, draw, rows_of, texts


def test_information_is_two_curves_and_a_point_for_each_pair_of_distributions():
    given = arguments("information")
    *curves, pairs = information.draw(**given).axes
    for axes, quantity in zip(curves, ["surprisal", "entropy"], strict=True):
        (line,) = axes.lines
        columns = ["probability", quantity]
        np.testing.assert_array_equal(line.get_xydata(), given[f"information_{quantity}"][columns])
        assert axes.get_ylabel() == f"{quantity} (nats)"
    points, line = pairs.lines
    expected = given["information_cross_entropy"][["entropy", "cross_entropy"]]
    np.testing.assert_array_equal(points.get_xydata(), expected)
    np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())
    assert points.get_linestyle() == "None"


def test_each_formula_has_a_line_of_its_finite_share_against_the_scale():
    figure = draw("softmax")
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    for line, column in zip(axes.lines, ["plain_finite", "stable_finite"], strict=True):
        np.testing.assert_array_equal(
            line.get_xydata(), TABLES["softmax_overflow"][["scale", column]]
        )
    labels = ["softmax, then its logarithm (3.6)", "nn.CrossEntropyLoss (3.7.2)"]
    assert texts(figure.legends[0].get_texts()) == labels


# Images


def test_images_are_shown_in_order_under_their_own_labels_on_one_grey_scale():
    dark = np.stack([IMAGES[0] / 4, *IMAGES[1:]])
    figure = draw("image_grid", dark, LABELS)
    assert [axes.get_title() for axes in figure.axes] == LABELS
    for axes, image in zip(figure.axes, dark, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), image)
        assert axes.images[0].get_clim() == (0, 1)


@pytest.mark.parametrize(("columns", "rows"), [(4, 2), (3, 3), (7, 1), (12, 1)])
def test_the_grid_has_the_requested_columns_and_no_empty_axes(columns, rows):
    figure = image_grid.draw(IMAGES, LABELS, columns=columns)
    assert len(figure.axes) == len(IMAGES)
    assert figure.axes[0].get_gridspec().get_geometry() == (rows, columns)


def test_a_missing_label_is_refused():
    with pytest.raises(ValueError, match="zip"):
        draw("image_grid", IMAGES, LABELS[:-1])
    with pytest.raises(ValueError, match="zip"):
        draw("predictions", IMAGES, LABELS, PREDICTED[:-1], "")


@pytest.mark.parametrize(("predicted", "wrong"), [(PREDICTED, [1, 5]), (LABELS, [])])
def test_exactly_the_wrong_predictions_have_a_cross_and_a_frame(predicted, wrong):
    figure = draw("predictions", IMAGES, LABELS, predicted, "softmax regression")
    for number, axes in enumerate(figure.axes):
        assert axes.get_title() == f"true: {LABELS[number]}\npredicted: {predicted[number]}"
        marked = number in wrong
        assert texts(axes.texts) == [style.CROSS] * marked
        colors = {spine.get_edgecolor() for spine in axes.spines.values()}
        assert (colors == {to_rgba(style.VERMILLION)}) == marked
    assert figure.get_supxlabel() == f"✗ and frame: wrong, {len(wrong)} of 7"


def test_each_class_and_each_way_to_read_has_a_dot_the_first_on_top():
    given = arguments("images")
    balance, timing = images.draw(**given).axes
    assert rows_of(balance) == LABELS[:3]
    for line, split in zip(balance.lines, ["train", "test"], strict=True):
        count = given["images"].loc[given["images"]["split"] == split, "count"]
        np.testing.assert_array_equal(line.get_xydata(), [*zip(count, range(3), strict=True)])
        assert line.get_marker() == style.SPLITS[split].marker
    (line,) = timing.lines
    np.testing.assert_array_equal(line.get_xydata(), [(3.06, 0), (2.5, 1), (0.088, 2)])
    assert texts(timing.texts) == ["3.1 s", "2.5 s", "0.088 s"]
    assert rows_of(timing) == ["DataLoader,\n0 workers", "DataLoader,\n1 worker", "resident tensor"]
    assert timing.get_xscale() == "log"
    assert "one measurement, not reproducible" in timing.get_xlabel()
    assert balance.yaxis_inverted()
    assert timing.yaxis_inverted()


# Weights


def test_the_weights_have_a_row_for_an_epoch_and_a_column_for_a_class_on_one_scale():
    axes, bar = draw("weight_images").axes
    (image,) = axes.images
    assert texts(axes.get_xticklabels()) == LABELS[:3]
    assert [text.split("\n")[0] for text in rows_of(axes)] == [
        f"epoch {e}" for e in (0, 1, 2, 5, 10)
    ]
    assert rows_of(axes)[-1].endswith("accuracy 0.80")
    shown = np.ma.filled(image.get_array(), np.nan)
    columns, rows = (axis.get_majorticklocs().astype(int) for axis in (axes.xaxis, axes.yaxis))
    middle = shown[rows[-1] - 1 : rows[-1] + 2, columns[-1] - 1 : columns[-1] + 3]
    np.testing.assert_allclose(middle, np.arange(32, 44).reshape(3, 4) * 0.3 / 127)
    assert image.get_clim() == (-0.3, 0.3)
    assert "0.3 and more" in bar.get_xlabel()


# Confusion


def matrices(rows):
    *panels, bar = confusion.draw(rows).axes
    assert "% of the true class" in bar.get_xlabel()
    return panels


def shown(axes):
    return axes.images[0].get_array().filled(np.nan)


def test_a_matrix_row_has_the_shares_of_a_true_class_in_numbers_from_5_percent_on():
    left, right = matrices(examples.confusion())
    assert (rows_of(left), left.get_ylabel()) == (LABELS[:3], "true")
    for axes in (left, right):
        np.testing.assert_allclose(
            shown(axes), examples.CONFUSION / examples.CONFUSION.sum(axis=1, keepdims=True)
        )
        assert texts(axes.get_xticklabels()) == LABELS[:3]
        assert axes.get_xlabel() == "predicted"
        printed = {text.get_position(): text.get_text() for text in axes.texts}
        first, second, third = {(0, 0): "70", (1, 0): "10", (2, 0): "20"}, {(1, 1): "100"}, {}
        third |= {(0, 2): "48", (2, 2): "50"}
        assert printed == first | second | third


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_model_has_its_matrix(count):
    models = ["mlp_scratch", "mlp_concise", "softmax_regression_scratch", "wide"][:count]
    found = [axes.get_title("left") for axes in matrices(examples.confusion(models))]
    assert found == [words.human(model) for model in models]


def test_the_first_of_several_devices_is_drawn_and_named():
    rows = examples.confusion(["mlp_scratch"], ["cuda:0", "cpu"])
    rows.loc[rows["device"] == "cpu", "count"] = 1
    (axes,) = matrices(rows)
    assert axes.get_title("left") == "MLP scratch on cuda:0"
    assert shown(axes)[0, 0] == pytest.approx(0.7)


def test_a_class_without_images_is_left_blank():
    rows = examples.confusion(["mlp_scratch"])
    rows.loc[rows["true"] == LABELS[1], "count"] = 0
    (axes,) = matrices(rows)
    assert np.isnan(shown(axes)[1]).all()
    assert all(text.get_position()[1] != 1 for text in axes.texts)


def test_a_diverged_classifier_has_a_panel_and_a_row_that_say_so():
    counts = examples.confusion().astype({"count": float})
    counts.loc[counts["model"] == "mlp_scratch", "count"] = None
    figure = draw("confusion", counts)
    said = ["a replicate diverged" in texts(axes.texts) for axes in figure.axes[:2]]
    assert said == [False, True]
    unknown = {"mean": np.nan, "sd": np.nan, "ci_low": np.nan, "ci_high": np.nan, "diverged": 2}
    summary = TABLES["summary"].assign(**unknown)
    assert any(
        text.startswith("2 of ") for text in texts(draw("test_accuracy", summary).axes[0].texts)
    )


def test_each_matrix_names_its_own_classes_if_models_use_several_datasets():
    names = {"mlp_scratch": ["bag", "coat", "shirt"], "pets": ["cat", "dog"]}
    rows = pd.concat(
        examples.crossed(model=[model], device=["cpu"], true=own, predicted=own).assign(count=1)
        for model, own in names.items()
    )
    for axes, own in zip(matrices(rows), names.values(), strict=True):
        for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
            assert [label.get_text() for label in labels] == own
            assert labels[0].get_visible()
