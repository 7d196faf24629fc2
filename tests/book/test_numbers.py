"""Numbers have only the digits that are certain."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from d2l_lab.book.numbers import measured, plain, with_interval


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (0.83271, 0.00209, "0.8327 ± 0.0021"),
        (12.3456, 0.5, "12.35 ± 0.50"),
        (1234.5, 99.6, "1234 ± 100"),
        (4.56e-5, 1.2e-7, "(4.560 ± 0.012) × 10⁻⁵"),
        (-0.001, 0.25, "0.00 ± 0.25"),
        (0.83271, math.nan, "0.8327"),
        (0.83271, 0.0, "0.8327"),
        (math.nan, math.nan, "–"),
    ],
)
def test_a_mean_and_its_interval_end_at_the_same_digit(mean, half, text):
    assert with_interval(mean, mean - half, mean + half).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("mean", "low", "high", "text"),
    [
        (23.27, 1.234, 4812.0, "23 [1.2, 4800]"),
        (0.1992, 0.0021, 92.0, "0.20 [0.0021, 92]"),
        (0.8333, 0.8301, 0.8399, "0.8333 [0.8301, 0.8399]"),
        (9.244e-5, 7.598e-5, 1.127e-4, "(9.2 [7.6, 11]) × 10⁻⁵"),
        (2.655e-4, 2.093e-4, 3.379e-4, "(2.7 [2.1, 3.4]) × 10⁻⁴"),
        (4e-5, 1e-9, 0.3, "4.0 × 10⁻⁵ [1.0 × 10⁻⁹, 0.30]"),
    ],
)
def test_an_interval_not_centred_on_the_mean_is_written_as_its_endpoints(mean, low, high, text):
    assert with_interval(mean, low, high).replace("\u00a0", " ") == text


def test_an_interval_nearly_centred_on_the_mean_is_written_by_its_half_width():
    assert "±" in with_interval(0.415, 0.398, 0.4325)


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ((4.1999, 4.199, 4.2009), ("4.1999", "[4.1990, 4.2009]")),
        ((0.3829, 0.38, 0.386), ("0.383", "[0.380, 0.386]")),
        ((2.0, 1.9996, 2.0101), ("2.00", "[2.00, 2.01]")),
        ((1e-3, 0.0, 2e-3), ("0.00100", "[0, 0.00200]")),
        ((1.004e-4, 9.09e-5, 1.11e-4), ("1.00 × 10⁻⁴", "[0.909, 1.11] × 10⁻⁴")),
    ],
)
def test_a_measured_value_and_the_ends_of_its_interval_have_as_many_digits(numbers, texts):
    assert tuple(text.replace("\u00a0", " ") for text in measured(*numbers)) == texts


@given(
    st.floats(-1e6, 1e6, allow_nan=False),
    st.floats(1e-12, 1e6, allow_nan=False),
)
def test_a_written_number_is_exact_to_a_hundredth_of_its_interval(mean, half):
    assume(half > 1e-9 * abs(mean))
    low, high = mean - half, mean + half
    assume(high > low)
    text = with_interval(mean, low, high).replace("\u00a0", " ")
    inside, _, exponent = text.removeprefix("(").partition(")")
    plain_digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    scale = 10.0 ** int(exponent.removeprefix(" × 10").translate(plain_digits)) if exponent else 1.0
    value, width = (float(part) * scale for part in inside.split(" ± "))
    actual = (high - low) / 2
    assert abs(value - mean) <= 0.06 * actual + 1e-9 * abs(mean)
    assert abs(width - actual) <= 0.06 * actual


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (1e4, "10000"),
        (2.4089e4, "24090"),
        (1.575e-05, "1.575 × 10⁻⁵"),
        (1e6, "1 × 10⁶"),
        (True, "True"),
        ("cpu", "cpu"),
        (math.nan, "–"),
        (-0.0, "0"),
        (1 / 3, "0.3333"),
    ],
)
def test_other_values_are_written_plainly(value, text):
    assert plain(value).replace("\u00a0", " ") == text
