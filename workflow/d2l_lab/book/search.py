"""Search Chinese text, which has no spaces between words, by runs of two or three characters.

Sphinx's own search for Chinese needs a dictionary to build the index, and fails in the browser.
"""

import re
from functools import cache

from sphinx.search.en import SearchEnglish

CHINESE = re.compile(r"[\u3400-\u9fff]+")
LONGEST = 3  # characters of a run in the index


class SearchEnglishOnce(SearchEnglish):
    """Sphinx's stemmer of English words, which caches the stem of each word."""

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.ending_off = cache(super().stem)

    def stem(self, word: str) -> str:
        """Remove the ending of a word."""
        return self.ending_off(word)


class SearchChinese(SearchEnglishOnce):
    """Index English words as in English, and Chinese text by its runs of characters."""

    lang = "zh"
    language_name = "English"  # Sphinx finds the browser's stemmer by this name
    # A Chinese query that is longer than the runs in the index is split into all its runs.
    js_splitter_code = f"""
var splitQuery = (query) =>
  query
    .split(/[^\\p{{Letter}}\\p{{Number}}_]+/gu)
    .flatMap((word) => word.match(/[\\u3400-\\u9fff]+|[^\\u3400-\\u9fff]+/g) || [])
    .flatMap((word) =>
      word.length <= {LONGEST} || !/[\\u3400-\\u9fff]/.test(word)
        ? [word]
        : Array.from(
            {{ length: word.length - {LONGEST - 1} }},
            (_, start) => word.slice(start, start + {LONGEST})))
    .filter((word) => word);
"""

    def split(self, text: str) -> list[str]:
        """Split a text into English words and runs of Chinese characters."""
        found = super().split(CHINESE.sub(" ", text))
        for run in CHINESE.findall(text):
            found += [
                run[start : start + length]
                for length in range(2, LONGEST + 1)
                for start in range(len(run) - length + 1)
            ]
        return found

    def word_filter(self, word: str) -> bool:
        """Return whether a word goes into the index."""
        return bool(CHINESE.fullmatch(word)) or super().word_filter(word)

    def stem(self, word: str) -> str:
        """Remove the ending of an English word; a run of Chinese characters has none."""
        return word if CHINESE.fullmatch(word) else super().stem(word)
