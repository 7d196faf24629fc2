"""Every claim, in the order of the notes."""

from d2l_lab.claims import (
    library,
    linear_regression,
    model_selection,
    perceptrons,
    softmax_regression,
)
from d2l_lab.claims.claim import Claim

MODULES = (linear_regression, softmax_regression, perceptrons, model_selection, library)


def place(claim: Claim) -> list[int]:
    """Return the numbers of a claim's section, for sorting."""
    return [*map(int, claim.section.split("."))]


CLAIMS: tuple[Claim, ...] = tuple(
    sorted((claim for module in MODULES for claim in module.CLAIMS), key=place)
)
