import numpy as np
import pytest
import torch

from d2l_lab.studies import _polynomials, polynomial_terms
from d2l_lab.training.randomness import generator
from recipes import POLYNOMIAL

SGD = {"epochs": 400, "batch_size": 10, "learning_rate": 0.01}


@pytest.fixture(scope="module")
def found():
    return polynomial_terms.study(POLYNOMIAL, 60, 0, replicates=3, **SGD)


def test_the_columns_are_the_powers_over_their_factorials(found):
    datasets = _polynomials.draw_datasets(POLYNOMIAL, 60, 0, "polynomial_terms", 3)
    table = found["polynomial_terms"].set_index(["replicate", "column"])
    assert len(table) == 3 * 6
    for replicate, data in enumerate(datasets):
        x = np.abs(data.X[:, 1].numpy()).max().astype(float)
        for column in range(6):
            row = table.loc[(replicate, column)]
            assert row["degree"] == pytest.approx(column)
            assert row["greatest_power"] == pytest.approx(x**column)
            expected = data.X[:, column].abs().max().item()
            assert row["greatest_feature"] == pytest.approx(expected)


def test_the_weights_are_those_of_the_true_degree_on_the_dataset_of_the_replicate(found):
    table = found["polynomial_weights"]
    assert (table["error"] == table["learned"] - table["true"]).all()
    datasets = _polynomials.draw_datasets(POLYNOMIAL, 60, 0, "polynomial_terms", 3)
    for replicate, rows in table.groupby("replicate"):
        assert dict(zip(rows["parameter"], rows["true"], strict=True)) == {
            f"w[{i}]": weight for i, weight in enumerate(POLYNOMIAL["weights"])
        }
        draws = generator(0, "polynomial_terms", replicate)
        alone = _polynomials.fit_by_sgd(
            datasets[replicate], [torch.arange(60)], [3], [draws], **SGD
        )
        np.testing.assert_allclose(rows["learned"], alone[0, :4, 0], rtol=1e-4)
    assert table.groupby("parameter")["learned"].nunique().eq(3).all()
