"""Products by oneDNN, where the library that torch prefers would use half of the processor.

That is Intel's MKL, which takes AVX2 on other makers' processors, be their AVX-512 twice as wide.
Torch has oneDNN, too, but asks it for no product in single precision of its own accord.
"""

from functools import cache

import torch
from torch import Tensor

LARGE = 10**6  # multiplications, from which on a call of its own for each product is worth it


def suits(A: Tensor, B: Tensor) -> bool:
    """Tell whether oneDNN is quicker for the products of A (R, m, k) and B (R, k, n).

    Where a gradient is to come back through them, it is no choice.
    """
    is_large = A[0].numel() * B.shape[-1] >= LARGE
    is_recorded = torch.is_grad_enabled() and (A.requires_grad or B.requires_grad)
    is_single = A.device.type == "cpu" and A.dtype == torch.float32
    return is_large and is_single and not is_recorded and is_quicker()


@cache
def is_quicker() -> bool:
    """Tell whether this processor has more to offer than MKL would use."""
    processor = torch.cpu.get_capabilities()
    has_more = processor.get("avx512_f", False) and "Intel" not in processor["cpu_name"]
    return has_more and torch.backends.mkldnn.is_available()


def product(A: Tensor, B: Tensor) -> Tensor:
    """Give AB of two matrices; there is no way back through it to a gradient.

    It is the linear layer that torch's compiler makes of one: torch offers no other door.
    """
    return torch.ops.mkldnn._linear_pointwise(A, B.mT, None, "none", [], "")
