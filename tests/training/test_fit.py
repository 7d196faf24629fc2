import math
import weakref
from functools import cache, partial
from itertools import product

import pytest
import torch

import d2l_lab.training.fit as module
from d2l_lab.training.fit import (
    EVALUATION_BATCH,
    DivergedError,
    Evaluation,
    Examples,
    Record,
    evaluate,
    fit,
    predict_all,
    train_step,
)
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded, shared
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import generator
from recipes import RECIPES, Run, curve, identical, images, line, losses_of, same_bits, train

every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
OVERFIT = RECIPES["polynomial_regression.concise"]._replace(examples=curve(features=20))
SOFTMAX = RECIPES["softmax_regression.scratch"]
SMALL_IMAGES = images()
LINEAR = RECIPES["linear_regression.concise"]


@cache
def seven(recipe):
    """Train seven replicas of a model, to compare fewer with."""
    return train(recipe, range(7))


def unequal_folds(recipe, folds=3):
    """Split a number of rows that the folds do not divide."""
    assert len(recipe.rows) % folds
    return kfold(len(recipe.rows), folds, generator(0, "folds"))


def train_folds(recipe, which, **settings):
    """Train some of the folds, and evaluate each on its validation rows."""
    folds = [unequal_folds(recipe)[k] for k in which]
    training, validation = map(list, zip(*folds, strict=True))
    held_out = Evaluation("validation", recipe.examples, padded(validation), 1)
    return train(recipe, which, rows=training, evaluations=[held_out], **settings)


# The bits of a replica


@pytest.mark.parametrize(
    ("recipe", "replicas"),
    [*product(RECIPES.values(), [1, 2, 5]), (OVERFIT, 2), (OVERFIT, 5)],
    ids=lambda value: getattr(value, "module", {}),
)
def test_the_bits_of_a_replica_do_not_depend_on_how_many_others_there_are(recipe, replicas):
    few = train(recipe, range(replicas))
    assert identical(few, seven(recipe).of(*range(replicas)))


@every_recipe
def test_the_bits_of_a_replica_do_not_depend_on_which_others_there_are(recipe):
    among_others = train(recipe, [9, 1, 8, 3])
    assert identical(among_others.of(1, 3), seven(recipe).of(1, 3))


@every_recipe
@pytest.mark.parametrize("others", [[0, 0, 2], [0, 2, 2], [0, 1, 2, 0, 1]])
def test_the_bits_of_an_unequal_fold_do_not_depend_on_the_folds_trained_with_it(recipe, others):
    """The longest fold and a shorter one are kept, so that the same places are padded."""
    kept = [k for k in range(3) if others[k] == k]
    sizes = [len(training) for training, _ in unequal_folds(recipe)]
    assert {sizes[k] for k in kept} == set(sizes)
    assert identical(train_folds(recipe, others).of(*kept), train_folds(recipe, range(3)).of(*kept))


@every_recipe
def test_the_same_seed_gives_the_same_bits_and_another_seed_different_ones(recipe):
    first, again, other = (train(recipe, range(3), seed=seed) for seed in (0, 0, 1))
    assert identical(first, again)
    assert not set(losses_of(first.history)) & set(losses_of(other.history))
    for name, value in first.parameters.items():
        assert not torch.equal(value, other.parameters[name])


# Models together


@every_recipe
def test_models_trained_together_have_the_same_bits_as_each_alone(recipe):
    held_out = Evaluation("test", recipe.examples, padded([recipe.rows] * 2), 1)
    alone, together = ([recipe.build(numbers) for numbers in ([0, 1], [2, 3])] for _ in range(2))
    histories = [recipe.fit([m], recipe.orders(range(2)), [held_out])[0] for m in alone]
    assert histories[0] != histories[1]
    assert recipe.fit(together, recipe.orders(range(2)), [held_out]) == histories
    for one, other in zip(alone, together, strict=True):
        assert same_bits(one.parameters(), other.parameters())


def test_the_one_that_diverges_among_models_trained_together_is_named():
    models = [LINEAR.build([0]) for _ in range(3)]
    optimisers = [
        make_optimiser(model, learning_rate=rate)
        for model, rate in zip(models, (0.03, 1e6, 0.03), strict=True)
    ]
    orders, settings = LINEAR.orders([0]), {"epochs": 2, "batch_size": LINEAR.batch_size}
    with pytest.raises(DivergedError) as caught:
        fit(models, optimisers, LINEAR.examples, orders, [], **settings)
    assert caught.value.model == 1


# Padding


@every_recipe
def test_a_padded_fold_agrees_with_the_same_fold_alone_to_rounding(recipe):
    """Not to the bit: a batch of another size is summed in another order."""
    together = train_folds(recipe, [0, 1, 2])
    for k in range(3):
        alone, padded_fold = train_folds(recipe, [k]), together.of(k)
        for name, value in alone.parameters.items():
            torch.testing.assert_close(padded_fold.parameters[name], value, rtol=0, atol=1e-6)
        for one, other in zip(alone.history, padded_fold.history, strict=True):
            assert one.loss == pytest.approx(other.loss, rel=2e-6)
            assert one.metrics == other.metrics


@every_recipe
def test_the_content_of_a_padded_place_changes_no_bit(recipe):
    training = [one for one, _ in unequal_folds(recipe)]
    ran = []
    for replacement in (0, 77):
        model = recipe.build(range(3))
        orders = (
            rows._replace(index=torch.where(rows.weight > 0, rows.index, replacement))
            for rows in recipe.orders(range(3), rows=training)
        )
        (history,) = recipe.fit([model], orders)
        ran.append(Run(model.parameters(), history))
    assert identical(*ran)


@every_recipe
def test_a_replica_does_not_move_in_a_last_batch_of_only_padding(recipe):
    full = recipe.rows[: recipe.batch_size]
    longer = recipe.rows[: recipe.batch_size + recipe.batch_size // 2]
    with_padding = train(recipe, range(2), rows=[longer, full], evaluations=[])
    without = train(recipe, range(2), rows=[full, full], evaluations=[])
    assert same_bits(with_padding.of(1).parameters, without.of(1).parameters)
    assert losses_of(with_padding.of(1).history) == pytest.approx(
        losses_of(without.of(1).history), rel=1e-12
    )


# Measurements and their times


class Climbing:
    """A model whose losses are its inputs plus the number of steps; it is its own optimiser."""

    device = "cpu"

    def __init__(self):
        self.steps = 0
        self.gradient = torch.zeros((), requires_grad=True)
        self.shares = []

    def train(self, mode):
        pass

    def predict(self, X, weight=None):
        return X

    def losses(self, outputs, y):
        losses = outputs.squeeze(-1) + self.steps + self.gradient
        if losses.requires_grad:
            losses.register_hook(self.shares.append)
        return losses

    def step(self):
        self.steps += 1

    def zero_grad(self):
        pass


def climb(values, rows, evaluations=(), *, epochs=1, **more):
    """Fit the climbing model, in the order of the rows."""
    X = torch.tensor(values, dtype=torch.float32).reshape(-1, 1)
    model, data = Climbing(), Examples(X, X)
    orders = iter([padded(rows)] * epochs)
    evaluations = [evaluation._replace(examples=data) for evaluation in evaluations]
    (history,) = fit([model], [model], data, orders, evaluations, epochs=epochs, **more)
    return model, history


def test_train_running_is_the_mean_over_the_epoch_while_the_weights_move():
    rows, told = [torch.arange(5), torch.tensor([4, 3])], []
    model, history = climb([10, 20, 30, 40, 50], rows, batch_size=2, epochs=2, on_epoch=told.append)
    assert told == [history[:2], history[2:]]  # as each epoch ends
    assert model.steps == 2 * 3
    assert history == [
        Record(0, 1, "train_running", (10 + 20 + 31 + 41 + 52) / 5, {}),
        Record(1, 1, "train_running", (50 + 40) / 2, {}),
        Record(0, 2, "train_running", (13 + 23 + 34 + 44 + 55) / 5, {}),
        Record(1, 2, "train_running", (53 + 43) / 2, {}),
    ]


def test_each_loss_of_a_batch_has_its_share_and_padding_has_none():
    model, _ = climb([10, 20, 30], [torch.arange(3), torch.tensor([2])], batch_size=2)
    assert [shares.tolist() for shares in model.shares] == [[[0.5, 0.5], [1, 0]], [[1], [0]]]


@pytest.mark.parametrize(
    ("every", "epochs", "due"),
    [
        (1, 4, [1, 2, 3, 4]),
        (20, 45, [1, 20, 40, 45]),
        (20, 40, [1, 20, 40]),
        (5, 3, [1, 3]),
        (None, 5, [5]),
        (None, 1, [1]),
    ],
)
def test_evaluations_follow_the_first_epoch_every_nth_and_the_last(every, epochs, due):
    rows = [torch.arange(3)] * 2
    evaluation = Evaluation("test", None, padded(rows), every)
    _, history = climb([1, 2, 3], rows, batch_size=3, epochs=epochs, evaluations=[evaluation])
    assert [r.epoch for r in history if r == r._replace(split="test", replica=1)] == due
    running = [r.epoch for r in history if r.split == "train_running" and r.replica == 0]
    assert running == list(range(1, epochs + 1))


def test_an_evaluation_follows_its_epoch_and_covers_its_own_rows():
    evaluation = Evaluation("test", None, padded([torch.tensor([2])]), 1)
    _, history = climb([10, 20, 30], [torch.arange(3)], batch_size=1, evaluations=[evaluation])
    assert history[-1] == Record(0, 1, "test", 30 + 3, {})


@every_recipe
def test_an_evaluation_is_the_mean_over_all_rows_even_in_several_batches(recipe):
    model = recipe.build(range(2))
    lengths = [2 * EVALUATION_BATCH + 100, EVALUATION_BATCH - 1]
    rows = [torch.arange(length) % len(recipe.rows) for length in lengths]
    held_out = Evaluation("test", recipe.examples, padded(rows), 1)
    (records,) = evaluate([model], held_out, epoch=3)
    for r, (record, its_rows) in enumerate(zip(records, rows, strict=True)):
        X, y = recipe.examples.take(its_rows.expand(2, -1))
        outputs = model.predict(X)
        assert (record.replica, record.epoch, record.split) == (r, 3, "test")
        assert record.loss == pytest.approx(model.losses(outputs, y)[r].mean().item(), rel=1e-5)
        if y.is_floating_point():
            assert record.metrics == {}
        else:
            hits = outputs[r].argmax(dim=1) == y[r]
            assert record.metrics["accuracy"] == pytest.approx(
                hits.double().mean().item(), rel=1e-12
            )


@every_recipe
def test_an_evaluation_on_shared_rows_has_the_same_bits_as_one_on_separate_copies(recipe):
    model, rows = recipe.build(range(3)), torch.arange(EVALUATION_BATCH + 50) % len(recipe.rows)
    own, together = (
        Evaluation("test", recipe.examples, one, 1) for one in (padded([rows] * 3), shared(rows, 3))
    )
    assert evaluate([model], own, epoch=1) == evaluate([model], together, epoch=1)
    outputs = [predict_all(model, recipe.examples, one.rows) for one in (own, together)]
    assert torch.equal(*outputs)


@every_recipe
def test_each_batch_is_read_once_for_all_models_and_none_is_kept_while_the_next_is_read(
    recipe, monkeypatch
):
    given, reads, take = [], [], Examples.take

    def watched(examples, index):
        assert not any(X() is not None for X in given)
        reads.append(index)
        return take(examples, index)

    def note(predict, X, weight=None):
        given.append(weakref.ref(X))
        return predict(X, weight)

    models = [recipe.build(range(2)) for _ in range(2)]
    monkeypatch.setattr(Examples, "take", watched)
    monkeypatch.setattr(module, "GATHERED", 1)
    monkeypatch.setattr(module, "EVALUATION_BATCH", 32)
    for model in models:
        monkeypatch.setattr(model, "predict", partial(note, model.predict))
    held_out = Evaluation("train", recipe.examples, padded([recipe.rows] * 2), 1)
    recipe.fit(models, recipe.orders(range(2)), [held_out])
    batches = 2 * sum(math.ceil(len(recipe.rows) / size) for size in (recipe.batch_size, 32))
    assert len(reads) == batches
    assert len(given) == 2 * batches


def test_training_on_images_as_bytes_gives_the_same_bits_as_on_floats():
    grey = SMALL_IMAGES.X.mul(255).round().to(torch.uint8)
    as_bytes = SOFTMAX._replace(examples=Examples(grey, SMALL_IMAGES.y))
    assert identical(train(as_bytes, range(2)), train(SOFTMAX, range(2)))


@every_recipe
def test_the_outputs_belong_to_each_replicas_own_rows(recipe):
    model = recipe.build(range(2))
    rows = torch.stack(
        [torch.arange(EVALUATION_BATCH + 50), torch.arange(50, EVALUATION_BATCH + 100)]
    )
    rows %= len(recipe.rows)
    outputs = predict_all(model, recipe.examples, padded(list(rows)))
    assert (outputs.device.type, outputs.requires_grad) == ("cpu", False)
    torch.testing.assert_close(outputs, model.predict(recipe.examples.take(rows).X).detach())


def test_an_index_selects_the_rows():
    index = torch.tensor([[3, 0], [3, 499], [7, 8]])
    X, y = images().take(index)
    assert torch.equal(X, images().X[index])
    assert torch.equal(y, images().y[index])


# Held-out data


def poisoned(examples, rows):
    """Make the inputs of some rows, and their labels where they can be, NaN."""
    X, y = (t.clone() for t in examples)
    X[rows] = math.nan
    if y.is_floating_point():
        y[rows] = math.nan
    return Examples(X, y)


@every_recipe
def test_a_fold_never_learns_from_the_rows_it_validates(recipe):
    for training, validation in unequal_folds(recipe):
        rows = [training, torch.cat([training, training[:3]])]  # the first fold is padded
        clean = train(recipe, range(2), rows=rows, evaluations=[])
        without = recipe._replace(examples=poisoned(recipe.examples, validation))
        assert identical(train(without, range(2), rows=rows, evaluations=[]), clean)


@every_recipe
def test_nothing_is_learned_from_an_evaluation(recipe):
    rows = [recipe.rows] * 2
    X, y = recipe.examples
    misleading = Examples(X.flip(0), y)  # learning from it would be visible
    test = Evaluation("test", misleading, padded(rows), 1)
    silent, evaluated = (train(recipe, range(2), evaluations=e) for e in ([], [test]))
    assert same_bits(silent.parameters, evaluated.parameters)
    assert losses_of(silent.history) == losses_of(evaluated.history)
    assert len(losses_of(evaluated.history, "test")) == 2 * 2


# Divergence


@pytest.mark.parametrize("name", ["linear_regression.scratch", "mlp.scratch", "mlp.concise"])
def test_a_replica_that_diverges_changes_no_bit_of_the_others(name):
    """Its own rows contain an infinity; those of the others have a finite number in its place."""
    recipe, found = RECIPES[name], []
    X, y = (t.clone() for t in recipe.examples)
    X[-1] = math.inf
    last = len(X) - 1
    sound = torch.arange(last)
    rows = [sound, torch.arange(1, last + 1), sound]
    recipe = recipe._replace(examples=Examples(X, y))
    model = recipe.build(range(3))
    held_out = Evaluation("train", recipe.examples, padded(rows), 1)
    orders = recipe.orders(range(3), rows=rows)
    (history,) = recipe.fit([model], orders, [held_out], on_divergence=found.append)
    assert [(error.model, error.replica, error.epoch) for error in found] == [(0, 1, 1)]
    lost = [record for record in history if record.replica == 1]
    assert all(math.isnan(record.loss) for record in lost)
    assert len(lost) == len(history) / 3
    beside = Run(model.parameters(), history).of(0, 2)
    alone = train(recipe, range(3), rows=[sound] * 3).of(0, 2)
    assert identical(beside, alone)


def first_loss_that_is_not_finite(recipe, replicas, epochs):
    """Return (replica, epoch, step) by stepping through the epochs."""
    model, orders = recipe.build(range(replicas)), recipe.orders(range(replicas))
    optimiser, size = recipe.optimiser(model), recipe.batch_size
    for epoch in range(1, epochs + 1):
        batches = next(orders).shares(size).batches(size)
        for step, (index, shares) in enumerate(batches, start=1):
            X, y = recipe.examples.take(index)
            losses, _ = train_step(model, optimiser, X, y, shares)
            for replica in range(replicas):
                if not losses[replica].isfinite().all():
                    return replica, epoch, step
    return None


@pytest.mark.parametrize(
    "name",
    [
        "linear_regression.scratch",
        "linear_regression.concise",
        "polynomial_regression.concise",
        "softmax_regression.scratch",
        "mlp.scratch",
    ],
)
def test_a_far_too_large_learning_rate_ends_with_replica_epoch_and_step(name):
    recipe = RECIPES[name]._replace(learning_rate=1e6)
    with pytest.raises(DivergedError) as caught:
        train(recipe, range(3))
    error = caught.value
    found = (error.replica, error.epoch, int(error.where.removeprefix("step ")))
    assert found == first_loss_that_is_not_finite(recipe, 3, epochs=2)
    assert not math.isfinite(error.loss)
    assert str(error) == "replica {}, epoch {}, step {}: the loss is {}".format(*found, error.loss)


def test_a_loss_that_diverges_in_a_later_epoch_is_found_there():
    recipe = LINEAR._replace(learning_rate=30.0, batch_size=500)
    epoch = first_loss_that_is_not_finite(recipe, 2, epochs=20)[1]
    assert epoch > 2
    with pytest.raises(DivergedError, match=f"epoch {epoch}, "):
        train(recipe, range(2), epochs=20)


@pytest.mark.parametrize("bad", [math.inf, math.nan])
@pytest.mark.parametrize("name", ["linear_regression.scratch", "linear_regression.concise"])
def test_an_infinity_hidden_in_one_replica_is_attributed_to_it_and_its_step(name, bad):
    X, y = (t.clone() for t in line())
    y[999] = bad
    recipe = RECIPES[name]._replace(examples=Examples(X, y))
    rows = [torch.arange(999), torch.arange(999), torch.arange(1, 1000), torch.arange(999)]
    order = next(recipe.orders(range(4), rows=rows)).index[2].tolist()
    with pytest.raises(DivergedError) as caught:
        train(recipe, range(4), rows=rows)
    assert (caught.value.replica, caught.value.epoch) == (2, 1)
    assert caught.value.where == f"step {order.index(999) // recipe.batch_size + 1}"


def test_the_earlier_of_two_diverging_replicas_is_named():
    rows = [torch.tensor([0, 1, 2, 3]), torch.tensor([0, 3, 1, 2])]
    told = []
    with pytest.raises(DivergedError, match=r"^replica 1, epoch 1, step 2: the loss is inf$"):
        climb([1, 2, 3, math.inf], rows, batch_size=1, on_epoch=told.append)
    assert told == []


def test_a_held_out_loss_that_is_not_finite_ends_the_training_and_names_its_split():
    recipe = RECIPES["linear_regression.scratch"]
    X, y = recipe.examples
    held_out = Evaluation("test", Examples(X, y + math.inf), padded([recipe.rows] * 2), 1)
    with pytest.raises(DivergedError, match=r"^replica 0, epoch 1, split test: the loss is inf$"):
        train(recipe, range(2), evaluations=[held_out])


@every_recipe
def test_an_evaluation_keeps_no_gradients(recipe, monkeypatch):
    model, kept = recipe.build([0]), []
    losses = model.losses
    monkeypatch.setattr(model, "losses", lambda o, y: kept.append(o.requires_grad) or losses(o, y))
    evaluate([model], Evaluation("test", recipe.examples, padded([recipe.rows]), 1), epoch=1)
    assert {*kept} == {False}
