"""Every claim, in the order of the notes."""

from d2l_lab.claims import linear_regression, model_selection, perceptrons, softmax_regression
from d2l_lab.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *linear_regression.CLAIMS,
    *softmax_regression.CLAIMS,
    *perceptrons.CLAIMS,
    *model_selection.CLAIMS,
)
