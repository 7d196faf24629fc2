"""R replicas of one model from tensors and autograd alone (notes 3.2, 3.6, 4.2).

Every parameter carries a leading replica dimension, so XW + b is the notes' formula and a batched
product at once.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
import torch.fx.experimental.symbolic_shapes  # or the first gradient would load it, in every job
from torch import Tensor

from d2l_lab.training.products import add_gradient, by_factors


def sgd(parameters: Iterable[Tensor], learning_rate: float) -> None:
    """Take one step of minibatch stochastic gradient descent (notes 3.2).

    The notes divide by the batch size here; this is given gradients of the mean loss, for replicas
    may have minibatches of unequal size.

    Parameters
    ----------
    parameters : iterable of Tensor, each (R, ...)
        Changed in place; their gradients are forgotten.
    learning_rate : float
    """
    for parameter in parameters:
        add_gradient(parameter, -learning_rate)  # parameter -= lr · gradient


class FromScratch:
    """Replicas built from tensors and autograd alone (notes 3.2, 3.6, 4.2).

    Parameters
    ----------
    net : callable
        ``net(X, **parameters)``: outputs (R, B, q) for inputs (R, B, ...).
    loss : callable
        ``loss(outputs, y)``: the loss of each example, (R, B).
    initial : sequence of R dicts
        The initial parameters of each replica; the names are ``net``'s own.
    learning_rate : float
    device : str
    """

    def __init__(
        self,
        net: Callable[..., Tensor],
        loss: Callable[[Tensor, Tensor], Tensor],
        initial: Sequence[dict[str, Tensor]],
        learning_rate: float,
        device: str,
    ):
        self.device = device
        self.net = net
        self.losses = loss
        self.learning_rate = learning_rate
        self._parameters = {
            name: _stacked([one[name] for one in initial], device) for name in initial[0]
        }

    def predict(self, X: Tensor) -> Tensor:
        """Give the outputs (R, B, q) for the inputs (R, B, ...)."""
        return self.net(X, **self._parameters)

    def step(self, losses: Tensor, shares: Tensor) -> None:
        """Update every replica by the gradient of its mean loss.

        Parameters
        ----------
        losses, shares : Tensor, (R, B)
            What an example's loss counts for in its replica's mean; see `Rows.shares`. A padded
            row counts for nothing. A replica without any other has a gradient of zero and stays as
            it is.
        """
        losses.backward(shares)
        sgd(self._parameters.values(), self.learning_rate)

    def parameters(self) -> dict[str, Tensor]:
        """Give a copy of the parameters on the CPU, each (R, ...)."""
        return {
            name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
            for name, value in self._parameters.items()
        }


def _stacked(initial: Sequence[Tensor], device: str) -> Tensor:
    """Stack one parameter of all replicas, its columns as rows in memory, quick for `affine`."""
    columns = torch.stack([one.T for one in initial]).to(device)
    return by_factors(columns.mT.detach().requires_grad_())
