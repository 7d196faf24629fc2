"""Where every random number comes from, and what makes a run repeatable to the bit."""

import hashlib
import json
import os

import torch
from torch import Tensor


def generator(seed: int, *purpose: str | int) -> torch.Generator:
    """Make the generator for one purpose, such as ``("shuffles", "mlp", 0)``.

    Different purposes give independent streams; the same purpose always gives the same one. It is
    on the CPU, so that every device starts from the same numbers.
    """
    digest = hashlib.sha256(json.dumps([seed, *purpose]).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8]) >> 1)


def normal(shape: tuple[int, ...], std: float, generator: torch.Generator) -> Tensor:
    """Draw float32 numbers from N(0, std²), as the notes initialise weights (3.3, 3.7, 4.2)."""
    return torch.normal(0.0, std, shape, generator=generator)


def be_deterministic() -> None:
    """Make torch repeat its results to the bit: one thread, deterministic kernels alone.

    Then results depend neither on ``--cores`` nor on the machine's load, and a batched product
    gives each replica the same bits whatever the other replicas are, from two replicas on. (With a
    single replica torch picks another kernel, whose last digit may differ.)
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what cuBLAS asks for
    os.environ.setdefault("MKL_CBWR", "AUTO")  # else sums depend on where in memory they end up
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")  # or else an environment may ask a GPU for less
    torch.set_deterministic_debug_mode("error")  # the other name of this loads torch's compiler
    torch.utils.deterministic.fill_uninitialized_memory = False  # it costs a tenth of the time
