"""R replicas of one `nn.Module` (notes 3.3, 3.7, 4.3, 4.4.4).

They have the same interface for the training loop as `d2l_lab.training.scratch`.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
import torch._dynamo  # otherwise torch.optim loads it in every job
from torch import Tensor, nn

from d2l_lab.training.faults import NetError, fault
from d2l_lab.training.one_by_one import OneByOne
from d2l_lab.training.randomness import Stream
from d2l_lab.training.side_by_side import SideBySide, can_be_batched

ROW_BY_ROW = (nn.CrossEntropyLoss, nn.MSELoss)  # losses known to be the same when batched


def initialise(layer: nn.Linear, weight: Tensor, bias: Tensor | None = None) -> None:
    """Set a layer's initial values, in the notes' shapes: (inputs, outputs), (1, outputs)."""
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        if bias is not None:
            layer.bias.copy_(bias[0])


class Concise:
    """Replicas of an `nn.Module` (notes 3.3, 3.7, 4.3, 4.4.4).

    Any module works. Nets that have only linear layers and simple activations are trained as one
    batched program (see `side_by_side`), all others replica by replica (see `one_by_one`).

    Parameters
    ----------
    network : callable
        ``network(generator)`` makes the net of one replica: outputs (B, q) from inputs (B, ...).
        Meanwhile, and in training, torch's default random numbers are the replica's own, too:
        default initial values and dropout follow from its generator's seed.
    generators : sequence of R generators
    loss : nn.Module
        With ``reduction="none"``.
    device : str
    names : mapping, optional
        Maps the names of linear layers' parameters to the notes' names: ``{"1.weight": "W"}``.

    Raises
    ------
    NetError
        If the replicas are not alike, or have nothing to train.
    """

    way = "concise"

    def __init__(
        self,
        network: Callable[[torch.Generator], nn.Module],
        generators: Sequence[torch.Generator],
        loss: nn.Module,
        device: str,
        names: Mapping[str, str] | None = None,
    ):
        self.device = device
        self.loss = loss.to(device)
        self.names = names or {}
        training, evaluation = (
            [Stream(generator, purpose, device) for generator in generators]
            for purpose in ("training", "evaluation")
        )
        nets = []
        for generator, stream in zip(generators, training, strict=True):
            with stream:
                nets.append(network(generator))
        require_trainable(nets[0], loss)
        require_alike(nets)
        self.is_batched = all(map(can_be_batched, nets)) and len({*map(str, nets)}) == 1
        if self.is_batched:
            self.net = SideBySide(nets, device)
        else:
            self.net = OneByOne(nets, training, evaluation, device)

    def train(self, mode: bool = True) -> None:
        """Set the mode of every layer, training or evaluation, as the notes' `net.train()` does."""
        self.net.train(mode)

    def predict(self, X: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the outputs (R, B, q) for the inputs (R, B, ...); see `fit.Replicas`."""
        return self.net(X, weight)

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the loss of each example, (R, B)."""
        known = self.is_batched and type(self.loss) in ROW_BY_ROW
        if not known:  # the loss may act along any dimension, so apply it replica by replica
            return torch.stack([*map(self._losses, outputs, y)])
        if y.is_floating_point():
            return self.loss(outputs, y).sum(dim=-1)
        return self.loss(outputs.transpose(1, 2), y)  # it expects classes in dimension 1

    def _losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the losses (B,) of one replica's outputs (B, q)."""
        try:
            losses = self.loss(outputs, y)
        except Exception as error:
            raise fault(error) from None
        if losses.shape not in (y.shape, y.shape[:1]):
            found = f"the loss returns a tensor {(*losses.shape,)} for {len(y)} rows"
            raise NetError(f"{found}; it must return one number for each row")
        return losses.flatten(1).sum(dim=1) if losses.dim() > 1 else losses

    def trainable(self) -> list[nn.Parameter]:
        """Return the parameters themselves, for an optimiser to change in place."""
        return [parameter for parameter in self.net.parameters() if parameter.requires_grad]

    def parameters(self) -> dict[str, Tensor]:
        """Return a copy of parameters and buffers on the CPU, each (R, ...).

        Those with names in the notes have the notes' shapes, as in `FromScratch`: weights (inputs,
        outputs) and biases (1, outputs), where `nn.Linear` has (outputs, inputs) and (outputs,).
        All others are as in torch.
        """
        return {
            self.names.get(name, name): self._oriented(name, value)
            .detach()
            .cpu()
            .clone(memory_format=torch.contiguous_format)
            for name, value in self.net.state().items()
        }

    def _oriented(self, name: str, value: Tensor) -> Tensor:
        if name not in self.names:
            return value
        return value.transpose(1, 2) if name.endswith("weight") else value.unsqueeze(1)


def require_trainable(net: nn.Module, loss: nn.Module) -> None:
    """Refuse a net or a loss that the training loop cannot use."""
    if not isinstance(net, nn.Module):
        raise NetError(f"`network` returns a {type(net).__name__}; it must return an nn.Module")
    for name, parameter in net.named_parameters():
        if nn.parameter.is_lazy(parameter):
            raise NetError(f"{name} has no shape until the first inputs; give the layer its sizes")
    for name, value in net.state_dict().items():
        if not isinstance(value, Tensor):
            raise NetError(f"the net's state {name} is not a tensor; register a buffer instead")
    if not any(parameter.requires_grad for parameter in net.parameters()):
        raise NetError("the net has no trainable parameters; add a layer that has some")
    if getattr(loss, "reduction", "none") != "none":
        found = f'{type(loss).__name__} with reduction="{loss.reduction}"'
        raise NetError(f'{found} does not return a loss for each example; set reduction="none"')


def require_alike(nets: Sequence[nn.Module]) -> None:
    """Refuse replicas that differ in more than their values, or that share values."""
    first, *others = (
        {name: (*value.shape,) for name, value in net.state_dict().items()} for net in nets
    )
    for number, own in enumerate(others, start=1):
        for name in first | own:
            if first.get(name) != own.get(name):
                shapes = f"{first.get(name)} in replica 0, but {own.get(name)} in {number}"
                raise NetError(f"{name} is {shapes}; `network` must make nets of the same shapes")
    values = [value for net in nets for value in (*net.parameters(), *net.buffers())]
    if len({*map(id, values)}) < len(values):
        raise NetError("replicas share values; `network` must make a new net each time")
