"""Products by oneDNN are used only where they pay off, and equal torch's."""

from types import MappingProxyType

import pytest
import torch

from d2l_lab.training import onednn
from d2l_lab.training.parameters import Parameter
from d2l_lab.training.products import add_product, matmul
from d2l_lab.training.randomness import be_deterministic, generator

needs_onednn = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="this torch has no oneDNN"
)
R, M, K, N = 3, 64, 256, 96  # large enough
AMD, INTEL = "AMD EPYC", "Intel Xeon Processor (SapphireRapids)"


@pytest.fixture
def processor(monkeypatch):
    """Return a function that makes torch see another processor."""

    def become(**capabilities):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: MappingProxyType(capabilities))
        onednn.is_quicker.cache_clear()

    yield become
    onednn.is_quicker.cache_clear()


@pytest.fixture
def by_onednn(processor):
    """Compute large products by oneDNN, whatever the processor."""
    processor(cpu_name=AMD, avx512_f=True)


def factors(dtype=torch.float32):
    chance = generator(0)
    return (
        torch.randn(R, M, K, generator=chance, dtype=dtype),
        torch.randn(R, K, N, generator=chance, dtype=dtype),
    )


def product(A, B):
    """Compute AB by `matmul`, which multiplies the transposed matrices."""
    return matmul(B.mT, A.mT).mT


@needs_onednn
@pytest.mark.parametrize(
    ("capabilities", "suits"),
    [
        ({"cpu_name": AMD, "avx512_f": True}, True),
        ({"cpu_name": AMD, "avx512_f": False}, False),
        ({"cpu_name": INTEL, "avx512_f": True}, False),
        ({"cpu_name": "Apple M4", "neon": True}, False),
    ],
)
def test_onednn_is_used_where_mkl_would_use_half_of_the_processor(processor, capabilities, suits):
    processor(**capabilities)
    assert onednn.suits(*factors()) == suits


@needs_onednn
def test_small_products_doubles_and_other_devices_are_left_to_torch(by_onednn):
    A, B = factors()
    assert onednn.suits(A, B)
    assert not onednn.suits(A[:, :16], B)  # three of these together would be large enough
    assert not onednn.suits(A.double(), B.double())
    assert not onednn.suits(A.to("meta"), B.to("meta"))


@needs_onednn
def test_torch_multiplies_where_a_gradient_is_needed(by_onednn):
    A, B = factors()
    A.requires_grad_()
    assert not onednn.suits(A, B)
    product(A, B).sum().backward()
    torch.testing.assert_close(A.grad, B.sum(dim=2)[:, None].expand(A.shape))
    with torch.no_grad():
        assert onednn.suits(A, B)


@needs_onednn
@pytest.mark.parametrize("turned", [False, True])
def test_onednns_products_equal_torchs(by_onednn, turned):
    A, B = factors()
    exact = A.double() @ B.double()
    if turned:  # the same numbers, stored by columns
        A, B = (one.mT.contiguous().mT for one in (A, B))
    torch.testing.assert_close(product(A, B).double(), exact, rtol=1e-5, atol=1e-4)
    sums = torch.ones(R, M, N)
    add_product(sums, A, B, -0.5)
    torch.testing.assert_close(sums.double(), 1 - 0.5 * exact, rtol=1e-5, atol=1e-4)


@needs_onednn
def test_onednn_is_what_multiplies(by_onednn, monkeypatch):
    asked = []
    monkeypatch.setattr(onednn, "product", lambda A, B: asked.append(A.shape) or A @ B)
    A, B = factors()
    product(A, B)
    add_product(torch.zeros(R, M, N), A, B, 1.0)
    assert asked == [(M, K)] * 2 * R


@needs_onednn
def test_the_bits_do_not_depend_on_other_replicas_or_the_place_in_memory(by_onednn):
    be_deterministic()
    A, B = factors()
    together = product(A, B)
    room = torch.empty(A.numel() + 16)
    for shift in range(16):
        moved = room[shift : shift + A.numel()].view_as(A).copy_(A)
        assert torch.equal(product(moved, B), together)
    for replica in range(R):
        one = slice(replica, replica + 1)
        assert torch.equal(product(A[one], B[one]), together[one])


@needs_onednn
def test_a_product_has_the_same_gradients_with_either_library(processor):
    steps = []
    for capabilities in ({"cpu_name": INTEL}, {"cpu_name": AMD, "avx512_f": True}):
        processor(**capabilities)
        X, W = factors()
        X, W = X.requires_grad_(), Parameter(W)
        (X @ W).square().mean().backward()
        steps.append([X.grad, W.grad])
    for by_mkl, by_onednn in zip(*steps, strict=True):
        torch.testing.assert_close(by_onednn, by_mkl, rtol=1e-4, atol=1e-5)
