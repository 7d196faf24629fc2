"""Extend Sphinx for the book: other extensions, packages' scripts, and search in Chinese."""

import json
from importlib.metadata import distribution
from typing import Any

import myst_nb.sphinx_ext
import sphinx.builders.html  # otherwise Sphinx loads these three in every fork
import sphinx.ext.mathjax  # noqa: F401
import sphinx_book_theme  # noqa: F401
import sphinx_copybutton
import sphinx_design
from sphinx.application import Sphinx
from sphinx.search import languages

from d2l_lab.book.search import SearchChinese

MATHJAX = ("sphinx-mathjax-offline", "sphinx-mathjax-offline/static/mathjax/tex-svg-full.js")
EXTENSIONS = (myst_nb, sphinx_design, sphinx_copybutton)
DATATABLES = ("itables", "itables/html/dt_bundle.js")
# A page opened as a file may import a module only from a blob, not from another file.
BY_BLOB = """\
const source = new Blob([{source}], {{ type: "text/javascript" }});
window.dataTables = import(URL.createObjectURL(source));
"""


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the Sphinx extension."""
    for extension in EXTENSIONS:
        app.setup_extension(extension.__name__)
    languages["zh"] = SearchChinese
    app.connect("builder-inited", put_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def put_scripts(app: Sphinx) -> None:
    """Copy MathJax and DataTables into the book from the packages that contain them."""
    static = app.outdir / "_static"
    (static / "mathjax").mkdir(parents=True, exist_ok=True)
    (static / "mathjax" / "tex-svg-full.js").write_text(read(*MATHJAX), "utf-8")
    script = BY_BLOB.format(source=json.dumps(read(*DATATABLES)))
    (static / "datatables.js").write_text(script, "utf-8")
    (static / "datatables.css").write_text(read("itables", "itables/html/dt_bundle.css"), "utf-8")


def read(package: str, path: str) -> str:
    """Read a file of an installed package, without importing it."""
    return distribution(package).locate_file(path).read_text("utf-8")
