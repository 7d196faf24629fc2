"""The weights of softmax regression as images, one for each class and epoch (notes 3.6)."""

from base64 import b64encode

import numpy as np
import pandas as pd
import torch

from d2l_lab.models.softmax_regression import scratch as softmax_regression
from d2l_lab.studies._training import diverged, to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import DivergedError, Evaluation, Record, evaluate, fit, with_companion
from d2l_lab.training.minibatches import shared, shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import be_deterministic, generator_factory

TABLES = ("weight_images", "weight_images_pixels")
LEVELS = 127  # levels of a pixel above zero, and as many below, for a signed byte
SHARE = 0.99  # share of the trained weights that the scale of the pixels covers
SHOWN = 0  # the replicate


def study(
    fashion_mnist_train: Data,
    fashion_mnist_test: Data,
    seed: int,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, pd.DataFrame]:
    """Train softmax regression from scratch, and keep its weights after every epoch.

    It has the random numbers of the first replicate of a model of the configuration: with the same
    settings, both learn the same weights.

    Returns
    -------
    weight_images : DataFrame
        epoch (0 is before training), test_loss, test_accuracy, greatest_weight (absolute); and two
        correlations of a class's weights, averaged over the classes: correlation_last with those
        after the last epoch, correlation_mean with the mean of its training images, from which the
        mean of all images is subtracted.
    weight_images_pixels : DataFrame
        epoch, label, name, width, scale, pixels: the weights of a class as an image of this width,
        row by row, in base64. Each pixel is a signed byte; `scale`, the same for all images, is the
        weight of 127, to which larger ones are cut.

    Raises
    ------
    LabError
        If a loss stops being finite.
    """
    be_deterministic()
    train, test = to_examples(fashion_mnist_train), to_examples(fashion_mnist_test)
    numbers = with_companion([SHOWN])
    generators = generator_factory(seed, "softmax_regression", "replicate", numbers=numbers)
    shape = fashion_mnist_train.X[0].size, fashion_mnist_train.outputs
    model = softmax_regression.build(*shape, generators("initial values"), "cpu")
    optimiser = make_optimiser(model, learning_rate=learning_rate)
    rows = torch.arange(len(train.X))
    evaluation = Evaluation("test", test, shared(torch.arange(len(test.X)), len(numbers)), 1)
    weights = [weights_of(model)]

    def on_divergence(error: DivergedError) -> None:
        if error.replica == SHOWN:
            where = f"replicate {SHOWN}, epoch {error.epoch}, {error.where}"
            raise diverged("weight_images", where, f"the loss is {error.loss}", learning_rate)

    (untrained,) = evaluate([model], evaluation, epoch=0)
    (history,) = fit(
        [model],
        [optimiser],
        train,
        shuffles([rows] * len(numbers), generators("shuffles")),
        [evaluation],
        epochs=epochs,
        batch_size=batch_size,
        on_epoch=lambda _: weights.append(weights_of(model)),
        on_divergence=on_divergence,
    )
    images = np.array(weights, np.float64)
    return {
        "weight_images": measures([*untrained, *history], images, mean_images(fashion_mnist_train)),
        "weight_images_pixels": pixels(images, fashion_mnist_train),
    }


def weights_of(model: softmax_regression.FromScratch) -> np.ndarray:
    """Return the weights that lead to each class: (q, d)."""
    return model.parameters()["W"][SHOWN].numpy().T


def mean_images(data: Data) -> np.ndarray:
    """Return how the mean image of each class differs from that of all; NaN without examples."""
    X = data.X.reshape(len(data.X), -1)
    means = np.full((data.outputs, X.shape[1]), np.nan)
    for label in np.unique(data.y):
        means[label] = X[data.y == label].mean(axis=0, dtype=np.float64)
    return means - X.mean(axis=0, dtype=np.float64)


def measures(history: list[Record], images: np.ndarray, means: np.ndarray) -> pd.DataFrame:
    """Tabulate the test after each epoch, and the similarity of its images (epochs, q, d)."""
    tested = [each for each in history if (each.split, each.replica) == ("test", SHOWN)]
    rows = [
        (
            record.epoch,
            record.loss,
            record.metrics["accuracy"],
            np.abs(own).max(),
            correlation(own, images[-1]),
            correlation(own, means),
        )
        for record, own in zip(tested, images, strict=True)
    ]
    columns = ["epoch", "test_loss", "test_accuracy", "greatest_weight"]
    columns += ["correlation_last", "correlation_mean"]
    return pd.DataFrame(rows, columns=columns)


def correlation(images: np.ndarray, others: np.ndarray) -> float:
    """Return the correlation of images (q, d) and others, averaged over the classes that exist."""
    pairs = [pair for pair in zip(images, others, strict=True) if np.isfinite(pair).all()]
    return float(np.mean([np.corrcoef(*pair)[0, 1] for pair in pairs]))


def pixels(images: np.ndarray, data: Data) -> pd.DataFrame:
    """Write the images (epochs, q, d) in base64, on one scale of two digits."""
    scale = float(f"{np.quantile(np.abs(images[-1]), SHARE):.2g}")
    levels = np.rint(np.clip(images / scale, -1, 1) * LEVELS).astype(np.int8)
    rows = [
        (epoch, label, name, data.X.shape[-1], scale, b64encode(levels[epoch, label]).decode())
        for epoch in range(len(images))
        for label, name in enumerate(data.classes)
    ]
    return pd.DataFrame(rows, columns=["epoch", "label", "name", "width", "scale", "pixels"])
