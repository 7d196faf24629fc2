import pytest
import torch
from torch import nn

from d2l_lab.models.linear_regression.scratch import linreg, squared_loss
from recipes import RECIPES, line, losses_of, train

BOTH_WAYS = pytest.mark.parametrize("way", ["scratch", "concise"])


@BOTH_WAYS
def test_finds_the_true_weights_and_bias_of_the_notes_data(way):
    run = train(RECIPES[f"linear_regression.{way}"], range(5), epochs=3)
    truth = torch.tensor([[2.0], [-3.4]])
    assert (run.parameters["w"] - truth).abs().max() < 0.01
    assert (run.parameters["b"] - 4.2).abs().max() < 0.01
    noise = 0.01**2 / (2 if way == "scratch" else 1)  # the least loss that can be expected
    assert losses_of(run.history, "train")[-5:] == pytest.approx([noise] * 5, rel=0.2)


def test_the_model_is_an_affine_map():
    X = torch.tensor([[[1.0, 2], [3, 4], [5, 6]]])
    y_hat = linreg(X, w=torch.tensor([[[10.0], [100]]]), b=torch.tensor([[[0.5]]]))
    assert y_hat.tolist() == [[[210.5], [430.5], [650.5]]]


def test_the_squared_loss_from_scratch_is_half_of_torchs():
    y_hat, y = torch.randn(3, 8, 1), torch.randn(3, 8, 1)
    ours = squared_loss(y_hat, y)
    assert ours.shape == (3, 8)
    torch.testing.assert_close(2 * ours, nn.MSELoss(reduction="none")(y_hat, y).squeeze(-1))


def test_the_gradient_of_the_loss_from_scratch_is_the_error():
    y_hat, y = torch.randn(1, 8, 1, requires_grad=True), torch.randn(1, 8, 1)
    squared_loss(y_hat, y).sum().backward()
    torch.testing.assert_close(y_hat.grad, (y_hat - y).detach())


def test_a_batched_run_from_scratch_equals_the_loop_of_the_notes():
    """The oracle is notes 3.2, for one replica after the other."""
    recipe, epochs = RECIPES["linear_regression.scratch"], 3
    run = train(recipe, range(3), epochs=epochs)
    start = recipe.build(range(3)).parameters()
    features, labels = line()
    for r, orders in enumerate(recipe.orders([r]) for r in range(3)):
        w, b = (start[name][r].clone().requires_grad_() for name in ("w", "b"))
        expected = []
        for _ in range(epochs):
            for batch in next(orders).index[0].split(10):
                l = (features[batch] @ w + b - labels[batch]) ** 2 / 2  # noqa: E741
                l.sum().backward()
                with torch.no_grad():
                    for param in (w, b):
                        param.sub_(0.03 * param.grad / 10)
                        param.grad.zero_()
            with torch.no_grad():
                expected.append(((features @ w + b - labels) ** 2 / 2).mean().item())
        assert_close_to(run, r, w, b, expected)


def test_a_batched_concise_run_equals_the_loop_of_the_notes():
    """The oracle is notes 3.3, for one replica after the other."""
    recipe, epochs = RECIPES["linear_regression.concise"], 3
    run = train(recipe, range(3), epochs=epochs)
    start = recipe.build(range(3)).parameters()
    features, labels = line()
    for r, orders in enumerate(recipe.orders([r]) for r in range(3)):
        net = nn.Sequential(nn.Linear(2, 1))
        net[0].weight.data.copy_(start["w"][r].T)
        net[0].bias.data.fill_(0)
        loss = nn.MSELoss()
        trainer = torch.optim.SGD(net.parameters(), lr=0.03)
        expected = []
        for _ in range(epochs):
            for batch in next(orders).index[0].split(10):
                l = loss(net(features[batch]), labels[batch])  # noqa: E741
                trainer.zero_grad()
                l.backward()
                trainer.step()
            expected.append(loss(net(features), labels).item())
        assert_close_to(run, r, net[0].weight.T, net[0].bias, expected)


def assert_close_to(run, replica, w, b, losses):
    torch.testing.assert_close(run.parameters["w"][replica], w.detach(), rtol=0, atol=1e-5)
    torch.testing.assert_close(
        run.parameters["b"][replica], b.detach().reshape(1, 1), rtol=0, atol=1e-5
    )
    found = [one.loss for one in run.history if one.replica == replica and one.split == "train"]
    assert found == pytest.approx(losses, rel=1e-4, abs=1e-5)
