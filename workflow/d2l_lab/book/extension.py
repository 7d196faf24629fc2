"""Extend Sphinx for the book: other extensions, packages' scripts, and search in Chinese."""

from typing import Any

import myst_nb.sphinx_ext
import sphinx.builders.html  # otherwise Sphinx loads these three in every fork
import sphinx.ext.mathjax  # noqa: F401
import sphinx_book_theme  # noqa: F401
import sphinx_copybutton
import sphinx_design
from sphinx.application import Sphinx
from sphinx.search import languages

from d2l_lab.book import assets, metadata
from d2l_lab.book.search import SearchChinese, SearchEnglishOnce

EXTENSIONS = (myst_nb, sphinx_design, sphinx_copybutton)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the Sphinx extension."""
    for extension in EXTENSIONS:
        app.setup_extension(extension.__name__)
    languages.update(en=SearchEnglishOnce, zh=SearchChinese)
    app.connect("builder-inited", assets.put_scripts)
    app.connect("html-page-context", metadata.describe)
    app.connect("build-finished", assets.leave_out_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
