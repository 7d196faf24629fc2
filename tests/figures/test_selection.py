import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import selection, style

CHOICE = pd.DataFrame({"learning_rate": [0.1]})


def table(rates=(0.01, 0.1, 0.3), folds=3):
    index = pd.MultiIndex.from_product(
        [rates, range(folds), ["train", "validation"]], names=["learning_rate", "fold", "split"]
    )
    values = np.random.default_rng(0).uniform(0.3, 0.9, (len(index), 2))
    return pd.DataFrame(values, index=index, columns=["loss", "accuracy"]).reset_index()


def draw(rows, choice=CHOICE):
    return selection.draw(rows, choice)


def labelled(axes):
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def test_each_line_is_the_mean_over_the_folds():
    for axes, metric in zip(draw(table()).axes, ["loss", "accuracy"], strict=True):
        assert axes.get_xscale() == "log"
        for split in ("train", "validation"):
            rows = table()[table()["split"] == split]
            expected = rows.groupby("learning_rate")[metric].mean()
            x, y = labelled(axes)[style.SPLITS[split].label].get_data()
            np.testing.assert_array_equal(x, expected.index)
            np.testing.assert_allclose(y, expected)


def test_every_fold_has_a_mark():
    for axes, metric in zip(draw(table()).axes, ["loss", "accuracy"], strict=True):
        faint = [line for line in axes.lines if line.get_label().startswith("_")]
        drawn = np.concatenate([line.get_xydata() for line in faint])
        expected = table().sort_values("split")[["learning_rate", metric]]
        assert sorted(map(tuple, drawn)) == sorted(map(tuple, expected.to_numpy()))


def test_the_choice_is_marked_and_named():
    figure = draw(table())
    for axes in figure.axes:
        assert labelled(axes)["chosen: 0.1"].get_xdata() == [0.1, 0.1]
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["train, after the epoch", "validation", "chosen: 0.1"]
    assert "mean of 3 folds" in legend.get_title().get_text()


def test_the_learning_rates_are_named_where_there_is_room():
    def names(*rates):
        rows = table(rates)
        return [label.get_text() for label in draw(rows).axes[0].get_xticklabels()]

    assert names(0.01, 0.03, 0.1, 0.3) == ["0.01", "0.03", "0.1", "0.3"]
    assert names(0.03, 0.1) == ["0.03", "0.1"]
    assert "0.011" not in names(0.01, 0.011, 0.1)


def test_saving_again_gives_the_same_bytes(tmp_path):
    paths = [style.save(draw(table()), tmp_path, stem, dpi=40) for stem in ("one", "other")]
    assert [p.read_bytes() for p in paths[0]] == [p.read_bytes() for p in paths[1]]


@pytest.mark.parametrize("empty", ["selection", "selection_choice"])
def test_an_empty_table_is_refused_by_its_name(empty):
    tables = {"selection": table(), "selection_choice": CHOICE}
    tables[empty] = tables[empty].iloc[:0]
    with pytest.raises(ValueError, match=f"{empty} is empty"):
        selection.draw(**tables)
