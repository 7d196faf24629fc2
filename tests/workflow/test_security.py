"""SECURITY.md's promises about whole runs: no pickle is stored, and hostile text stays text."""

import json
import pickletools
import re
import zipfile
from html.parser import HTMLParser

import pytest

SMALL = {"folder": "tests/data/fashion_mnist"}
SUFFIXES = {".csv", ".html", ".ipynb", ".json", ".png", ".safetensors", ".svg"}

# All ways in which text could become a command or markup between YAML and the browser. The
# commands would make a file pwned*. A folder may hold any text, an address any but white space.
SCRIPT = "</script><script>alert(1)</script>"
HOSTILE = [
    {"folder": "x; touch pwned1; $(touch pwned2) 'q\" `touch pwned3` | touch pwned4 & \\"},
    {"folder": "x' ; touch pwned5 #"},
    {"folder": "?__import__('os').system('touch pwned6')"},
    {"folder": "{{ 1 + 1 }} {input} {wildcards.name} {0} } %s ${HOME} \t\r\x1b[2J"},
    {"folder": f"x --><!-- </style> <img src=x onerror=alert(1)> {SCRIPT}"},
    {"url": f"http://127.0.0.1:9/$(touch${{IFS}}pwned7)`touch${{IFS}}pwned8`/{SCRIPT}"},
]


def pwned(checkout):
    return [path.name for path in checkout.path.rglob("*pwned*")]


class Page(HTMLParser):
    """The content of a page in a browser: elements, their attributes, and scripts by name."""

    def __init__(self, text):
        super().__init__()
        self.elements = set()
        self.attributes = set()
        self.scripts = {}
        self.script = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.script = dict(attrs).get("id") if tag == "script" else None

    def handle_data(self, data):
        if self.script:
            self.scripts[self.script] = self.scripts.get(self.script, "") + data

    def handle_endtag(self, tag):
        self.script = None


@pytest.mark.thorough
def test_hostile_text_is_only_text_to_the_shell_and_to_the_browser(checkout):
    checkout.keep_models("softmax_regression_scratch")
    checkout.configure({"datasets": {"fashion_mnist": {"sources": [*HOSTILE, SMALL]}}})
    answer = checkout.run(env={"NO_PROXY": "*"})
    assert answer.returncode == 0, answer.stdout
    assert pwned(checkout) == []
    (log,) = checkout.path.glob("results/logs/download/*.log")
    told = log.read_text("utf-8")
    for source in HOSTILE:
        ((kind, where),) = source.items()
        assert f"{kind} {re.sub('[^ -~]', '?', where)}: " in told  # it was tried unchanged

    text = (checkout.path / "results/book/report.html").read_text("utf-8")
    assert "alert(1)" not in text
    assert "pwned" not in text
    page = Page(text)
    assert page.elements == {"html", "head", "meta", "title", "style", "body", "div", "p", "script"}
    assert not [name for name in page.attributes if name.startswith("on")]
    # Snakemake writes data into scripts as JSON: text that closed a script would cut it off.
    for name in ("workflow-desc", "results", "categories", "rules", "metadata"):
        _, _, value = page.scripts[name].partition(" = ")
        assert json.loads(value.strip().removesuffix(";")) is not None


def test_a_configuration_that_is_code_is_refused_before_it_runs(checkout):
    config = checkout.path / "config.yaml"
    text = config.read_text("utf-8").replace("seed: 0\n", "seed: ?open('pwned', 'w').write('')\n")
    assert "?open" in text
    config.write_text(f"__use_yte__: true\n{text}")
    answer = checkout.run("--dry-run")
    assert answer.returncode == 1
    assert "config.yaml: line 1, column 1: " in answer.stdout
    assert pwned(checkout) == []


def is_pickle(data):
    """Return whether data would load as a pickle, without executing its operations."""
    try:
        return any(operation.name == "STOP" for operation, _, _ in pickletools.genops(data))
    except ValueError:
        return False


def test_nothing_in_the_store_is_a_pickle(published):
    stages = published.path.glob("results/store/*")
    stored = [stage for stage in stages if stage.name != "book"]  # which holds pages and scripts
    found = [path for stage in stored for path in stage.rglob("*") if path.is_file()]
    files = [path for path in found if path.stat().st_size]  # a lock is empty
    downloaded = {path for path in files if path.match("download/fashion_mnist/*/*-ubyte")}
    assert len(downloaded) == 4
    assert {path.suffix for path in {*files} - downloaded} == SUFFIXES
    for path in files:
        assert not zipfile.is_zipfile(path), path  # torch.save and numpy.savez write these
        data = path.read_bytes()
        assert not data.startswith((b"\x93NUMPY", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x89HDF"))
        assert not is_pickle(data), path


def test_no_figure_holds_a_script(published):
    figures = list(published.path.glob("results/figures/**/*.svg"))
    assert figures
    for path in figures:
        page = Page(path.read_text("utf-8"))
        assert not page.elements & {"script", "foreignobject", "iframe", "a", "set", "animate"}
        assert not [name for name in page.attributes if name.startswith("on")]
