"""R replicas of one `nn.Module` (notes 3.3, 3.7, 4.3, 4.4.4).

They offer the training loop what `d2l_lab.training.scratch` does, in the same names and shapes.
"""

from collections.abc import Mapping, Sequence

import torch
import torch._dynamo  # or torch.optim would load it on first use, in every job
from torch import Tensor, nn

from d2l_lab.training.products import Product, matmul


def initialise(layer: nn.Linear, weight: Tensor, bias: Tensor | None = None) -> None:
    """Give a layer its initial values as the notes write them: (inputs, outputs), (1, outputs)."""
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        if bias is not None:
            layer.bias.copy_(bias[0])


class Linear(nn.Module):
    """R layers `nn.Linear`, alike but for their values: (R, B, q) from (R, B, d)."""

    def __init__(self, layers: Sequence[nn.Linear]):
        super().__init__()
        self.weight = nn.Parameter(torch.stack([layer.weight.detach() for layer in layers]))
        biases = [layer.bias for layer in layers if layer.bias is not None]
        self.bias = nn.Parameter(torch.stack(biases).detach().unsqueeze(1)) if biases else None

    def forward(self, X: Tensor) -> Tensor:
        """Give XWᵀ + b of every replica."""
        W = self.weight.mT
        return matmul(X, W) if self.bias is None else Product.apply(X, W) + self.bias


def side_by_side(nets: Sequence[nn.Module]) -> nn.Module:
    """Make one module of R alike ones: its inputs and outputs have a leading replica dimension.

    Raises
    ------
    TypeError
        If a layer has parameters and is no `nn.Linear`.
    """
    first = nets[0]
    if isinstance(first, nn.Sequential):
        return nn.Sequential(*(side_by_side(layers) for layers in zip(*nets, strict=True)))
    if isinstance(first, nn.Linear):
        return Linear(nets)
    if isinstance(first, nn.Flatten):
        return nn.Flatten(first.start_dim + 1)
    if any(True for _ in first.parameters()):
        raise TypeError(f"{type(first).__name__}: {__name__} has no such layer for R replicas yet")
    return first


class Concise:
    """Replicas of an `nn.Module` (notes 3.3, 3.7, 4.3, 4.4.4).

    Parameters
    ----------
    nets : sequence of R modules
        Alike but for their values.
    loss : nn.Module
        With ``reduction="none"``, called on outputs (R, q, B) and classes (R, B), or on outputs and
        numbers (R, B, q).
    names : mapping
        From the module's parameter names to the notes' own, such as ``{"1.weight": "W"}``.
    device : str
    """

    way = "concise"
    is_batched = True

    def __init__(
        self,
        nets: Sequence[nn.Module],
        loss: nn.Module,
        names: Mapping[str, str],
        device: str,
    ):
        self.device = device
        self.loss = loss
        self.names = names
        self.net = side_by_side(nets).to(device)

    def predict(self, X: Tensor) -> Tensor:
        """Give the outputs (R, B, q) for the inputs (R, B, ...)."""
        return self.net(X)

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Give the loss of each example, (R, B)."""
        if y.is_floating_point():
            return self.loss(outputs, y).sum(dim=-1)
        return self.loss(outputs.transpose(1, 2), y)  # it wants the classes second

    def trainable(self) -> list[nn.Parameter]:
        """Give the parameters themselves, for an optimiser to change in place."""
        return [*self.net.parameters()]

    def parameters(self) -> dict[str, Tensor]:
        """Give a copy of the parameters on the CPU, in the notes' names and orientation.

        `nn.Linear` keeps its weight as (outputs, inputs) and its bias as (outputs,); the notes,
        and `FromScratch`, as (inputs, outputs) and (1, outputs).
        """
        return {
            self.names[name]: (value.transpose(1, 2) if name.endswith("weight") else value)
            .detach()
            .cpu()
            .clone(memory_format=torch.contiguous_format)
            for name, value in self.net.named_parameters()
        }
