"""The limit of this machine: only the matrix products of an epoch, and the reading of its rows.

Nothing is learned here. Every product writes into memory that is already allocated. Each matrix
may be stored by rows or by columns, and R replicas may be multiplied together, one after another,
or by torch's other library, oneDNN, into new memory. The fastest of these counts.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor

from benchmarks.ways import _process
from d2l_lab.training import onednn

TRIALS = 3  # trials of each layout; the fastest counts


class Product(NamedTuple):
    """A product ``result = left @ right``; a name that ends in T means the transposed matrix."""

    result: str
    left: str
    right: str


class Step(NamedTuple):
    """The products of a step of one model, and the shapes of the matrices in them."""

    shapes: Mapping[str, tuple[int, int]]
    forward: tuple[Product, ...]
    backward: tuple[Product, ...]


def step_of(inputs: int, outputs: int, hidden_units: int | None, batch_size: int) -> Step:
    """List the products in a step of softmax regression or of the multilayer perceptron.

    dO is the gradient of the loss with respect to O, dH the one with respect to H, and so on.
    """
    B, d, q, h = batch_size, inputs, outputs, hidden_units
    if h is None:
        shapes = {"X": (B, d), "W": (d, q), "O": (B, q), "dO": (B, q), "dW": (d, q)}
        return Step(shapes, (Product("O", "X", "W"),), (Product("dW", "XT", "dO"),))
    shapes = {"X": (B, d), "W1": (d, h), "H": (B, h), "W2": (h, q), "O": (B, q)}
    shapes |= {f"d{name}": shapes[name] for name in ("W1", "H", "W2", "O")}
    return Step(
        shapes,
        (Product("H", "X", "W1"), Product("O", "H", "W2")),
        (Product("dW2", "HT", "dO"), Product("dH", "dO", "W2T"), Product("dW1", "XT", "dH")),
    )


class Layout:
    """The matrices of a step of R replicas in memory, some of them stored by columns.

    Parameters
    ----------
    step : Step
    replicas : int
    columns : set of str
        The matrices stored by columns, each with its gradient; all others are stored by rows.
    """

    def __init__(self, step: Step, replicas: int, columns: Set[str]):
        self.columns = columns
        self.stored = {
            name: torch.randn(replicas, *(shape[::-1] if self.by_columns(name) else shape)) / 30
            for name, shape in step.shapes.items()
        }

    def by_columns(self, name: str) -> bool:
        """Return whether a matrix is stored by columns."""
        return name.removeprefix("d") in self.columns

    def matrix(self, name: str) -> Tensor:
        """Return a matrix (R, rows, columns), however it is stored; `Product` explains its name."""
        plain = name.removesuffix("T")
        turned = self.by_columns(plain) != (plain != name)
        return self.stored[plain].mT if turned else self.stored[plain]

    def multiply(self, products: Sequence[Product]) -> list[Callable[[], None]]:
        """Make functions that multiply: all replicas at once, one by one, or by oneDNN."""
        calls = []
        for result, left, right in products:
            operands = self.matrix(left), self.matrix(right)
            if self.by_columns(result):  # Cᵀ = BᵀAᵀ
                operands = operands[1].mT, operands[0].mT
            calls.append((*operands, self.stored[result]))
        singles = [one for operands in calls for one in zip(*operands, strict=True)]

        def batched() -> None:
            for a, b, out in calls:
                torch.bmm(a, b, out=out)

        def one_by_one() -> None:
            for a, b, out in singles:
                torch.mm(a, b, out=out)

        def by_onednn() -> None:
            for a, b, _ in singles:
                onednn.product(a, b)

        has_onednn = torch.backends.mkldnn.is_available()
        return [batched, one_by_one, *([by_onednn] if has_onednn else [])]


def layouts(step: Step, products: Sequence[Product], replicas: int) -> Iterator[Layout]:
    """Yield every layout of the matrices of some products; X is stored by rows, as it was read."""
    used = {name.removesuffix("T").removeprefix("d") for product in products for name in product}
    free = sorted(used - {"X"})
    for columns in itertools.product([False, True], repeat=len(free)):
        yield Layout(step, replicas, set(itertools.compress(free, columns)))


def fastest(step: Step, products: Sequence[Product], replicas: int) -> Callable[[], None]:
    """Find the fastest way to compute some products of a step."""
    best, least = None, float("inf")
    for layout in layouts(step, products, replicas):
        for run in layout.multiply(products):
            run()
            taken = min(seconds_of(run, 1) for _ in range(TRIALS))
            if taken < least:
                best, least = run, taken
    return best


def seconds_of(run: Callable[[], None], times: int) -> float:
    """Return the mean time of a call."""
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


def seconds_of_reading(images: Tensor, batches: Sequence[Tensor]) -> float:
    """Return the time to gather the rows of all minibatches as floats, from images or floats."""
    size = (max(map(len, batches)), images.shape[1])
    room, numbers = torch.empty(size, dtype=images.dtype), torch.empty(size)

    def read() -> None:
        for index in batches:
            rows = torch.index_select(images, 0, index, out=room[: len(index)])
            if images.dtype == torch.uint8:
                numbers[: len(index)].copy_(rows).div_(255)

    read()
    return min(seconds_of(read, 1) for _ in range(2))


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Time the products and the reading of an epoch of R replicas, and those of its evaluation.

    The products are repeated for as many steps as an epoch has. A shorter measurement would catch
    the machine at its best more often than the epoch that is compared with it.
    """
    torch.set_num_threads(settings["threads"])
    replicas, batch_size = settings["replicas"], settings["batch_size"]
    train, test = (
        load_file(Path(settings[half], "examples.safetensors"))["X"].flatten(1)
        for half in ("train", "test")
    )
    step = step_of(train.shape[1], 10, settings["hidden_units"], batch_size)
    training = fastest(step, step.forward + step.backward, replicas)
    predicting = fastest(step, step.forward, replicas)
    rows = torch.stack([torch.randperm(len(train)) for _ in range(replicas)])
    batches = [part.flatten() for part in rows.split(batch_size, dim=1)]
    steps, looks = (-(-len(half) // batch_size) for half in (train, test))
    return {
        "products": seconds_of(training, steps) * len(train) / batch_size,
        "reading": min(seconds_of_reading(images, batches) for images in (train, train.float())),
        "evaluation": seconds_of(predicting, looks) * len(test) / batch_size,
    }


if __name__ == "__main__":
    _process.main(measure)
