"""A result depends on all the code that it imports, and on the versions of its libraries."""

import ast
import os
import re
import subprocess
import sys
import textwrap

import pytest
import torch
import yaml

from d2l_lab.errors import LabError
from d2l_lab.store import code
from d2l_lab.store.code import ROOT, code_of, digest, source_of

SOURCES = sorted(ROOT.glob("d2l_lab/**/*.py"))


def digest_of(text):
    return digest(ast.parse(textwrap.dedent(text)))


@pytest.fixture
def project(tmp_path):
    """Write a project of modules, by their paths below the package."""

    def write(sources):
        for path, text in {"__init__.py": "", **sources}.items():
            file = tmp_path / "d2l_lab" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text))
        return tmp_path

    return write


# Code of a module

BASE = textwrap.dedent("""
    import math

    @cache
    def area(radius, power=2):
        if radius > 0:
            scaled = radius**power
            return math.pi * scaled
        return 0.0

    class Circle:
        unit = "m"
""")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import math\n", "# what is round\nimport math  # for pi\n\n\n"),
        ("import math\n", "'''All that is round.'''\nimport math\n"),
        ("def area(radius, power=2):", "def area(\n    radius,\n    power=2,\n):"),
        ("power=2):", "power=2):\n    '''Give the area.'''"),
        ("class Circle:", "class Circle:\n    '''A circle.'''\n"),
        ("math.pi * scaled", "(math.pi * scaled)"),
        ('"m"', "'m'"),
        ("0.0", "0.00"),
    ],
)
def test_comments_layout_and_docstrings_do_not_matter(old, new):
    assert old in BASE
    assert digest_of(BASE.replace(old, new)) == digest_of(BASE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.0", "0"),
        ("0.0", "None"),
        ("> 0", ">= 0"),
        ("> 0", "> -0"),
        ("math.pi * scaled", "math.pi + scaled"),
        ("math.pi * scaled", "scaled * math.pi"),
        ("power=2", "power=3"),
        ("power=2", "power"),
        ("power=2", "*, power=2"),
        ("power=2", "power: int = 2"),
        ("@cache\n", "@once\n"),
        ("@cache\n", ""),
        ('"m"', '"cm"'),
        ('"m"', 'b"m"'),
        ("import math", "import cmath as math"),
        ("class Circle:", "class Circle(Shape):"),
        ("    return 0.0\n", ""),
        ("    scaled = radius**power\n", "    'scaled = radius**power'\n"),
    ],
)
def test_every_change_of_the_code_counts(old, new):
    assert old in BASE
    assert digest_of(BASE.replace(old, new)) != digest_of(BASE)


def test_the_order_of_statements_counts():
    assert digest_of("a = 1\nb = 2\n") != digest_of("b = 2\na = 1\n")


def test_a_text_that_is_not_a_docstring_counts():
    assert digest_of("x = 1\n'note'\n") != digest_of("x = 1\n")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_of_the_project_is_the_same_in_another_layout(path):
    tree = ast.parse(path.read_bytes())
    assert digest(ast.parse(ast.unparse(tree))) == digest(tree)


# Imports of a module


@pytest.mark.parametrize(
    ("statement", "reached"),
    [
        ("import d2l_lab.pack.inner", {"pack", "pack.inner"}),
        ("import d2l_lab.pack.inner as short", {"pack", "pack.inner"}),
        ("import os, d2l_lab.plain", {"plain"}),
        ("from d2l_lab import plain", {"plain"}),
        ("from d2l_lab import pack", {"pack"}),
        ("from d2l_lab.pack import inner", {"pack", "pack.inner"}),
        ("from d2l_lab.pack.inner import function", {"pack", "pack.inner"}),
        ("from d2l_lab.pack import *", {"pack"}),
        ("from . import plain", {"plain"}),
        ("from .plain import function", {"plain"}),
        ("from .pack import inner", {"pack", "pack.inner"}),
        ("from .pack.inner import function as other", {"pack", "pack.inner"}),
        ("def late():\n    from d2l_lab import plain", {"plain"}),
        ("try:\n    import d2l_lab.plain\nexcept ImportError:\n    pass", {"plain"}),
        ("from d2l_lab.bare import module", {"bare.module"}),
        ("import d2l_lab", set()),
        ("text = 'import d2l_lab.plain'", set()),
    ],
)
def test_an_import_is_followed_to_the_module_and_its_packages(project, statement, reached):
    root = project(
        {
            "start.py": statement,
            "plain.py": "def function(): ...",
            "pack/__init__.py": "",
            "pack/inner.py": "def function(): ...",
            "pack/other.py": "",
            "bare/module.py": "",
        }
    )
    found = code_of(["d2l_lab.start"], root=root).modules
    assert {*found} == {"d2l_lab", "d2l_lab.start", *(f"d2l_lab.{name}" for name in reached)}


def test_imports_are_followed_to_the_end_of_their_chain(project):
    root = project(
        {
            "start.py": "from d2l_lab.one import first",
            "one/__init__.py": "from .first import f",
            "one/first.py": "from .. import two\nfrom .second import g",
            "one/second.py": "from d2l_lab import start",
            "two.py": "import numpy.linalg, json\nfrom safetensors.numpy import load",
            "three.py": "import torch",
        }
    )
    found = code_of(["d2l_lab.start"], root=root)
    names = ["", ".one", ".one.first", ".one.second", ".start", ".two"]
    assert [*found.modules] == [f"d2l_lab{name}" for name in names]
    assert {*found.libraries} == {"numpy", "safetensors"}


@pytest.mark.parametrize("stage", ["download", "generate", "tables", "figures"])
def test_the_modules_that_a_stage_loads_at_its_start_are_known_from_its_sources(stage):
    script = f"import sys, d2l_lab.stages.{stage}; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {*answer.stdout.split()}
    found = code_of([f"d2l_lab.stages.{stage}"])
    assert {name for name in loaded if name.startswith("d2l_lab")} <= {*found.modules}
    slow = {"torch", "torchvision", "pandas", "matplotlib", "requests", "snakemake"}
    assert slow & loaded == slow & {*found.libraries}


TRAINING = """
import importlib, sys
import torch
from d2l_lab.training.fit import Examples, fit
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.optimisers import make_optimiser
for name in sys.argv[2:]:
    importlib.import_module(name)
before = {*sys.modules}
chance = [torch.Generator() for _ in range(2)]
model = importlib.import_module(sys.argv[1]).build(3, 2, chance, "cpu")
examples = Examples(torch.rand(4, 3), torch.tensor([0, 1, 1, 0]))
orders = shuffles([torch.arange(4)] * 2, chance)
optimisers = [make_optimiser(model, learning_rate=0.1)]
fit([model], optimisers, examples, orders, [], epochs=1, batch_size=2)
print(*{*sys.modules} - before)
"""


@pytest.mark.parametrize("way", ["scratch", "concise"])
def test_the_sources_name_what_torch_loads_on_first_use_for_the_fork_server(way):
    module = f"d2l_lab.models.softmax_regression.{way}"
    named = code_of([module]).imported
    answer = subprocess.run(
        [sys.executable, "-c", TRAINING, module, *named],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in answer.stdout.split()}
    assert loaded <= {"d2l_lab"}


# The versions of libraries


def test_the_version_of_torch_includes_its_build_without_loading_torch():
    script = (
        "import sys; from d2l_lab.store.code import code_of;"
        "print(code_of(['d2l_lab.stages.train']).libraries['torch'], 'torch' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == [torch.__version__, "False"]


def test_a_library_that_is_imported_and_installed_under_different_names_is_found(project):
    root = project({"start.py": "import yaml"})
    assert code_of(["d2l_lab.start"], root=root).libraries == {"yaml": yaml.__version__}


# Errors


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("import d2l_lab.nothing", "{file}: line 1: no module d2l_lab.nothing; fix the import"),
        ("x = 1\nfrom .a import b", "{file}: line 2: no module d2l_lab.a; fix the import"),
        ("x = 1\ny = = 2", "{file}: line 2: invalid syntax; fix the code"),
        ("x = '\0'", "{file}: line 1: source code string cannot contain null bytes; fix the code"),
        (
            "import not_there.at_all",
            (
                "d2l_lab.start imports not_there, which is not installed; correct the name, "
                "install it, or run `make setup`"
            ),
        ),
    ],
)
def test_a_mistake_in_the_code_is_reported_in_one_line(project, source, complaint):
    root = project({"start.py": source})
    line = complaint.format(file=source_of("d2l_lab.start", root))
    with pytest.raises(LabError, match=f"^{re.escape(line)}$"):
        code_of(["d2l_lab.start"], root=root)


@pytest.mark.parametrize(
    "name", ["d2l_lab.nothing", "d2l_lab.store.code.nothing", "os", "d2l_lab.x/y"]
)
def test_a_module_that_does_not_exist_is_reported_in_one_line(name):
    with pytest.raises(LabError, match=f"^{re.escape(name)}: no such module under "):
        code_of([name])


# Cached digests


@pytest.fixture
def read(project, monkeypatch):
    """Read a module as a new process would; return its digest and whether it was parsed."""
    parse = code._parse

    def read(source):
        parsed = []
        root = project({"a.py": source})
        for function in (code._code_of, code._read, code.source_of):
            function.cache_clear()
        monkeypatch.setattr(code, "_parse", lambda *args: parsed.append(1) or parse(*args))
        return code_of(["d2l_lab.a"], root=root).modules["d2l_lab.a"], bool(parsed)

    return read


def kept(tmp_path):
    """Return the file with the cached facts about the module."""
    (path,) = (tmp_path / "d2l_lab/__pycache__").glob("a.*")
    assert path.name == f"a.{sys.implementation.cache_tag}.code.json"
    return path


def test_a_module_is_parsed_once_and_again_if_its_source_or_the_parser_changes(
    read, tmp_path, monkeypatch
):
    first, other = digest_of("x = 1"), digest_of("x = 2")
    assert [read("x = 1"), read("x = 1"), read("x = 2")] == [
        (first, True),
        (first, False),
        (other, True),
    ]
    monkeypatch.setattr(code, "_own_source", lambda: b"another parser")
    assert read("x = 2") == (other, True)
    assert kept(tmp_path)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b'{"origins": []}', b"\xff"])
def test_an_unreadable_cache_is_computed_again_and_repaired(read, tmp_path, text):
    found, _ = read("x = 1")
    kept(tmp_path).write_bytes(text)
    assert [read("x = 1"), read("x = 1")] == [(found, True), (found, False)]


def test_a_digest_that_cannot_be_cached_is_computed_all_the_same(read, tmp_path):
    (tmp_path / "d2l_lab").mkdir()
    (tmp_path / "d2l_lab/__pycache__").write_text("a file where the folder should be")
    assert [read("x = 1")[1], read("x = 1")[1]] == [True, True]


def test_a_mistake_in_a_module_is_not_cached(read):
    with pytest.raises(LabError, match="invalid syntax"):
        read("x = = 1")
    assert read("x = 1") == (digest_of("x = 1"), True)


def test_an_excluded_module_is_left_out_with_modules_that_only_it_imports(project):
    root = project(
        {
            "a.py": "from d2l_lab import shared\nfrom d2l_lab.pack import inner",
            "pack/inner.py": "import numpy\nfrom d2l_lab import shared, alone",
            "package.py": "from d2l_lab import a",
            "shared.py": "",
            "alone.py": "",
        }
    )
    found = code_of(["d2l_lab.package"], without=["d2l_lab.pack"], root=root)
    names = ["d2l_lab", "d2l_lab.a", "d2l_lab.package", "d2l_lab.shared"]
    assert ([*found.modules], found.libraries) == (names, {})
