"""The files that pages load: scripts of packages put in, and what no page needs left out.

Each language has files of its own, because each is a site that works alone.
"""

import json
import re
import shutil
from collections.abc import Set
from importlib.metadata import distribution
from pathlib import Path

from sphinx.application import Sphinx

MATHJAX = ("sphinx-mathjax-offline", "sphinx-mathjax-offline/static/mathjax/tex-svg-full.js")
DATATABLES = ("itables", "itables/html/dt_bundle.js")
# A page that is opened as a file may not import a module from another file, but from a blob.
BY_BLOB = """\
const source = new Blob([{source}], {{ type: "text/javascript" }});
window.dataTables = import(URL.createObjectURL(source));
"""
# For who works on the theme: maps of its scripts, templates, and the sources of its translations.
UNUSED = ("**/*.map", "*webpack-macros.html", "locales")
SOURCE_MAP = re.compile(r"\s*(?://|/\*)# sourceMappingURL=\S+\.map(?:\s*\*/)?\s*$")
ICONS = Path("scripts/fontawesome.js")
ICON_NAME = re.compile(r"\bfa-([a-z0-9-]+)")
# An icon in Font Awesome's script: its name, width, height, other names, character and path.
ICON = re.compile(
    r'(?P<quote>"?)(?P<name>[a-z0-9-]+)(?P=quote):'
    r'\[\d+,\d+,\[(?P<others>[^]]*)\],"[0-9a-f]*",(?:"[^"]*"|\[[^]]*\])\],?'
)


def put_scripts(app: Sphinx) -> None:
    """Put MathJax and DataTables into the book, out of the packages that carry them."""
    static = app.outdir / "_static"
    (static / "mathjax").mkdir(parents=True, exist_ok=True)
    (static / "mathjax" / "tex-svg-full.js").write_text(read(*MATHJAX), "utf-8")
    script = BY_BLOB.format(source=json.dumps(read(*DATATABLES)))
    (static / "datatables.js").write_text(script, "utf-8")
    (static / "datatables.css").write_text(read("itables", "itables/html/dt_bundle.css"), "utf-8")


def read(package: str, path: str) -> str:
    """Read a file of an installed package, without importing it."""
    return distribution(package).locate_file(path).read_text("utf-8")


def leave_out_unused(app: Sphinx, exception: Exception | None) -> None:
    """Delete what no page loads, and the icons that none shows, once the site is built."""
    if exception:
        return
    static = app.outdir / "_static"
    for pattern in UNUSED:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (*static.rglob("*.js"), *static.rglob("*.css")):
        text = path.read_text("utf-8")
        if (kept := SOURCE_MAP.sub("\n", text)) != text:
            path.write_text(kept, "utf-8")
    icons = static / ICONS
    pages = [*app.outdir.rglob("*.html"), *(static / "scripts").glob("*-theme.js")]
    shown = {name for page in pages for name in ICON_NAME.findall(page.read_text("utf-8"))}
    icons.write_text(with_icons(icons.read_text("utf-8"), shown), "utf-8")


def with_icons(script: str, names: Set[str]) -> str:
    """Leave all icons out of Font Awesome's script but those of these names."""

    def kept(icon: re.Match) -> str:
        known = {icon["name"], *re.findall(r'"([a-z0-9-]+)"', icon["others"])}
        return icon[0] if known & names else ""

    return ICON.sub(kept, script)
