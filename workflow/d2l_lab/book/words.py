"""The words of the book that are not written in its pages, in each of its languages."""

import yaml

from d2l_lab.book.sources import WORDS_FOLDER

WORDS = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted(WORDS_FOLDER.glob("*.yaml"))
}
