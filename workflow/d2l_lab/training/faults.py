"""Describe in one line what went wrong inside a user's net."""

import traceback
from pathlib import Path

import torch
from torch import Tensor, nn

from d2l_lab.errors import LabError

LONGEST = 300  # characters of torch's own message that are shown


class NetError(LabError):
    """A net cannot be trained as it is."""


def fault(error: Exception, net: nn.Module | None = None, X: Tensor | None = None) -> Exception:
    """Make a `NetError` from what a net raised when applied to X (B, ...) or when built.

    Running out of memory is not the net's fault, so that error is returned unchanged.
    """
    no_memory = isinstance(error, MemoryError | torch.OutOfMemoryError)
    if isinstance(error, LabError) or no_memory or "allocate memory" in str(error):
        return error
    what = f"{type(error).__name__}: {' '.join(str(error).split())}"
    parts = [*_layer(error, net), *_line(error), what[:LONGEST]]
    if X is not None:
        parts.append(f"its inputs had the shape {(*X.shape,)}")
        if len(X) == 1:
            parts[-1] += "; choose a batch_size that leaves no minibatch with a single row"
    return NetError(": ".join(parts))


def _layer(error: Exception, net: nn.Module | None) -> list[str]:
    """Name the innermost layer of a net that an error passed through."""
    names = {} if net is None else {layer: name for name, layer in net.named_modules()}
    for frame, _ in reversed([*traceback.walk_tb(error.__traceback__)]):
        layer = frame.f_locals.get("self")
        if isinstance(layer, nn.Module) and names.get(layer):
            return [f"layer {names[layer]} ({type(layer).__name__})"]
    return []


def _line(error: Exception) -> list[str]:
    """Name the innermost line that is neither torch's nor the training loop's."""
    for frame, number in reversed([*traceback.walk_tb(error.__traceback__)]):
        if "/d2l_lab/models/" in frame.f_code.co_filename:
            return [f"line {number} of {Path(frame.f_code.co_filename).name}"]
    return []
