"""Linear regression from scratch (notes 3.2)."""

from torch import Tensor

from d2l_lab.models.linear_regression.initial import initial_parameters
from d2l_lab.training.scratch import FromScratch

TASK = "regression"


def linreg(X: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return ŷ = Xw + b: (R, B, q) from X (R, B, d), w (R, d, q) and b (R, 1, q)."""
    return X @ w + b


def squared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return (ŷ - y)² / 2 of each example, (R, B).

    With the factor 1/2 the gradient is ŷ - y; `nn.MSELoss`, the concise version's loss, has no such
    factor.
    """
    return ((y_hat - y) ** 2 / 2).squeeze(-1)


def build(inputs, outputs, generators, device) -> FromScratch:
    """Build one replica for each generator."""
    initial = [initial_parameters(inputs, outputs, generator) for generator in generators]
    return FromScratch(linreg, squared_loss, initial, device)
