"""The texts of figures, in English as in their modules, or translated.

A figure takes `words`, and calls it for every text that it shows::

    axes.set_xlabel(words("epoch"))
    label = words("mean of {folds}", folds=words.count(5, "fold"))

The texts are read from the source without running it, to find those that a language lacks. So they
must be literal strings there, not composed. Texts in constants are marked by `term`, except the
labels of `style.Look`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from d2l_lab.errors import LabError

if TYPE_CHECKING:
    from d2l_lab.figures.style import Look

ACRONYMS = {"mlp": "MLP", "mnist": "MNIST"}
NAMES = {"fashion_mnist": "Fashion-MNIST"}  # that are written otherwise than their parts
CHINESE = r"[\u3000-\u9fff\uff00-\uffef]"
GAP = re.compile(rf"(?<={CHINESE}) (?={CHINESE})")  # Chinese has no spaces between words


def term(constant: str) -> str:
    """Mark a text that `words` will translate elsewhere."""
    return constant


def human(name: str) -> str:
    """Turn a name of the configuration into words: ``mlp_scratch`` into ``MLP scratch``."""
    return NAMES.get(name) or " ".join(ACRONYMS.get(word, word) for word in name.split("_"))


def counted(count: int, noun: str) -> str:
    """Count things: ``1 fold``, ``5 folds``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class Words:
    """The texts of figures in English, unchanged.

    Attributes
    ----------
    language : str
        A language of the book.
    """

    language = "en"

    def __call__(self, text: str, /, **values: Any) -> str:
        """Return a text with the values for its braces filled in."""
        return text.format(**values)

    def count(self, number: int, noun: str) -> str:
        """Count things: ``1 fold``, ``5 folds``."""
        return counted(number, noun)

    def name(self, name: str) -> str:
        """Turn a name of the configuration or of the data into words: ``MLP scratch``."""
        return human(name)

    def label(self, label: str) -> str:
        """Return a label of the data, or a key of the configuration, unchanged."""
        return label

    def look(self, look: "Look") -> "Look":
        """Return a look with its label in this language."""
        return look._replace(label=self(look.label))


ENGLISH = Words()


class Translation(Words):
    """The texts of figures in another language.

    Parameters
    ----------
    language : str
    texts : mapping of str
        The translation of every text of every figure.
    counts : mapping of str
        For every noun the phrase for a number of them: ``"fold": "{n} 折"``.
    names : mapping of str
        Names, or words in names. Other names are unchanged.
    font : Path
        A font with the letters of the language.
    """

    def __init__(
        self,
        language: str,
        texts: Mapping[str, str],
        counts: Mapping[str, str],
        names: Mapping[str, str],
        font: Path,
    ):
        self.language = language
        self.font = font
        self._texts = texts
        self._counts = counts
        self._names = names

    def __call__(self, text: str, /, **values: Any) -> str:
        """Return the translation of a text; raise `LabError` if there is none."""
        return GAP.sub("", self._find(self._texts, text).format(**values))

    def count(self, number: int, noun: str) -> str:
        """Count things; raise `LabError` if the noun has no translation."""
        return self._find(self._counts, noun).format(n=number)

    def name(self, name: str) -> str:
        """Translate a name, or the known words in it."""
        if name in self._names:
            return self._names[name]
        words = re.split("[_ ]", name)
        if not any(word in self._names for word in words):
            return human(name)
        return GAP.sub("", " ".join(self._names.get(word, human(word)) for word in words))

    def label(self, label: str) -> str:
        """Translate a label if it is known."""
        return self._names.get(label, label)

    def _find(self, translations: Mapping[str, str], text: str) -> str:
        if text not in translations:
            raise LabError(f"figures/languages/{self.language}.py: lacks {text!r}; translate it")
        return translations[text]
