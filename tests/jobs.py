"""Run a stage's `work` in this process, on inputs that a test makes."""

from pathlib import Path
from types import ModuleType

import torch
from safetensors.torch import save_file

from d2l_lab.stages.job import Input, Job
from d2l_lab.training.fit import Examples

POLYNOMIAL = {
    "module": "polynomial_regression.concise",
    "dataset": "polynomial",
    "device": "cpu",
    "seed": 0,
    "features": None,
    "epochs": 3,
    "batch_size": 5,
    "optimizer": "sgd",
    "learning_rate": 0.01,
    "momentum": 0.0,
    "weight_decay": 0.0,
    "evaluate_every": 2,
    "evaluate_train": False,
}
MLP = POLYNOMIAL | {
    "module": "mlp.scratch",
    "learning_rate": 0.1,
    "batch_size": 64,
    "epochs": 2,
    "evaluate_train": True,
    "hidden_units": 16,
}
SOFTMAX = {key: value for key, value in MLP.items() if key != "hidden_units"}
SOFTMAX |= {"module": "softmax_regression.scratch", "replicates": 2}


def run(stage: ModuleType, folder: Path, settings: dict, *, name="a.cpu", earlier=(), **inputs):
    """Run a stage; return its result as another stage would get it among its inputs."""
    folder.mkdir(parents=True, exist_ok=True)
    job = Job(name, settings, inputs, list(earlier), folder, {})
    stage.work(job)
    return Input(folder, stage.__name__.rpartition(".")[2], name, settings, {}, job.measured, 1.0)


def dataset(folder: Path, examples: Examples, outputs: int, stage="prepare") -> list[Input]:
    """Write one half of a dataset; return it as the only result in a role."""
    folder.mkdir(parents=True)
    tensors = {**examples._asdict(), "outputs": torch.tensor(outputs)}
    save_file(tensors, folder / "examples.safetensors")
    return [Input(folder, stage, folder.name, {}, {}, {}, 1.0)]
