"""A valid configuration is completed; in an invalid one each mistake is explained in a line."""

import ast
import copy
import json
import re
import subprocess
import sys
from collections import OrderedDict
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from snakemake.cli import parse_config
from snakemake.common.configfile import load_configfile
from snakemake.utils import update_config

from checkout import ROOT, read_yaml
from d2l_lab.config import (
    check_syntax,
    crosschecks,
    dataset,
    hyperparameters,
    kinds,
    modules,
    signatures,
    validate,
)
from d2l_lab.config.messages import MESSAGES
from d2l_lab.errors import LabError
from d2l_lab.training import metrics

STUDIES = ROOT / "workflow/d2l_lab/studies"
SHIPPED = ROOT / "config.yaml"
QUICK = ROOT / "tests/config/quick.yaml"
SCHEMA = read_yaml(ROOT / "workflow/schemas/config.schema.yaml")
MISTAKES = re.findall(
    r"^([^#\s].*)\n  (.*)$", (ROOT / "tests/data/mistakes.txt").read_text("utf-8"), re.MULTILINE
)

VALID = """
models:
  linear_regression: {module: linear_regression.concise, dataset: linear}
  mlp: {module: mlp.scratch, dataset: fashion_mnist}
  polynomial: {module: linear_regression.concise, dataset: polynomial, features: 4}
"""

BUILD = "def build(inputs, outputs, *{}):\n    raise NotImplementedError\n"
MODULES = {
    "linear_regression/concise.py": "def build(inputs, outputs):\n    import not_there\n",
    "mlp/scratch.py": "import not_there\n" + BUILD.format(", hidden_units: int | list[int] = 64"),
    "mlp/helper.py": "def rebuild(): ...\n",
    "own/all_types.py": BUILD.format(
        ", depth: int, rate: float = 1, scale: float = -0.5, relu: bool = True, name: str = 'on'"
    ),
    "own/classifier.py": "TASK = 'classification'\ndef build(): ...\n",
    "own/mistyped.py": "TASK = 'clasification'\ndef build(): ...\n",
    "broken/syntax.py": "def build(\n",
    "broken/untyped.py": BUILD.format(", depth=1"),
    "own/lists.py": BUILD.format(", rates: list[float] = [1, 0.5], rate: list[float] | float = 2"),
    "broken/type.py": BUILD.format(", depth: list[str] = 1"),
    "broken/list.py": BUILD.format(", depth: int | list[int] = [1, 0.5]"),
    "broken/default.py": BUILD.format(", depth: int = 0.5"),
    "broken/computed.py": BUILD.format(", depth: int = DEPTH"),
    "broken/taken.py": BUILD.format(", epochs: int = 3"),
    "broken/method.py": "if True:\n    def build(): ...\n'''\ndef build(): ...\n'''\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of models' modules."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "__init__.py").touch()
    for name, source in MODULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)
    return folder


@pytest.fixture
def check(folder):
    """Override the valid configuration as Snakemake does, and validate it."""
    return lambda *texts: validate(merged(VALID, *texts), folder=folder)


def merged(*texts):
    config = {}
    for text in texts:
        update_config(config, yaml.safe_load(text))
    return config


def complaints(validate, *arguments):
    with pytest.raises(LabError) as caught:
        validate(*arguments)
    return str(caught.value).splitlines()


def keys(lines):
    return [line.split(": ")[1] for line in lines]


# The files of the project


def test_the_shipped_configuration_and_the_schema_agree_on_every_default():
    shipped = check_syntax(SHIPPED)
    studies = {name: {} for name in SCHEMA["properties"]["studies"]["properties"]}
    assert validate({"models": shipped["models"], "studies": studies}) == validate(shipped)
    assert shipped.keys() == SCHEMA["properties"].keys()
    images = {
        name: own | {"replicates": None}
        for name, own in shipped["models"].items()
        if "mnist" in own["dataset"]
    }
    bare = {name: {key: own[key] for key in ("module", "dataset")} for name, own in images.items()}
    assert validate({"models": bare}) == validate({"models": images})


def test_the_shipped_configuration_has_the_nine_models_of_the_notes_in_their_order():
    families = ("linear_regression", "softmax_regression", "mlp")
    ways = [f"{family}_{way}" for family in families for way in ("scratch", "concise")]
    fits = [f"polynomial_{fit}" for fit in ("normal", "underfit", "overfit")]
    assert list(validate(load_configfile(SHIPPED))["models"]) == ways + fits


def test_the_quick_configuration_is_valid_over_the_shipped_one_and_has_its_models():
    check_syntax(QUICK)
    config = load_configfile(SHIPPED)
    update_config(config, load_configfile(QUICK))
    sources = validate(config)["datasets"]["fashion_mnist"]["sources"]
    assert sources == [{"folder": "tests/data/fashion_mnist"}]
    assert list(load_configfile(QUICK)["models"]) == list(load_configfile(SHIPPED)["models"])


def keys_of(schema, path=()):
    """Yield every key of the schema: its path, its own schema, whether it is required."""
    for key, own in schema.get("properties", {}).items():
        yield (*path, key), own, key in schema.get("required", [])
        yield from keys_of(own, (*path, key))
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield (*path, part), schema[part], True
            yield from keys_of(schema[part], (*path, part))


EVERY_KEY = [*keys_of(SCHEMA), *keys_of({"properties": SCHEMA["$defs"]}, ("$defs",))]


def test_every_key_of_the_schema_is_described_and_has_a_default_unless_required():
    for path, own, required in EVERY_KEY:
        assert own["description"].endswith("."), path
        choice_of_one = path[-2:-1] == ("items",)
        study = path[:-1] == ("studies",)  # a study that is left out is not run
        assert required or choice_of_one or study or "default" in own, path


@pytest.mark.parametrize(("name", "own"), SCHEMA["properties"]["studies"]["properties"].items())
def test_the_settings_of_a_study_are_the_keyword_only_arguments_of_its_function(name, own):
    tree = ast.parse((STUDIES / f"{name}.py").read_text("utf-8"))
    (study,) = [node for node in tree.body if getattr(node, "name", None) == "study"]
    assert [arg.arg for arg in study.args.kwonlyargs] == [*own["properties"]]
    assert study.args.kw_defaults == [None] * len(own["properties"])


def test_every_keyword_of_the_schema_that_can_fail_has_its_message():
    annotations = {"title", "description", "default", "examples", "$schema", "$defs"}
    applicators = {"properties", "items"}
    explained = {"additionalProperties", "required", "type", "enum"}
    used = {keyword for _, own, _ in EVERY_KEY for keyword in own} | SCHEMA.keys()
    assert used <= annotations | applicators | explained | MESSAGES.keys()


# Completion


def test_omitted_keys_get_their_defaults_next_to_given_ones(check):
    completed = check("datasets: {linear: {noise: 0}}")
    assert completed["replicates"] == 5
    assert completed["datasets"]["polynomial"]["weights"] == [5, 1.2, -3.4, 5.6]
    assert completed["figures"] == {"dpi": 150, "images": 32}
    assert completed["models"]["polynomial"] == {
        "module": "linear_regression.concise",
        "dataset": "polynomial",
        "epochs": 10,
        "batch_size": 256,
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "momentum": 0.0,
        "weight_decay": 0.0,
        "features": 4,
        "evaluate_every": 1,
        "evaluate_train": False,
        "replicates": None,
    }
    sizes = {"examples": 1000, "test_examples": 1000}
    given = {"weights": [2, -3.4], "bias": 4.2, "noise": 0}
    assert completed["datasets"]["linear"] == {"kind": "linear"} | given | sizes


def test_the_numbers_1_and_1_0_give_the_same_in_keys_of_both_types(check):
    completed = check("{seed: 1, datasets: {linear: {weights: [1], bias: 1, noise: 1}}}")
    point = check("{seed: 1.0, datasets: {linear: {weights: [1.0], bias: 1.0, noise: 1.0}}}")
    assert repr(completed) == repr(point)
    assert type(completed["seed"]) is int
    assert type(completed["datasets"]["linear"]["weights"][0]) is float


def test_validation_returns_a_new_plain_dict_and_does_not_change_its_input(folder):
    config = OrderedDict(merged(VALID, "datasets: {linear: {weights: [1, 2]}}"))
    config["datasets"] = OrderedDict(config["datasets"])
    before = copy.deepcopy(config)
    completed = validate(config, folder=folder)
    completed["datasets"]["linear"]["weights"].append(3)
    completed["devices"].append("mps")
    assert config == before
    assert type(completed) is type(completed["datasets"]) is dict
    assert validate(config, folder=folder)["devices"] == ["cpu"]


def test_models_follow_the_order_of_the_file_and_those_it_does_not_name_come_last(folder):
    models = merged(VALID)["models"]
    backwards = {"models": dict(reversed(models.items()))}
    assert list(validate(backwards, folder=folder)["models"]) == list(backwards["models"])
    written = {"models": {"polynomial": {}, "left_out": {}}}
    for config in (merged(VALID), backwards):
        found = validate(config, written, folder)["models"]
        assert list(found) == ["polynomial", "linear_regression", "mlp"]


def test_a_mistake_is_told_where_it_was_written(folder):
    written = merged(VALID, "replicates: .nan")
    config = merged(VALID, "replicates: .nan", "folds: 0", "figures: {dpi: 9}", "shape: round")
    with pytest.raises(LabError) as caught:
        validate(config, written, folder)
    places = {": ".join(line.split(": ")[:2]) for line in str(caught.value).splitlines()}
    assert places == {
        "config.yaml: replicates",
        "--configfile or --config: figures.dpi",
        "--configfile or --config: folds",
        "--configfile or --config: shape",
    }


def test_values_that_snakemake_reads_from_the_command_line_are_understood(folder):
    options = ["models={mlp: {epochs: 3, learning_rate: 1.0e-3, features: null}}", "replicates=2"]
    config = merged(VALID)
    update_config(config, parse_config(options))
    completed = validate(config, folder=folder)
    assert completed["replicates"] == 2
    mlp = completed["models"]["mlp"]
    assert (mlp["epochs"], mlp["learning_rate"], mlp["features"]) == (3, 0.001, None)


# Hyperparameters


def test_hyperparameters_are_the_keyword_only_arguments_of_build(folder):
    assert hyperparameters("linear_regression.concise", folder) == {}
    assert repr(hyperparameters("own.all_types", folder)) == repr(
        {
            "depth": {"type": "integer"},
            "rate": {"type": "number", "default": 1.0},
            "scale": {"type": "number", "default": -0.5},
            "relu": {"type": "boolean", "default": True},
            "name": {"type": "string", "default": "on"},
        }
    )


def test_the_defaults_of_hyperparameters_are_filled_in_and_text_stays_text(check):
    own = "{module: own.all_types, dataset: linear, depth: 2, rate: 3, name: '3'}"
    models = check(f"models: {{own: {own}}}")["models"]
    assert models["mlp"]["hidden_units"] == 64
    assert repr(list(models["own"].values())[-5:]) == "[2, 3.0, -0.5, True, '3']"


def test_a_hyperparameter_may_be_a_list_of_numbers_and_a_list_of_one_is_that_number(check, folder):
    assert repr(hyperparameters("own.lists", folder)) == repr(
        {
            "rates": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": 1,
                "default": [1, 0.5],
            },
            "rate": {
                "type": ["number", "array"],
                "items": {"type": "number"},
                "minItems": 1,
                "default": 2.0,
            },
        }
    )
    own = "{module: own.lists, dataset: linear, rates: [3], rate: [4, 5]}"
    models = check(f"models: {{mlp: {{hidden_units: [32.0]}}, own: {own}}}")["models"]
    assert repr(models["mlp"]["hidden_units"]) == "32"
    assert repr(list(models["own"].values())[-2:]) == "[[3.0], [4.0, 5.0]]"
    deeper = check("models: {mlp: {hidden_units: [32, 16]}}")["models"]["mlp"]
    assert deeper["hidden_units"] == [32, 16]


def test_a_module_may_name_exactly_the_tasks_that_have_metrics():
    assert crosschecks.TASKS == metrics.TASKS


def test_only_files_that_define_build_are_modules(folder):
    assert "mlp.scratch" in modules(folder)
    assert "mlp.helper" not in modules(folder)
    with pytest.raises(LabError, match=r"nowhere\.at_all cannot be read \(No such file or dir"):
        hyperparameters("nowhere.at_all", folder)


@pytest.mark.parametrize("folder", [signatures.MODELS, signatures.STUDIES, signatures.FIGURES])
def test_declarations_are_those_of_the_whole_module_in_their_lines(folder):
    def told(node):
        said = node.args if isinstance(node, ast.FunctionDef) else node
        return type(node), node.lineno, ast.dump(said, include_attributes=True)

    for path in folder.rglob("*.py"):
        name = ".".join(path.relative_to(folder).with_suffix("").parts)
        whole = ast.parse(path.read_bytes())
        assert [*map(told, signatures.declarations(name, folder).body)] == [*map(told, whole.body)]


@pytest.mark.parametrize(
    "source",
    [
        "def build(a, *, b: int = 1): return a",
        "def build(a, *,\n    b: int = 1): return a",
        "def build(a, *, b: int = 1):\n    @f\n    def g(): ...\n    return g",
        "def build(a, *, b: int = 1):\r\n    return '''\r\nb'''",
    ],
)
def test_a_function_of_any_layout_is_read(tmp_path, source):
    (tmp_path / "new.py").write_bytes(f"{source}\n\nTASK = 'own'\n".encode())
    assert [*hyperparameters("new", tmp_path)] == ["b"]
    assert signatures.task("new", tmp_path) == "own"


def test_the_shipped_configuration_is_validated_without_importing_torch():
    program = (
        "import sys, yaml; from d2l_lab.config import validate;"
        f"validate(yaml.safe_load(open({str(SHIPPED)!r}, encoding='utf-8')));"
        "assert not {'torch', 'numpy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT / "workflow")


# Mistakes, explained in one line each


@pytest.mark.parametrize(("change", "line"), MISTAKES, ids=[line[:60] for _, line in MISTAKES])
def test_a_mistake_is_explained_in_one_line(check, change, line):
    assert complaints(check, "studies: {}", change) == [f"config.yaml: {line}"]


@pytest.mark.parametrize(
    "change",
    [
        "folds: 100",
        "studies: {capacity: {folds: 100}}",
        "studies: {sample_size: {degrees: [19]}}",
        "datasets: {polynomial: {weights: [1, 2, 3, 4], max_degree: 4}}",
        "models: {polynomial: {features: 20}, linear_regression: {features: 2}}",
    ],
)
def test_a_bound_that_involves_several_keys_is_itself_allowed(check, change):
    check(change)


@pytest.fixture
def houses(tmp_path):
    """A table of 10 rows, 8 of them for training."""
    rows = (f"{n},{n * n},{'dear' if n % 2 else 'cheap'}\n" for n in range(10))
    (tmp_path / "houses.csv").write_text("area,price,class\n" + "".join(rows))
    return {"kind": "csv", "file": str(tmp_path / "houses.csv"), "target": "price"}


MODEL = "{{models: {{own: {{module: {}, dataset: houses}}}}}}"
NUMBERS, CLASSES = map(MODEL.format, ("linear_regression.concise", "own.classifier"))
BY_NUMBERS = {"features": ["area"]}
NO_CLASSES = (
    "models.own.dataset: houses is not a dataset for classification, which own.classifier "
    "needs; give fashion_mnist, or another module, or set datasets.houses.task"
)
TOO_MANY = (
    "models.own.features: 2 is more than the 1 feature column of houses; give at most 1, or *"
)
TOO_FEW = "folds: 9 is more than the 8 training examples of houses; give at most 8"
WRONG = "datasets.houses.sha256.file: *houses.csv has *; correct the digest, or replace the file"


@pytest.mark.parametrize(
    ("settings", "changes", "line"),
    [
        (BY_NUMBERS, [NUMBERS], None),
        (BY_NUMBERS | {"target": "class"}, [CLASSES], None),
        (BY_NUMBERS, [NUMBERS, "folds: 9"], TOO_FEW),
        (BY_NUMBERS, [NUMBERS, "models: {own: {features: 2}}"], TOO_MANY),
        (BY_NUMBERS, [CLASSES], NO_CLASSES),
        ({}, [NUMBERS], "datasets.houses: *houses.csv: line 2, column class: 'cheap' is not *"),
        ({"file": "nowhere.csv"}, [], "datasets.houses: nowhere.csv: no such file; *"),
        (BY_NUMBERS | {"sha256": {"file": "0" * 64}}, [NUMBERS], WRONG),
    ],
)
def test_a_users_table_is_checked_beforehand(check, houses, settings, changes, line):
    config = yaml.safe_dump({"datasets": {"houses": houses | settings}})
    if line is None:
        assert check(config, *changes)["datasets"]["houses"]["test_fraction"] == 0.2
    else:
        (found,) = complaints(check, config, *changes)
        assert fnmatchcase(found, f"config.yaml: {line}")


KINDS = {
    "untyped.py": "def read(split, *, depth=1): ...",
    "default.py": "def generate(rng, *, examples: int = 'many'): ...",
    "types.py": (
        "def read(split, *, a: Path, b: list[float] | None = None, c: list[str] = ('x',),"
        " d: float | None = 1): ..."
    ),
    "helper.py": "def fetch(): ...",
}


def test_the_settings_of_a_dataset_are_the_keyword_only_arguments_of_its_function(tmp_path):
    for name, source in KINDS.items():
        (tmp_path / name).write_text(source)
    assert kinds(tmp_path) == ["default", "types", "untyped"]
    declared = dataset("types", tmp_path)
    assert (declared.function, declared.given, declared.paths) == ("read", ("split",), ("a",))
    assert declared.keys == {
        "a": {"type": "string"},
        "b": {"type": ["array", "null"], "items": {"type": "number"}, "default": None},
        "c": {"type": "array", "items": {"type": "string"}, "default": ["x"]},
        "d": {"type": ["number", "null"], "default": 1},
    }
    with pytest.raises(LabError, match="untyped, line 1: the key depth needs an annotation: int, "):
        dataset("untyped", tmp_path)
    with pytest.raises(
        LabError, match="default, line 1: the key examples needs a plain int as its"
    ):
        dataset("default", tmp_path)


ENDLESS = {}
ENDLESS["seed"] = ENDLESS


def test_a_missing_or_unknown_module_is_answered_with_the_existing_ones(check, folder):
    known = ", ".join(modules(folder))
    changes = "models: {new: {dataset: linear}, mlp: {module: mlp.skratch}, up: {module: ../mlp}}"
    lines = complaints(check, changes, "models: {up: {dataset: linear}}")
    assert [line.removeprefix("config.yaml: models.") for line in lines] == [
        f"mlp.module: 'mlp.skratch' is not one of {known}; did you mean mlp.scratch?",
        f"new.module: missing; give one of {known}",
        f"up.module: '../mlp' is not one of {known}; give one of these",
    ]


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ({"seed": 1}, "models: missing; give at least one model"),
        ({"models": {}}, "models: the section is empty; give at least one model"),
        (["seed"], "the whole: a list is not a section; give the configuration"),
        (ENDLESS, "sections or lists nested too deep; nest them less"),
    ],
    ids=["missing", "empty", "list", "endless"],
)
def test_a_file_that_is_not_a_configuration_is_explained(config, line):
    assert complaints(validate, config) == [f"config.yaml: {line}"]


def test_all_mistakes_are_reported_at_once_each_at_its_key(check):
    changes = """
    {replicate: 3, seed: x, folds: 500, devices: [gpu, gpu], figures: ,
     datasets: {linear: {noise: -1, examples: 1e3}, polynomial: {weights: [.nan], max_degree: 3}},
     models: {mlp: {epochs: two, features: 3}, polynomial: {learning_rate: 0, rate: 1}, X: {}}}
    """
    paths = """replicate seed folds devices devices[0] devices[1] figures datasets.linear.noise
    datasets.linear.examples datasets.polynomial.weights[0] models.mlp.epochs models.mlp.features
    models.polynomial.features models.polynomial.learning_rate models.polynomial.rate models.X
    models.X.module models.X.dataset studies.sample_size.degrees"""
    assert keys(complaints(check, "studies: {sample_size: {}}", changes)) == sorted(paths.split())


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        (
            "{folds: 150, datasets: {polynomial: {examples: many}}}",
            ["datasets.polynomial.examples"],
        ),
        (
            "{datasets: {polynomial: {max_degree: 25.5}}, models: {polynomial: {features: 22}}}",
            ["datasets.polynomial.max_degree"],
        ),
        ("{studies: {selection_test: 3}}", ["studies.selection_test"]),
        ("{models: {mlp: {module: own.classifier, dataset: liner}}}", ["models.mlp.dataset"]),
    ],
)
def test_nothing_is_concluded_from_the_default_of_an_invalid_key(check, changes, paths):
    assert keys(complaints(check, changes)) == paths


def test_a_message_is_one_short_line_whatever_was_found(folder):
    config = merged(VALID) | {"two\nlines": 1, "seed": "x\n" * 1000}
    lines = complaints(validate, config, None, folder)
    assert keys(lines) == ["'two\\nlines'", "seed"]
    assert all(len(line) < 200 for line in lines)


# Syntax

SYNTAX = [
    ("seed: 1\nmodels:\n\tmlp: 1\n", "line 3, column 1: *'\\t' that cannot *; *with spaces, *"),
    ("seed: @x\n", "line 1, column 7: *'@' that cannot start any token; *quotes around text *"),
    ("seed: 1\n models: 1\n", "line 2, column 8: mapping values are not allowed here; *"),
    ("a:\n  b: 1\n c: 2\n", "line 3, column 2: *(line 1), expected <block end>, *; indent *"),
    ("a: -\n", "line 1, column 4: sequence entries are not allowed here; *"),
    ("a: [1]]\n", "line 1, column 7: *but found ']'; *close every bracket once"),
    ("a: 1\nb: 'x\nc: 2\n", "line 4, column 1: *quoted scalar (line 2), *; *close every quote*"),
    ("a: 1\nb\nc: 2\n", "line 3, column 1: *(line 2), could not find expected ':'; write 'key: *"),
    ("a: [1,\n", "line 2, column 1: *but found '<stream end>'; *close every bracket once"),
    ("# 甲：乙\na：1\nb: 2\n", "line 3, column 2: *; line 2 has the full-width '：'; write ':'"),
    ("a: *b\n", "line 1, column 4: found undefined alias 'b'; *begins with [*] or &"),
    ("a: !b c\n", "line 1, column 4: could not *for the tag '!b'; *begins with !"),
    ("[a]: 1\n", "line 1, column 1: *found unhashable key; use single words as keys, *"),
    ("a: 1\n---\nb: 2\n", "line 2, column 1: *found another document; keep to one document, *"),
    ("a: &x 1\nb: &x 2\n", "line 2, column 4: found duplicate anchor 'x'; first *(line 1), *; *"),
    ('a: "\\q"\n', "line 1, column 6: *unknown escape character 'q'; *"),
    ("seed: 1\na: \x07\n", "line 2: special characters are not allowed (0x7); delete *"),
    ("a: 2024-13-45\n", "line 1, column 4: '2024-13-45' is no timestamp; put quotes around text"),
    ("2024-13-45: 1\n", "line 1, column 1: '2024-13-45' is no timestamp; put quotes around text"),
    ("a: !!int ''\n", "line 1, column 4: '' is no int; put quotes around text"),
    ("a: &a [*a]\n", "line 1, column 4: this holds itself by its alias; take the alias away"),
    ("a: " + "[" * 5000, "line 1: sections or lists nested too deep; nest them less"),
    ("", "line 1, column 1: no keys at the top; write lines such as 'seed: 0'"),
    ("- seed\n", "line 1, column 1: no keys at the top; write lines such as 'seed: 0'"),
    (None, "cannot be read (No such file or directory); put a file there"),
    ("seed: 1\nname: Zürich\n", "line 2: not UTF-8 (invalid *); save the file as UTF-8"),
]


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path("config.yaml")


@pytest.mark.parametrize(("text", "message"), SYNTAX, ids=[message for _, message in SYNTAX])
def test_a_syntax_error_is_reported_with_its_position_and_a_remedy(file, text, message):
    if text is not None:
        file.write_bytes(text.encode("latin-1" if "ü" in text else "utf-8"))
    (line,) = complaints(check_syntax, file)
    assert fnmatchcase(line, f"config.yaml: {message}".replace("[1", "[[]1"))


def test_every_key_given_twice_in_a_section_is_reported_with_the_line_of_the_first(file):
    file.write_text("seed: 1\nmodels:\n  mlp: {epochs: 1, epochs: 2}\n  mlp: {}\nseed: 1\n")
    assert complaints(check_syntax, file) == [
        f"{file}: line 3, column 20: 'epochs' is already on line 3; leave one out",
        f"{file}: line 4, column 3: 'mlp' is already on line 3; leave one out",
        f"{file}: line 5, column 1: 'seed' is already on line 1; leave one out",
    ]


def test_a_key_may_occur_in_two_sections_and_a_section_may_be_reused(file):
    file.write_text("a: &a {epochs: 1}\nb: *a\nc: {<<: *a, epochs: 2}\n")
    assert check_syntax(file) == {"a": {"epochs": 1}, "b": {"epochs": 1}, "c": {"epochs": 2}}


# Properties

KEYS = sorted({key for path, *_ in EVERY_KEY for key in path} | {"mlp", "mlp.scratch"})
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(1, 171)
    | st.integers(1, 171).map(float)
    | st.floats()
    | st.text()
    | st.sampled_from(["1e-3", "1e999", "0b_", "~", "1:1" * 300])
    | st.sampled_from(KEYS)
)
beyond_floats = st.builds(pow, st.just(-10), st.sampled_from([400, 401, 5000]))
anything = st.recursive(
    scalars | beyond_floats,
    lambda below: st.lists(below) | st.dictionaries(st.sampled_from(KEYS) | scalars, below),
    max_leaves=20,
)


def is_readable(lines):
    return all(re.fullmatch(r"config\.yaml: \S.*: .+", line) for line in lines)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_valid_configuration_with_any_value_anywhere_is_completed_or_refused(folder, data):
    assert is_readable(complaints(validate, data.draw(anything), None, folder))
    config = merged(VALID, "datasets: {linear: {}, polynomial: {weights: [1]}, fashion_mnist: {}}")
    config["datasets"]["fashion_mnist"]["sources"] = [{"folder": "data"}]
    place = config
    while True:
        places = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from([*places, *KEYS] if isinstance(place, dict) else places))
        below = place.get(key) if isinstance(place, dict) else place[key]
        if not below or not isinstance(below, dict | list) or data.draw(st.booleans()):
            break
        place = below
    place[key] = data.draw(anything)
    try:
        completed = validate(config, folder=folder)
    except LabError as error:
        lines = str(error).split("\n")
        assert is_readable(lines)
    else:
        assert repr(validate(completed, folder=folder)) == repr(completed)
        json.dumps(completed, allow_nan=False)


@settings(deadline=None)
@given(text=st.text() | st.text(alphabet="a:- \n\t[]{},'\"&*!|>#%@`1.") | scalars.map(str))
def test_any_text_is_read_as_yaml_or_refused_in_readable_lines(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode("utf-8", "replace"))
    try:
        said = check_syntax(file)
    except LabError as error:
        lines = str(error).split("\n")
        assert all(line.startswith(f"{file}: line ") for line in lines)
    else:
        assert repr(said) == repr(yaml.safe_load(file.read_text("utf-8")))
