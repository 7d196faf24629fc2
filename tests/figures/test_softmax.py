import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import softmax, style

TABLE = pd.DataFrame(
    {
        "scale": [1.0, 10.0, 100.0, 1000.0],
        "plain_finite": [1.0, 0.98, 0.1, 0.0],
        "stable_finite": 1.0,
        "greatest_difference": [1e-7, 1e-6, 0.03, np.nan],
    }
)


def test_each_formula_has_a_line_of_its_share_against_the_scale():
    (axes,) = softmax.draw(TABLE).axes
    assert axes.get_xscale() == "log"
    for line, column in zip(axes.lines, ["plain_finite", "stable_finite"], strict=True):
        np.testing.assert_array_equal(line.get_xydata(), TABLE[["scale", column]])


def test_the_legend_tells_the_formulas_apart_not_by_colour_alone():
    (legend,) = softmax.draw(TABLE).legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["softmax, then its logarithm (3.6)", "nn.CrossEntropyLoss (3.7.2)"]
    for trait in ("color", "linestyle", "marker"):
        assert len({getattr(look, trait) for look in softmax.FORMULAS.values()}) == 2


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [style.save(softmax.draw(TABLE), tmp_path, stem, dpi=40) for stem in ("one", "other")]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="softmax_overflow is empty"):
        softmax.draw(TABLE.iloc[:0])
