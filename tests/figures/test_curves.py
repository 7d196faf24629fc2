"""Learning curves, and the curves of a cross-validation."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import kfold_curves, training_curves
from d2l_lab.training.metrics import METRICS
from figures.examples import SPLITS, curves, labelled, limits, texts, thin_lines

DRAW = {"replicate": training_curves.draw, "fold": kfold_curves.draw}
NOTES_RANGE = (1e-3, 1e2)  # notes 4.4.4


def draw(history, dataset=""):
    return DRAW["fold" if "fold" in history else "replicate"](history, "a model", dataset)


@pytest.mark.parametrize("repeat", DRAW)
def test_each_line_is_the_mean_over_the_repeats_and_its_band_their_range(repeat):
    history = curves(repeat)
    figure = draw(history.sample(frac=1, random_state=1))  # the order of the rows does not matter
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy (fraction correct)"]
    for axes, metric in zip(figure.axes, ["loss", "accuracy"], strict=True):
        assert len(thin_lines(axes)) == {"replicate": 0, "fold": 5 * 3}[repeat]
        drawn = zip(labelled(axes).values(), axes.collections, strict=True)
        for split, (line, band) in zip(
            ["train_running", "train", SPLITS[repeat]], drawn, strict=True
        ):
            values = history[history["split"] == split].groupby("epoch")[metric]
            np.testing.assert_array_equal(line.get_xdata(), values.mean().index)
            np.testing.assert_allclose(line.get_ydata(), values.mean())
            np.testing.assert_allclose(limits(band), (values.min(), values.max()))
    (legend,) = figure.legends
    names = ["train, during the epoch", "train, after the epoch", SPLITS[repeat]]
    assert texts(legend.get_texts()) == names
    assert f"mean of 5 {repeat}s" in legend.get_title().get_text()
    assert "band: from the lowest to the highest" in legend.get_title().get_text()


@pytest.mark.parametrize(
    ("dataset", "scale", "kind", "span"),
    [
        ("polynomial", 1, "log", NOTES_RANGE),
        ("polynomial", 1e4, "log", (1e-3, None)),  # grown to hold the greatest loss
        ("linear", 1, "log", (1e-4, 1e1)),
        ("houses", 1, "log", None),
    ],
)
def test_a_regressions_loss_has_the_notes_logarithmic_axis(dataset, scale, kind, span):
    history = curves("replicate", epochs=40, metrics=["loss"], scale=scale)
    (axes,) = draw(history, dataset).axes
    assert (axes.get_xlim(), axes.get_yscale()) == ((1, 40), kind)
    assert span is None or axes.get_ylim() == (span[0], span[1] or history["loss"].max())


def test_the_loss_of_a_classifier_has_a_linear_axis():
    assert [axes.get_yscale() for axes in draw(curves("fold"), "pets").axes] == ["linear"] * 2


def test_only_the_loss_is_drawn_on_a_logarithmic_axis():
    figure = draw(curves("fold"), "polynomial")
    assert [axes.get_yscale() for axes in figure.axes] == ["log", "linear"]


def test_further_metrics_have_three_panels_a_row_and_regression_errors_log_axes(
    monkeypatch,
):
    history = curves("replicate", metrics=["loss"])
    for number, better in enumerate([False, True, True]):
        name = f"metric_{number}"
        about = {"title": {"en": name}, "unit": {}, "task": "regression", "more_is_better": better}
        own = METRICS["accuracy"]._replace(name=name, **about)
        monkeypatch.setitem(METRICS, name, own)
        history[name] = history["loss"]
    panels = draw(history).axes
    assert [axes.get_ylabel() for axes in panels] == ["loss", "metric_0", "metric_1", "metric_2"]
    assert [axes.get_yscale() for axes in panels] == ["log", "log", "linear", "linear"]
    assert [axes.get_subplotspec().rowspan.start for axes in panels] == [0, 0, 0, 1]


@pytest.mark.parametrize("repeat", DRAW)
def test_a_single_repeat_has_no_band_and_the_legend_says_so(repeat):
    figure = draw(curves(repeat, repeats=1))
    assert not figure.axes[0].collections
    assert figure.legends[0].get_title().get_text() == f"1 {repeat}"


def test_a_single_epoch_is_drawn_as_visible_points():
    loss = draw(curves("replicate", epochs=1)).axes[0]
    left, right = loss.get_xlim()
    assert all(line.get_marker() not in ("", "None") for line in loss.lines)
    assert [tick for tick in loss.get_xticks() if left <= tick <= right] == [1]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (lambda history: pd.concat([history, history]), "duplicate"),  # as if from two devices
        (lambda history: history.replace({"split": {"test": "tset"}}), "tset"),
    ],
)
def test_a_table_that_is_not_the_history_of_one_model_is_refused(wrong, what):
    with pytest.raises(ValueError, match=what):
        draw(wrong(curves("replicate")))


@pytest.mark.parametrize("repeat", DRAW)
def test_the_mean_ends_where_a_repeat_diverges_and_the_legend_says_so(repeat):
    history = curves(repeat)
    lost = (history[repeat] == 1) & (history["epoch"] > 3)
    history.loc[lost, ["loss", "accuracy"]] = np.nan
    figure = draw(history)
    assert f"1 of 5 {repeat}s diverged" in figure.legends[0].get_title().get_text()
    for axes in figure.axes:
        for line in labelled(axes).values():
            shown = pd.Series(line.get_ydata(), line.get_xdata()).notna()
            assert shown.tolist() == [epoch <= 3 for epoch in shown.index]


def test_a_model_that_diverged_at_once_has_a_note_and_no_curve():
    figure = draw(curves("replicate").assign(loss=np.nan, accuracy=np.nan))
    assert not figure.axes
    assert "5 of 5 replicates diverged" in figure.texts[0].get_text()
