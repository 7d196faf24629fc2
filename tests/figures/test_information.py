import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import information, style
from d2l_lab.studies.information import TABLES

P = np.linspace(0.1, 0.9, 9)


def tables():
    entropy = np.linspace(1, 2, 20)
    return {
        "information_surprisal": pd.DataFrame({"probability": P, "surprisal": -np.log(P)}),
        "information_entropy": pd.DataFrame({"probability": P, "entropy": P * (1 - P)}),
        "information_cross_entropy": pd.DataFrame(
            {"pair": range(20), "entropy": entropy, "cross_entropy": entropy * 1.5, "excess": 0.5}
        ),
    }


def draw():
    return information.draw(**tables())


def test_the_first_two_panels_are_curves_over_the_probability():
    given = tables()
    for axes, (name, y) in zip(
        draw().axes, [(TABLES[0], "surprisal"), (TABLES[1], "entropy")], strict=False
    ):
        (line,) = axes.lines
        np.testing.assert_array_equal(line.get_xydata(), given[name][["probability", y]])
        assert axes.get_ylabel() == f"{y} (nats)"


def test_the_third_panel_has_a_point_for_each_pair_and_the_line_of_equality():
    points, line = draw().axes[2].lines
    pairs = tables()["information_cross_entropy"]
    np.testing.assert_array_equal(points.get_xydata(), pairs[["entropy", "cross_entropy"]])
    np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())
    assert points.get_linestyle() == "None"


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [style.save(draw(), tmp_path, stem, dpi=40) for stem in ("one", "other")]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_is_refused_by_its_name(name):
    given = tables()
    given[name] = given[name].iloc[:0]
    with pytest.raises(ValueError, match=f"{name} is empty"):
        information.draw(**given)
