"""Only matching trainings are compared, quantity by quantity."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import d2l_lab.studies.agreement as module
from d2l_lab.studies.given import Trained
from recipes import RECIPES, train

COLUMNS = ["kind", "first", "second", "family", "device", "quantity"]
COLUMNS += ["greatest_difference", "greatest_value", "n"]


def history(*, replicates=2, epochs=3, split="test", accuracy=True, shift=0.0):
    rows = [
        (replicate, epoch, split, 1 / epoch + replicate + shift, 0.5 if accuracy else np.nan)
        for epoch in range(1, epochs + 1)
        for replicate in range(replicates)
    ]
    return pd.DataFrame(rows, columns=["replicate", "epoch", "split", "loss", "accuracy"])


def trained(model, module_="mlp.scratch", device="cpu", **changes):
    defaults = {
        "dataset": "fashion_mnist",
        "history": history(),
        "parameters": {"W": np.full((2, 4, 3), -2.0, np.float32), "b": np.zeros((2, 1, 3))},
        "predicted": np.zeros((2, 5), np.int64),
    }
    return Trained(model=model, device=device, module=module_, **defaults | changes)


def agreement(*models):
    return module.study(list(models))["agreement"]


def compared(table):
    """List the pairs of a table."""
    pairs = table[["kind", "first", "second"]].drop_duplicates()
    return list(pairs.itertuples(index=False, name=None))


def test_only_replicates_that_both_models_have_are_compared():
    more = {"W": np.full((3, 4, 3), -2.0, np.float32), "b": np.zeros((3, 1, 3))}
    more["W"][1] = -2.5
    more["W"][2] = 9.0
    often = trained("b", "mlp.concise", history=history(replicates=3), parameters=more)
    table = agreement(trained("a"), often).set_index("quantity")
    assert table["greatest_difference"].to_dict() == {"loss": 0, "accuracy": 0, "W": 0.5, "b": 0}
    assert table["n"].to_dict() == {"loss": 6, "accuracy": 6, "W": 24, "b": 6}


def test_scratch_is_compared_with_concise_quantity_by_quantity():
    concise = trained("b", "mlp.concise", history=history(shift=0.25))
    concise.parameters["W"] = concise.parameters["W"].copy()
    concise.parameters["W"][1, 2, 0] = -2.5
    table = agreement(trained("a"), concise)
    assert list(table) == COLUMNS
    about = ("ways", "a", "b", "mlp", "cpu")
    assert list(table.itertuples(index=False, name=None)) == [
        (*about, "loss", 0.25, 2.0, 6),
        (*about, "accuracy", 0.0, 0.5, 6),
        (*about, "W", 0.5, 2.0, 24),
        (*about, "b", 0.0, 0.0, 6),
    ]


def test_the_way_from_scratch_comes_first_whatever_the_order():
    models = trained("b", "mlp.concise"), trained("a")
    assert compared(agreement(*models)) == [("ways", "a", "b")]
    assert agreement(*models).equals(agreement(*models[::-1]))


@pytest.mark.parametrize(
    "other",
    [
        trained("b", "softmax_regression.concise"),
        trained("b", "mlp.scratch"),
        trained("b", "mlp.concise", dataset="linear"),
        trained("b", "mlp.concise", device="cuda:0"),
        trained(
            "b", "mlp.concise", parameters={"W": np.zeros((2, 4, 9)), "b": np.zeros((2, 1, 3))}
        ),
        trained("b", "mlp.concise", parameters={"W": np.zeros((2, 4, 3))}),
    ],
    ids=["family", "same way", "dataset", "device", "shape", "names"],
)
def test_models_that_are_not_alike_are_not_compared(other):
    table = agreement(trained("a"), other)
    assert table.empty
    assert list(table) == COLUMNS


def test_every_pair_of_devices_is_compared_and_both_ways_on_each_device():
    devices = ["cpu", "cuda:0", "cuda:1"]
    both = [trained("a", device=device) for device in devices]
    both += [trained("b", "mlp.concise", device=device) for device in devices[:2]]
    table = agreement(*both, trained("c", dataset="other"))
    assert compared(table) == [
        ("ways", "a", "b"),
        ("devices", "a on cpu", "a on cuda:0"),
        ("devices", "a on cpu", "a on cuda:1"),
        ("devices", "a on cuda:0", "a on cuda:1"),
        ("devices", "b on cpu", "b on cuda:0"),
    ]
    assert set(table["family"]) == {"mlp"}
    first = table[table["quantity"] == "loss"]["device"].tolist()
    assert first[:3] == ["cpu", "cuda:0", "cpu and cuda:0"]


def test_a_metric_that_a_model_lacks_is_left_out():
    models = (
        trained(*one, history=history(accuracy=False)) for one in (("a",), ("b", "mlp.concise"))
    )
    assert list(agreement(*models)["quantity"]) == ["loss", "W", "b"]


def test_histories_are_matched_by_replicate_epoch_and_split():
    shuffled = history().sample(frac=1, random_state=1)
    more = pd.concat([shuffled, history(split="train", shift=9), history(epochs=5)[6:]])
    (row,) = agreement(trained("a"), trained("b", "mlp.concise", history=more))[:1].to_dict(
        "records"
    )
    assert (row["quantity"], row["greatest_difference"], row["n"]) == ("loss", 0.0, 6)


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * 2), min_size=1, max_size=20))
def test_the_greatest_difference_is_the_same_in_both_directions(numbers):
    one, other = (np.array(side, np.float32).reshape(1, -1) for side in zip(*numbers, strict=True))
    tables = [
        agreement(
            trained("a", parameters={"W": first}),
            trained("b", "mlp.concise", parameters={"W": second}),
        ).set_index("quantity")
        for first, second in ((one, other), (other, one))
    ]
    expected = max(abs(float(a) - float(b)) for a, b in numbers)
    for table, first in zip(tables, (one, other), strict=True):
        assert table.loc["W", "greatest_difference"] == expected
        assert table.loc["W", "greatest_value"] == np.abs(first).max()


def really_trained(name):
    run = train(RECIPES[name], range(2), epochs=1)
    log = pd.DataFrame(run.history).rename(columns={"replica": "replicate"})
    parameters = {key: value.numpy() for key, value in run.parameters.items()}
    family = name.partition(".")[0]
    return trained(name, name, dataset=family, history=log, parameters=parameters)


@pytest.mark.parametrize(
    ("family", "agree"), [("softmax_regression", True), ("linear_regression", False)]
)
def test_real_trainings_agree_except_for_the_half_in_the_squared_loss(family, agree):
    ways = (really_trained(f"{family}.{way}") for way in ("scratch", "concise"))
    table = agreement(*ways)
    relative = table["greatest_difference"] / table["greatest_value"]
    assert (relative.max() < 1e-5) == agree
    assert (relative.min() > 1e-5) == (not agree)


def test_the_difference_of_a_diverged_model_is_unknown():
    lost = history()
    lost.loc[lost["replicate"] == 1, ["loss", "accuracy"]] = np.nan
    table = agreement(trained("a"), trained("b", "mlp.concise", history=lost))
    differences = table.set_index("quantity")["greatest_difference"]
    assert differences[["loss", "accuracy"]].isna().all()
    assert differences[["W", "b"]].notna().all()
    gone = lost.assign(loss=np.nan, accuracy=np.nan)
    table = agreement(trained("a"), trained("b", "mlp.concise", history=gone))
    assert {*table["quantity"]} == {"loss", "accuracy", "W", "b"}
