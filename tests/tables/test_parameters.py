import numpy as np
import pandas as pd

from d2l_lab.tables.parameters import compare, none
from d2l_lab.training.fit import fit
from recipes import RECIPES

COLUMNS = ["model", "device", "replicate", "parameter", "learned", "true", "error"]
LEARNED = {
    "w": np.array([[[2.5], [-3.0]], [[2.0], [-3.5]]], np.float32),
    "b": np.array([[[4.0]], [[4.5]]], np.float32),
}


def test_every_parameter_of_every_replicate_stands_beside_the_true_one():
    table = compare("linear", "cpu", LEARNED, [2, -3.4], 4.2)
    expected = [
        ("linear", "cpu", 0, "w[0]", 2.5, 2, 0.5),
        ("linear", "cpu", 0, "w[1]", -3.0, -3.4, -3.0 + 3.4),
        ("linear", "cpu", 0, "b", 4.0, 4.2, 4.0 - 4.2),
        ("linear", "cpu", 1, "w[0]", 2.0, 2, 0.0),
        ("linear", "cpu", 1, "w[1]", -3.5, -3.4, -3.5 + 3.4),
        ("linear", "cpu", 1, "b", 4.5, 4.2, 4.5 - 4.2),
    ]
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected, columns=COLUMNS))


def test_weights_beyond_the_true_polynomial_are_truly_zero():
    learned = {"w": np.arange(6, dtype=np.float32).reshape(1, 6, 1)}
    table = compare("overfit", "cpu", learned, [5, 1.2, -3.4, 5.6])
    assert table["parameter"].tolist() == [f"w[{i}]" for i in range(6)]
    assert table["true"].tolist() == [5, 1.2, -3.4, 5.6, 0, 0]
    assert table["error"].tolist() == [-5, 1 - 1.2, 2 + 3.4, 3 - 5.6, 4, 5]


def test_a_model_of_fewer_features_has_only_the_parameters_it_learned():
    learned = {"w": np.ones((3, 2, 1), np.float32)}
    table = compare("underfit", "cpu", learned, [5, 1.2, -3.4, 5.6])
    assert table["parameter"].tolist() == ["w[0]", "w[1]"] * 3
    assert table["replicate"].tolist() == [0, 0, 1, 1, 2, 2]


def test_the_table_of_no_model_has_the_same_columns():
    assert list(none()) == COLUMNS
    assert none().empty


def test_reads_the_parameters_as_the_models_give_them():
    for way in ("scratch", "concise"):
        recipe = RECIPES[f"linear_regression.{way}"]
        model = recipe.build(range(2))
        orders, optimisers = recipe.orders(range(2)), [recipe.optimiser(model)]
        fit([model], optimisers, recipe.examples, orders, [], epochs=3, batch_size=10)
        learned = {name: value.numpy() for name, value in model.parameters().items()}
        table = compare("linear", "cpu", learned, [2, -3.4], 4.2)
        assert len(table) == 2 * 3
        assert table["error"].abs().max() < 0.01
