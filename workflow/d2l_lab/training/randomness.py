"""The source of all random numbers, and the settings that make runs repeatable to the bit."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

Generators = Callable[[str], list[torch.Generator]]


def generator(seed: int, *purpose: str | int) -> torch.Generator:
    """Return the generator for one purpose, such as ``("shuffles", "mlp", 0)``.

    Different purposes have independent streams; the same purpose always has the same one. The
    generator is on the CPU, so that every device starts from the same numbers.
    """
    digest = hashlib.sha256(json.dumps([seed, *purpose]).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8]) >> 1)


def generator_factory(seed: int, *use: str, numbers: Iterable[int]) -> Generators:
    """Return a function that makes the generators of several replicas for one purpose.

    Parameters
    ----------
    seed : int
    *use : str
        What the generators are for, such as a model or a study: ``"mlp", "replicate"``.
    numbers : iterable of R ints
        The replicas' numbers. A replica's random numbers depend on its own number only.
    """
    numbers = [*numbers]
    return lambda purpose: [generator(seed, *use, purpose, number) for number in numbers]


def normal(shape: tuple[int, ...], std: float, generator: torch.Generator) -> Tensor:
    """Draw float32 numbers from N(0, std²), as the notes initialise weights (3.3, 3.7, 4.2)."""
    return torch.normal(0.0, std, shape, generator=generator)


class Stream:
    """A replica's own stream of torch's default random numbers, which layers draw from.

    ``with`` a stream, draws continue where the stream last stopped, whatever was drawn elsewhere
    meanwhile, and leave other random numbers untouched.

    Parameters
    ----------
    source : torch.Generator
        Its seed determines the stream. Nothing is drawn from it.
    purpose : str
        Streams of different purposes are independent of each other, and of the source.
    device : str
        Random numbers drawn on this device belong to the stream, too.
    """

    def __init__(self, source: torch.Generator, purpose: str, device: str):
        kinds = dict.fromkeys(["cpu", torch.device(device).type])
        kinds.pop("meta", None)  # its tensors have no values
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
    """Make torch's results repeatable to the bit: one thread, deterministic kernels only.

    Then results depend neither on ``--cores`` nor on the machine's load, and in a batched product
    with two or more replicas, each gets the same bits whatever the others are. (With a single
    replica torch picks another kernel, whose last digit may differ.)
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # required by cuBLAS
    os.environ.setdefault("MKL_CBWR", "AUTO")  # otherwise sums depend on memory alignment
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")  # otherwise the environment may lower it on a GPU
    # The usual function, torch.use_deterministic_algorithms, loads torch's compiler.
    torch.set_deterministic_debug_mode("error")
    torch.utils.deterministic.fill_uninitialized_memory = False  # it costs a tenth of the time
