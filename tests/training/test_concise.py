"""R nets of `torch.nn` behind one interface: batched if that changes nothing, else one by one."""

import pytest
import torch
from torch import nn

from d2l_lab.training.concise import Concise
from d2l_lab.training.fit import Evaluation, predict_all
from d2l_lab.training.minibatches import padded
from d2l_lab.training.one_by_one import OneByOne
from d2l_lab.training.randomness import generator
from d2l_lab.training.side_by_side import ELEMENTWISE, SideBySide, side_by_side
from nets import CONVOLUTIONAL, ENDLESS_NOISE
from recipes import Recipe, identical, images, train

CROSS_ENTROPY = nn.CrossEntropyLoss(reduction="none")
RECIPES = [Recipe(module, images(), 64, 0.05) for module in (CONVOLUTIONAL, ENDLESS_NOISE)]
every_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.module)


def net(bias=True):
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 4, bias=bias), nn.ReLU(), nn.Linear(4, 2))


def concise(network, loss=CROSS_ENTROPY, replicas=2, **more):
    generators = [generator(0, "concise", replica) for replica in range(replicas)]
    return Concise(lambda _: network(), generators, loss, "cpu", **more)


# What is batched


@pytest.mark.parametrize("bias", [True, False])
def test_batched_modules_give_what_each_gives_alone(bias):
    torch.manual_seed(0)
    nets = [net(bias) for _ in range(3)]
    X = torch.randn(3, 5, 2, 3)
    together = side_by_side(nets)(X)
    for replica, alone in enumerate(nets):
        torch.testing.assert_close(together[replica], alone(X[replica]))


@pytest.mark.parametrize("layer", ELEMENTWISE, ids=lambda layer: layer.__name__)
def test_a_batched_activation_gives_the_same_bits_at_every_position(layer):
    """Torch treats the last few numbers of a tensor separately, sometimes by another formula."""
    X = torch.randn(2000, generator=generator(0)) * 3

    def outputs_and_gradient(X):
        X = X.clone().requires_grad_()
        outputs = layer()(X)
        outputs.backward(torch.full_like(X, 0.37))
        return torch.stack([outputs.detach(), X.grad])

    whole = outputs_and_gradient(X)
    for size in range(1, 100):
        assert torch.equal(outputs_and_gradient(X[:size]), whole[:, :size])
        assert torch.equal(outputs_and_gradient(X[size : size + 3]), whole[:, size : size + 3])


def frozen():
    made = net()
    made[1].weight.requires_grad_(False)
    return made


def hooked():
    made = net()
    made[1].register_forward_hook(lambda layer, given, outputs: outputs * 2)
    return made


def tied():
    layer = nn.Linear(6, 6)
    return nn.Sequential(nn.Flatten(), layer, nn.ReLU(), layer)


def tied_by_weight():
    made = nn.Sequential(nn.Flatten(), nn.Linear(6, 6), nn.Linear(6, 6))
    made[2].weight = made[1].weight
    return made


def patched():
    made = net()
    made.forward = lambda X: made[3](made[1](X.flatten(1)).sin())
    return made


class Residual(nn.Sequential):
    def forward(self, X):
        return X.flatten(1) + super().forward(X)


class Sine(nn.ReLU):
    def forward(self, X):
        return X.sin()


def with_layer(*layers):
    return lambda: nn.Sequential(nn.Flatten(), nn.Linear(6, 6), *(layer() for layer in layers))


ALONE = {
    "frozen": frozen,
    "hooked": hooked,
    "tied": tied,
    "tied by weight": tied_by_weight,
    "patched": patched,
    "subclass of a container": lambda: Residual(nn.Flatten(), nn.Linear(6, 6)),
    "subclass of a layer": with_layer(Sine),
    "softmax": with_layer(lambda: nn.Softmax(dim=1)),
    "flattens otherwise": with_layer(lambda: nn.Unflatten(1, (2, 3)), lambda: nn.Flatten(-2, -1)),
    "in place": lambda: nn.Sequential(nn.Flatten(), nn.ReLU(inplace=True), nn.Linear(6, 6)),
    "parametrised": with_layer(lambda: nn.utils.parametrizations.weight_norm(nn.Linear(6, 6))),
    "different bits in a batch": with_layer(nn.Sigmoid),
    "double": lambda: nn.Sequential(nn.Flatten(), Double(), nn.Linear(6, 6).double()),
}


class Double(nn.Module):
    def forward(self, X):
        return X.double()


@pytest.mark.parametrize("network", ALONE.values(), ids=ALONE)
def test_a_module_that_could_differ_in_a_batch_is_applied_replica_by_replica(network):
    model = concise(network)
    assert type(model.net) is OneByOne
    X = torch.randn(1, 5, 2, 3).expand(2, -1, -1, -1)
    before = X.clone()
    outputs = model.predict(X)
    assert torch.equal(X, before)
    for replica, alone in enumerate(model.net.nets):
        assert torch.equal(outputs[replica], alone(X[replica].clone()))
    frozen_ones = sum(not parameter.requires_grad for parameter in model.net.parameters())
    assert len(model.trainable()) == len([*model.net.parameters()]) - frozen_ones


def test_replicas_whose_layers_differ_from_the_firsts_are_not_batched():
    layers = iter([nn.ReLU(), nn.Tanh()])
    model = concise(lambda: nn.Sequential(nn.Flatten(), nn.Linear(6, 2), next(layers)))
    assert type(model.net) is OneByOne


# Initial values and parameters


def test_layers_draw_each_replicas_own_initial_values():
    before = torch.get_rng_state()
    values = concise(net, replicas=3).parameters()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(5)
    again = concise(net).parameters()
    for name, value in values.items():
        assert torch.equal(value[:2], again[name])
        assert len(value.unique(dim=0)) == 3
    assert {name: (*value.shape,) for name, value in values.items()} == {
        name: (3, *value.shape) for name, value in net().state_dict().items()
    }


def test_the_random_numbers_of_layers_differ_from_those_drawn_from_the_generator():
    drawn = []

    def network(source):
        drawn.append((torch.rand(1000), torch.rand(1000, generator=source)))
        return net()

    Concise(network, [generator(0, 1), generator(0, 2)], CROSS_ENTROPY, "cpu")
    for numbers in drawn:
        assert abs(torch.corrcoef(torch.stack(numbers))[0, 1]) < 0.1


def test_parameters_have_the_notes_names_and_orientation_if_these_are_given():
    linear = {"1.weight": "W1", "1.bias": "b1"}
    for network, kind in ((net, SideBySide), (lambda: net().append(nn.Dropout()), OneByOne)):
        model = concise(network, names=linear)
        assert type(model.net) is kind
        shapes = {name: (*value.shape,) for name, value in model.parameters().items()}
        assert shapes == {"W1": (2, 6, 4), "b1": (2, 1, 4), "3.weight": (2, 2, 4), "3.bias": (2, 2)}


# The same bits alone, with others and padded


@every_recipe
def test_a_replica_has_the_same_bits_alone_and_with_others(recipe):
    whole = train(recipe, range(4))
    for numbers in ([2], [3, 0]):
        assert identical(train(recipe, numbers), whole.of(*numbers))


@every_recipe
def test_no_net_sees_padding(recipe):
    """The shorter replica has two rows in its third minibatch, and none in the fourth."""
    shorter, longer = recipe.rows[:130], recipe.rows[100:300]
    company = train(recipe, [0, 1], rows=[shorter, longer])
    alone = train(recipe, [0], rows=[shorter])
    for name, value in company.parameters.items():
        assert torch.equal(value[:1], alone.parameters[name])
    for one, other in zip(company.of(0).history, alone.history, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=1e-12)  # they are summed in another order


@every_recipe
def test_evaluation_does_not_change_the_training(recipe):
    test = Evaluation("test", images("test"), padded([torch.arange(100)] * 2), 1)
    rarely = train(recipe, range(2), evaluations=[], epochs=3)
    often = train(recipe, range(2), evaluations=[test, test._replace(split="again")], epochs=3)
    for name, value in rarely.parameters.items():
        assert torch.equal(value, often.parameters[name])


def test_outputs_are_computed_in_evaluation_mode():
    recipe = RECIPES[0]
    model = recipe.build(range(2))
    model.train(True)
    rows = padded([torch.arange(20), torch.arange(30)])
    first, again = (predict_all(model, recipe.examples, rows) for _ in range(2))
    assert torch.equal(first, again)
    assert not first[0, 20:].any()


# Losses


def test_a_users_loss_is_computed_replica_by_replica():
    class Far(nn.Module):
        def forward(self, outputs, y):
            return (outputs - outputs.mean(dim=0)).abs() + y

    model = concise(lambda: nn.Linear(6, 1), Far())
    outputs, y = torch.randn(2, 5, 1), torch.zeros(2, 5, 1)
    expected = (outputs - outputs.mean(dim=1, keepdim=True)).abs().squeeze(-1)
    assert torch.equal(model.losses(outputs, y), expected)


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (
            nn.CrossEntropyLoss(),
            'reduction="mean" does not return a loss for each example; set reduction=',
        ),
        (
            nn.L1Loss(reduction="sum"),
            'L1Loss with reduction="sum" does not return a loss for each example',
        ),
    ],
)
def test_a_loss_reduced_over_all_examples_is_refused(loss, message):
    with pytest.raises(Exception, match=message):
        concise(net, loss)
