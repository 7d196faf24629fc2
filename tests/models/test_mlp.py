import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2l_lab.models.mlp.scratch import net, relu
from d2l_lab.models.softmax_regression.scratch import softmax
from d2l_lab.training.fit import Evaluation
from d2l_lab.training.minibatches import padded
from recipes import RECIPES, images, textbook, train

NUMBERS = st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=20).map(torch.tensor)


@given(NUMBERS)
def test_relu_agrees_with_torchs_own(X):
    assert torch.equal(relu(X), nn.ReLU()(X))


@given(NUMBERS.filter(lambda X: (X != 0).all()))
def test_the_gradient_of_relu_passes_where_the_input_is_positive_and_stops_elsewhere(X):
    ours, theirs = (X.clone().requires_grad_() for _ in range(2))
    relu(ours).sum().backward()
    nn.ReLU()(theirs).sum().backward()
    assert torch.equal(ours.grad, (X > 0).float())
    assert torch.equal(ours.grad, theirs.grad)


def test_the_gradient_of_relu_is_zero_at_zero():
    X = torch.zeros(3, requires_grad=True)
    relu(X).sum().backward()
    assert X.grad.tolist() == [0, 0, 0]


def test_the_net_is_two_affine_maps_with_a_relu_between():
    chance = torch.Generator().manual_seed(0)
    X = torch.rand(2, 5, 1, 4, 4, generator=chance)
    W1, b1 = torch.randn(2, 16, 3, generator=chance), torch.randn(2, 1, 3, generator=chance)
    W2, b2 = torch.randn(2, 3, 4, generator=chance), torch.randn(2, 1, 4, generator=chance)
    outputs = net(X, W1, b1, W2, b2)
    for r in range(2):
        H = (X[r].reshape(5, 16) @ W1[r] + b1[r]).clamp(min=0)
        torch.testing.assert_close(outputs[r], softmax(H @ W2[r] + b2[r]))


@pytest.mark.parametrize("name", ["mlp.scratch", "mlp.concise"])
def test_a_batched_run_equals_the_textbook_loop_of_one_model(name):
    """The oracle is notes 4.3 with the loop of 3.6, for one replica after the other."""
    recipe, epochs = RECIPES[name], 3
    test = Evaluation("test", images("test"), padded([torch.arange(200)] * 2), 1)
    run = train(recipe, range(2), epochs=epochs, evaluations=[test], hidden_units=64)
    start = recipe.build(range(2), hidden_units=64).parameters()
    for r, orders in enumerate(recipe.orders([r]) for r in range(2)):
        net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
        with torch.no_grad():
            for layer, weight, bias in ((net[1], "W1", "b1"), (net[3], "W2", "b2")):
                layer.weight.copy_(start[weight][r].T)
                layer.bias.copy_(start[bias][r, 0])
        expected = textbook(net, orders, recipe, epochs)
        found = [(one.loss, one.accuracy) for one in run.history if one.replica == r]
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, abs=1e-5)
        learned = {name: values[r] for name, values in run.parameters.items()}
        for layer, weight, bias in ((net[1], "W1", "b1"), (net[3], "W2", "b2")):
            torch.testing.assert_close(learned[weight], layer.weight.detach().T, rtol=0, atol=1e-5)
            torch.testing.assert_close(learned[bias][0], layer.bias.detach(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["mlp.scratch", "mlp.concise"])
def test_learns_to_tell_clothes_apart(name):
    test = Evaluation("test", images("test"), padded([torch.arange(200)] * 2), None)
    run = train(RECIPES[name], range(2), epochs=20, evaluations=[test])
    assert all(record.accuracy > 0.65 for record in run.history if record.split == "test")
