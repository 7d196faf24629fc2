"""Format numbers for readers, without digits that are uncertain."""

import math

import pandas as pd

MISSING = "–"
PLUS_MINUS = "\u00a0±\u00a0"  # with non-breaking spaces
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LARGEST_PLAIN = 6  # the most digits before the point without a power of ten
LARGEST_SPREAD = 100  # by which an end and its mean may differ, and share a power of ten

COMPUTED = 8  # significant digits of numbers with which a script computes


def columns(table: pd.DataFrame) -> dict[str, list]:
    """Return the columns of a table for a script; values that are not finite become missing."""

    def short(value: object) -> object:
        if not isinstance(value, float):
            return value
        return float(f"{value:.{COMPUTED}g}") if math.isfinite(value) else None

    return {name: [*map(short, values.tolist())] for name, values in table.items()}


def plain(value: object, digits: int = 4) -> str:
    """Format a number with a few digits, a missing value as a dash, and anything else unchanged."""
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return MISSING
    return rounded(value, digits)


def rounded(value: float, digits: int) -> str:
    """Write a number with at most a few digits, and a power of ten if it is very large or small.

    Examples
    --------
    >>> print(rounded(4.878e-05, 2), rounded(1e4, 4), rounded(0.5, 4), sep="; ")
    4.9 × 10⁻⁵; 10000; 0.5
    """
    return _without_e(f"{value + 0.0:.{digits}g}")  # no negative zero


def exactly(value: float, digits: int) -> str:
    """Write a number with just so many digits, even if the last ones are zeros.

    Examples
    --------
    >>> print(exactly(4.2, 4), exactly(0.38, 3), exactly(1e-05, 2), exactly(1234.0, 2), sep="; ")
    4.200; 0.380; 1.0 × 10⁻⁵; 1200
    """
    return _without_e(f"{value + 0.0:#.{digits}g}").removesuffix(".") if value else "0"


def _without_e(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    if 0 < int(exponent) < LARGEST_PLAIN:
        return f"{float(text):.0f}"
    return f"{mantissa}{power_of_ten(int(exponent))}"


def power_of_ten(exponent: int) -> str:
    """Write the power of ten after a mantissa, without a possible line break."""
    return f"\u00a0×\u00a010{str(exponent).translate(SUPERSCRIPTS)}"


def measured(value: float, low: float, high: float) -> tuple[str, str]:
    """Format a value, and its interval with enough digits to distinguish its ends.

    Examples
    --------
    >>> measured(0.83271, 0.83262, 0.83281)
    ('0.83271', '[0.83262, 0.83281]')
    >>> measured(0.3829, 0.38, 0.386)
    ('0.383', '[0.380, 0.386]')
    """
    if math.isnan(low) or math.isnan(high) or low == high:
        return plain(value), MISSING
    digits = 3
    while f"{low:.{digits}g}" == f"{high:.{digits}g}":
        digits += 1
    digits += digits > 3
    size = max(abs(low), abs(high))
    if 1e-3 <= size < 1e6:
        text, *ends = (exactly(number, digits) for number in (value, low, high))
        return text, f"[{', '.join(ends)}]"
    exponent = math.floor(math.log10(size))
    scaled = (exactly(number / 10.0**exponent, digits) for number in (value, low, high))
    power, (text, *ends) = power_of_ten(exponent), scaled
    return f"{text}{power}", f"[{', '.join(ends)}]{power}"


def with_interval(mean: float, low: float, high: float) -> str:
    """Format a mean ± half the width of its interval, both to the same last digit.

    An interval that is not symmetric, for instance on a logarithmic scale, is given by its ends.

    Examples
    --------
    >>> print(with_interval(0.83271, 0.83062, 0.8348))
    0.8327 ± 0.0021
    >>> print(with_interval(23.27, 1.234, 4812.0))
    23 [1.2, 4800]
    >>> print(with_interval(9.244e-05, 7.6e-05, 1.127e-04))
    (9.2 [7.6, 11]) × 10⁻⁵
    """
    half = (high - low) / 2
    if math.isnan(mean) or math.isnan(half) or half == 0:
        return plain(mean)
    if not is_centred(mean, low, high):
        return _with_ends(mean, low, high)
    digits = 1 - math.floor(math.log10(half))  # two digits for the half width
    size = max(abs(mean), half)
    if 1e-3 <= size < 1e6 and digits <= 7:
        places = max(digits, 0)
        # no negative zero
        return f"{round(mean, places) + 0.0:.{places}f}{PLUS_MINUS}{half:.{places}f}"
    exponent = math.floor(math.log10(size))
    places = max(exponent + digits, 0)
    scale = 10.0**exponent
    both = f"{mean / scale:.{places}f}{PLUS_MINUS}{half / scale:.{places}f}"
    return f"({both}){power_of_ten(exponent)}"


def _with_ends(mean: float, low: float, high: float) -> str:
    """Format a mean and the ends of its interval, with more digits the narrower it is."""
    exponent = math.floor(math.log10(abs(mean))) if mean else 0
    digits = 2 + max(0, exponent - math.floor(math.log10(high - low)))
    is_plain = 1e-3 <= abs(mean) < 1e6 or not mean
    ends = abs(low), abs(high)
    is_spread = min(ends) * LARGEST_SPREAD < abs(mean) or max(ends) > LARGEST_SPREAD * abs(mean)
    if is_plain or is_spread:
        value, *ends = (exactly(number, digits) for number in (mean, low, high))
        return f"{value} [{', '.join(ends)}]"
    value, *ends = (exactly(number / 10.0**exponent, digits) for number in (mean, low, high))
    return f"({value} [{', '.join(ends)}]){power_of_ten(exponent)}"


def is_centred(mean: float, low: float, high: float) -> bool:
    """Return whether a mean is in the middle of its interval, within a tenth of half its width."""
    return abs(mean - (low + high) / 2) <= (high - low) / 20
