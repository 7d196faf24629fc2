"""The table of learned parameters lists the true ones next to them."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.tables.parameters import can_be_compared, compare

COLUMNS = ["model", "device", "replicate", "parameter", "learned", "true", "error"]


def test_every_learned_parameter_is_listed_next_to_the_true_one():
    learned = {
        "w": np.array([[[2.5], [-3.0]], [[2.0], [-3.5]]], np.float32),
        "b": np.array([[[4.0]], [[4.5]]], np.float32),
    }
    expected = [
        ("linear", "cpu", 0, "w[0]", 2.5, 2, 0.5),
        ("linear", "cpu", 0, "w[1]", -3.0, -3.4, -3.0 + 3.4),
        ("linear", "cpu", 0, "b", 4.0, 4.2, 4.0 - 4.2),
        ("linear", "cpu", 1, "w[0]", 2.0, 2, 0.0),
        ("linear", "cpu", 1, "w[1]", -3.5, -3.4, -3.5 + 3.4),
        ("linear", "cpu", 1, "b", 4.5, 4.2, 4.5 - 4.2),
    ]
    table = compare("linear", "cpu", learned, [2, -3.4], 4.2)
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected, columns=COLUMNS), check_exact=True)


def test_true_weights_beyond_the_degree_are_zero_and_unlearned_ones_are_left_out():
    learned = {"w": np.arange(6, dtype=np.float32).reshape(1, 6, 1)}
    table = compare("overfit", "cpu", learned, [5, 1.2, -3.4, 5.6])
    assert table["parameter"].tolist() == [f"w[{i}]" for i in range(6)]
    assert table["error"].tolist() == [-5, 1 - 1.2, 2 + 3.4, 3 - 5.6, 4, 5]
    table = compare("underfit", "cpu", {"w": np.ones((2, 2, 1), np.float32)}, [5, 1.2, -3.4, 5.6])
    assert table["true"].tolist() == [5, 1.2] * 2


@pytest.mark.parametrize(
    ("shapes", "comparable"),
    [
        ({"w": (2, 3, 1), "b": (2, 1, 1)}, True),
        ({"w": (2, 3, 1)}, True),
        ({"W1": (2, 3, 4), "b1": (2, 1, 4), "W2": (2, 4, 1), "b2": (2, 1, 1)}, False),
        ({"0.weight": (2, 1, 3), "0.bias": (2, 1)}, False),
        ({"w": (2, 3, 1), "0.bias": (2, 1)}, False),
    ],
)
def test_only_a_linear_model_has_parameters_to_compare(shapes, comparable):
    learned = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    assert can_be_compared(learned) == comparable


def test_a_model_without_bias_is_compared_by_its_weights():
    table = compare("linear", "cpu", {"w": np.ones((1, 2, 1), np.float32)}, [2, -3.4], 4.2)
    assert table["parameter"].tolist() == ["w[0]", "w[1]"]
