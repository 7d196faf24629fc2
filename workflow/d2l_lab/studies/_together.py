"""Train several models of one study together, by the common training loop."""

from collections.abc import Callable, Sequence

import torch

from d2l_lab.studies._training import diverged, to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import DivergedError, Evaluation, Record, Replicas, fit
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import generator_factory


def train_together(
    study: str,
    data: Data,
    rows: Sequence[torch.Tensor],
    builders: Sequence[Callable[..., Replicas]],
    learning_rates: Sequence[float],
    evaluations: Sequence[Evaluation],
    *use: str,
    seed: int,
    counted: str,
    rates_key: str,
    epochs: int,
    batch_size: int,
    may_diverge: bool = False,
    weight_decays: Sequence[float] = (),
) -> tuple[list[Replicas], list[list[Record]]]:
    """Train a model by each builder, with R replicas that see the same minibatches.

    Parameters
    ----------
    rows : sequence of R Tensors
        The rows that each replica may see.
    *use : str
        With the study's name and a replica's number, it determines the replica's random numbers.
    counted : str
        The kind of replica, such as ``replicate``.
    rates_key : str
        The study's setting with the learning rates, one for each model.
    may_diverge : bool
        Whether a loss may become infinite or NaN, which the history records as NaN.
    weight_decays : sequence of float
        The strength of weight decay for each model; if empty, no weight decay.

    Returns
    -------
    models, and the histories of their evaluations

    Raises
    ------
    LabError
        If a loss stops being finite and may not diverge.
    """
    generators = generator_factory(seed, study, *use, numbers=range(len(rows)))
    shape = data.X[0].size, data.outputs
    models = [build(*shape, generators("initial values"), "cpu") for build in builders]
    minibatches = [-(-len(own) // batch_size) for own in rows]
    strengths = weight_decays or [0.0] * len(models)
    optimisers = [
        make_optimiser(model, learning_rate=rate, weight_decay=strength, minibatches=minibatches)
        for model, rate, strength in zip(models, learning_rates, strengths, strict=True)
    ]
    orders = shuffles(rows, generators("shuffles"))

    def on_divergence(error: DivergedError) -> None:
        if not may_diverge:
            where = f"{counted} {error.replica}, epoch {error.epoch}, {error.where}"
            found, rate = f"the loss is {error.loss}", learning_rates[error.model]
            raise diverged(study, where, found, rate, rates_key)

    histories = fit(
        models,
        optimisers,
        to_examples(data),
        orders,
        evaluations,
        epochs=epochs,
        batch_size=batch_size,
        on_divergence=on_divergence,
    )
    splits = [evaluation.split for evaluation in evaluations]
    return models, [[record for record in own if record.split in splits] for own in histories]
