"""A table lists the points of a sweep, and the one with the lowest validation loss is tested."""

import numpy as np
import pandas as pd

from d2l_lab.tables.sweeps import Point, choose, summarise_points


def history(counted, losses, splits, accuracy=None):
    rows = [
        (number, epoch, split, loss + place + (epoch == 1), accuracy)
        for epoch in (1, 2)
        for place, split in enumerate(splits)
        for number, loss in enumerate(losses)
    ]
    table = pd.DataFrame(rows, columns=[counted, "epoch", "split", "loss", "accuracy"])
    return table if accuracy else table.drop(columns="accuracy")


def point(sweep="rates", accuracy=None, *, losses, **values):
    trained = history("replicate", losses, ["train", "test"], accuracy)
    validated = history("fold", losses, ["train", "validation"], accuracy)
    return Point(sweep, "mlp", "cpu", values, trained, validated)


POINTS = [
    point(learning_rate=0.1, units=64, losses=[3.0, 5.0]),
    point(learning_rate=0.3, units=64, losses=[1.0, 2.0]),
    point(learning_rate=0.5, units=64, losses=[2.0, 1.0]),  # not better, so the first one stays
    point("depths", depth="[8, 8]", losses=[1.0, 1.0], accuracy=0.5),
]


def test_every_point_has_final_training_and_validation_values_but_no_test():
    table = summarise_points(POINTS)
    assert [*table][:6] == ["sweep", "model", "device", "learning_rate", "units", "depth"]
    assert [*table][6:] == ["split", "metric", "mean", "sd", "ci_low", "ci_high", "n", "diverged"]
    assert {*table["split"]} == {"train", "validation"}
    rates = table[table["sweep"] == "rates"]
    assert rates["mean"].tolist() == [4, 5, 1.5, 2.5, 1.5, 2.5]
    assert rates["units"].tolist() == [64] * 6  # whole numbers, although another sweep has none
    assert rates["depth"].isna().all()
    depths = table[table["sweep"] == "depths"]
    assert depths["metric"].tolist() == ["loss", "accuracy"] * 2


def test_the_lowest_validation_loss_is_chosen_and_only_that_point_is_tested():
    table = choose(POINTS)
    rates, depths = (table[table["sweep"] == sweep] for sweep in ("rates", "depths"))
    assert rates["learning_rate"].tolist() == [0.3, 0.3]
    assert rates["split"].tolist() == ["validation", "test"]
    assert rates["mean"].tolist() == [2.5, 2.5]
    assert depths["depth"].tolist() == ["[8, 8]"] * 4


def test_a_diverged_point_has_no_mean_is_counted_and_is_never_chosen():
    lost = point(learning_rate=1.0, losses=[np.nan, 1.0])
    assert choose([lost, POINTS[0]])["learning_rate"].tolist() == [0.1, 0.1]
    table = summarise_points([lost])
    assert table["mean"].isna().all()
    assert table["diverged"].tolist() == [1, 1]
