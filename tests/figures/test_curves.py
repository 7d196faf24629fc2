import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import kfold_curves, training_curves

FIGURES = {
    "replicate": (training_curves.draw, ["train_running", "train", "test"]),
    "fold": (kfold_curves.draw, ["train_running", "train", "validation"]),
}

METRICS = ["loss", "accuracy"]
NOTES_RANGE = (1e-3, 1e2)  # notes 4.4.4


def history_of(repeat, *, repeats=5, epochs=10, metrics=METRICS, scale=1.0):
    index = pd.MultiIndex.from_product(
        [range(repeats), range(1, epochs + 1), FIGURES[repeat][1]], names=[repeat, "epoch", "split"]
    )
    values = np.random.default_rng(0).uniform(0.3, 0.9, (len(index), len(METRICS))) * scale
    history = pd.DataFrame(values, index=index, columns=METRICS)
    history[METRICS[len(metrics) :]] = np.nan
    return history.reset_index()


def labelled(axes):
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def thin_lines(axes):
    return [line for line in axes.lines if line.get_label().startswith("_")]


def values_of(history, split, metric):
    return history[history["split"] == split].groupby("epoch")[metric]


@pytest.mark.parametrize("repeat", FIGURES)
def test_each_line_is_the_mean_over_the_repeats_at_every_epoch(repeat):
    draw, splits = FIGURES[repeat]
    history = history_of(repeat)
    for axes, metric in zip(draw(history, "a model").axes, METRICS, strict=True):
        for line, split in zip(labelled(axes).values(), splits, strict=True):
            mean = values_of(history, split, metric).mean()
            np.testing.assert_array_equal(line.get_xdata(), mean.index)
            np.testing.assert_allclose(line.get_ydata(), mean)


@pytest.mark.parametrize("repeat", FIGURES)
def test_each_band_reaches_from_the_lowest_to_the_highest_repeat(repeat):
    draw, splits = FIGURES[repeat]
    history = history_of(repeat)
    loss = draw(history, "a model").axes[0]
    for band, split in zip(loss.collections, splits, strict=True):
        corners = pd.DataFrame(band.get_paths()[0].vertices).groupby(0)[1]
        values = values_of(history, split, "loss")
        np.testing.assert_allclose(corners.min(), values.min())
        np.testing.assert_allclose(corners.max(), values.max())


def test_the_order_of_the_rows_changes_nothing():
    history = history_of("replicate")
    shuffled = history.sample(frac=1, random_state=1)
    lines, others = (labelled(training_curves.draw(h, "").axes[0]) for h in (history, shuffled))
    assert list(lines) == list(others)
    for label, line in lines.items():
        np.testing.assert_allclose(line.get_xydata(), others[label].get_xydata())


def test_every_fold_has_a_thin_line_and_replicates_have_none():
    folds = kfold_curves.draw(history_of("fold", repeats=4), "a model").axes[0]
    assert len(thin_lines(folds)) == 4 * 3
    assert not thin_lines(training_curves.draw(history_of("replicate"), "a model").axes[0])


@pytest.mark.parametrize("repeat", FIGURES)
def test_a_regression_has_one_panel_and_a_classifier_two(repeat):
    draw, _ = FIGURES[repeat]
    names = [axes.get_ylabel() for axes in draw(history_of(repeat), "a classifier").axes]
    assert names == ["loss", "accuracy (fraction correct)"]
    regression = draw(history_of(repeat, metrics=["loss"]), "a regression")
    assert [axes.get_ylabel() for axes in regression.axes] == ["loss"]


def test_the_logarithmic_axis_is_that_of_the_notes():
    history = history_of("replicate", epochs=400, metrics=["loss"])
    (axes,) = training_curves.draw(history, "a polynomial", loss_range=NOTES_RANGE).axes
    assert axes.get_yscale() == "log"
    assert axes.get_ylim() == NOTES_RANGE
    assert axes.get_xlim() == (1, 400)


def test_the_logarithmic_axis_grows_to_hold_every_loss():
    history = history_of("replicate", metrics=["loss"], scale=1e4)
    (axes,) = training_curves.draw(history, "a polynomial", loss_range=NOTES_RANGE).axes
    assert axes.get_ylim() == (1e-3, history["loss"].max())


def test_only_the_loss_is_drawn_on_a_logarithmic_axis():
    figure = kfold_curves.draw(history_of("fold"), "a classifier", loss_range=NOTES_RANGE)
    assert [axes.get_yscale() for axes in figure.axes] == ["log", "linear"]


@pytest.mark.parametrize("repeat", FIGURES)
def test_a_single_repeat_has_no_band_and_the_legend_says_so(repeat):
    draw, _ = FIGURES[repeat]
    figure = draw(history_of(repeat, repeats=1), "a model")
    assert not figure.axes[0].collections
    assert figure.legends[0].get_title().get_text() == f"1 {repeat}"


def test_a_single_epoch_is_drawn_as_visible_points():
    figure = training_curves.draw(history_of("replicate", epochs=1), "a model")
    loss = figure.axes[0]
    left, right = loss.get_xlim()
    assert all(line.get_marker() not in ("", "None") for line in loss.lines)
    assert [tick for tick in loss.get_xticks() if left <= tick <= right] == [1]


@pytest.mark.parametrize("repeat", FIGURES)
def test_the_legend_names_the_splits_and_says_what_line_and_band_are(repeat):
    draw, _ = FIGURES[repeat]
    (legend,) = draw(history_of(repeat), "a model").legends
    labels = [text.get_text() for text in legend.get_texts()]
    last = {"replicate": "test", "fold": "validation"}[repeat]
    assert labels == ["train, during the epoch", "train, after the epoch", last]
    assert f"mean of 5 {repeat}s" in legend.get_title().get_text()
    assert "band: from the lowest to the highest" in legend.get_title().get_text()


@pytest.mark.parametrize("repeat", FIGURES)
def test_an_empty_history_is_refused(repeat):
    draw, _ = FIGURES[repeat]
    with pytest.raises(ValueError, match="history is empty"):
        draw(history_of(repeat).iloc[:0], "a model")


def test_rows_of_two_devices_are_refused_rather_than_mixed():
    history = history_of("replicate")
    with pytest.raises(ValueError, match="duplicate"):
        training_curves.draw(pd.concat([history, history]), "a model")


def test_a_split_without_a_meaning_is_refused_rather_than_left_out():
    history = history_of("replicate").replace({"split": {"test": "tset"}})
    with pytest.raises(ValueError, match="tset"):
        training_curves.draw(history, "a model")
