"""The W and b of models from scratch: tensors with fast products and updates.

Models and optimisers use them as plain tensors: ``X @ W + b``, ``param -= lr * param.grad``. Behind
these formulas, the product uses the fastest library, and its gradient XᵀD, itself a product, can be
added to W directly from its factors, without writing and reading the matrix in between.
"""

import torch
from torch import Tensor

from d2l_lab.training.products import Product, add_product


class Gradient:
    """A multiple of a parameter's gradient, which supports only subtraction from the parameter.

    Parameters
    ----------
    matrix : Tensor or None
        The gradient that autograd has accumulated.
    factors : list of pairs of Tensors, X (R, B, d) and D (R, B, q)
        For each pair, XᵀD is to be added.
    times : float
    """

    __slots__ = ("factors", "matrix", "times")

    def __init__(
        self, matrix: Tensor | None, factors: list[tuple[Tensor, Tensor]], times: float = 1.0
    ):
        self.matrix, self.factors, self.times = matrix, factors, times

    def __rmul__(self, times: float) -> "Gradient":
        return Gradient(self.matrix, self.factors, times * self.times)

    def subtract_from(self, parameter: Tensor) -> None:
        """Change a parameter (R, d, q) in place."""
        if self.matrix is not None:
            parameter.sub_(self.matrix, alpha=self.times)
        for X, D in self.factors:
            add_product(parameter.mT, D.mT, X, -self.times)


class Parameter(Tensor):
    """One parameter of R replicas, (R, ...).

    Its `grad` is a tensor, as every optimiser expects, unless `keep_factors` was called.
    """

    __torch_function__ = torch._C._disabled_torch_function_impl  # results are plain tensors
    factors: list[tuple[Tensor, Tensor]] | None = None

    def __new__(cls, values: Tensor) -> "Parameter":
        """Make a parameter from values (R, ...), without copying them."""
        return Tensor._make_subclass(cls, values, True)  # like torch.nn's Parameter

    def keep_factors(self) -> None:
        """Make `grad` a `Gradient` from now on, for an optimiser that only subtracts it."""
        self.factors = []

    def __rmatmul__(self, X: Tensor) -> Tensor:
        return Product.apply(X, self)

    def __isub__(self, other: Tensor | Gradient) -> "Parameter":
        if not isinstance(other, Gradient):
            return super().__isub__(other)
        other.subtract_from(self)
        return self

    @property
    def grad(self) -> Tensor | Gradient | None:
        """The gradient of the loss."""
        matrix = super().grad
        return matrix if self.factors is None else Gradient(matrix, self.factors)

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        Tensor.grad.__set__(self, value)
        if self.factors:
            self.factors = []
