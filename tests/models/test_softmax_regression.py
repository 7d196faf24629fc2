import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.training.fit import Evaluation
from d2l_lab.training.minibatches import padded
from recipes import RECIPES, images, losses_of, textbook, train

LOGITS = st.lists(
    st.lists(st.floats(-30, 30, width=32), min_size=5, max_size=5), min_size=1, max_size=8
).map(lambda rows: torch.tensor([rows]))


@given(LOGITS)
def test_softmax_gives_probabilities(O):  # noqa: E741 (the notes' name)
    probabilities = softmax(O)
    assert (probabilities >= 0).all()
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(O.shape[:-1]))


@given(LOGITS)
def test_softmax_agrees_with_torchs_own(O):  # noqa: E741
    torch.testing.assert_close(softmax(O), nn.functional.softmax(O, dim=-1))


@given(LOGITS, st.floats(-20, 20))
def test_softmax_does_not_change_when_all_outputs_are_shifted(O, shift):  # noqa: E741
    torch.testing.assert_close(softmax(O + shift), softmax(O), rtol=1e-4, atol=1e-7)


@given(LOGITS)
def test_softmax_keeps_the_order_of_the_outputs(O):  # noqa: E741
    probabilities = softmax(O)
    smaller = O.unsqueeze(-1) < O.unsqueeze(-2)
    assert (probabilities.unsqueeze(-1) <= probabilities.unsqueeze(-2))[smaller].all()


@given(LOGITS, st.data())
def test_cross_entropy_agrees_with_torchs_own(O, data):  # noqa: E741
    y = torch.tensor(
        [data.draw(st.lists(st.integers(0, 4), min_size=O.shape[1], max_size=O.shape[1]))]
    )
    y_hat = softmax(O)
    ours = cross_entropy(y_hat, y)
    assert ours.shape == y.shape
    of_logs = nn.functional.nll_loss(y_hat.log().flatten(0, 1), y.flatten(), reduction="none")
    assert torch.equal(ours.flatten(), of_logs)
    theirs = nn.functional.cross_entropy(O.flatten(0, 1), y.flatten(), reduction="none")
    torch.testing.assert_close(ours.flatten(), theirs, rtol=1e-5, atol=1e-5)


def test_cross_entropy_is_that_of_the_notes():
    y_hat, y = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]), torch.tensor([0, 2])
    notes = -torch.log(y_hat[range(len(y_hat)), y])
    assert torch.equal(cross_entropy(y_hat.unsqueeze(0), y.unsqueeze(0))[0], notes)


def test_the_gradient_of_the_loss_is_the_probability_less_the_truth():
    """Notes 3.4: its derivative is the difference of ŷ and the one-hot label."""
    O = torch.randn(1, 6, 10, requires_grad=True)  # noqa: E741
    y = torch.tensor([[0, 9, 3, 3, 5, 1]])
    cross_entropy(softmax(O), y).sum().backward()
    difference = softmax(O.detach()) - nn.functional.one_hot(y, 10)
    torch.testing.assert_close(O.grad, difference)


@pytest.mark.parametrize("name", ["softmax_regression.scratch", "softmax_regression.concise"])
def test_a_batched_run_equals_the_textbook_loop_of_one_model(name):
    """The oracle is notes 3.7 with the loop of 3.6, for one replica after the other."""
    recipe, epochs = RECIPES[name], 3
    test = Evaluation("test", images("test"), padded([torch.arange(200)] * 3), 1)
    run = train(recipe, range(3), epochs=epochs, evaluations=[test])
    start = recipe.build(range(3)).parameters()
    for r, orders in enumerate(recipe.orders([r]) for r in range(3)):
        net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        with torch.no_grad():
            net[1].weight.copy_(start["W"][r].T)
            net[1].bias.copy_(start["b"][r, 0])
        expected = textbook(net, orders, recipe, epochs)
        found = [(one.loss, one.accuracy) for one in run.history if one.replica == r]
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, abs=1e-5)
        torch.testing.assert_close(
            run.parameters["W"][r], net[1].weight.detach().T, rtol=0, atol=1e-5
        )
        torch.testing.assert_close(
            run.parameters["b"][r, 0], net[1].bias.detach(), rtol=0, atol=1e-5
        )


@pytest.mark.parametrize("name", ["softmax_regression.scratch", "softmax_regression.concise"])
def test_learns_to_tell_clothes_apart(name):
    test = Evaluation("test", images("test"), padded([torch.arange(200)] * 2), None)
    run = train(RECIPES[name], range(2), epochs=20, evaluations=[test])
    assert losses_of(run.history)[-1] < 0.7
    assert all(record.accuracy > 0.65 for record in run.history if record.split == "test")
