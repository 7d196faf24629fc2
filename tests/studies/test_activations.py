import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.studies import activations

# Formulas other than the study's, with functions of numpy.
VALUES = {
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}
DERIVATIVES = {
    "relu": lambda x: np.heaviside(x, 0),
    "sigmoid": lambda x: np.cosh(x / 2) ** -2 / 4,
    "tanh": lambda x: np.cosh(x) ** -2,
}


def curves(points=65):
    table = activations.study(points=points)["activations"]
    return {name: rows.set_index("x") for name, rows in table.groupby("function", sort=False)}


@given(points=st.integers(3, 300))
def test_the_inputs_are_evenly_spaced_from_minus_8_to_8_and_an_odd_number_includes_0(points):
    x = curves(points)["tanh"].index.to_numpy()
    assert len(x) == points
    np.testing.assert_allclose(np.diff(x), 16 / (points - 1))
    np.testing.assert_array_equal(x, -x[::-1])
    assert x[-1] == 8
    assert (0 in x) == (points % 2 == 1)


@pytest.mark.parametrize("name", VALUES)
def test_values_and_derivatives_agree_with_other_formulas(name):
    rows = curves()[name]
    x = rows.index.to_numpy()
    np.testing.assert_allclose(rows["value"], VALUES[name](x), rtol=1e-13)
    for column in ("derivative", "formula"):
        np.testing.assert_allclose(rows[column], DERIVATIVES[name](x), atol=1e-15)


@pytest.mark.parametrize(("name", "greatest"), [("relu", 1), ("sigmoid", 0.25), ("tanh", 1)])
def test_the_largest_derivative_is_that_of_the_notes(name, greatest):
    derivative = curves()[name]["derivative"]
    assert derivative.max() == greatest
    if name != "relu":
        assert derivative.idxmax() == 0
