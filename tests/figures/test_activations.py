import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import activations, style

X = np.linspace(-8, 8, 33)
COLUMNS = {
    "relu": (np.maximum(X, 0), X > 0),
    "sigmoid": (1 / (1 + np.exp(-X)), np.cosh(X / 2) ** -2 / 4),
    "tanh": (np.tanh(X), np.cosh(X) ** -2),
}
TABLE = pd.concat(
    pd.DataFrame(
        {"function": name, "x": X, "value": value, "derivative": slope * 1.0, "formula": slope / 2}
    )
    for name, (value, slope) in COLUMNS.items()
)


def test_each_function_stands_above_its_derivative():
    axes = activations.draw(TABLE).axes
    assert [one.get_title("left") for one in axes[:3]] == ["ReLU", "sigmoid", "tanh"]
    for name, above, below in zip(COLUMNS, axes[:3], axes[3:], strict=True):
        rows = TABLE[TABLE["function"] == name]
        lines = [*above.lines, *below.lines]
        for line, column in zip(lines, ["value", "derivative", "formula"], strict=True):
            np.testing.assert_array_equal(line.get_xydata(), rows[["x", column]])


def test_the_derivatives_share_one_scale():
    assert {axes.get_ylim() for axes in activations.draw(TABLE).axes[3:]} == {(-0.05, 1.05)}


def test_the_formula_is_marked_the_autograd_is_a_line():
    (legend,) = activations.draw(TABLE).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "function",
        "derivative by autograd",
        "derivative by formula",
    ]
    _, formula = activations.draw(TABLE).axes[3].lines
    assert (formula.get_linestyle(), formula.get_marker()) == ("None", "o")


def test_three_points_are_enough(tmp_path):
    few = TABLE[TABLE["x"].isin([-8, 0, 8])]
    assert len(style.save(activations.draw(few), tmp_path, "few", dpi=40)) == 2


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [
        style.save(activations.draw(TABLE), tmp_path, stem, dpi=40) for stem in ("one", "other")
    ]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="activations is empty"):
        activations.draw(TABLE.iloc[:0])
