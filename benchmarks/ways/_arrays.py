"""The prepared Fashion-MNIST, for the libraries that keep it in memory."""

from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from d2l_lab.datasets.images import to_numbers


def halves(settings: dict[str, Any]) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Read the training and the test set: images in rows (n, 784), float32, and labels (n,)."""
    both = (load_file(Path(settings[half], "examples.safetensors")) for half in ("train", "test"))
    return tuple((to_numbers(half["X"].reshape(len(half["X"]), -1)), half["y"]) for half in both)
