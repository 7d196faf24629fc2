"""R replicas of one model from tensors and autograd alone (notes 3.2, 3.6, 4.2).

Every parameter has a leading replica dimension, so XW + b is both the notes' formula and a batched
product.
"""

from collections.abc import Callable, Sequence

import torch
import torch.fx.experimental.symbolic_shapes  # otherwise the first gradient loads it in every job
from torch import Tensor

from d2l_lab.training.parameters import Parameter


class FromScratch:
    """Replicas built from tensors and autograd only (notes 3.2, 3.6, 4.2).

    Parameters
    ----------
    net : callable
        ``net(X, **parameters)``: outputs (R, B, q) for inputs (R, B, ...).
    loss : callable
        ``loss(outputs, y)``: the loss of each example, (R, B).
    initial : sequence of R dicts
        The initial parameters of each replica, named like the arguments of ``net``.
    device : str
    """

    way = "scratch"
    is_batched = True

    def __init__(
        self,
        net: Callable[..., Tensor],
        loss: Callable[[Tensor, Tensor], Tensor],
        initial: Sequence[dict[str, Tensor]],
        device: str,
    ):
        self.device = device
        self.net = net
        self.losses = loss
        self._parameters = {
            # columns contiguous in memory, for faster products
            name: Parameter(torch.stack([values[name].T for values in initial]).to(device).mT)
            for name in initial[0]
        }

    def train(self, _mode: bool) -> None:
        """Do nothing, since a formula is the same in training and evaluation."""

    def predict(self, X: Tensor, _weight: Tensor | None = None) -> Tensor:
        """Return the outputs (R, B, q) for the inputs (R, B, ...); rows are independent."""
        return self.net(X, **self._parameters)

    def trainable(self) -> list[Parameter]:
        """Return the parameters themselves, for an optimiser to change in place."""
        return [*self._parameters.values()]

    def parameters(self) -> dict[str, Tensor]:
        """Return a copy of the parameters on the CPU, each (R, ...)."""
        return {
            name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
            for name, value in self._parameters.items()
        }
