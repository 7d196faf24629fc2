"""The figure of a sweep."""

import numpy as np
import pytest

from d2l_lab.figures import style
from figures.examples import SWEEP, SWEPT, draw, labelled, texts


def test_each_value_of_the_second_key_has_a_line_of_the_validation_over_the_first():
    figure = draw("sweep")
    for axes, metric in zip(figure.axes, ["loss", "accuracy"], strict=True):
        assert axes.get_xscale() == "log"
        rows = SWEEP[(SWEEP["split"] == "validation") & (SWEEP["metric"] == metric)]
        for units in (64, 256):
            expected = rows[rows["hidden_units"] == units][["learning_rate", "mean"]]
            line = labelled(axes)[f"hidden_units {units}"]
            np.testing.assert_allclose(line.get_xydata(), expected)
        assert labelled(axes)["chosen: learning_rate 0.01, hidden_units 64"].get_xdata()[0] == 0.01


def test_one_key_has_a_line_for_training_and_one_for_validation():
    one = SWEEP[SWEEP["hidden_units"] == 64]
    figure = draw("sweep", sweeps=one, sweep_choice=SWEPT[:1], keys=["learning_rate"])
    looks = [style.SPLITS[split].label for split in ("train", "validation")]
    assert [*labelled(figure.axes[0])] == [*looks, "chosen: learning_rate 0.01"]


@pytest.mark.parametrize("values", [["sgd", "adam"], ["[256, 128]", "64"], ["null", "2"]])
def test_values_that_are_not_numbers_are_evenly_spaced(values):
    named = SWEEP.assign(learning_rate=np.where(SWEEP["learning_rate"] == 0.01, *values))
    chosen = SWEPT[:1].assign(learning_rate=values[1])
    axes = draw("sweep", sweeps=named, sweep_choice=chosen).axes[0]
    assert texts(axes.get_xticklabels()) == values
    assert axes.get_xticks().tolist() == [0, 1]
