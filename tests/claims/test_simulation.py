"""False claims hold at most five times in a hundred."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.claims import evidence as of
from d2l_lab.claims.evidence import FOLDS, apart, difference, log_ratio, mean, worst
from d2l_lab.claims.thresholds import AT_LEAST, AT_MOST
from d2l_lab.studies.uncertainty import estimate
from d2l_lab.tables.statistics import holm

TIMES = 2000
MANY = 5  # claims of a section
LEVEL = 0.05


def false_verdicts(evidence, relation, threshold):
    """Return the share of datasets on which a claim holds that is just not true."""
    found = (evidence(np.random.default_rng(number)) for number in range(TIMES))
    low, high = np.array([each.interval for each in found]).T
    return np.mean(low > threshold if relation == AT_LEAST else high < threshold)


def correlated(rng, n, correlation):
    """Draw the results of folds, which share data: N(0, 1), every pair with this correlation."""
    shared = rng.normal() * np.sqrt(correlation)
    return shared + rng.normal(size=n) * np.sqrt(1 - correlation)


def of_mean(rng):
    return mean(rng.normal(size=5))


def of_folds(rng):
    return mean(correlated(rng, 5, 1 / 5), FOLDS)


def of_pairs(rng):
    first, second = rng.normal(size=(2, 5)) + rng.normal(scale=3, size=5)
    return difference(first - second)


def of_logs(rng):
    above, below = pd.DataFrame(np.exp(2 * rng.normal(size=(2, 8)))).to_numpy()
    return difference(log_ratio(pd.Series(above), pd.Series(below)))


def of_both_sources(rng):
    """Draw 1 for a right answer and 0 for a wrong one: replicates and examples both differ."""
    of_examples, of_replicates = rng.normal(size=400), rng.normal(scale=0.3, size=(6, 1))
    noise = rng.normal(size=(2, 6, 400))
    right = (noise + of_examples + of_replicates > 0).astype(float)
    return of.tested(pd.Series(estimate(right[0] - right[1], "accuracy")))


def of_worst(rng):
    """Measure the largest of four distances, one of them at the threshold 1."""
    values = rng.normal([[1], [0.5], [1], [0.8]], 0.3, (4, 5))
    return worst([mean(each) for each in values])


def of_two(rng):
    first, second = mean(rng.normal(3, 1, 5)), mean(rng.normal(4, 0.3, 20))
    return apart(first, second)


@pytest.mark.parametrize(
    ("evidence", "relation", "threshold"),
    [
        (of_mean, AT_LEAST, 0),
        (of_mean, AT_MOST, 0),
        (of_folds, AT_LEAST, 0),
        (of_pairs, AT_LEAST, 0),
        (of_logs, AT_LEAST, 0),
        (of_both_sources, AT_LEAST, 0),
        (of_worst, AT_MOST, 1),
        (of_two, AT_MOST, 1),
    ],
)
def test_a_false_claim_rarely_holds(evidence, relation, threshold):
    assert false_verdicts(evidence, relation, threshold) <= LEVEL


def test_a_false_claim_would_hold_too_often_if_folds_were_taken_for_independent():
    assert false_verdicts(lambda rng: mean(correlated(rng, 5, 1 / 5)), AT_LEAST, 0) > LEVEL


def test_false_verdicts_are_rare_in_a_family_after_correction():
    rng = np.random.default_rng(0)
    families = rng.normal(size=(TIMES, MANY, 6))
    p_values = np.array([[mean(each).p_value(0) for each in family] for family in families])
    corrected = np.apply_along_axis(holm, 1, p_values)
    assert (corrected.min(axis=1) <= LEVEL).mean() <= LEVEL + 0.01  # two standard errors
    assert (p_values.min(axis=1) <= LEVEL).mean() > 3 * LEVEL
