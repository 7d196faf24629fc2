"""R modules side by side."""

import pytest
import torch
from torch import nn

from d2l_lab.training.concise import side_by_side


def net(bias=True):
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 4, bias=bias), nn.ReLU(), nn.Linear(4, 2))


@pytest.mark.parametrize("bias", [True, False])
def test_modules_side_by_side_give_what_each_gives_alone(bias):
    torch.manual_seed(0)
    nets = [net(bias) for _ in range(3)]
    X = torch.randn(3, 5, 2, 3)
    together = side_by_side(nets)(X)
    for replica, alone in enumerate(nets):
        torch.testing.assert_close(together[replica], alone(X[replica]))


def test_modules_side_by_side_have_the_parameters_and_names_of_one_with_a_leading_dimension():
    alone = dict(net().named_parameters())
    together = dict(side_by_side([net(), net()]).named_parameters())
    assert together.keys() == alone.keys()
    for name, value in together.items():
        assert value.shape == (2, *([1] * name.endswith("bias")), *alone[name].shape)


def test_a_layer_without_a_form_for_replicas_is_named():
    with pytest.raises(TypeError, match=r"^Conv2d: .* has no such layer for R replicas yet"):
        side_by_side([nn.Sequential(nn.Conv2d(1, 2, 3)) for _ in range(2)])
