"""What figures say: in English, as it stands in their modules, or as translated from it.

A figure takes `words`, and asks them for every text that it shows::

    axes.set_xlabel(words("epoch"))
    label = words("mean of {folds}", folds=words.count(5, "fold"))

The texts are read from the source without running it, to find those that a language lacks. So they
are written there as they are, never put together; a text that stands in a constant is marked by
`term`, and the label of a `style.Look` needs no mark.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from d2l_lab.errors import LabError

if TYPE_CHECKING:
    from d2l_lab.figures.style import Look

ACRONYMS = {"mlp": "MLP", "mnist": "MNIST"}
CHINESE = r"[\u3000-\u9fff\uff00-\uffef]"
GAP = re.compile(rf"(?<={CHINESE}) (?={CHINESE})")  # there is none between Chinese words


def term(constant: str) -> str:
    """Mark a text that is shown, but stands apart from the `words` that will be asked for it."""
    return constant


def human(name: str) -> str:
    """Turn a name of the configuration into words: ``mlp_scratch`` into ``MLP scratch``."""
    return " ".join(ACRONYMS.get(word, word) for word in name.split("_"))


def counted(count: int, noun: str) -> str:
    """Say how many: ``1 fold``, ``5 folds``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class Words:
    """The texts of figures in English: all as they are.

    Attributes
    ----------
    language : str
        A language of the book.
    """

    language = "en"

    def __call__(self, text: str, /, **values: Any) -> str:
        """Return a text with the values that its braces name filled in."""
        return text.format(**values)

    def count(self, number: int, noun: str) -> str:
        """Say how many: ``1 fold``, ``5 folds``."""
        return counted(number, noun)

    def name(self, name: str) -> str:
        """Turn a name of the configuration or of the data into words: ``MLP scratch``."""
        return human(name)

    def label(self, label: str) -> str:
        """Return a label of the data, or a key of the configuration: as it is."""
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
        Every text of every figure, and its translation.
    counts : mapping of str
        For every noun what is said of a number of them: ``"fold": "{n} 折"``.
    names : mapping of str
        Names, or words of which names are made. Any other name stays as it is.
    font : Path
        A font that has the letters of the language.
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
        """Return the translation of a text; `LabError` if there is none."""
        return self._find(self._texts, text).format(**values)

    def count(self, number: int, noun: str) -> str:
        """Say how many; `LabError` if the noun has no translation."""
        return self._find(self._counts, noun).format(n=number)

    def name(self, name: str) -> str:
        """Translate a name, or those of its words that are known."""
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
