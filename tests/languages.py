"""Tell the two languages of the book apart, and check the spacing of Chinese."""

import re

CHINESE = re.compile("[\u3001-\u9fff\uff01-\uffe5]")  # characters and full-width punctuation
CHARACTER = "[\u4e00-\u9fff]"
SQUEEZED = re.compile(f"{CHARACTER}[A-Za-z0-9`]|[A-Za-z0-9%`]{CHARACTER}")


def is_chinese(text: str) -> bool:
    return bool(re.search(CHARACTER, text))


def is_english(text: str) -> bool:
    return not CHINESE.search(text)


def squeezed(text: str) -> list[str]:
    """Find where a space is missing between a Chinese character and a Latin letter or digit.

    K折 and T恤 are words without such a space.
    """
    return SQUEEZED.findall(re.sub("K折|T恤", "K ", text))
