import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import affine_collapse, style
from d2l_lab.tables.statistics import summarise

ACCURACIES = {
    "softmax_regression": [0.836, 0.837, 0.835],
    "without_activation": [0.838, 0.836, 0.84],
    "with_relu": [0.86, 0.853, 0.864],
}
TABLE = pd.DataFrame(
    [
        (model, replicate, 0.5, accuracy)
        for model, accuracies in ACCURACIES.items()
        for replicate, accuracy in enumerate(accuracies)
    ],
    columns=["model", "replicate", "test_loss", "test_accuracy"],
)


def draw(table=TABLE):
    (axes,) = affine_collapse.draw(table).axes
    return axes


def test_each_model_has_its_mean_and_interval():
    container = draw().containers[0]
    expected = [summarise(pd.Series(values)) for values in ACCURACIES.values()]
    np.testing.assert_allclose(
        container.lines[0].get_xydata(), [[one["mean"], row] for row, one in enumerate(expected)]
    )
    ends = [segment[:, 0] for segment in container.lines[2][0].get_segments()]
    np.testing.assert_allclose(ends, [[one["ci_low"], one["ci_high"]] for one in expected])


def test_every_replicate_has_a_ring_in_the_row_of_its_model():
    (rings,) = (line for line in draw().lines if line.get_label() == "each replicate")
    x, y = rings.get_data()
    np.testing.assert_allclose(x, TABLE["test_accuracy"])
    assert list(np.round(y).astype(int)) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_the_models_stand_in_their_order_from_the_top_and_by_words():
    axes = draw()
    names = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert names == [
        "softmax regression (no hidden layer)",
        "hidden layer, no activation",
        "hidden layer, ReLU",
    ]
    assert axes.yaxis_inverted()


def test_mean_interval_and_number_of_replicates_are_printed():
    low, high = summarise(pd.Series(ACCURACIES["with_relu"]))[["ci_low", "ci_high"]]
    assert draw().texts[-1].get_text() == f"0.8590\n[{low:.4f}, {high:.4f}], n = 3"


def test_a_single_replicate_is_a_dot_without_an_interval():
    axes = draw(TABLE[TABLE["replicate"] == 0])
    dots = axes.containers[0].lines[0].get_xydata()
    np.testing.assert_allclose(dots[:, 0], [0.836, 0.838, 0.86])
    assert [text.get_text() for text in axes.texts] == [
        "0.8360, n = 1",
        "0.8380, n = 1",
        "0.8600, n = 1",
    ]


def test_saving_again_gives_the_same_bytes(tmp_path):
    drawn = (affine_collapse.draw(TABLE) for _ in range(2))
    one, other = (style.save(figure, tmp_path, str(n), dpi=40) for n, figure in enumerate(drawn))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="affine_collapse is empty"):
        draw(TABLE.iloc[:0])
