"""The promises of SECURITY.md about the code, the configuration and the plan.

Its promises about downloads are tested in tests/datasets/test_sources.py, those about whole runs
in tests/workflow/test_security.py.
"""

import ast
import io
import re
import string
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from snakemake import parser

from checkout import ROOT, merged
from d2l_lab.config import MODELS, check_syntax, validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store.code import source_of

CODE = sorted((ROOT / "workflow").rglob("*.py"))
SNAKEFILES = [ROOT / "Snakefile", *sorted((ROOT / "workflow").rglob("*.smk"))]


def name_of(path):
    return str(path.relative_to(ROOT))


def tree_of(path):
    """Parse a file; a file in Snakemake's language is first translated to Python."""
    text = path.read_text("utf-8")
    return ast.parse(as_python(text) if path in SNAKEFILES else text)


def as_python(text):
    """Translate Snakemake's language by its own parser, which insists on opening a file."""
    cache = SimpleNamespace(open=lambda _: io.StringIO(text))
    path = SimpleNamespace(get_path_or_uri=lambda **_: "Snakefile")
    return parser.parse(path, SimpleNamespace(sourcecache=cache), linemap={})[0]


def test_every_test_named_in_security_md_exists_where_it_says():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    for part in text.split("\nIn `")[1:]:
        path, _, promises = part.partition("`")
        code = (ROOT / path).read_text("utf-8")
        named = re.findall(r"`(test_\w+)`", promises)
        assert named
        assert all(f"def {name}(" in code for name in named)


# No pickle, no text executed as code, no shell

DANGERS = re.compile(
    r"""
    (_?pickle|cPickle|dill|cloudpickle|joblib|shelve|marshal)(\..*)?
    | torch\.(.*\.)?(load|save|load_url|load_state_dict_from_url)
    | numpy\.(.*\.)?(load|save|savez|savez_compressed)
    | .*\.(read|to)_(pickle|hdf)
    | (builtins\.)?(eval|exec|compile|__import__)
    | yaml\.(.*\.)?(?!safe_load$|C?SafeLoader$)\w*load\w*
    | os\.(system|popen|(exec|spawn)[lv]p?e?)
    | subprocess\.(getoutput|getstatusoutput)
    | asyncio\.create_subprocess_shell
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
DANGEROUS_ARGUMENTS = {"shell", "allow_pickle"}


def dangers(tree):
    """Find calls that could run what they read, by full names, whatever the module calls them."""
    names = {}  # the module's name for it: its full name
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            names |= {each.asname or each.name: module + each.name for each in node.names}
    used = {*names.values()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            used.add(names.get(first, first) + dot + rest)
    arguments = {
        f"{node.arg}={ast.unparse(node.value)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in DANGEROUS_ARGUMENTS
    }
    return set(filter(DANGERS.fullmatch, used)) | arguments


@pytest.mark.parametrize("path", [*CODE, *SNAKEFILES], ids=name_of)
def test_no_code_loads_a_pickle_runs_text_or_calls_a_shell(path):
    assert dangers(tree_of(path)) == set()


DANGEROUS = """\
import pickle
from pickle import loads
from dill import *
import torch; torch.load('x')
import torch as t; t.save({}, 'x')
from torch import load as read; read('x')
import torch; torch.jit.load('x')
import numpy as np; np.load('x.npy')
import numpy as np; np.save('x.npy', 1)
from numpy.lib.npyio import load
import pandas as pd; pd.read_pickle('x')
import pandas as pd; pd.DataFrame().to_pickle('x')
eval('1')
f = lambda: exec('1')
__import__('os')
import yaml; yaml.load('', Loader=yaml.FullLoader)
from yaml import unsafe_load
import os; os.system('ls')
from os import popen
import subprocess; subprocess.run('ls', shell=True)
import subprocess; subprocess.getoutput('ls')
"""
HARMLESS = """\
import json; json.load(f)
import re; re.compile('')
import yaml; yaml.safe_load(f)
model.eval()
"""


@pytest.mark.parametrize("line", (DANGEROUS + HARMLESS).splitlines())
def test_each_danger_is_found_and_harmless_lookalikes_are_not(line):
    assert bool(dangers(ast.parse(line))) == (line in DANGEROUS.splitlines())


# No shell command is built from the configuration


def unquoted(tree):
    """Find unquoted placeholders of shell commands, and commands that are not plain text."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    shells = [node for node in calls if ast.unparse(node.func).endswith(("shell", "shellcmd"))]
    for command in chain.from_iterable(node.args for node in shells):
        if not isinstance(command, ast.Constant):
            yield ast.unparse(command)
            continue
        for _, field, form, conversion in string.Formatter().parse(command.value):
            if field is not None and (form, conversion) != ("q", None):
                yield field


@pytest.mark.parametrize("path", SNAKEFILES, ids=name_of)
def test_every_placeholder_of_a_shell_command_is_quoted(path):
    assert list(unquoted(tree_of(path))) == []


UNQUOTED = """\
shell: "echo {params.x}"
shell: "echo {params.x:q} " "{params.y}"
shell: "echo {params.x!r}"
shell: "echo {config[seed]}"
shell: f"echo {STORE}"
shell: "echo " + STORE
run: shell("echo {params.x}")
run: shell(config['seed'])
"""


@pytest.mark.parametrize("line", UNQUOTED.splitlines())
def test_each_way_to_leave_a_placeholder_unquoted_is_found(line):
    assert list(unquoted(ast.parse(as_python(f"rule one:\n    {line}\n"))))


# A configuration is data


def refusal(path, text):
    path.write_text(text)
    with pytest.raises(LabError, match=r"line \d+, column \d+: ") as refused:
        check_syntax(path)
    return str(refused.value)


@pytest.mark.parametrize(
    "text", ["__use_yte__: true", '"\\x5f_use_yte__": 1', "<<: {__use_yte__: true}"]
)
def test_a_configuration_that_snakemake_would_run_as_code_is_refused(tmp_path, text):
    text = f"seed: ?open('made', 'w')\n{text}\n"
    assert "__use_yte__ makes Snakemake run text" in refusal(tmp_path / "config.yaml", text)


@pytest.mark.parametrize("tag", ["object/apply:os.getcwd []", "name:os.getcwd", "object:x.Y {}"])
def test_a_configuration_that_makes_objects_is_refused(tmp_path, tag):
    text = f"seed: !!python/{tag}\n"
    assert "could not determine a constructor" in refusal(tmp_path / "config.yaml", text)


# No name in the configuration leads out of the results, and no module out of the models

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
MODEL = CONFIG["models"]["mlp_scratch"]
FILE = "train-images-idx3-ubyte"

# A place for a name: a name that is valid there, and how it gets into the configuration.
PLACES = {
    "model": ("mlp_wide", lambda name: {"models": {name: MODEL}}),
    "module": ("mlp.concise", lambda name: {"models": {"mlp_scratch": {"module": name}}}),
    "dataset": ("fashion_mnist", lambda name: {"models": {"mlp_scratch": {"dataset": name}}}),
    "device": ("cuda:0", lambda name: {"devices": [name]}),
    "file": (FILE, lambda name: {"datasets": {"fashion_mnist": {"sha256": {name: "0" * 64}}}}),
    "setting": ("hidden_units", lambda name: {"models": {"mlp_scratch": {name: 3}}}),
}
PIECES = [
    *["..", "../", "/", "/etc/", "\\", "~", ".", ":", "\0", "\n", " ", "-", "--", "_", "A", "0"],
    *["$(x)", "`x`", ";", "|", "'", '"', "{x}", "{", "*", "?", "%2e", "<script>", "os.system"],
    *["..os.system", "mlp.initial", "__init__", "ａ", "０", "é", "\u202e", "\x1b", "x" * 70],
]


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=150)
@given(
    piece=st.sampled_from(["", *PIECES]) | st.text(max_size=20),
    start=st.integers(0, 25),
    left_out=st.integers(0, 25),
)
def test_any_name_is_refused_or_keeps_all_paths_within_the_results(place, piece, start, left_out):
    right, change = PLACES[place]
    name = right[:start] + piece + right[start + left_out :]
    try:
        config = validate(merged(CONFIG, change(name)))
    except LabError:
        assert name != right
        return
    plan = Plan(config, [device for device in config["devices"] if device != "auto"] or ["cpu"])
    for result in plan.results.values():
        log = f"results/logs/{result.stage}/{result.name}.{result.key}.log"
        for path in (log, *result.paths, *result.plain_names):
            # Each part begins with a letter or digit, so none is `..`, and none needs a quote.
            assert re.fullmatch(r"results(/[a-z0-9][a-zA-Z0-9_.-]*)+", path)
        if result.stage in {"train", "kfold"}:
            source = source_of(f"d2l_lab.models.{result.settings['module']}").resolve()
            assert source.is_relative_to(MODELS)
            assert "\ndef build(" in source.read_text("utf-8")
        if result.stage == "download":
            assert all(Path(file).name == file for file in result.settings["sha256"])
