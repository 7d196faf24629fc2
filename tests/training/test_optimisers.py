import pytest
import torch
import yaml

from d2l_lab.config.schema import SCHEMA
from d2l_lab.config.signatures import optimiser_settings
from d2l_lab.training import optimisers
from d2l_lab.training.fit import Evaluation, Examples, fit
from d2l_lab.training.minibatches import padded
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.parameters import Parameter
from recipes import CLASSIFIERS, RECIPES, Run, identical, same_bits

SGD, ADAM = {"optimizer": "sgd"}, {"optimizer": "adam", "learning_rate": 0.01}
SETTINGS = [
    SGD,
    SGD | {"momentum": 0.9},
    SGD | {"weight_decay": 0.1},
    SGD | {"momentum": 0.9, "weight_decay": 0.1},
    ADAM,
    ADAM | {"weight_decay": 0.1},
]
every_setting = pytest.mark.parametrize("settings", SETTINGS, ids=str)
REMEMBERING = [SETTINGS[3], SETTINGS[5]]


def in_double_precision(model):
    """Convert the parameters of a model, from scratch or concise, to float64."""
    if model.way == "scratch":
        model._parameters = {
            name: Parameter(value.detach().double()) for name, value in model._parameters.items()
        }
    else:
        model.net.double()
    return model


def trained(recipe, numbers, settings, *, rows=None, epochs=2):
    """Train replicas with an optimiser; return the outcome."""
    model, rows = recipe.build(numbers), rows or [recipe.rows] * len(numbers)
    batches = [-(-len(own) // recipe.batch_size) for own in rows]
    told = {"learning_rate": recipe.learning_rate, "minibatches": batches} | settings
    held_out = Evaluation("train", recipe.examples, padded(rows), 1)
    (history,) = fit(
        [model],
        [make_optimiser(model, **told)],
        recipe.examples,
        recipe.orders(numbers, rows=rows),
        [held_out],
        epochs=epochs,
        batch_size=recipe.batch_size,
    )
    return Run(model.parameters(), history)


@every_setting
@pytest.mark.parametrize("family", ["softmax_regression", "mlp"])
def test_an_optimiser_from_scratch_takes_the_steps_of_torch(settings, family):
    """Fifty steps in double precision are compared, each by itself."""
    ways = [RECIPES[f"{family}.{way}"] for way in ("scratch", "concise")]
    models = [in_double_precision(recipe.build(range(2))) for recipe in ways]
    told = {"learning_rate": 0.1} | settings
    optimisers = [make_optimiser(model, **told) for model in models]
    assert isinstance(optimisers[1], torch.optim.Optimizer)
    X, y = ways[0].examples
    examples, orders = Examples(X.double(), y), ways[0].orders(range(2))
    before = models[0].parameters()
    for _ in range(50 // 8 + 1):  # minibatches in an epoch
        fit([*models], optimisers, examples, orders, [], epochs=1, batch_size=64)
        for name, value in models[0].parameters().items():
            assert value.dtype == torch.float64
            apart = (value - models[1].parameters()[name]).abs().max().item()
            assert apart <= 1e-10, name
    assert not same_bits(before, models[0].parameters())


@every_setting
def test_an_optimiser_takes_the_steps_of_torch_on_any_gradients(settings):
    generator = torch.Generator().manual_seed(0)
    told = {key: value for key, value in settings.items() if key not in ("optimizer",)}
    lr = told.pop("learning_rate", 0.1)
    ours = [torch.randn(3, 4, 2, generator=generator, dtype=torch.float64)]
    theirs = [values.clone().requires_grad_() for values in ours]
    name, states = settings["optimizer"], [{}]
    library = optimisers.BY_LIBRARY[name](theirs, lr=lr, **told)
    for step in range(50):
        gradient = torch.randn(3, 4, 2, generator=generator, dtype=torch.float64)
        ours[0].grad = theirs[0].grad = gradient * 10.0 ** (step % 7 - 3)
        optimisers.OPTIMISERS[name](ours, states, lr, **told)
        library.step()
        torch.testing.assert_close(ours[0], theirs[0].detach(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("settings", REMEMBERING, ids=str)
@pytest.mark.parametrize("name", ["mlp.scratch", "mlp.concise", "linear_regression.concise"])
def test_the_bits_of_a_replica_do_not_depend_on_the_others_with_any_optimiser(name, settings):
    recipe = RECIPES[name]
    seven = trained(recipe, range(7), settings)
    assert identical(trained(recipe, range(2), settings), seven.of(0, 1))
    assert identical(trained(recipe, [9, 1, 8, 3], settings).of(1, 3), seven.of(1, 3))


@pytest.mark.parametrize("settings", REMEMBERING, ids=str)
@pytest.mark.parametrize("way", ["scratch", "concise"])
def test_a_replica_without_examples_in_a_minibatch_does_not_move_in_it(way, settings):
    """Its gradient is zero, but momentum and weight decay would still move it."""
    recipe = CLASSIFIERS[f"softmax_regression.{way}"]
    full = recipe.rows[: 2 * recipe.batch_size]
    longer = recipe.rows[: 2 * recipe.batch_size + recipe.batch_size // 2]
    beside = trained(recipe, range(3), settings, rows=[longer, full, full])
    alone = trained(recipe, range(1, 3), settings, rows=[full, full])
    for name, values in alone.parameters.items():
        torch.testing.assert_close(beside.parameters[name][1:], values, rtol=0, atol=1e-6)
    plain = trained(recipe, range(3), settings, rows=[longer] * 3)
    assert same_bits(Run(plain.parameters, []).of(0).parameters, beside.of(0).parameters)


@pytest.mark.parametrize("settings", REMEMBERING, ids=str)
@pytest.mark.parametrize("way", ["scratch", "concise"])
def test_one_optimiser_per_replica_gives_the_same_bits_as_one_for_all(way, settings, monkeypatch):
    recipe = CLASSIFIERS[f"mlp.{way}"]
    together = trained(recipe, range(3), settings)
    batches = -(-len(recipe.rows) // recipe.batch_size)
    made = []

    def each(model, **told):
        uneven = told | {"minibatches": [batches, batches, batches + 1]}
        made.append(optimisers.make_optimiser(model, **uneven))
        made[0].minibatches = [batches] * 3
        return made[0]

    monkeypatch.setitem(globals(), "make_optimiser", each)
    assert identical(trained(recipe, range(3), settings), together)
    assert isinstance(made[0], optimisers.ForEachReplica)


def test_only_plain_sgd_keeps_the_factors_of_its_gradients():
    for settings in SETTINGS:
        model = RECIPES["mlp.scratch"].build(range(2))
        make_optimiser(model, **{"learning_rate": 0.1} | settings)
        plain = settings == SGD
        assert all((param.factors is not None) is plain for param in model.trainable())


def test_the_schema_lists_exactly_the_existing_optimisers():
    schema = yaml.safe_load(SCHEMA.read_text("utf-8"))
    model = schema["properties"]["models"]["additionalProperties"]["properties"]
    assert model["optimizer"]["enum"] == [*optimisers.OPTIMISERS]
    for name in optimisers.OPTIMISERS:
        assert [*optimiser_settings(name)] == optimisers.settings_of(name)
        assert {*optimiser_settings(name)} <= schema["$defs"].keys()


def test_a_new_optimiser_takes_one_function_and_its_name_for_both_ways(monkeypatch):
    def sign_descent(params, states, lr, *, threshold: float = 0.0):
        with torch.no_grad():
            for param in params:
                param -= lr * param.grad.sign() * (param.grad.abs() > threshold)  # noqa: PLW2901

    monkeypatch.setitem(optimisers.OPTIMISERS, "sign_descent", sign_descent)
    assert optimisers.settings_of("sign_descent") == ["threshold"]
    settings = {"optimizer": "sign_descent", "threshold": 0.0, "learning_rate": 0.001}
    for way in ("scratch", "concise"):
        recipe = CLASSIFIERS[f"mlp.{way}"]
        losses = [r.loss for r in trained(recipe, range(2), settings).history if r.epoch == 2]
        assert max(losses) < 2.3
