import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import test_accuracy as accuracy_figure

SUMMARY = pd.DataFrame(
    [
        ("softmax_regression_scratch", "cpu", "test_accuracy", 0.836, 0.004, 0.831, 0.841, 5),
        ("softmax_regression_scratch", "cpu", "train_loss", 0.450, 0.002, 0.448, 0.452, 5),
        ("mlp_scratch", "cpu", "test_accuracy", 0.861, 0.003, 0.857, 0.865, 5),
        ("linear_regression_scratch", "cpu", "train_loss", 5e-5, 1e-6, 4e-5, 6e-5, 5),
    ],
    columns=["model", "device", "metric", "mean", "sd", "ci_low", "ci_high", "n"],
)


def draw(summary=SUMMARY):
    (axes,) = accuracy_figure.draw(summary).axes
    return axes


def dots(axes):
    return axes.containers[0].lines[0].get_xydata()


def intervals(axes):
    ((bars,),) = (axes.containers[0].lines[2],)
    return [segment[:, 0] for segment in bars.get_segments()]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_only_test_accuracies_are_drawn_each_with_its_mean_and_interval():
    axes = draw()
    np.testing.assert_allclose(dots(axes), [[0.836, 0], [0.861, 1]])
    np.testing.assert_allclose(intervals(axes), [[0.831, 0.841], [0.857, 0.865]])


def test_mean_interval_and_number_of_replicates_are_printed():
    assert texts(draw())[1:] == [
        "0.8360 [0.8310, 0.8410], n = 5",
        "0.8610 [0.8570, 0.8650], n = 5",
    ]


def test_the_first_row_of_the_table_stands_on_top():
    axes = draw()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["softmax regression scratch", "MLP scratch"]
    assert axes.yaxis_inverted()


def test_devices_are_named_where_there_is_more_than_one():
    axes = draw(pd.concat([SUMMARY, SUMMARY.assign(device="cuda:0")]))
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[1:3] == ["MLP scratch, cpu", "softmax regression scratch, cuda:0"]


def test_a_single_replicate_is_a_dot_without_an_interval():
    single = SUMMARY.assign(n=1, sd=np.nan, ci_low=np.nan, ci_high=np.nan)
    axes = draw(single)
    np.testing.assert_allclose(dots(axes)[:, 0], [0.836, 0.861])
    assert texts(axes)[1:] == ["0.8360, n = 1", "0.8610, n = 1"]


def test_a_summary_without_test_accuracy_is_refused():
    with pytest.raises(ValueError, match=r"summary \(its rows of test_accuracy\) is empty"):
        draw(SUMMARY[SUMMARY["metric"] == "train_loss"])
