"""Files other than code agree with each other and with the code."""

import ast
import re
import subprocess
import sys

import pytest
import yaml

from checkout import ROOT, tracked_files
from d2l_lab.config import kinds, modules
from d2l_lab.config.shipped import SHIPPED
from d2l_lab.errors import LabError
from d2l_lab.store.code import _pinned_version, code_of
from d2l_lab.tools import git
from documents import documents

CONDA_NAMES = {
    "pytorch": "torch",
    "matplotlib-base": "matplotlib",
    "jupyter_client": "jupyter-client",
}
IMPORTED = {"IPython": "ipython", "yaml": "pyyaml"}
PACKAGE = ROOT / "workflow/d2l_lab"
TWINS = sorted((ROOT / "envs").glob("*.yaml"))


def pins(text):
    """Read the versions pinned in a file of requirements."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


WANTED = pins((ROOT / "envs/requirements.in").read_text())
LOCK = (ROOT / "envs/requirements.txt").read_text()


@pytest.mark.parametrize("twin", TWINS, ids=lambda path: path.name)
def test_a_conda_file_has_the_versions_of_the_requirements(twin):
    for line in yaml.safe_load(twin.read_text())["dependencies"]:
        entries = line["pip"] if isinstance(line, dict) else [line]  # not in conda
        for name, version in (re.split("=+", entry) for entry in entries):
            assert name == "pip" or WANTED[CONDA_NAMES.get(name, name)] == version


def without_encoding(call):
    """Return whether a call reads or writes text in the encoding of the user's locale."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    known = {keyword.arg for keyword in call.keywords}
    given = ast.unparse(call)
    if "encoding" in known or re.search(r"[\"']([rwx]?b|[rx]:)[\"']|^os\.open", given):
        return False
    wanted = {"read_text": 1, "write_text": 2}.get(name, 9)  # arguments, the encoding among them
    is_file = name in {"open", "fdopen", "TemporaryFile", "NamedTemporaryFile", "basicConfig"}
    return is_file or bool(known & {"text", "universal_newlines"}) or len(call.args) < wanted < 9


@pytest.mark.parametrize("folder", ["workflow", "benchmarks"])
def test_every_text_file_and_pipe_names_its_encoding(folder):
    """Ruff's rule finds only some of these calls, and needs a mode that changes other rules too."""
    for path in (ROOT / folder).rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_bytes()))
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        assert [ast.unparse(call) for call in calls if without_encoding(call)] == [], path


def below(package):
    return {path.stem for path in (PACKAGE / package).glob("[a-z]*.py")}


def test_the_lock_holds_every_requirement_and_a_hash_for_each_package():
    locked = pins(LOCK)
    assert WANTED.items() <= locked.items()
    for entry in re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry


def test_no_committed_file_names_a_package_registry():
    parts = (("py", "pi.org"), ("python", "hosted"), ("deb.", "debian.org"), ("registry.", "npmjs"))
    registries = [*map("".join, parts)]
    for name in tracked_files():
        text = (ROOT / name).read_bytes().decode("utf-8", "ignore")
        assert not any(registry in text for registry in registries), name


def test_a_stages_conda_file_has_every_library_that_it_imports():
    science = {
        "generate": [f"d2l_lab.datasets.{kind}" for kind in kinds()],
        "prepare": [f"d2l_lab.datasets.{kind}" for kind in kinds()],
        "train": [f"d2l_lab.models.{module}" for module in modules()],
        "kfold": [f"d2l_lab.models.{module}" for module in modules()],
        "study": [f"d2l_lab.studies.{name}" for name in below("studies") - {"given"}],
        "figures": [f"d2l_lab.figures.{name}" for name in below("figures")],
        "notebook": ["d2l_lab.book.page"],
        "book": ["d2l_lab.book.extension"],
    }
    found = {}  # the stage that each rule runs, and the conda file that it names
    for path in (ROOT / "workflow/rules").glob("*.smk"):
        for rule in re.split(r"^ *rule\b", path.read_text(), flags=re.MULTILINE)[1:]:
            (twin,) = re.findall(r'conda:\n +"../../(.*)"', rule)
            found |= dict.fromkeys(re.findall(r"d2l_lab\.stages (\w+)", rule), ROOT / twin)
    assert len(found) == 18
    for stage, twin in found.items():
        assert twin in TWINS
        names = re.findall(r"^ +- ([^\s=]+)=", twin.read_text(), re.MULTILINE)
        imported = code_of([f"d2l_lab.stages.{stage}", *science.get(stage, [])]).libraries
        wanted = {IMPORTED.get(name, name.replace("_", "-")) for name in imported}
        assert wanted <= {CONDA_NAMES.get(name, name) for name in names}, stage
        assert all(_pinned_version(name) for name in imported), stage


def test_the_container_is_set_up_like_make_and_runs_as_the_owner_of_the_checkout():
    recipe = (ROOT / "Containerfile").read_text()
    (copied,) = re.findall(r"^COPY (envs/.*) \./$", recipe, re.MULTILINE)
    (owner,) = re.findall(r"^COPY (envs/.*) /opt/d2l-lab/$", recipe, re.MULTILINE)
    (ignored,) = re.findall(r"^\*\n((?:!.*\n)*)", (ROOT / ".containerignore").read_text())
    assert {f"!{name}" for name in (*copied.split(), owner)} == {*ignored.split()}
    assert "RUN python set_up.py venv requirements.txt\n" in recipe
    assert len(re.findall(r"^FROM \$\{BASE\}", recipe, re.MULTILINE)) == 2
    assert f'ENTRYPOINT ["/opt/d2l-lab/{owner.removeprefix("envs/")}"]' in recipe


DOCUMENTS = (*documents(), "config.yaml")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_command_in_a_document_names_a_target_and_its_variables(document):
    makefile = (ROOT / "Makefile").read_text()
    targets = {line.split()[0] for line in re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)}
    text = (ROOT / document).read_text("utf-8")
    for target, variable in re.findall(r"`make ([a-z-]+)(?: ([A-Z]+)=)?", text):
        assert target in targets
        assert not variable or re.search(rf"\$\((\w+ )?{variable}\b|\b{variable},", makefile)
    for variable in re.findall(r"`([A-Z]+)=\w+`", text):
        assert f"({variable})" in makefile


def test_the_copy_of_the_shipped_configuration_is_current():
    """The copy is compared with git's index, since config.yaml may have been edited for a run."""
    copy = SHIPPED.relative_to(ROOT).as_posix()
    try:
        here = str(ROOT)
        kept, shipped = (git.git("-C", here, "show", f":{name}") for name in ("config.yaml", copy))
    except LabError:
        pytest.skip("needs the git repository of this project")
    assert kept == shipped, f"to ship this: cp config.yaml {copy}"


def test_snakemake_knows_every_setting_of_a_profile():
    known = subprocess.run(
        [sys.executable, "-m", "snakemake", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for profile in (ROOT / "profiles").glob("*/config.yaml"):
        for key in yaml.safe_load(profile.read_text()):
            assert re.search(rf"^ +(-\w, )?.*--{key}\b", known, re.MULTILINE), key


# The packages, from the top down: each imports only from the lines below its own.
LAYERS = [
    "tools",
    "pipeline",
    "stages",
    "book claims figures studies",
    "tables",
    "models",
    "training",
    "config",
    "datasets",
    "store",
    "errors forkserver",
]
ALL = " ".join(LAYERS)
PLUMBING = {"tools", "pipeline", "stages", "store", "config"}


def imported_packages(path):
    """List the packages of the project that a module imports, at the top or within functions."""
    nodes = [*ast.walk(ast.parse(path.read_bytes()))]
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{name.name}" for name in node.names]
    return {name.split(".")[1] for name in names if name.startswith("d2l_lab.")}


@pytest.mark.parametrize("package", ALL.split())
def test_dependencies_run_downwards_and_science_imports_no_plumbing(package):
    """Protects the keys: an edit of any module that science imports would cause retraining."""
    (row,) = [row for row, layer in enumerate(LAYERS) if package in layer.split()]
    allowed = {package, *" ".join(LAYERS[row + 1 :]).split()}
    if package not in PLUMBING | {"book"}:
        allowed -= PLUMBING
    for path in (PACKAGE / package).rglob("*.py"):
        assert imported_packages(path) <= allowed, path


@pytest.mark.parametrize("folder", ["workflow/d2l_lab/pipeline", "workflow/d2l_lab/stages"])
def test_the_plan_and_the_stages_name_no_dataset(folder):
    """Keeps it easy to add a dataset: it takes one module, and no stage changes."""
    paths = [*(ROOT / folder).rglob("*.py"), *(ROOT / "workflow/rules").glob("*.smk")]
    names = rf"\b({'|'.join(kinds())})(_(train|test|files|examples|test_examples))?\b"
    for path in [*paths, ROOT / "Snakefile", ROOT / "workflow/d2l_lab/config/crosschecks.py"]:
        text = re.sub(
            r"^ *(import|from) csv\b|\bcsv\.\w+|\w*\.csv\b", "", path.read_text(), flags=re.M
        )
        assert not re.findall(names, text), path


def test_every_module_is_in_a_package_and_the_models_are_the_notes_formulas():
    """Keeps the models readable: they contain no machinery for speed."""
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "errors.py"}
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} <= {*ALL.split()}
    for path in (PACKAGE / "models").rglob("*.py"):
        code = ast.unparse(ast.parse(path.read_bytes()))
        assert not re.search(r"autograd\.Function|import.*\b(products|factors)\b", code), path
