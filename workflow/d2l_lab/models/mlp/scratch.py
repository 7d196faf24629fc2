"""The multilayer perceptron from scratch (notes 4.2)."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx

from d2l_lab.models.mlp.initial import initial_parameters
from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.training.products import affine
from d2l_lab.training.scratch import FromScratch

TASK = "classification"


class ReLU(torch.autograd.Function):
    """max(X, 0), and its derivative, by which a gradient passes or vanishes (notes 4.1.2)."""

    @staticmethod
    def forward(ctx: FunctionCtx, X: Tensor) -> Tensor:
        """Keep the positive elements and set all others to zero, in their place in memory."""
        ctx.mark_dirty(X.clamp_(min=0))
        ctx.save_for_backward(X)
        return X

    @staticmethod
    def backward(ctx: FunctionCtx, gradient: Tensor) -> Tensor:
        """Multiply by one where the element was positive, by zero elsewhere."""
        (H,) = ctx.saved_tensors
        return H.sign().mul_(gradient)


def relu(X: Tensor) -> Tensor:
    """Give max(X, 0) of each element (notes 4.2.2)."""
    return relu_(X.clone())


def relu_(X: Tensor) -> Tensor:
    """Do the same in X's own place in memory, as what ends in an underscore does in torch."""
    return ReLU.apply(X)


def net(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Give the probabilities (R, B, q) from images X (R, B, 1, 28, 28)."""
    H = relu_(affine(X.flatten(2), W1, b1))
    return softmax(affine(H, W2, b2))


def build(
    inputs: int,
    outputs: int,
    generators: Sequence[torch.Generator],
    learning_rate: float,
    device: str,
    *,
    hidden_units: int = 256,
) -> FromScratch:
    """Build one replica for each generator; what stands after the star can be configured."""
    initial = [
        initial_parameters(inputs, outputs, hidden_units, generator) for generator in generators
    ]
    return FromScratch(net, cross_entropy, initial, learning_rate, device)
