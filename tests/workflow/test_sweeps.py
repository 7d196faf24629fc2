"""A sweep trains only new points, together where possible, and with the same bits."""

import pandas as pd
import pytest

LINEAR = "linear_regression_scratch"
SHARED = {"sweeps/all", "figures/sweep_rates", "report/all"}


def sweep(checkout, rates, batch_sizes):
    checkout.configure({"sweeps": {"rates": None}})
    values = {"learning_rate": rates, "batch_size": batch_sizes}
    checkout.configure({"sweeps": {"rates": {"model": LINEAR, **values}}})


@pytest.mark.thorough
def test_only_new_points_are_trained_and_a_model_at_a_point_never_again(linear_copy):
    assert linear_copy.config()["models"][LINEAR]["learning_rate"] == 0.03
    sweep(linear_copy, [0.01, 0.03, 0.1], [10])
    batches = {"sweep/train_rates_1", "sweep/kfold_rates_1"}
    assert linear_copy.ran() == batches | SHARED
    sweeps = pd.read_csv(linear_copy.path / "results/tables/sweeps.csv")
    assert sweeps["learning_rate"].unique().tolist() == [0.01, 0.03, 0.1]
    choice = pd.read_csv(linear_copy.path / "results/tables/sweep_choice.csv")
    validated = sweeps[sweeps["split"] == "validation"].set_index("learning_rate")["mean"]
    assert {*choice["learning_rate"]} == {validated.idxmin()}
    before = linear_copy.tables()
    summary = pd.read_csv(linear_copy.path / "results/tables/summary.csv").set_index("metric")
    trained = sweeps[(sweeps["learning_rate"] == 0.03) & (sweeps["split"] == "train")]
    assert trained["mean"].tolist() == [summary.loc["train_loss", "mean"]]

    sweep(linear_copy, [0.01, 0.03, 0.1, 0.3], [10])  # one more value
    assert linear_copy.ran() == batches | SHARED
    for stage in ("train", "kfold"):
        log = (linear_copy.path / f"results/logs/{stage}/{stage}_rates_1.log").read_text()
        assert log.count("epoch 3/3") == 1  # only for the new value
    sweep(linear_copy, [0.01, 0.03, 0.1], [10])  # and back
    assert linear_copy.ran() == set()
    assert linear_copy.tables() == before

    linear_copy.configure({"models": {LINEAR: {"learning_rate": 0.1}}})  # a point becomes the model
    made = linear_copy.ran()
    assert not {name for name in made if name.startswith(("train/", "kfold/", "sweep/"))}


@pytest.mark.thorough
def test_a_point_has_the_same_bits_whatever_it_is_trained_with(linear_copy, tmp_path):
    alone = linear_copy.copy(tmp_path / "alone")
    sweep(linear_copy, [0.01, 0.1], [10, 20])
    names = {f"sweep/{stage}_rates_{batch}" for stage in ("train", "kfold") for batch in (1, 2)}
    assert linear_copy.ran() == names | SHARED
    for rate, size in ((0.1, 10), (0.01, 20)):
        alone.configure({"models": {LINEAR: {"learning_rate": rate, "batch_size": size}}})
        assert f"train/{LINEAR}.cpu" in alone.ran("--cores", "1")
    mine, other = (each.files("results/store") for each in (linear_copy, alone))
    shared = [name for name in mine.keys() & other.keys() if name.startswith(("train", "kfold"))]
    results = {name.rpartition("/")[0] for name in shared}
    assert len(results) >= 2 * (1 + 2)
    for name in shared:
        if not name.endswith("provenance.json"):
            assert mine[name] == other[name], name


@pytest.mark.thorough
def test_a_sweep_of_replicas_in_shards_has_the_same_tables(linear_copy, tmp_path):
    cut = linear_copy.copy(tmp_path / "cut")
    cut.configure({"replicas_per_job": 1})
    for checkout in (linear_copy, cut):
        sweep(checkout, [0.01, 0.1], [10])
        checkout.done()
    assert cut.tables() == linear_copy.tables()


@pytest.mark.parametrize(
    ("rates", "line"),
    [
        ([], "sweeps.rates.learning_rate: the list is empty; give a list of values of "),
        ([0.1, -1], "sweeps.rates.learning_rate[1]: -1 is too small; give a number above 0"),
    ],
)
def test_a_bad_sweep_is_reported_before_anything_runs(linear_copy, rates, line):
    sweep(linear_copy, rates, [10])
    answer = linear_copy.run()
    assert answer.returncode == 1
    assert f"config.yaml: {line}" in answer.stdout
    assert "Traceback" not in answer.stdout
