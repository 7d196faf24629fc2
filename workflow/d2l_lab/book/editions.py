"""Find a section of the notes in *Dive into Deep Learning*, in Chinese and in English.

The notes follow the second Chinese edition and its numbers. The English edition has been
reorganised since, so its numbers differ.
"""

from typing import NamedTuple

CHINESE, ENGLISH = "https://zh.d2l.ai", "https://d2l.ai"
# The number in the notes and the Chinese page; the number and the page in English.
TABLE = """\
3.1 | linear-networks/linear-regression | 3.1 | linear-regression/linear-regression
3.2 | linear-networks/linear-regression-scratch | 3.4 | linear-regression/linear-regression-scratch
3.3 | linear-networks/linear-regression-concise | 3.5 | linear-regression/linear-regression-concise
3.4 | linear-networks/softmax-regression | 4.1 | linear-classification/softmax-regression
3.5 | linear-networks/image-classification-dataset | 4.2 \
  | linear-classification/image-classification-dataset
3.6 | linear-networks/softmax-regression-scratch | 4.4 \
  | linear-classification/softmax-regression-scratch
3.7 | linear-networks/softmax-regression-concise | 4.5 \
  | linear-classification/softmax-regression-concise
4.1 | multilayer-perceptrons/mlp | 5.1 | multilayer-perceptrons/mlp
4.2 | multilayer-perceptrons/mlp-scratch | 5.2 | multilayer-perceptrons/mlp-implementation
4.3 | multilayer-perceptrons/mlp-concise | 5.2 | multilayer-perceptrons/mlp-implementation
4.4 | multilayer-perceptrons/underfit-overfit | 3.6 | linear-regression/generalization
"""


class Place(NamedTuple):
    """A section of the book: its number, and the address of its page."""

    number: str
    address: str


def _places(row: str) -> tuple[str, dict[str, Place]]:
    section, chinese, number, english = (field.strip() for field in row.split("|"))
    return section, {
        "en": Place(number, f"{ENGLISH}/chapter_{english}.html"),
        "zh": Place(section, f"{CHINESE}/chapter_{chinese}.html"),
    }


# By the section of the notes, then by language.
EDITIONS = dict(map(_places, TABLE.splitlines()))
