"""The formulas of the models from scratch agree with torch's and those of the notes."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2l_lab.models.linear_regression.scratch import linreg, squared_loss
from d2l_lab.models.mlp.scratch import net, relu
from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax

NUMBERS = st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=20).map(torch.tensor)
LOGITS = st.lists(
    st.lists(st.floats(-30, 30, width=32), min_size=5, max_size=5), min_size=1, max_size=8
).map(lambda rows: torch.tensor([rows]))


def test_linear_regression_is_an_affine_map():
    X = torch.tensor([[[1.0, 2], [3, 4], [5, 6]]])
    y_hat = linreg(X, w=torch.tensor([[[10.0], [100]]]), b=torch.tensor([[[0.5]]]))
    assert y_hat.tolist() == [[[210.5], [430.5], [650.5]]]


def test_the_squared_loss_from_scratch_is_half_of_torchs_and_its_gradient_the_error():
    y_hat, y = torch.randn(3, 8, 1, requires_grad=True), torch.randn(3, 8, 1)
    ours = squared_loss(y_hat, y)
    assert ours.shape == (3, 8)
    torch.testing.assert_close(2 * ours, nn.MSELoss(reduction="none")(y_hat, y).squeeze(-1))
    ours.sum().backward()
    torch.testing.assert_close(y_hat.grad, (y_hat - y).detach())


@given(LOGITS, st.floats(-20, 20))
def test_softmax_equals_torchs_and_keeps_order_and_sum_under_any_shift(O, shift):  # noqa: E741
    P = softmax(O)
    torch.testing.assert_close(P, nn.functional.softmax(O, dim=-1))
    torch.testing.assert_close(P.sum(-1), torch.ones(O.shape[:-1]))
    torch.testing.assert_close(softmax(O + shift), P, rtol=1e-4, atol=1e-7)
    smaller = O.unsqueeze(-1) < O.unsqueeze(-2)
    assert (P.unsqueeze(-1) <= P.unsqueeze(-2))[smaller].all()


@given(LOGITS, st.data())
def test_cross_entropy_equals_that_of_the_notes_and_of_torch(O, data):  # noqa: E741
    labels = st.lists(st.integers(0, 4), min_size=O.shape[1], max_size=O.shape[1])
    y = torch.tensor([data.draw(labels)])
    y_hat = softmax(O)
    ours = cross_entropy(y_hat, y)
    assert ours.shape == y.shape
    assert torch.equal(ours[0], -torch.log(y_hat[0][range(len(y[0])), y[0]]))
    theirs = nn.functional.cross_entropy(O.flatten(0, 1), y.flatten(), reduction="none")
    torch.testing.assert_close(ours.flatten(), theirs, rtol=1e-5, atol=1e-5)


def test_the_gradient_of_the_loss_is_the_probability_minus_the_truth():
    """Notes 3.4: the derivative is the difference of ŷ and the one-hot label."""
    O = torch.randn(1, 6, 10, requires_grad=True)  # noqa: E741
    y = torch.tensor([[0, 9, 3, 3, 5, 1]])
    cross_entropy(softmax(O), y).sum().backward()
    difference = softmax(O.detach()) - nn.functional.one_hot(y, 10)
    torch.testing.assert_close(O.grad, difference)


@given(NUMBERS)
@pytest.mark.parametrize("zeros", [0, 2])
def test_relu_and_its_gradient_equal_torchs_even_at_zero(zeros, X):
    ours, theirs = (torch.cat([X, torch.zeros(zeros)]).requires_grad_() for _ in range(2))
    assert torch.equal(relu(ours), nn.ReLU()(theirs))
    relu(ours).sum().backward()
    nn.ReLU()(theirs).sum().backward()
    assert torch.equal(ours.grad, (ours > 0).float())
    assert torch.equal(ours.grad, theirs.grad)


def test_the_perceptron_is_two_affine_maps_with_a_relu_between():
    chance = torch.Generator().manual_seed(0)
    X = torch.rand(2, 5, 1, 4, 4, generator=chance)
    W1, b1 = torch.randn(2, 16, 3, generator=chance), torch.randn(2, 1, 3, generator=chance)
    W2, b2 = torch.randn(2, 3, 4, generator=chance), torch.randn(2, 1, 4, generator=chance)
    outputs = net(X, W1=W1, b1=b1, W2=W2, b2=b2)
    for r in range(2):
        H = (X[r].reshape(5, 16) @ W1[r] + b1[r]).clamp(min=0)
        torch.testing.assert_close(outputs[r], softmax(H @ W2[r] + b2[r]))
