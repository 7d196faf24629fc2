"""Batched products of R matrices by the faster library, with their gradients."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from d2l_lab.training import onednn


def matmul(X: Tensor, W: Tensor) -> Tensor:
    """Return XW: (R, B, q) from X (R, B, d) and W (R, d, q).

    It is computed as (WᵀXᵀ)ᵀ, so that the gradient for W is a product of rows in memory. For few
    outputs this is twice as fast as ``X @ W``.
    """
    if onednn.suits(W.mT, X.mT):
        return torch.stack([onednn.product(*pair) for pair in zip(W.mT, X.mT, strict=True)]).mT
    return (W.mT @ X.mT).mT


def add_product(to: Tensor, A: Tensor, B: Tensor, times: float) -> None:
    """Add a multiple of AB to a tensor (R, m, n), by the faster library."""
    if onednn.suits(A, B):
        for matrix, *factors in zip(to, A, B, strict=True):
            matrix.add_(onednn.product(*factors), alpha=times)
    else:
        to.baddbmm_(A, B, alpha=times)


class Product(torch.autograd.Function):
    """XW computed by `matmul`, with gradients by `matmul`, too.

    If W has a list `factors`, the factors (X, D) of its gradient XᵀD are appended to it, and the
    gradient itself is not computed.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, X: Tensor, W: Tensor) -> Tensor:
        """Return XW."""
        ctx.save_for_backward(X, W)
        return matmul(X, W)

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, D: Tensor) -> tuple[Tensor | None, Tensor | None]:
        """Return DWᵀ for X and XᵀD for W."""
        X, W = ctx.saved_tensors
        of_X = matmul(D, W.mT) if ctx.needs_input_grad[0] else None
        factors = getattr(W, "factors", None)
        if factors is not None:
            factors.append((X, D))
            return of_X, None
        return of_X, matmul(X.mT, D) if ctx.needs_input_grad[1] else None
