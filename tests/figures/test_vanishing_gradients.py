import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import style, vanishing_gradients

DEPTHS = [1, 2, 4]


def table(replicates=3):
    index = pd.MultiIndex.from_product(
        [["relu", "sigmoid", "tanh"], ["notes", "xavier"], DEPTHS, range(replicates)],
        names=["activation", "initial", "depth", "replicate"],
    )
    values = 10 ** np.random.default_rng(0).uniform(-9, -1, len(index))
    return pd.DataFrame({"first_layer": values}, index=index).reset_index()


def draw(rows):
    return vanishing_gradients.draw(rows)


def values_of(rows, activation, initial):
    shown = rows[(rows["activation"] == activation) & (rows["initial"] == initial)]
    return shown.pivot(index="depth", columns="replicate", values="first_layer")


def test_each_line_is_the_geometric_mean_over_the_replicates_at_every_depth():
    for axes, initial in zip(draw(table()).axes, ["notes", "xavier"], strict=True):
        assert axes.get_yscale() == "log"
        for line, activation in zip(axes.lines, ["relu", "sigmoid", "tanh"], strict=True):
            expected = values_of(table(), activation, initial).prod(axis=1) ** (1 / 3)
            np.testing.assert_array_equal(line.get_xdata(), DEPTHS)
            np.testing.assert_allclose(line.get_ydata(), expected)


def test_each_band_reaches_from_the_lowest_to_the_highest_replicate():
    bands = draw(table()).axes[0].collections
    for band, activation in zip(bands, ["relu", "sigmoid", "tanh"], strict=True):
        corners = pd.DataFrame(band.get_paths()[0].vertices).groupby(0)[1]
        values = values_of(table(), activation, "notes")
        np.testing.assert_allclose(corners.min(), values.min(axis=1))
        np.testing.assert_allclose(corners.max(), values.max(axis=1))


def test_the_order_of_the_rows_changes_no_line():
    shuffled = table().sample(frac=1, random_state=1)
    for axes, other in zip(draw(table()).axes, draw(shuffled).axes, strict=True):
        assert axes.get_ylim() == other.get_ylim()


def test_the_legend_names_the_activations_and_the_replicates():
    (legend,) = draw(table()).legends
    assert [text.get_text() for text in legend.get_texts()] == ["ReLU", "sigmoid", "tanh"]
    assert legend.get_title().get_text().startswith("line: geometric mean of 3 replicates")


def test_no_two_activations_share_a_colour_a_line_style_or_a_marker():
    looks = vanishing_gradients.ACTIVATIONS.values()
    for trait in ("label", "color", "linestyle", "marker"):
        assert len({getattr(look, trait) for look in looks}) == len(looks)


def test_a_single_replicate_has_no_band():
    figure = draw(table(replicates=1))
    assert not any(axes.collections for axes in figure.axes)
    assert figure.legends[0].get_title().get_text() == "1 replicate"


@pytest.mark.parametrize("dead", [1, 3])
def test_a_gradient_of_zero_is_left_out_of_the_axis(dead):
    rows = table()
    gone = (rows["activation"] == "relu") & (rows["depth"] == 4) & (rows["replicate"] < dead)
    rows.loc[gone, "first_layer"] = 0.0
    figure = draw(rows)
    figure.draw_without_rendering()
    assert np.isnan(figure.axes[0].lines[0].get_ydata()[-1])
    assert figure.axes[0].get_ylim()[0] > 0


def test_saving_again_gives_the_same_bytes(tmp_path):
    rows = table().query("initial == 'notes'")
    paths = [style.save(draw(rows), tmp_path, stem, dpi=40) for stem in ("one", "other")]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="vanishing_gradients is empty"):
        draw(table().iloc[:0])
