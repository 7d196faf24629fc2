"""The evidence for the claims about the library, on tables of a few rows."""

import pandas as pd
import pytest

from claims.tiny import KNOWN, Case, table, without_a_case
from d2l_lab.claims import library

MODELS = table("""
model device module dataset
line cpu polynomial_regression.concise polynomial
cubic cpu polynomial_regression.concise polynomial
all cpu polynomial_regression.concise polynomial
""")
ERRORS = """
model device replicate parameter true error
line cpu 0 w[0] 5.0 9
line cpu 0 w[1] 1.2 9
cubic cpu 0 w[0] 5.0 {0}
cubic cpu 0 w[1] 1.2 0.01
cubic cpu 0 w[2] -3.4 0.01
cubic cpu 0 w[3] 5.6 -0.01
cubic cpu 1 w[0] 5.0 0.01
cubic cpu 1 w[1] 1.2 {1}
cubic cpu 1 w[2] -3.4 -0.01
cubic cpu 1 w[3] 5.6 0.01
all cpu 0 w[0] 5.0 9
all cpu 0 w[1] 1.2 9
all cpu 0 w[2] -3.4 9
all cpu 0 w[4] 0.0 9
"""


def errors(*values):
    return {"parameters": table(ERRORS.format(*values)), "models": MODELS}


def on_new_data(*values):
    rows = {"replicate": [0, 0, 1, 1], "error": [values[0], 0.01, -0.01, values[1]]}
    return {"polynomial_weights": pd.DataFrame(rows)}


def of_fact(claim, name, n, holds, fails):
    """Return a fact and another one."""

    def facts(value):
        rows = {"fact": ["another", name], "value": [7.0, value], "n": [3, n]}
        return {"library": pd.DataFrame(rows)}

    return Case(claim, holds, n, False, facts(holds), facts(fails))


def spread(**columns):
    return {"library_normal": pd.DataFrame({"std": [0.1, 0.1], **columns})}


def curvature(*values):
    rows = {"direction": range(len(values)), "curvature": values}
    return {"maximum_likelihood_curvature": pd.DataFrame(rows)}


def loops(*differences):
    rows = {"greatest_difference": differences, "greatest_value": [0.5, 2.0]}
    return {"plain_loop": pd.DataFrame(rows)}


TERMS = """
replicate column degree greatest_feature greatest_power
0 0 {0} 1 {2}
0 1 {1} {3} 10
1 0 {0} 1 10
1 1 {1} {4} {5}
"""


def terms(*values):
    return {"polynomial_terms": table(TERMS.format(*values))}


CASES = [
    Case("maximum_likelihood_is_local", 2, 3, False, curvature(-1, 0, 2), curvature(0.1, 1, 2)),
    Case(
        "std_is_the_variance",
        0.004,
        2,
        True,
        spread(variance=[0.1 * 10**0.0041, 0.1 / 10**0.0039], deviation=[9, 9]),
        spread(variance=[0.01, 0.0101], deviation=[0.1, 0.1]),
    ),
    Case(
        "std_is_the_standard_deviation",
        0.004,
        2,
        True,
        spread(deviation=[0.1 * 10**0.0041, 0.1 / 10**0.0039], variance=[9, 9]),
        spread(deviation=[0.01, 0.0101], variance=[0.1, 0.1]),
    ),
    of_fact("matmul_is_more_general", "matmul_fails", 8, 0, 1),
    of_fact("mm_multiplies_matrices_alone", "mm_of_other_than_matrices", 8, 0, 1),
    of_fact("dataset_wants_equal_lengths", "dataset_of_unequal_lengths", 16, 0, 1),
    of_fact("argmax_is_the_greatest", "argmax_is_not_the_greatest", 100, 0, 1),
    of_fact("inputs_are_not_reshaped", "linear_takes_images", 1, 0, 1),
    of_fact("apply_reaches_every_layer", "apply_leaves_out", 4, 0, 1),
    of_fact("mean_is_the_default", "default_reduction", 100, 0, 0.1),
    of_fact("only_parameters_are_updated", "others_than_parameters_move", 15, 0, 1),
    of_fact("plain_tensors_can_be_updated", "plain_tensors_move", 5, 5, 4),
    of_fact("gamma_is_the_factorial", "gamma_is_no_factorial", 20, 0, 1),
    of_fact("dot_takes_a_vector_as_a_column", "dot_takes_no_column", 100, 1e-13, 1e-11),
    Case(
        "training_is_that_of_softmax_regression",
        2e-10,
        2,
        False,
        loops(1e-10, 1e-10),
        loops(1e-10, 4e-9),
    ),
    Case(
        "highest_degree_is_max_degree",
        0,
        2,
        False,
        terms(1, 2, 1, 1, 1, 1),
        terms(0, 1, 1, 1, 1, 1),
    ),
    Case(
        "factorials_keep_features_in_range",
        1,
        2,
        True,
        terms(0, 1, 1, 10**1.01, 10**0.99, 1),
        terms(0, 1, 1, 10**2.51, 10**2.49, 1),
    ),
    Case(
        "powers_grow_out_of_range",
        7,
        2,
        True,
        terms(0, 1, 10**7.01, 1, 1, 10**6.99),
        terms(0, 1, 10**4.01, 1, 1, 10**3.99),
    ),
    Case(
        "learned_weights_are_the_true_ones",
        0.05,
        2,
        True,
        errors(-0.051, 0.049),
        errors(-0.51, 0.49),
    ),
    Case(
        "learned_weights_are_the_true_ones_on_new_data",
        0.05,
        2,
        True,
        on_new_data(-0.051, 0.049),
        on_new_data(-0.51, 0.49),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_the_evidence_is_as_known_and_the_verdict_can_be_either(case):
    case.check()


def test_every_claim_has_a_case():
    assert without_a_case(library, CASES) == set()


def test_nothing_is_known_about_weights_without_a_model_of_the_true_features():
    tables = errors(0.05, 0.05)
    rows = tables["parameters"].query("model != 'cubic'")
    assert KNOWN["learned_weights_are_the_true_ones"].measure(rows, MODELS) is None
