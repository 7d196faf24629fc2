import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.studies import confusion
from d2l_lab.studies.given import Data, Trained

NAMES = ("bag", "coat", "shirt")
Y = np.array([0, 0, 1, 1, 1, 2])
PREDICTED = np.array([[0, 1, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2]])
COLUMNS = {
    "confusion": ["model", "device", "true", "predicted", "count"],
    "confusion_classes": ["model", "device", "name", "mean", "sd", "ci_low", "ci_high", "n"],
}


def half(y=Y, names=NAMES):
    return Data(np.zeros((len(y), 1, 2, 2), np.float32), y, len(names), names)


def trained(predicted=PREDICTED, model="mlp", device="cpu", dataset="fashion_mnist"):
    return Trained(model, device, "mlp.scratch", dataset, pd.DataFrame(), {}, predicted)


def found(*models, y=Y):
    return confusion.study([*models], {"fashion_mnist": half(y)})


def test_each_pair_of_classes_is_counted_over_the_replicates():
    table = found(trained())["confusion"]
    matrix = table.pivot(index="true", columns="predicted", values="count")
    assert matrix.loc[[*NAMES], [*NAMES]].to_numpy().tolist() == [[3, 1, 0], [0, 3, 3], [0, 0, 2]]
    assert len(table) == 9


def test_the_accuracy_within_a_class_summarises_that_of_each_replicate():
    table = found(trained())["confusion_classes"].set_index("name")
    assert table["mean"].tolist() == pytest.approx([3 / 4, 1 / 2, 1])
    assert table["sd"].tolist() == pytest.approx([2**-1.5, 2**0.5 / 6, 0])
    # Student's t with one degree of freedom: its 97.5 % quantile is tan(0.475 π).
    half = np.tan(0.475 * np.pi) * 2**-1.5 / 2**0.5
    assert table.loc["bag", ["ci_low", "ci_high"]].tolist() == pytest.approx(
        [0.75 - half, 0.75 + half]
    )
    assert table["n"].tolist() == [2, 2, 2]


@given(data=st.data(), replicates=st.integers(1, 4), classes=st.integers(1, 5))
def test_counts_add_up_and_accuracies_are_the_diagonals_shares(data, replicates, classes):
    labels = st.integers(0, classes - 1)
    y = np.array(data.draw(st.lists(labels, min_size=1, max_size=20)))
    one = st.lists(labels, min_size=len(y), max_size=len(y))
    predicted = np.array([data.draw(one) for _ in range(replicates)])
    names = tuple("abcde"[:classes])
    tables = confusion.study([trained(predicted)], {"fashion_mnist": half(y, names)})
    counts = tables["confusion"].set_index(["true", "predicted"])["count"]
    assert counts.sum() == predicted.size
    accuracy = tables["confusion_classes"].set_index("name")["mean"]
    for label, name in enumerate(names):
        total = replicates * (y == label).sum()
        assert counts[name].sum() == total
        if total:
            assert accuracy[name] == pytest.approx(counts[name, name] / total)
        else:
            assert np.isnan(accuracy[name])


def test_rows_follow_the_order_of_models_and_devices():
    several = [trained(), trained(device="cuda:0"), trained(model="softmax")]
    for table in found(*several).values():
        pairs = table[["model", "device"]].drop_duplicates().to_numpy().tolist()
        assert pairs == [["mlp", "cpu"], ["mlp", "cuda:0"], ["softmax", "cpu"]]


def test_each_classifier_is_compared_with_the_test_set_of_its_dataset():
    pets = half(np.array([1, 0]), ("cat", "dog"))
    own = trained(np.array([[1, 1]]), "pets", dataset="pets")
    tables = confusion.study([trained(), own], {"pets": pets, "fashion_mnist": half()})
    for name, table in tables.items():
        clothes = table[table["model"] == "mlp"]
        pd.testing.assert_frame_equal(clothes, found(trained())[name])
    counts = tables["confusion"].query("model == 'pets'").set_index(["true", "predicted"])["count"]
    assert counts.to_dict() == {
        ("cat", "cat"): 0,
        ("cat", "dog"): 1,
        ("dog", "cat"): 0,
        ("dog", "dog"): 1,
    }


def test_regression_models_are_left_out():
    numbers = trained(np.zeros((2, 7, 1), np.float32), "linear", dataset="linear")
    for name, table in found(numbers, trained()).items():
        pd.testing.assert_frame_equal(table, found(trained())[name])


def test_a_single_replicate_has_an_accuracy_but_no_interval():
    table = found(trained(PREDICTED[:1]))["confusion_classes"]
    assert table["mean"].tolist() == pytest.approx([1 / 2, 2 / 3, 1])
    assert table[["sd", "ci_low", "ci_high"]].isna().all(axis=None)


def test_a_class_without_test_images_has_no_accuracy():
    table = found(trained(PREDICTED[:, :2]), y=Y[:2])["confusion_classes"]
    assert table["mean"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("models", [[], [trained()]])
def test_the_columns_are_the_same_with_and_without_a_classifier(models):
    tables = found(*models)
    assert {name: table.columns.tolist() for name, table in tables.items()} == COLUMNS
    assert tables["confusion"].empty == (not models)


def test_a_diverged_model_has_no_counts_and_no_accuracy():
    lost = PREDICTED.copy()
    lost[1] = -1
    tables = found(trained(lost, "lost"), trained(model="sound"))
    counts = tables["confusion"].groupby("model")["count"]
    assert counts.count().to_dict() == {"lost": 0, "sound": 9}
    assert counts.sum()["sound"] == PREDICTED.size
    means = tables["confusion_classes"].groupby("model")["mean"]
    assert means.count().to_dict() == {"lost": 0, "sound": 3}
