"""The figures of the polynomials' losses."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import capacity, sample_size

DEGREES, REPLICATES = range(4), range(5)


def losses(**known):
    """Make losses that fall by a power of ten a degree, and rise a little with the replicate."""
    rows = [
        {"degree": d, "replicate": r, "loss": 10.0**-d * (1 + r)}
        for d in DEGREES
        for r in REPLICATES
    ]
    return pd.DataFrame(rows).assign(**known)


@pytest.fixture
def tables():
    methods = ("sgd", "exact")
    folds = pd.concat(
        losses(method=method, split=split, fold=fold)
        for method in methods
        for split in ("train", "validation")
        for fold in range(2)
    )
    tested = pd.concat(
        losses(method=method, split=split) for method in methods for split in ("train", "test")
    )
    chosen = pd.DataFrame(
        [
            {"method": method, "replicate": r, "rule": rule, "degree": 3 if r else 2}
            for method in methods
            for rule in ("minimum", "one_standard_error")
            for r in REPLICATES
        ]
    )
    return folds, tested, chosen


def test_the_lines_are_the_medians_over_the_replicates(tables):
    figure = capacity.draw(*tables)
    for axes in figure.axes[:2]:
        lines = {line.get_label(): line.get_xydata() for line in axes.get_lines()}
        assert list(lines) == ["train", "validation", "test"]
        for points in lines.values():
            np.testing.assert_allclose(points, [(d, 3 * 10.0**-d) for d in DEGREES])


def test_the_bars_count_how_often_a_degree_is_picked(tables):
    below = capacity.draw(*tables).axes[2]
    for bars in below.containers:
        assert sorted(bar.get_height() for bar in bars) == [1, 4]


def test_nothing_to_draw_is_refused(tables):
    folds, tested, chosen = tables
    with pytest.raises(ValueError, match=r"^capacity is empty"):
        capacity.draw(folds[:0], tested, chosen)


def test_each_method_and_degree_has_a_panel_of_medians_by_size():
    rows = [
        {"method": m, "degree": d, "examples": n, "replicate": r, "split": s, "loss": (1 + r) / n}
        for m in ("sgd", "exact")
        for d in (1, 3)
        for n in (10, 100)
        for r in REPLICATES
        for s in ("train", "test")
    ]
    figure = sample_size.draw(pd.DataFrame(rows))
    assert [axes.get_title("left") for axes in figure.axes[:2]] == ["degree 1", "degree 3"]
    for axes in figure.axes:
        for line in axes.get_lines():
            np.testing.assert_allclose(line.get_xydata(), [(10, 0.3), (100, 0.03)])
