"""What a model from scratch is given as W and b: tensors that multiply, and move, quickly.

Models and optimisers use them as plain tensors: ``X @ W + b``, ``param -= lr * param.grad``. Below
these formulas the product is taken by the quickest library, and its gradient XᵀD, itself a product,
can be added to W straight from its factors: as a matrix it would be written once, and read again.
"""

import torch
from torch import Tensor

from d2l_lab.training.products import Product, add_product


class Gradient:
    """A multiple of a parameter's gradient, which can only be subtracted from the parameter.

    Parameters
    ----------
    matrix : Tensor or None
        What autograd has summed up.
    factors : list of pairs of Tensors, X (R, B, d) and D (R, B, q)
        XᵀD of each is to be added.
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

    Its `grad` is a tensor, as every optimiser expects it, unless `keep_factors` was called.
    """

    __torch_function__ = torch._C._disabled_torch_function_impl  # what is computed of it is plain
    factors: list[tuple[Tensor, Tensor]] | None = None

    def __new__(cls, values: Tensor) -> "Parameter":
        """Make a parameter of values (R, ...), which are not copied."""
        return Tensor._make_subclass(cls, values, True)  # as torch.nn's own Parameter does

    def keep_factors(self) -> None:
        """Let `grad` be a `Gradient` from now on: for an optimiser that adds nothing else."""
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
