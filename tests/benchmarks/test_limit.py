"""The benchmark of the machine's limit times exactly the products of a step."""

import pytest
import torch

from benchmarks.ways.limit import Layout, layouts, step_of
from d2l_lab.models.mlp.scratch import build
from d2l_lab.training import onednn
from d2l_lab.training.randomness import generator

REPLICAS = 3


@pytest.mark.parametrize(("hidden_units", "count"), [(None, 4), (5, 16)])
@pytest.mark.parametrize("way", [0, 1], ids=["at once", "one by one"])
def test_the_products_do_not_depend_on_the_layout_of_the_matrices(hidden_units, count, way):
    step = step_of(7, 4, hidden_units, 6)
    products = step.forward + step.backward
    tried = list(layouts(step, products, REPLICAS))
    assert len(tried) == count
    for layout in tried:
        layout.multiply(products)[way]()
        for result, left, right in products:
            assert layout.matrix(result).shape[1:] == step.shapes[result]
            expected = layout.matrix(left) @ layout.matrix(right)
            torch.testing.assert_close(layout.matrix(result), expected)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this torch has no oneDNN")
def test_onednn_computes_the_same_products(monkeypatch):
    taken, product = [], onednn.product
    monkeypatch.setattr(onednn, "product", lambda A, B: taken.append(product(A, B)))
    step = step_of(7, 4, 5, 6)
    products = step.forward + step.backward
    for layout in layouts(step, products, REPLICAS):
        one_by_one, by_onednn = layout.multiply(products)[1:]
        one_by_one()
        by_onednn()
        expected = [matrix for result, _, _ in products for matrix in layout.stored[result]]
        for mine, wanted in zip(taken, expected, strict=True):
            torch.testing.assert_close(mine, wanted)
        taken.clear()


def test_the_products_of_a_step_suffice_for_its_gradient():
    """The gradients of all weights follow from that of the outputs by the products alone."""
    X, y = torch.rand(REPLICAS, 6, 7), torch.zeros(REPLICAS, 6, dtype=torch.int64)
    generators = [generator(0, number) for number in range(REPLICAS)]
    model = build(7, 4, generators, "cpu", hidden_units=5)
    W1, _, W2, _ = model.trainable()
    H = (X @ W1).clamp(min=0)
    O = (H @ W2).detach().requires_grad_()  # noqa: E741
    torch.nn.functional.cross_entropy(O.mT, y, reduction="sum").backward()
    model.losses(model.predict(X.unsqueeze(2)), y).sum().backward()

    step = step_of(7, 4, 5, 6)
    layout = Layout(step, REPLICAS, set())
    for name, value in {"X": X, "H": H, "W2": W2, "dO": O.grad}.items():
        layout.stored[name] = value.detach().clone()
    *_, dW2, dH, dW1 = step.backward
    layout.multiply([dW2, dH])[0]()
    layout.stored["dH"] *= H > 0  # the derivative of ReLU, not a product
    layout.multiply([dW1])[0]()
    for name, W in {"dW1": W1, "dW2": W2}.items():
        torch.testing.assert_close(layout.stored[name], W.grad)
