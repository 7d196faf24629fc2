import numpy as np
import pytest

from d2l_lab.studies import information

COLUMNS = {
    "information_surprisal": ["probability", "surprisal"],
    "information_entropy": ["probability", "entropy"],
    "information_cross_entropy": ["pair", "entropy", "cross_entropy", "excess"],
}


def found(seed=0, points=9, pairs=20, classes=5):
    return information.study(seed, points=points, pairs=pairs, classes=classes)


def test_the_probabilities_are_evenly_spaced_between_0_and_1():
    for name in ("information_surprisal", "information_entropy"):
        np.testing.assert_allclose(found()[name]["probability"], np.arange(1, 10) / 10)


def test_the_entropy_of_a_coin_is_its_expected_surprisal():
    tables = found(points=99)
    p = tables["information_entropy"]["probability"].to_numpy()
    surprisal = tables["information_surprisal"]["surprisal"].to_numpy()
    expected = p * surprisal + (1 - p) * surprisal[::-1]
    np.testing.assert_allclose(tables["information_entropy"]["entropy"], expected)
    assert tables["information_entropy"]["entropy"].max() == pytest.approx(np.log(2))


def test_the_values_of_each_pair_equal_the_textbook_sums():
    rng = np.random.default_rng([0, *b"information"])
    P, Q = rng.dirichlet(np.ones(5), size=(2, 20))
    Q[0] = P[0]
    pairs = zip(P.tolist(), Q.tolist(), strict=True)
    expected = [
        (
            -sum(a * np.log(a) for a in p),
            -sum(a * np.log(b) for a, b in zip(p, q, strict=True)),
            sum(a * np.log(a / b) for a, b in zip(p, q, strict=True)),
        )
        for p, q in pairs
    ]
    columns = ["entropy", "cross_entropy", "excess"]
    np.testing.assert_allclose(
        found()["information_cross_entropy"][columns], expected, rtol=1e-12, atol=1e-15
    )
