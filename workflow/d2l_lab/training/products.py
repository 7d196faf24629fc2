"""The products that both ways of a model are made of, and gradients in the form of their factors.

The gradient of XW for W is XᵀD, itself a product. As a matrix it would be written once, and read
once by the step that adds it to W; a step by its factors does both at once.
"""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from d2l_lab.training import onednn


def matmul(X: Tensor, W: Tensor) -> Tensor:
    """Give XW: (R, B, q) from X (R, B, d) and W (R, d, q).

    It is taken as (WᵀXᵀ)ᵀ, the same product, whose gradient for W then is a product of rows in
    memory: for few outputs twice as fast as ``X @ W``.
    """
    if onednn.suits(W.mT, X.mT):
        return torch.stack([onednn.product(*one) for one in zip(W.mT, X.mT, strict=True)]).mT
    return (W.mT @ X.mT).mT


def add_product(to: Tensor, A: Tensor, B: Tensor, times: float) -> None:
    """Add so many times AB to a tensor (R, m, n), by the quicker library."""
    if onednn.suits(A, B):
        for one, *factors in zip(to, A, B, strict=True):
            one.add_(onednn.product(*factors), alpha=times)
    else:
        to.baddbmm_(A, B, alpha=times)


def affine(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """Give XW + b: (R, B, q) from X (R, B, d), W (R, d, q) and b (R, 1, q).

    The gradient for W is left in its factors if it is `by_factors`.
    """
    return Affine.apply(X, W, b)


class Affine(torch.autograd.Function):
    """XW + b, and its derivatives (notes 3.1 and 4.1)."""

    @staticmethod
    def forward(ctx: FunctionCtx, X: Tensor, W: Tensor, b: Tensor) -> Tensor:
        """Take the product as `matmul` does, and add b in its place in memory."""
        ctx.save_for_backward(X, W)
        return matmul(X, W).add_(b).detach()  # no view, so that it may be changed in place

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, D: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor]:
        """Give DWᵀ for X, XᵀD for W, and for b the sum of the rows of D."""
        X, W = ctx.saved_tensors
        of_X = matmul(D, W.mT) if ctx.needs_input_grad[0] else None
        of_W = None
        if is_by_factors(W):
            W.factors.append((X, D))
        elif ctx.needs_input_grad[1]:
            of_W = matmul(X.mT, D)
        return of_X, of_W, D.sum(dim=1, keepdim=True)


def by_factors(W: Tensor) -> Tensor:
    """Let the gradients of a parameter be kept as their factors, for `add_gradient` alone."""
    W.factors = []
    return W


def is_by_factors(W: Tensor) -> bool:
    """Tell whether the gradients of a parameter are kept as their factors."""
    return hasattr(W, "factors")


@torch.no_grad()
def add_gradient(parameter: Tensor, times: float) -> None:
    """Add to a parameter so many times its gradient, and forget that."""
    if parameter.grad is not None:
        parameter.add_(parameter.grad, alpha=times)
        parameter.grad = None
    if is_by_factors(parameter):
        for X, D in parameter.factors:
            add_product(parameter.mT, D.mT, X, times)
        parameter.factors.clear()
