"""ReLU, sigmoid and tanh with their derivatives, by autograd and by formula (notes 4.1.2)."""

import pandas as pd
import torch

from d2l_lab.models.mlp.scratch import relu
from d2l_lab.training.randomness import be_deterministic

TABLES = ("activations",)
FUNCTIONS = {"relu": relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
DERIVATIVES = {
    "relu": lambda x: (x > 0).double(),  # at 0, where there is none: 0, a subgradient
    "sigmoid": lambda x: torch.sigmoid(x) * (1 - torch.sigmoid(x)),
    "tanh": lambda x: 1 - torch.tanh(x) ** 2,
}
GREATEST = 8.0


def study(*, points: int) -> dict[str, pd.DataFrame]:
    """Evaluate each function and its derivative at evenly spaced points from -8 to 8.

    If their number is odd, 0 is one of them.

    Returns
    -------
    activations : DataFrame
        function, x, value, derivative (by autograd), formula (the derivative by its formula).
    """
    be_deterministic()
    steps = torch.arange(points, dtype=torch.float64) - (points - 1) / 2
    x = 2 * GREATEST * steps / (points - 1)  # exactly symmetric, with an exact 0
    return {"activations": pd.concat(_table(name, x) for name in FUNCTIONS)}


def _table(name: str, x: torch.Tensor) -> pd.DataFrame:
    inputs = x.clone().requires_grad_()
    values = FUNCTIONS[name](inputs)
    (derivative,) = torch.autograd.grad(values.sum(), inputs)
    columns = {"x": x, "value": values.detach()}
    columns |= {"derivative": derivative, "formula": DERIVATIVES[name](x)}
    table = pd.DataFrame({column: tensor.numpy() for column, tensor in columns.items()})
    table.insert(0, "function", name)
    return table
