"""The figures of model selection, underfitting and overfitting."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import style, words
from figures import examples
from figures.examples import (
    TABLES,
    TIMES,
    TRUE_WEIGHTS,
    draw,
    labelled,
    limits,
    points,
    texts,
    thin_lines,
    titles,
)


def test_losses_by_degree_are_medians_and_bars_count_how_often_a_degree_is_picked():
    figure = draw("capacity")
    for axes in figure.axes[:2]:
        lines = labelled(axes)
        assert list(lines) == ["train", "validation", "test"]
        for split, line in lines.items():
            medians = [(degree, TIMES[split] * 3 * 10.0**-degree) for degree in range(4)]
            np.testing.assert_allclose(line.get_xydata(), medians)
    for bars in figure.axes[2].containers:
        assert sorted(bar.get_height() for bar in bars) == [1, 4]


def test_each_method_and_degree_has_a_panel_of_medians_by_size():
    figure = draw("sample_size")
    assert titles(figure)[:2] == ["degree 1", "degree 3"]
    for axes in figure.axes:
        for split, line in labelled(axes).items():
            medians = [(10, 0.3 * TIMES[split]), (100, 0.03 * TIMES[split])]
            np.testing.assert_allclose(line.get_xydata(), medians)


def test_each_rate_has_the_mean_over_the_folds_and_a_mark_for_each_fold():
    rows = examples.selection()
    figure = draw("selection")
    for axes, metric in zip(figure.axes, ["loss", "accuracy"], strict=True):
        assert axes.get_xscale() == "log"
        for split, folds in zip(["train", "validation"], thin_lines(axes), strict=True):
            of_split = rows[rows["split"] == split]
            expected = of_split.groupby("learning_rate")[metric].mean()
            x, y = labelled(axes)[style.SPLITS[split].label].get_data()
            np.testing.assert_array_equal(x, expected.index)
            np.testing.assert_allclose(y, expected)
            np.testing.assert_array_equal(folds.get_xydata(), of_split[["learning_rate", metric]])
        assert labelled(axes)["chosen: 0.1"].get_xdata() == [0.1, 0.1]
    (legend,) = figure.legends
    assert texts(legend.get_texts()) == ["train, after the epoch", "validation", "chosen: 0.1"]
    assert "mean of 3 folds" in legend.get_title().get_text()


def test_the_learning_rates_are_named_where_there_is_room():
    def names(*rates):
        figure = draw("selection", examples.selection(rates), TABLES["selection_choice"])
        return texts(figure.axes[0].get_xticklabels())

    assert names(0.01, 0.03, 0.1, 0.3) == ["0.01", "0.03", "0.1", "0.3"]
    assert names(0.03, 0.1) == ["0.03", "0.1"]
    assert "0.011" not in names(0.01, 0.011, 0.1)


def test_validation_and_test_are_shown_in_numbers_and_with_bars_of_one_standard_error():
    rows = TABLES["selection_test"]
    figure = draw("selection_test", rows)
    assert figure.get_suptitle().endswith("learning rate 0.1")
    for axes, metric in zip(figure.axes, ["loss", "accuracy"], strict=True):
        assert texts(axes.get_xticklabels()) == ["validation", "test"]
        for place, container in enumerate(axes.containers):
            value, error = rows.loc[place, [metric, f"{metric}_error"]]
            dot, look = container.lines[0], style.SPLITS[rows["split"][place]]
            np.testing.assert_allclose(dot.get_xydata(), [[place, value]])
            assert (dot.get_color(), dot.get_marker()) == (look.color, look.marker)
            (segment,) = container.lines[2][0].get_segments()
            np.testing.assert_allclose(segment[:, 1], [value - error, value + error])
    assert texts(figure.axes[1].texts) == ["0.8450\n± 0.0020", "0.8360\n± 0.0037"]


def test_a_value_of_unknown_error_is_a_dot_without_bars(tmp_path):
    figure = draw("selection_test", TABLES["selection_test"].assign(loss_error=np.nan))
    style.save(figure, tmp_path, "figure", dpi=40)
    assert texts(figure.axes[0].texts) == ["0.4500", "0.4700"]


@pytest.mark.parametrize("replicates", [1, 5])
def test_each_polynomial_has_its_data_the_true_curve_and_the_mean_fit_with_its_range(replicates):
    learned = examples.fits(replicates)
    figure = draw("fits", points(0), points(1), TRUE_WEIGHTS, learned)
    assert titles(figure) == [
        "polynomial normal\n(4 features)",
        "polynomial underfit\n(2 features)",
        "polynomial overfit\n(20 features)",
    ]
    for axes, weights in zip(figure.axes, learned.values(), strict=True):
        lines = labelled(axes)
        for label, data in {
            "train data": points(0),
            "test data": points(1),
        }.items():
            np.testing.assert_array_equal(lines[label].get_xydata(), data[["x", "y"]])
        x, y = lines["true curve"].get_data()
        np.testing.assert_allclose(y, examples.polynomial(TRUE_WEIGHTS, x))
        replicas = np.array([examples.polynomial(w, x) for w in weights])
        fit = lines[f"fit, mean of {words.counted(replicates, 'replicate')}"]
        np.testing.assert_allclose(fit.get_ydata(), replicas.mean(axis=0), atol=1e-9)
        assert len(axes.collections) == (replicates > 1)
        for band in axes.collections:
            span = (replicas.min(axis=0), replicas.max(axis=0))
            np.testing.assert_allclose(limits(band), span, atol=1e-9)


def test_a_diverging_fit_does_not_squash_the_data_on_the_shared_axes():
    diverging = examples.fits() | {"polynomial_overfit": np.full((5, 20), 1e9)}
    figure = draw("fits", points(0), points(1), TRUE_WEIGHTS, diverging)
    y = pd.concat([points(0), points(1)])["y"]
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes}) == 1
    bottom, top = figure.axes[0].get_ylim()
    assert bottom < y.min() < y.max() < top
    assert np.ptp(y) > 0.8 * (top - bottom)


def test_fits_and_learning_rates_that_diverge_are_named():
    lost = examples.fits()
    lost["polynomial_overfit"] = lost["polynomial_overfit"].copy()
    lost["polynomial_overfit"][:2] = np.nan
    figure = draw("fits", points(0), points(1), TRUE_WEIGHTS, lost)
    assert ["2 of 5 diverged" in axes.get_title(loc="left") for axes in figure.axes] == [
        name == "polynomial_overfit" for name in lost
    ]
    tried = examples.selection()
    tried.loc[tried["learning_rate"] == 0.3, ["loss", "accuracy"]] = np.nan
    figure = draw("selection", selection=tried)
    assert figure.legends[0].get_title().get_text().endswith("\ndiverges: 0.3")


def test_the_features_of_each_degree_are_drawn_with_and_without_the_factorial():
    (axes,) = draw("polynomial_terms").axes
    lines = {line.get_label(): line.get_xydata() for line in axes.get_lines()}
    by_factorial = [(degree, 2 / (1 + degree)) for degree in range(4)]
    np.testing.assert_allclose(lines["divided by the factorial"], by_factorial)
    powers = [(degree, 2**degree) for degree in range(4)]
    np.testing.assert_allclose(lines["without dividing"], powers)
