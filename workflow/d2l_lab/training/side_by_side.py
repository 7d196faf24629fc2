"""R nets of linear layers as one batched net, which is fast, for layers that act on each row alone.

A layer is batched only if a replica's results are known to be the same to the bit with others as
alone. `d2l_lab.training.one_by_one` trains all other modules.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from d2l_lab.training.faults import fault
from d2l_lab.training.products import Product, matmul

# Activations whose bits do not depend on a number's position in memory; for sigmoid, ELU, GELU and
# SiLU, torch computes the last few numbers of a tensor by another formula.
ELEMENTWISE = (nn.Identity, nn.ReLU, nn.LeakyReLU, nn.Tanh)
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


class Linear(nn.Module):
    """R layers `nn.Linear` that differ only in their values: (R, B, q) from (R, B, d)."""

    def __init__(self, layers: Sequence[nn.Linear]):
        super().__init__()
        self.weight = nn.Parameter(torch.stack([layer.weight.detach() for layer in layers]))
        biases = [layer.bias for layer in layers if layer.bias is not None]
        self.bias = nn.Parameter(torch.stack(biases).detach().unsqueeze(1)) if biases else None

    def forward(self, X: Tensor) -> Tensor:
        """Return XWᵀ + b of every replica."""
        W = self.weight.mT
        return matmul(X, W) if self.bias is None else Product.apply(X, W) + self.bias


class SideBySide(nn.Module):
    """R nets that `can_be_batched`, as one."""

    def __init__(self, nets: Sequence[nn.Module], device: str):
        super().__init__()
        self.net = side_by_side(nets).to(device)

    def forward(self, X: Tensor, _weight: Tensor | None = None) -> Tensor:
        """Return the outputs (R, B, q) for the inputs (R, B, ...); rows are independent."""
        try:
            return self.net(X)
        except RuntimeError as error:
            raise fault(error, self.net, X[0]) from None

    def state(self) -> dict[str, Tensor]:
        """Return the parameters of all replicas, (R, ...), in torch's names and orientation."""
        return {
            name: value.squeeze(1) if name.endswith("bias") else value
            for name, value in self.net.named_parameters()
        }


def can_be_batched(net: nn.Module) -> bool:
    """Return whether a net consists only of plain layers that act on each row alone.

    Only torch's own classes count, since a subclass may do anything. Excluded are also layers with
    a hook, layers that change their input in place, and layers that share their weight or do not
    train it.
    """
    layers, parameters = [*_layers(net)], [*net.parameters()]
    return (
        all(map(_acts_on_rows, layers))
        and len({*layers}) == len(layers)
        and len(parameters) == len([*net.named_parameters(remove_duplicate=False)])
        and all(p.requires_grad and p.dtype == torch.float32 for p in parameters)
    )


def _layers(net: nn.Module) -> Iterator[nn.Module]:
    """Yield the layers of nested nets, in order."""
    yield net
    if type(net) is nn.Sequential:
        for layer in net:
            yield from _layers(layer)


def _acts_on_rows(layer: nn.Module) -> bool:
    if "forward" in vars(layer) or any(getattr(layer, hooks) for hooks in HOOKS):
        return False
    if type(layer) is nn.Flatten:
        return (layer.start_dim, layer.end_dim) == (1, -1)
    is_plain = type(layer) in (nn.Sequential, nn.Linear, *ELEMENTWISE)
    return is_plain and not getattr(layer, "inplace", False)


def side_by_side(nets: Sequence[nn.Module]) -> nn.Module:
    """Combine R similar modules into one, with a replica dimension in inputs and outputs."""
    first = nets[0]
    if isinstance(first, nn.Sequential):
        return nn.Sequential(*(side_by_side(layers) for layers in zip(*nets, strict=True)))
    if isinstance(first, nn.Linear):
        return Linear(nets)
    if isinstance(first, nn.Flatten):
        return nn.Flatten(first.start_dim + 1)
    return first
