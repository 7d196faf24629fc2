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


class Stream:
    """Torch's default random numbers, from which layers draw, as one replica has them to itself.

    What draws from them ``with`` a stream goes on where it last ended, whatever else has drawn
    meanwhile, and takes nothing from others.

    Parameters
    ----------
    source : torch.Generator
        Its seed is what the stream follows from. Nothing is drawn from it.
    purpose : str
        Streams of different purposes are independent of each other, and of the source.
    device : str
        Random numbers that are drawn on it belong to the stream, too.
    """

    def __init__(self, source: torch.Generator, purpose: str, device: str):
        kinds = dict.fromkeys(["cpu", torch.device(device).type])
        kinds.pop("meta", None)  # whose tensors have no values
        self.libraries = [
            torch if kind == "cpu" else torch.get_device_module(kind) for kind in kinds
        ]
        seed = generator(source.initial_seed(), purpose).initial_seed()
        self.states = [torch.Generator(kind).manual_seed(seed).get_state() for kind in kinds]

    def __enter__(self):
        self.outside = [library.get_rng_state() for library in self.libraries]
        self._set(self.states)

    def __exit__(self, *_):
        self.states = [library.get_rng_state() for library in self.libraries]
        self._set(self.outside)

    def _set(self, states: list[Tensor]) -> None:
        for library, state in zip(self.libraries, states, strict=True):
            library.set_rng_state(state)


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
