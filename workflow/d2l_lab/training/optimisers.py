"""The optimisers, from scratch and by `torch.optim`, built from a model's settings.

To add one, write a function like `sgd`, and add its name to `OPTIMISERS` and to the schema of the
configuration. Its keyword-only arguments become settings; `$defs` of the schema describes them.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from d2l_lab.training.fit import Optimiser, Replicas
from d2l_lab.training.parameters import Parameter

State = dict[str, Any]  # an optimiser's memory of one parameter


@torch.no_grad()
def sgd(
    params: Sequence[Tensor],
    states: Sequence[State],
    lr: float,
    *,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> None:
    """Take one step of minibatch stochastic gradient descent (notes 3.2).

    The notes divide by the batch size here. Our gradients are already those of the mean loss, since
    replicas may have minibatches of unequal size. With momentum, a step continues along the steps
    before it; for weight decay see `decayed`.
    """
    for param, state in zip(params, states, strict=True):
        step = decayed(param, weight_decay)
        if momentum:
            step = state["velocity"] = momentum * state.get("velocity", 0) + step
        param -= lr * step  # noqa: PLW2901 (in place)


@torch.no_grad()
def adam(
    params: Sequence[Tensor], states: Sequence[State], lr: float, *, weight_decay: float = 0.0
) -> None:
    """Take one step of Adam (Kingma and Ba), with the constants of `torch.optim.Adam`.

    Each number moves by the mean v of its past gradients divided by the root of their mean square
    s. Both are moving averages that start at 0, which is corrected for. For weight decay see
    `decayed`.
    """
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    for param, state in zip(params, states, strict=True):
        gradient = decayed(param, weight_decay)
        t = state["t"] = state.get("t", 0) + 1
        v = state["v"] = beta1 * state.get("v", 0) + (1 - beta1) * gradient
        s = state["s"] = beta2 * state.get("s", 0) + (1 - beta2) * gradient**2
        v_corrected, s_corrected = v / (1 - beta1**t), s / (1 - beta2**t)
        param -= lr * v_corrected / (s_corrected.sqrt() + epsilon)  # noqa: PLW2901 (in place)


def decayed(param: Tensor, weight_decay: float) -> Tensor:
    """Return the gradient of the loss with the penalty weight_decay / 2 · ‖parameter‖².

    As in `torch.optim`, the penalty applies to every parameter, weights and biases alike.
    """
    return param.grad + weight_decay * param if weight_decay else param.grad


OPTIMISERS = {"sgd": sgd, "adam": adam}
# What concise models use instead, if it exists.
BY_LIBRARY = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
# Not vectorised over parameters, so that a number's bits do not depend on its neighbours.
ONE_AFTER_THE_OTHER = {"foreach": False}


class FromScratch:
    """An optimiser from scratch, with its memory.

    Parameters
    ----------
    params : list of Tensors
    function : callable
        One of `OPTIMISERS`.
    lr : float
    **settings
        The function's arguments after the star.
    """

    def __init__(self, params: Sequence[Tensor], function: Callable, lr: float, **settings: float):
        self.params, self.states = params, [{} for _ in params]
        self.take_step = partial(function, lr=lr, **settings)
        if function is sgd and not any(settings.values()):  # plain SGD only subtracts the gradient
            for param in params:
                if isinstance(param, Parameter):
                    param.keep_factors()

    def step(self) -> None:
        """Take one step, with the parameters that have a gradient."""
        pairs = zip(self.params, self.states, strict=True)
        moving = [pair for pair in pairs if pair[0].grad is not None]
        self.take_step([param for param, _ in moving], [state for _, state in moving])

    def zero_grad(self) -> None:
        """Clear the gradients; otherwise the next ones are added to them."""
        for param in self.params:
            param.grad = None


class ForEachReplica:
    """An optimiser for each of R replicas, some of which have fewer minibatches in an epoch.

    A replica without minibatches left must not move. A gradient of zero does not ensure that if the
    optimiser remembers earlier gradients.

    Parameters
    ----------
    params : list of Tensors, each (R, ...)
    make : callable
        Returns an optimiser for a list of parameters.
    minibatches : sequence of R ints
        The number of minibatches of each replica in an epoch.
    """

    def __init__(
        self,
        params: Sequence[Tensor],
        make: Callable[[list[Tensor]], Optimiser],
        minibatches: Sequence[int],
    ):
        self.params, self.minibatches, self.steps = params, minibatches, 0
        # They change the parameters themselves, since slices share memory.
        self.slices = [[param.detach()[r] for param in params] for r, _ in enumerate(minibatches)]
        self.optimisers = [*map(make, self.slices)]

    def step(self) -> None:
        """Let each replica that has a minibatch take a step."""
        batch = self.steps % max(self.minibatches)
        self.steps += 1
        for r, optimiser in enumerate(self.optimisers):
            if batch < self.minibatches[r]:
                for own, param in zip(self.slices[r], self.params, strict=True):
                    own.grad = None if param.grad is None else param.grad[r]
                optimiser.step()

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for param in self.params:
            param.grad = None


def settings_of(optimizer: str) -> list[str]:
    """List the settings that an optimiser has besides its learning rate."""
    parameters = inspect.signature(OPTIMISERS[optimizer]).parameters.values()
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


def make_optimiser(
    model: Replicas,
    *,
    learning_rate: float,
    optimizer: str = "sgd",
    minibatches: Sequence[int] = (),
    **settings: float,
) -> Optimiser:
    """Build a model's optimiser: from scratch or from `torch.optim`, like the model.

    Parameters
    ----------
    model : Replicas
    learning_rate : float
    optimizer : str
        One of `OPTIMISERS`.
    minibatches : sequence of R ints
        The number of minibatches of each replica in an epoch, if these may differ.
    **settings
        The optimiser's own settings, see `settings_of`.
    """
    if model.way == "concise" and optimizer in BY_LIBRARY:
        make = partial(BY_LIBRARY[optimizer], lr=learning_rate, **ONE_AFTER_THE_OTHER, **settings)
    else:
        make = partial(FromScratch, function=OPTIMISERS[optimizer], lr=learning_rate, **settings)
    remembers = optimizer != "sgd" or any(settings.values())
    if model.is_batched and remembers and len({*minibatches}) > 1:
        return ForEachReplica(model.trainable(), make, minibatches)
    return make(model.trainable())
