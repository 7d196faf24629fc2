"""scikit-learn's `MLPClassifier`, with the notes' settings; its threads are its own choice."""

import time
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.ways import _process
from benchmarks.ways._arrays import halves
from benchmarks.ways._process import Clock


def classifier(settings: dict[str, Any], epochs: int) -> MLPClassifier:
    """Make one that trains by plain minibatch SGD for so many epochs, and stops no sooner."""
    units = settings["hidden_units"]
    return MLPClassifier(
        hidden_layer_sizes=() if units is None else (units,),
        solver="sgd",
        momentum=0,
        nesterovs_momentum=False,
        learning_rate_init=settings["learning_rate"],
        batch_size=settings["batch_size"],
        alpha=0,
        shuffle=True,
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        tol=0,
    )


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Fit in one call; or, if tested, epoch by epoch, with the test set after each."""
    warnings.filterwarnings("ignore", category=ConvergenceWarning)
    (X, y), test = halves(settings)
    classifier(settings, 1).fit(X[:1000], y[:1000])
    epochs = settings["epochs"]
    if settings["tested"]:
        model, clock = classifier(settings, 1), Clock()
        for _ in range(epochs):
            model.partial_fit(X, y, classes=np.arange(10))
            reached = model.score(*test)
            clock()
        return {"seconds": clock.seconds, "test_accuracy": reached}
    model, start = classifier(settings, epochs), time.perf_counter()
    model.fit(X, y)
    per_epoch = (time.perf_counter() - start) / epochs
    return {"seconds": [per_epoch], "test_accuracy": model.score(*test)}


if __name__ == "__main__":
    _process.main(measure)
