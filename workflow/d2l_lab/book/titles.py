"""Readable titles and captions for Snakemake's report."""

import re

from d2l_lab.book.page_requests import CAPTIONS

SPELT = {"kfold": "K-fold", "mlp": "MLP", "mnist": "MNIST"}
SENTENCE = re.compile(r"(.+?[.:])(?=\s+[A-Z]|$)", re.DOTALL)
MARKS = re.compile(r"``|\*| \(notes [^)]*\)")  # sections have their own column


def title(name: str) -> str:
    """Turn a name into a title: ``kfold_mlp_scratch`` into ``K-fold MLP scratch``."""
    text = " ".join(SPELT.get(word, word) for word in name.split("_"))
    return text[:1].upper() + text[1:]


def first_sentence(caption: str) -> str:
    """Read the first sentence of a figure's or table's caption, as plain text."""
    text = (CAPTIONS["en"] / f"{caption}.rst").read_text("utf-8").strip()
    found = SENTENCE.match(text)
    return " ".join(MARKS.sub("", found[1] if found else text).split())
