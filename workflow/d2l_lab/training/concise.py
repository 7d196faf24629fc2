"""R replicas of one `nn.Module`, trained by `torch.optim.SGD` (notes 3.3, 3.7, 4.3, 4.4.4).

It offers the training loop what `d2l_lab.training.scratch` does, in the same names and shapes.
"""

import copy
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn


def initialise(layer: nn.Linear, weight: Tensor, bias: Tensor | None = None) -> None:
    """Give a layer its initial values, in the notes' orientation.

    Parameters
    ----------
    layer : nn.Linear
    weight : Tensor, (inputs, outputs)
    bias : Tensor, (1, outputs), or None for a layer without bias
    """
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        if bias is not None:
            layer.bias.copy_(bias[0])


class Concise:
    """Replicas of an `nn.Module`, trained by `torch.optim.SGD` (notes 3.3, 3.7, 4.3, 4.4.4).

    Parameters
    ----------
    nets : sequence of R modules
        Alike but for their values.
    loss : nn.Module
        With ``reduction="none"``, called on outputs (R·B, q) and labels (R·B, ...).
    names : mapping
        From the module's parameter names to the notes' own, such as ``{"1.weight": "W"}``.
    learning_rate : float
    device : str
    """

    def __init__(
        self,
        nets: Sequence[nn.Module],
        loss: nn.Module,
        names: Mapping[str, str],
        learning_rate: float,
        device: str,
    ):
        self.device = device
        self.loss = loss
        self.names = names
        stacked, _ = torch.func.stack_module_state([net.to(device) for net in nets])
        self.stacked = stacked
        self.trainer = torch.optim.SGD(stacked.values(), lr=learning_rate)
        skeleton = copy.deepcopy(nets[0]).to("meta")
        self._net = torch.func.vmap(
            lambda parameters, X: torch.func.functional_call(skeleton, parameters, (X,))
        )

    def predict(self, X: Tensor) -> Tensor:
        """Give the outputs (R, B, q) for the inputs (R, B, ...)."""
        return self._net(self.stacked, X)

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Give the loss of each example, (R, B)."""
        return self.loss(outputs.flatten(0, 1), y.flatten(0, 1)).reshape(outputs.shape[:2])

    def step(self, losses: Tensor, weights: Tensor) -> None:
        """Update every replica by the gradient of its mean loss; see `FromScratch.step`."""
        means = (losses * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
        self.trainer.zero_grad()
        means.sum().backward()  # the replicas share no parameter, so the sum keeps them apart
        self.trainer.step()

    def parameters(self) -> dict[str, Tensor]:
        """Give a copy of the parameters on the CPU, in the notes' names and orientation.

        `nn.Linear` keeps its weight as (outputs, inputs) and its bias as (outputs,); the notes,
        and `FromScratch`, as (inputs, outputs) and (1, outputs).
        """
        return {
            self.names[name]: (value.transpose(1, 2) if value.dim() == 3 else value.unsqueeze(1))
            .detach()
            .cpu()
            .clone(memory_format=torch.contiguous_format)
            for name, value in self.stacked.items()
        }
