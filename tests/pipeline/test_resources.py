"""Jobs request enough of a cluster's nodes for the measured needs, and not absurdly much."""

from functools import partial

import pytest
import yaml
from torch import nn

from checkout import NO_BOOK, merged
from d2l_lab.config import layers, modules, validate
from d2l_lab.pipeline import resources
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store.code import ROOT
from d2l_lab.training.concise import ROW_BY_ROW
from d2l_lab.training.side_by_side import ELEMENTWISE

CONFIG = yaml.safe_load((ROOT.parent / "config.yaml").read_text("utf-8")) | {"book": NO_BOOK}
SNAKEMAKES = 300  # MB for the two processes that run with a job on a cluster
# Measured peak memory in MB and time in seconds of jobs on one core with real data.
MEASURED = [
    ("linear_regression_concise", {"replicates": 1000}, 783, 4),
    ("polynomial_overfit", {"replicates": 1000}, 709, 95),
    ("softmax_regression_concise", {"replicates": 5}, 898, 12),
    ("softmax_regression_concise", {"replicates": 50}, 1365, 182),
    ("mlp_concise", {"replicates": 5}, 835, 42),
    ("mlp_concise", {"replicates": 50}, 1644, 575),
]


def trained(model, changes, stage="train"):
    return Plan(validate(merged(CONFIG, changes)), ["cpu", "cuda"])[stage, f"{model}.cpu"]


@pytest.mark.parametrize(("model", "changes", "megabytes", "seconds"), MEASURED)
def test_a_training_gets_the_memory_and_the_time_that_it_needs(model, changes, megabytes, seconds):
    result = trained(model, changes)
    assert megabytes + SNAKEMAKES <= resources.memory(result) <= 5 * (megabytes + SNAKEMAKES)
    assert seconds / 60 < resources.runtime(result) <= resources.START + 1 + 10 * seconds / 60


# The same for nets trained replica by replica; the time is that of 500 images, scaled up.
ALONE = {
    "lenet": ("Conv2d, Linear, AvgPool2d", [(5, 868, 225), (200, 2961, 12600)]),
    "lstm": ("LSTM, Linear", [(50, 2381, 2400)]),
    "dropout": ("Sequential, Flatten, Linear, ReLU, Dropout", [(50, 1097, 690)]),
}


@pytest.mark.parametrize("net", ALONE)
def test_a_net_trained_replica_by_replica_gets_what_it_needs(net, tmp_path, monkeypatch):
    named, measured = ALONE[net]
    (tmp_path / "mlp").mkdir()
    code = "".join(f"nn.{name}\n" for name in named.split(", "))
    (tmp_path / "mlp/concise.py").write_text(f"from torch import nn\n\n{code}")
    monkeypatch.setattr(resources, "layers", partial(layers, folder=tmp_path))
    for replicates, megabytes, seconds in measured:
        test_a_training_gets_the_memory_and_the_time_that_it_needs(
            "mlp_concise", {"replicates": replicates}, megabytes, seconds
        )


def test_the_names_of_a_nets_layers_show_whether_it_is_batched(tmp_path):
    plain = (nn.Sequential, nn.Flatten, nn.Linear, *ELEMENTWISE, *ROW_BY_ROW)
    assert {layer.__name__ for layer in plain} == resources.BATCHED
    assert all(layers(module) <= resources.BATCHED for module in modules())
    (tmp_path / "own.py").write_text(
        "import torch\nfrom torch.nn import LSTM\n\nclass Own(torch.nn.Module):\n    pass\n"
    )
    assert layers("own", tmp_path) == {"LSTM", "Module"}


def test_several_hidden_layers_get_what_one_layer_of_as_many_units_gets():
    deep, wide = (
        trained("mlp_concise", {"models": {"mlp_concise": {"hidden_units": units}}})
        for units in ([300, 200], 500)
    )
    for demand in (resources.memory, resources.runtime):
        assert demand(deep) == demand(wide)


OFTEN = {"models": {"mlp_scratch": {"replicates": 1000}}}


def test_a_shard_needs_less_than_the_whole_and_joining_shards_almost_no_time():
    changes = OFTEN | {"replicas_per_job": 100}
    whole, at_once = trained("mlp_scratch", changes), trained("mlp_scratch", OFTEN)
    for shard in whole.shards:
        assert resources.memory(shard) < resources.memory(at_once) / 4
        assert resources.runtime(shard) < resources.runtime(at_once) / 4
    assert resources.runtime(whole) == resources.START
    parameters = 1000 * (785 * 256 + 257 * 10) * 4 / 1e6  # MB
    assert resources.memory(whole) > 4 * parameters


def test_short_jobs_share_a_submission_and_long_ones_do_not():
    assert resources.group(trained("linear_regression_scratch", {})) == "trainings"
    assert resources.group(trained("mlp_concise", {"replicates": 100})) is None


def test_studies_that_wait_for_the_trainings_do_not_hold_up_others():
    plan = Plan(validate(CONFIG), ["cpu"])
    groups = {study.name: resources.group(study) for study in plan.stage("study")}
    late = {name for name, group in groups.items() if group == "late_studies"}
    assert late == {"agreement", "confusion", "uncertainty"}


def test_the_groups_are_those_of_the_profile():
    profile = yaml.safe_load((ROOT.parent / "profiles/slurm/config.yaml").read_text("utf-8"))
    named = {group.partition("=")[0] for group in profile["group-components"]}
    assert named == {"trainings", "studies", "late_studies", "wholes"}


def test_a_job_runs_on_the_cpu_unless_it_trains_elsewhere():
    plan = Plan(validate(CONFIG), ["cpu", "cuda"])
    assert resources.device(plan["train", "mlp_scratch.cuda"]) == "cuda"
    assert resources.device(plan["kfold", "mlp_scratch.cpu"]) == "cpu"
    assert resources.device(plan["study", "capacity"]) == "cpu"
