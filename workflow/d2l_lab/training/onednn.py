"""Products by oneDNN, where the library that torch prefers would use half of the processor.

Torch prefers Intel's MKL, which uses only AVX2 on CPUs that are not Intel's, even where AVX-512 is
available. Torch also has oneDNN, but uses it for no product in single precision by itself.
"""

from functools import cache

import torch
from torch import Tensor

LARGE = 10**6  # multiplications in a product that is worth a call of its own


def suits(A: Tensor, B: Tensor) -> bool:
    """Return whether oneDNN is quicker for the products of A (R, m, k) and B (R, k, n).

    It never is where a gradient must come back through them: `product` records none.
    """
    if A.numel() * B.shape[-1] < LARGE * len(A):  # asked in every step: at once, if it is small
        return False
    is_recorded = torch.is_grad_enabled() and (A.requires_grad or B.requires_grad)
    is_single = A.device.type == "cpu" and A.dtype == torch.float32
    return is_single and not is_recorded and is_quicker()


@cache
def is_quicker() -> bool:
    """Return whether this processor has more to offer than MKL would use."""
    processor = torch.cpu.get_capabilities()
    has_more = processor.get("avx512_f", False) and "Intel" not in processor["cpu_name"]
    return has_more and torch.backends.mkldnn.is_available()


def product(A: Tensor, B: Tensor) -> Tensor:
    """Return AB of two matrices, without a gradient.

    It is what torch's compiler makes of a linear layer: torch offers no other way to this product.
    """
    return torch.ops.mkldnn._linear_pointwise(A, B.mT, None, "none", [], "")
