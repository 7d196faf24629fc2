"""Matrix products by oneDNN, where torch's default library uses only half of the processor.

Torch's default, Intel's MKL, uses only AVX2 on CPUs that are not Intel's, even where AVX-512 is
available. Torch also contains oneDNN, but never uses it for products in single precision by
default.
"""

from functools import cache

import torch
from torch import Tensor

LARGE = 10**6  # multiplications of one replica that make a separate call worthwhile


def suits(A: Tensor, B: Tensor) -> bool:
    """Return whether oneDNN is quicker for the products of A (R, m, k) and B (R, k, n).

    It is not an option if a gradient is needed, since `product` records none.
    """
    # This is called in every step, so small products return first.
    if A.numel() * B.shape[-1] < LARGE * len(A):
        return False
    is_recorded = torch.is_grad_enabled() and (A.requires_grad or B.requires_grad)
    is_single = A.device.type == "cpu" and A.dtype == torch.float32
    return is_single and not is_recorded and is_quicker()


@cache
def is_quicker() -> bool:
    """Return whether this processor has instructions that MKL does not use."""
    processor = torch.cpu.get_capabilities()
    has_more = processor.get("avx512_f", False) and "Intel" not in processor["cpu_name"]
    return has_more and torch.backends.mkldnn.is_available()


def product(A: Tensor, B: Tensor) -> Tensor:
    """Return AB of two matrices, without a gradient.

    This operation is what torch's compiler turns a linear layer into; torch has no other access to
    it.
    """
    return torch.ops.mkldnn._linear_pointwise(A, B.mT, None, "none", [], "")
