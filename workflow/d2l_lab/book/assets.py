"""Prepare the files that pages load: add scripts of packages, and delete what no page needs.

Each language has its own files, because each is an independent site.
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
# A page opened as a file may import a module only from a blob, not from another file.
BY_BLOB = """\
const source = new Blob([{source}], {{ type: "text/javascript" }});
window.dataTables = import(URL.createObjectURL(source));
"""
# Only for developers of the theme: source maps, templates, and sources of translations.
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


def leave_out_unused(app: Sphinx, exception: Exception | None) -> None:
    """After the build, delete files that no page loads and icons that no page shows."""
    if exception:
        return
    (app.outdir / ".buildinfo").unlink()  # for a next build; it digests temporary paths
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
    """Remove all icons except these from Font Awesome's script."""

    def kept(icon: re.Match) -> str:
        known = {icon["name"], *re.findall(r'"([a-z0-9-]+)"', icon["others"])}
        return icon[0] if known & names else ""

    return ICON.sub(kept, script)
