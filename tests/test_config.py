"""The configuration: what is right is completed, what is wrong is explained line by line."""

import ast
import copy
import math
import re
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from snakemake.cli import parse_config
from snakemake.common.configfile import load_configfile
from snakemake.utils import update_config

from d2l_lab.config import REQUIRED, check_syntax, hyperparameters, modules, validate
from d2l_lab.config.messages import MESSAGES
from d2l_lab.errors import LabError

ROOT = Path(__file__).parents[1]
STUDIES = ROOT / "workflow/d2l_lab/studies"
SHIPPED = ROOT / "config.yaml"
QUICK = ROOT / "tests/config/quick.yaml"
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text("utf-8"))
MODEL = SCHEMA["properties"]["models"]["additionalProperties"]

VALID = """
models:
  linear_regression: {module: linear_regression.concise, dataset: linear}
  mlp: {module: mlp.scratch, dataset: fashion_mnist}
  polynomial: {module: linear_regression.concise, dataset: polynomial, features: 4}
"""

BUILD = "def build(inputs, outputs, *{}):\n    raise NotImplementedError\n"
MODULES = {
    "linear_regression/concise.py": "def build(inputs, outputs):\n    import not_there\n",
    "mlp/scratch.py": "import not_there\n" + BUILD.format(", hidden_units: int = 64"),
    "mlp/helper.py": "def rebuild(): ...\n",
    "own/all_types.py": BUILD.format(
        ", depth: int, rate: float = 1, scale: float = -0.5, relu: bool = True, name: str = 'on'"
    ),
    "broken/syntax.py": "def build(\n",
    "broken/untyped.py": BUILD.format(", depth=1"),
    "broken/type.py": BUILD.format(", depth: list[int] = 1"),
    "broken/default.py": BUILD.format(", depth: int = 0.5"),
    "broken/computed.py": BUILD.format(", depth: int = DEPTH"),
    "broken/taken.py": BUILD.format(", epochs: int = 3"),
    "broken/method.py": "if True:\n    def build(): ...\n'''\ndef build(): ...\n'''\n",
}


@pytest.fixture(scope="module")
def chapters(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chapters")
    (folder / "__init__.py").touch()
    for name, source in MODULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)
    return folder


def merged(*texts):
    """Lay configurations over one another as Snakemake does."""
    config = {}
    for text in texts:
        update_config(config, yaml.safe_load(text))
    return config


def complaints(config, *args):
    with pytest.raises(LabError) as caught:
        validate(config, *args)
    return str(caught.value).splitlines()


# The files of the project


def test_the_shipped_configuration_is_valid():
    check_syntax(SHIPPED)
    validate(load_configfile(SHIPPED))


def test_the_shipped_configuration_and_the_schema_agree_on_every_default():
    shipped = yaml.safe_load(SHIPPED.read_text("utf-8"))
    studies = {name: {} for name in SCHEMA["properties"]["studies"]["properties"]}
    bare = {"models": shipped["models"], "studies": studies}
    assert validate(bare) == validate(shipped)
    assert shipped.keys() == SCHEMA["properties"].keys()


def test_the_defaults_of_a_model_are_the_settings_of_the_notes_for_images():
    models = yaml.safe_load(SHIPPED.read_text("utf-8"))["models"]
    images = {name: model for name, model in models.items() if model["dataset"] == "fashion_mnist"}
    bare = {
        name: {"module": model["module"], "dataset": model["dataset"]}
        for name, model in images.items()
    }
    assert validate({"models": bare}) == validate({"models": images})


def test_the_shipped_configuration_has_the_nine_models_of_the_notes_in_their_order():
    assert list(validate(load_configfile(SHIPPED))["models"]) == [
        "linear_regression_scratch",
        "linear_regression_concise",
        "softmax_regression_scratch",
        "softmax_regression_concise",
        "mlp_scratch",
        "mlp_concise",
        "polynomial_normal",
        "polynomial_underfit",
        "polynomial_overfit",
    ]


def test_the_quick_configuration_is_valid_over_the_shipped_one():
    check_syntax(QUICK)
    config = load_configfile(SHIPPED)
    update_config(config, load_configfile(QUICK))
    assert validate(config)["datasets"]["fashion_mnist"]["sources"] == [
        {"folder": "tests/data/fashion_mnist"}
    ]


def test_the_quick_configuration_has_the_models_of_the_shipped_one_in_their_order():
    assert list(load_configfile(QUICK)["models"]) == list(load_configfile(SHIPPED)["models"])


def keys_of(schema, path=()):
    """Walk through every key of the schema: its path, its own schema, whether it is required."""
    for key, own in schema.get("properties", {}).items():
        yield (*path, key), own, key in schema.get("required", [])
        yield from keys_of(own, (*path, key))
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield (*path, part), schema[part], True
            yield from keys_of(schema[part], (*path, part))


EVERY_KEY = [*keys_of(SCHEMA), *keys_of({"properties": SCHEMA["$defs"]}, ("$defs",))]


@pytest.mark.parametrize(
    ("path", "own", "required"), EVERY_KEY, ids=[".".join(path) for path, *_ in EVERY_KEY]
)
def test_every_key_of_the_schema_is_described_and_has_a_default_unless_it_must_be_given(
    path, own, required
):
    assert own["description"].endswith(".")
    choice_of_one = path[-2:-1] == ("items",)
    study = path[:-1] == ("studies",)  # which is not run if it is left out
    assert required or choice_of_one or study or "default" in own


@pytest.mark.parametrize(("name", "own"), SCHEMA["properties"]["studies"]["properties"].items())
def test_the_settings_of_a_study_are_what_its_function_takes_after_the_star(name, own):
    tree = ast.parse((STUDIES / f"{name}.py").read_text("utf-8"))
    (study,) = [one for one in tree.body if getattr(one, "name", None) == "study"]
    assert [one.arg for one in study.args.kwonlyargs] == [*own["properties"]]
    assert study.args.kw_defaults == [None] * len(own["properties"])


def test_every_keyword_of_the_schema_that_can_fail_has_its_message():
    annotations = {"title", "description", "default", "examples", "$schema", "$defs"}
    applicators = {"properties", "items"}
    explained = {"additionalProperties", "required", "propertyNames", "type", "enum", "uniqueItems"}
    used = {keyword for _, own, _ in EVERY_KEY for keyword in own} | SCHEMA.keys()
    assert used <= annotations | applicators | explained | MESSAGES.keys()


# Completion


def test_a_section_left_out_has_its_defaults(chapters):
    completed = validate(yaml.safe_load(VALID), chapters)
    assert completed["replicates"] == 5
    assert completed["datasets"]["polynomial"]["weights"] == [5, 1.2, -3.4, 5.6]
    assert completed["figures"] == {"dpi": 150, "images": 32}
    assert completed["models"]["polynomial"] == {
        "module": "linear_regression.concise",
        "dataset": "polynomial",
        "epochs": 10,
        "batch_size": 256,
        "learning_rate": 0.1,
        "features": 4,
        "evaluate_every": 1,
        "evaluate_train": False,
    }


def test_a_key_left_out_of_a_section_has_its_default_beside_those_given(chapters):
    config = merged(VALID, "datasets: {linear: {noise: 0}}")
    assert validate(config, chapters)["datasets"]["linear"] == {
        "weights": [2, -3.4],
        "bias": 4.2,
        "noise": 0,
        "examples": 1000,
        "test_examples": 1000,
    }


def test_one_and_one_point_zero_give_the_same_in_keys_of_both_types(chapters):
    whole = "{seed: 1, datasets: {linear: {weights: [1], bias: 1, noise: 1}}}"
    point = "{seed: 1.0, datasets: {linear: {weights: [1.0], bias: 1.0, noise: 1.0}}}"
    completed = validate(merged(VALID, whole), chapters)
    assert repr(completed) == repr(validate(merged(VALID, point), chapters))
    assert type(completed["seed"]) is int
    assert type(completed["datasets"]["linear"]["weights"][0]) is float


def test_the_result_is_new_and_plain_and_the_configuration_is_left_alone(chapters):
    config = OrderedDict(merged(VALID, "datasets: {linear: {weights: [1, 2]}}"))
    config["datasets"] = OrderedDict(config["datasets"])
    before = copy.deepcopy(config)
    completed = validate(config, chapters)
    completed["datasets"]["linear"]["weights"].append(3)
    completed["devices"].append("mps")
    assert config == before
    assert type(completed) is type(completed["datasets"]) is dict
    assert validate(config, chapters)["devices"] == ["cpu"]


def test_models_keep_the_order_in_which_they_are_given(chapters):
    models = yaml.safe_load(VALID)["models"]
    backwards = dict(reversed(models.items()))
    assert list(validate({"models": backwards}, chapters)["models"]) == list(backwards)


def test_what_snakemake_reads_from_the_command_line_is_understood(chapters):
    options = ["models={mlp: {epochs: 3, learning_rate: 1.0e-3, features: null}}", "replicates=2"]
    config = yaml.safe_load(VALID)
    update_config(config, parse_config(options))
    completed = validate(config, chapters)
    assert completed["replicates"] == 2
    mlp = completed["models"]["mlp"]
    assert (mlp["epochs"], mlp["learning_rate"], mlp["features"]) == (3, 0.001, None)


def test_text_that_is_wanted_as_text_stays_text(chapters):
    own = "{module: own.all_types, dataset: linear, depth: 1, name: '3'}"
    completed = validate(merged(VALID, f"models: {{own: {own}}}"), chapters)
    assert completed["models"]["own"]["name"] == "3"


# Hyperparameters


def test_hyperparameters_are_what_build_takes_by_keyword_only(chapters):
    assert hyperparameters("linear_regression.concise", chapters) == {}
    assert hyperparameters("mlp.scratch", chapters) == {"hidden_units": (int, 64)}
    assert hyperparameters("own.all_types", chapters) == {
        "depth": (int, REQUIRED),
        "rate": (float, 1.0),
        "scale": (float, -0.5),
        "relu": (bool, True),
        "name": (str, "on"),
    }


def test_the_defaults_of_hyperparameters_are_filled_in_from_the_signature(chapters):
    own = "{module: own.all_types, dataset: linear, depth: 2, rate: 3}"
    models = validate(merged(VALID, f"models: {{own: {own}}}"), chapters)["models"]
    assert models["mlp"]["hidden_units"] == 64
    assert repr(list(models["own"].values())[-5:]) == "[2, 3.0, -0.5, True, 'on']"


def test_only_files_that_define_build_are_modules(chapters):
    assert "mlp.scratch" in modules(chapters)
    assert "mlp.helper" not in modules(chapters)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("nowhere.at_all", "nowhere.at_all cannot be read (No such file or directory)"),
        ("mlp.helper", "mlp.helper has no function build; the module of a model needs one"),
        ("broken.syntax", "broken.syntax, line 1: '(' was never closed; mend the module"),
        (
            "broken.untyped",
            (
                "broken.untyped, line 1: the hyperparameter depth needs an annotation: "
                "int, float, bool, str"
            ),
        ),
        (
            "broken.type",
            (
                "broken.type, line 1: the hyperparameter depth needs an annotation: "
                "int, float, bool, str"
            ),
        ),
        (
            "broken.default",
            (
                "broken.default, line 1: the hyperparameter depth needs as its default "
                "a plain int, or none"
            ),
        ),
        (
            "broken.computed",
            (
                "broken.computed, line 1: the hyperparameter depth needs as its default "
                "a plain int, or none"
            ),
        ),
    ],
)
def test_a_module_that_cannot_be_understood_is_explained(chapters, module, message):
    with pytest.raises(LabError, match=f"^{re.escape(message)}$"):
        hyperparameters(module, chapters)


def test_the_shipped_configuration_is_validated_without_importing_torch():
    program = (
        "import sys, yaml; from d2l_lab.config import validate;"
        f"validate(yaml.safe_load(open({str(SHIPPED)!r}, encoding='utf-8')));"
        "assert not {'torch', 'numpy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT / "workflow")


# What is wrong, in one line each

BROKEN = [
    # wrong type
    (
        "models: {mlp: {epochs: two}}",
        "models.mlp.epochs: 'two' is not a whole number; give one of at least 1",
    ),
    (
        "models: {mlp: {epochs: 2.5}}",
        "models.mlp.epochs: 2.5 is not a whole number; give one of at least 1",
    ),
    (
        "models: {mlp: {epochs: true}}",
        "models.mlp.epochs: true is not a whole number; give one of at least 1",
    ),
    (
        "models: {mlp: {epochs: [3]}}",
        "models.mlp.epochs: a list is not a whole number; give one of at least 1",
    ),
    (
        "models: {mlp: {epochs: 2024-05-01}}",
        "models.mlp.epochs: 2024-05-01 is not a whole number; give one of at least 1",
    ),
    (
        "models: {mlp: {epochs: 1e3}}",
        "models.mlp.epochs: '1e3' is text to YAML, not a number; write 1000 or 1.0e+3",
    ),
    (
        "models: {mlp: {learning_rate: 1e-3}}",
        "models.mlp.learning_rate: '1e-3' is text to YAML, not a number; write 0.001 or 1.0e-3",
    ),
    (
        "models: {mlp: {learning_rate: 2.5E9}}",
        (
            "models.mlp.learning_rate: '2.5E9' is text to YAML, not a number; "
            "write 2500000000 or 2.5e+9"
        ),
    ),
    (
        "models: {mlp: {learning_rate: 1e-30}}",
        "models.mlp.learning_rate: '1e-30' is text to YAML, not a number; write 1.0e-30",
    ),
    (
        "models: {mlp: {learning_rate: fast}}",
        "models.mlp.learning_rate: 'fast' is not a number; give one above 0",
    ),
    (
        "models: {mlp: {learning_rate: false}}",
        "models.mlp.learning_rate: false is not a number; give one above 0",
    ),
    (
        "models: {mlp: {learning_rate: .nan}}",
        "models.mlp.learning_rate: .nan is not a number; give one above 0",
    ),
    (
        "datasets: {linear: {bias: .inf}}",
        "datasets.linear.bias: .inf is not a number; give one such as 4.2",
    ),
    (
        f"datasets: {{linear: {{bias: -1{'0' * 400}}}}}",
        "datasets.linear.bias: -.inf is not a number; give one such as 4.2",
    ),
    (
        "models: {mlp: {evaluate_train: 1}}",
        "models.mlp.evaluate_train: 1 is not a truth value; give true or false",
    ),
    (
        "models: {mlp: {features: all}}",
        "models.mlp.features: 'all' is not a whole number; give one of at least 1, or null",
    ),
    ("models: {mlp: 3}", "models.mlp: 3 is not a section; give a model"),
    (
        "devices: cpu",
        "devices: 'cpu' is not a list; give a list of device names such as [cpu]",
    ),
    (
        "datasets: {linear: {weights: [1, two]}}",
        "datasets.linear.weights[1]: 'two' is not a number; give one such as -3.4",
    ),
    # out of range
    (
        "models: {mlp: {epochs: 0}}",
        "models.mlp.epochs: 0 is too small; give a whole number of at least 1",
    ),
    (
        "models: {mlp: {learning_rate: 0.0}}",
        "models.mlp.learning_rate: 0.0 is too small; give a number above 0",
    ),
    (
        "models: {mlp: {hidden_units: 0}}",
        "models.mlp.hidden_units: 0 is too small; give a whole number from 1 to 100000",
    ),
    (
        "replicates: 100001",
        "replicates: 100001 is too large; give a whole number from 1 to 100000",
    ),
    ("seed: -1", "seed: -1 is too small; give a whole number from 0 to 4294967295"),
    ("folds: 1", "folds: 1 is too small; give a whole number from 2 to 100000"),
    (
        "datasets: {polynomial: {max_degree: 172}}",
        "datasets.polynomial.max_degree: 172 is too large; give a whole number from 2 to 171",
    ),
    ("figures: {dpi: 10}", "figures.dpi: 10 is too small; give a whole number from 20 to 1200"),
    # nothing there
    ("models:", "models: empty; give at least one model"),
    (
        "datasets:",
        "datasets: empty; give a section of datasets, or leave the key out for its default",
    ),
    (
        "replicates:",
        (
            "replicates: empty; give a whole number from 1 to 100000, "
            "or leave the key out for its default"
        ),
    ),
    (
        "models: {mlp: {dataset: }}",
        "models.mlp.dataset: empty; give one of fashion_mnist, linear, polynomial",
    ),
    ("devices: []", "devices: the list is empty; give a list of device names such as [cpu]"),
    (
        "datasets: {linear: {weights: []}}",
        "datasets.linear.weights: the list is empty; give a list of numbers such as [2, -3.4]",
    ),
    # unknown keys
    ("replicate: 3", "replicate: no such key; did you mean replicates?"),
    (
        "colour: blue",
        (
            "colour: no such key; "
            "the keys here are seed, replicates, folds, replicas_per_job, devices, datasets, "
            "models, studies, claims, figures, book"
        ),
    ),
    ("models: {mlp: {Epoch: 3}}", "models.mlp.Epoch: no such key; did you mean epochs?"),
    ("models: {mlp: {rate: 3}}", "models.mlp.rate: no such key; did you mean learning_rate?"),
    (
        "models: {mlp: {hiden_units: 3}}",
        "models.mlp.hiden_units: no such key; did you mean hidden_units?",
    ),
    (
        "models: {linear_regression: {hidden_units: 3}}",
        (
            "models.linear_regression.hidden_units: no such key; the keys here are module, "
            "dataset, epochs, batch_size, learning_rate, features, evaluate_every, evaluate_train"
        ),
    ),
    ("datasets: {mnist: {}}", "datasets.mnist: no such key; did you mean fashion_mnist?"),
    (
        "{7: 3}",
        (
            "[7]: no such key; "
            "the keys here are seed, replicates, folds, replicas_per_job, devices, datasets, "
            "models, studies, claims, figures, book"
        ),
    ),
    # models and their modules
    (
        "models: {MLP: {module: mlp.scratch, dataset: linear}}",
        (
            "models.MLP: 'MLP' is not a model name (small letters, digits and _, a letter first, "
            "at most 64) such as mlp_wide"
        ),
    ),
    (
        "models: {3: {module: mlp.scratch, dataset: linear}}",
        (
            "models[3]: 3 is not a model name (small letters, digits and _, a letter first, "
            "at most 64) such as mlp_wide"
        ),
    ),
    (
        "models: {new: {module: mlp.scratch}}",
        "models.new.dataset: missing; give one of fashion_mnist, linear, polynomial",
    ),
    (
        "models: {new: {module: own.all_types, dataset: linear}}",
        "models.new.depth: missing; give a whole number",
    ),
    (
        "models: {new: {module: own.all_types, dataset: linear, depth: 1, relu: maybe}}",
        "models.new.relu: 'maybe' is not a truth value; give true or false",
    ),
    (
        "models: {mlp: {dataset: mnist}}",
        (
            "models.mlp.dataset: 'mnist' is none of fashion_mnist, linear, polynomial; "
            "did you mean fashion_mnist?"
        ),
    ),
    (
        "models: {mlp: {module: broken.untyped}}",
        (
            "models.mlp.module: broken.untyped, line 1: the hyperparameter depth needs "
            "an annotation: int, float, bool, str"
        ),
    ),
    (
        "models: {mlp: {module: broken.taken}}",
        "models.mlp.module: broken.taken: every model has a key epochs; rename the hyperparameter",
    ),
    (
        "models: {mlp: {module: broken.method}}",
        "models.mlp.module: broken.method has no function build; the module of a model needs one",
    ),
    # devices
    (
        "devices: [gpu]",
        "devices[0]: 'gpu' is not a device name such as cpu, cuda:0, mps, auto",
    ),
    ("devices: [cpu, mps, cpu]", "devices: 'cpu' is listed twice; leave one out"),
    (
        'devices: ["cpu\\n"]',
        "devices[0]: 'cpu\\n' is not a device name such as cpu, cuda:0, mps, auto",
    ),
    # sources
    (
        "datasets: {fashion_mnist: {sources: [{folder: a, debian: fashion}]}}",
        (
            "datasets.fashion_mnist.sources[0]: too many keys in one entry; "
            "give just one of folder, url, debian"
        ),
    ),
    (
        "datasets: {fashion_mnist: {sources: [{folder: a}, {}]}}",
        (
            "datasets.fashion_mnist.sources[1]: the section is empty; "
            "give a source (one of folder, url, debian)"
        ),
    ),
    (
        "datasets: {fashion_mnist: {sources: [data/mnist]}}",
        (
            "datasets.fashion_mnist.sources[0]: 'data/mnist' is not a section; "
            "give a source (one of folder, url, debian)"
        ),
    ),
    (
        "datasets: {fashion_mnist: {sources: [{url: 'ftp://example.org/'}]}}",
        (
            "datasets.fashion_mnist.sources[0].url: 'ftp://example.org/' is not a web address "
            "such as https://example.org/fashion-mnist/"
        ),
    ),
    (
        "datasets: {fashion_mnist: {sources: [{debian: Fashion MNIST}]}}",
        (
            "datasets.fashion_mnist.sources[0].debian: 'Fashion MNIST' is not a Debian package "
            "name such as dataset-fashion-mnist"
        ),
    ),
    (
        "datasets: {fashion_mnist: {sources: []}}",
        "datasets.fashion_mnist.sources: the list is empty; give a list of sources",
    ),
    (
        "datasets: {fashion_mnist: {sha256: {t10k-labels-idx1-ubyte: abc}}}",
        (
            "datasets.fashion_mnist.sha256.t10k-labels-idx1-ubyte: 'abc' is not a SHA-256 digest "
            "(64 digits 0-9 and a-f, in small letters)"
        ),
    ),
    # several keys together
    (
        "folds: 101",
        (
            "folds: 101 is more than the 100 training examples of polynomial "
            "(datasets.polynomial.examples); give at most 100"
        ),
    ),
    (
        "{folds: 300, datasets: {linear: {examples: 50}, polynomial: {examples: 200}}}",
        (
            "folds: 300 is more than the 50 training examples of linear "
            "(datasets.linear.examples); give at most 50"
        ),
    ),
    (
        "datasets: {polynomial: {weights: [1, 2, 3, 4, 5], max_degree: 4}}",
        (
            "datasets.polynomial.weights: 5 weights for 4 feature columns "
            "(datasets.polynomial.max_degree); give at most 4, or a larger max_degree"
        ),
    ),
    (
        "models: {polynomial: {features: 21}}",
        (
            "models.polynomial.features: 21 is more than the 20 feature columns of polynomial "
            "(datasets.polynomial.max_degree); give at most 20, or null for all"
        ),
    ),
    (
        "models: {linear_regression: {features: 3}}",
        (
            "models.linear_regression.features: 3 is more than the 2 feature columns of linear "
            "(datasets.linear.weights); give at most 2, or null for all"
        ),
    ),
    (
        "models: {mlp: {features: 100}}",
        "models.mlp.features: 100 features of images, which are seen whole; leave the key out",
    ),
]


@pytest.mark.parametrize(("change", "line"), BROKEN, ids=[line[:60] for _, line in BROKEN])
def test_a_mistake_is_explained_in_one_line(chapters, change, line):
    assert complaints(merged(VALID, change), chapters) == [f"config.yaml: {line}"]


def test_a_missing_or_unknown_module_is_answered_by_those_that_exist(chapters):
    known = ", ".join(modules(chapters))
    changes = "models: {new: {dataset: linear}, mlp: {module: mlp.skratch}}"
    assert complaints(merged(VALID, changes), chapters) == [
        (
            f"config.yaml: models.mlp.module: 'mlp.skratch' is none of {known}; "
            "did you mean mlp.scratch?"
        ),
        f"config.yaml: models.new.module: missing; give one of {known}",
    ]


def test_a_module_outside_the_chapters_is_refused(chapters):
    (line,) = complaints(merged(VALID, "models: {mlp: {module: ../mlp/scratch}}"), chapters)
    assert line.startswith("config.yaml: models.mlp.module: '../mlp/scratch' is none of ")


@pytest.mark.parametrize("nothing", [{}, {"seed": 1}])
def test_a_configuration_without_models_is_told_to_have_one(nothing):
    assert complaints(nothing) == ["config.yaml: models: missing; give at least one model"]


def test_an_empty_section_of_models_is_told_to_have_one():
    line = "config.yaml: models: the section is empty; give at least one model"
    assert complaints({"models": {}}) == [line]


def test_a_configuration_that_is_no_section_is_refused():
    assert complaints(["seed"]) == [
        "config.yaml: the whole: a list is not a section; give the configuration"
    ]


def test_all_mistakes_are_reported_at_once_each_at_its_key(chapters):
    changes = """
    {replicate: 3, seed: x, folds: 500, devices: [gpu, gpu], figures: ,
     datasets: {linear: {noise: -1, examples: 1e3}, polynomial: {weights: [.nan], max_degree: 3}},
     models: {mlp: {epochs: two, features: 3}, polynomial: {learning_rate: 0, rate: 1}, X: {}}}
    """
    lines = complaints(merged(VALID, changes), chapters)
    paths = [line.removeprefix("config.yaml: ").partition(": ")[0] for line in lines]
    assert paths == sorted(
        [
            "replicate",
            "seed",
            "folds",
            "devices",
            "devices[0]",
            "devices[1]",
            "figures",
            "datasets.linear.noise",
            "datasets.linear.examples",
            "datasets.polynomial.weights[0]",
            "models.mlp.epochs",
            "models.mlp.features",
            "models.polynomial.features",
            "models.polynomial.learning_rate",
            "models.polynomial.rate",
            "models.X",
            "models.X.module",
            "models.X.dataset",
        ]
    )


def test_nothing_is_concluded_from_the_default_of_a_key_at_fault(chapters):
    changes = """
    {folds: 150, datasets: {polynomial: {examples: many, max_degree: 25.5}},
     models: {polynomial: {features: 22}}}
    """
    lines = complaints(merged(VALID, changes), chapters)
    assert [line.split(": ")[1] for line in lines] == [
        "datasets.polynomial.examples",
        "datasets.polynomial.max_degree",
    ]


def test_a_message_stays_on_its_line_and_brief_whatever_was_found(chapters):
    config = merged(VALID) | {"two\nlines": 1, "seed": "x\n" * 1000}
    lines = complaints(config, chapters)
    assert [line.split(": ")[1] for line in lines] == ["'two\\nlines'", "seed"]
    assert all(len(line) < 200 for line in lines)


# Syntax

SYNTAX = [
    ("seed: 1\nmodels:\n\tmlp: 1\n", "line 3, column 1: a tab; indent with spaces"),
    ("seed: @x\n", "line 1, column 7: text cannot start with @; put quotes around it"),
    ("seed: 1\n models: 1\n", "line 2, column 8: a colon where none can stand; *"),
    ("seed:1\nfolds: 2\n", "line 2, column 6: a colon where none can stand; *"),
    ("a:\n  b: 1\n c: 2\n", "line 3, column 2: not in line with what stands above; *"),
    ("a: -\n", "line 1, column 4: a list entry where none can stand; give it its own line"),
    ("a: [1]]\n", "line 1, column 7: ] closes nothing; take it away"),
    ("a: 1\nb: 'x\nc: 2\n", "line 2, column 4: a quote that is never closed; close it"),
    ("a: 1\nb\nc: 2\n", "line 2, column 1: a key without a colon; write 'key: value'"),
    (
        "devices: [cpu\nseed: 1\n",
        "line 1, column 10: a bracket not closed, or a comma missing; close it with ]",
    ),
    ("a: [1,\n", "line 2, column 1: the file ends in an open bracket; close it"),
    ("a: *b\n", "line 1, column 4: nothing is named b; put quotes around text with a *"),
    ("a: !b c\n", "line 1, column 4: the tag !b is unknown; put quotes around text with a !"),
    ("[a]: 1\n", "line 1, column 1: a list or section in place of a key; a key is one word"),
    ("a: 1\n---\nb: 2\n", "line 2, column 1: a second document; take the line --- away"),
    ("a: &x 1\nb: &x 2\n", "line 2, column 4: an anchor given twice; rename one"),
    ('a: "\\q"\n', "line 1, column 6: found unknown escape character 'q'; mend it there"),
    ("seed: 1\na: \x07\n", "line 2, column 4: a character that is no text; delete it"),
    ("a: 2024-13-45\n", "line 1, column 4: '2024-13-45' is no number or date; *"),
    ("a: &a [*a]\n", "line 1, column 4: this holds itself by its alias; take the alias away"),
    ("a: " + "[" * 5000, "line 1, column 1: sections or lists nested too deep; nest them less"),
    ("", "line 1, column 1: no keys at the top; write lines such as 'seed: 0'"),
    ("- seed\n", "line 1, column 1: no keys at the top; write lines such as 'seed: 0'"),
]


@pytest.mark.parametrize(("text", "message"), SYNTAX, ids=[message for _, message in SYNTAX])
def test_a_fault_of_syntax_is_told_by_line_and_column(tmp_path, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(text)
    with pytest.raises(LabError) as caught:
        check_syntax(Path("config.yaml"))
    found, beginning = str(caught.value), f"config.yaml: {message}".removesuffix("*")
    assert found == beginning or (message.endswith("*") and found.startswith(beginning))
    assert "\n" not in found


def test_every_key_given_twice_in_a_section_is_told_with_the_line_of_the_first(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("seed: 1\nmodels:\n  mlp: {epochs: 1, epochs: 2}\n  mlp: {}\nseed: 1\n")
    with pytest.raises(LabError) as caught:
        check_syntax(file)
    assert str(caught.value).splitlines() == [
        f"{file}: line 3, column 20: epochs stands on line 3 already; leave one out",
        f"{file}: line 4, column 3: mlp stands on line 3 already; leave one out",
        f"{file}: line 5, column 1: seed stands on line 1 already; leave one out",
    ]


def test_a_key_may_stand_in_two_sections_and_a_section_be_reused(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("a: &a {epochs: 1}\nb: *a\nc: {<<: *a, epochs: 2}\n")
    check_syntax(file)


def test_a_file_that_is_missing_or_not_utf8_is_told(tmp_path):
    file = tmp_path / "config.yaml"
    with pytest.raises(LabError, match=r"config.yaml: cannot be read \(No such file or directory"):
        check_syntax(file)
    file.write_bytes("seed: 1\nname: Zürich\n".encode("latin-1"))
    with pytest.raises(LabError, match=r"config.yaml: line 2: not UTF-8; save the file as UTF-8"):
        check_syntax(file)


# Properties

KEYS = sorted({key for path, *_ in EVERY_KEY for key in path} | {"mlp", "mlp.scratch"})
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
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
thousand = st.integers(1, 1000)
positive = st.floats(0, exclude_min=True, allow_infinity=False) | thousand
real = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-1000, 1000)


@st.composite
def valid_configurations(draw):
    """Draw configurations in which any key may be left out, and numbers may be of either type."""
    max_degree = draw(st.integers(4, 171))
    examples = st.integers(10, 1000) | st.integers(10, 1000).map(float)
    synthetic = {"noise": positive, "examples": examples, "test_examples": thousand}
    weights = st.lists(real, min_size=2, max_size=4)
    common = {
        "epochs": thousand,
        "batch_size": thousand | thousand.map(float),
        "learning_rate": positive,
        "evaluate_every": thousand,
        "evaluate_train": st.booleans(),
    }

    def models(module, dataset, **own):
        required = {"module": st.just(module), "dataset": st.just(dataset)}
        return st.fixed_dictionaries(required, optional=common | own)

    linear = models("linear_regression.concise", "linear", features=st.none() | st.integers(1, 2))
    polynomial = models(
        "linear_regression.concise", "polynomial", features=st.none() | st.integers(1, 4)
    )
    images = models("mlp.scratch", "fashion_mnist", hidden_units=thousand, features=st.none())
    names = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)
    sections = {
        "seed": st.integers(0, 2**32 - 1),
        "replicates": thousand,
        "folds": st.integers(2, 10),
        "replicas_per_job": st.none() | thousand,
        "devices": st.lists(
            st.sampled_from(["cpu", "auto", "mps", "cuda:7"]), min_size=1, unique=True
        ),
        "datasets": st.fixed_dictionaries(
            {},
            optional={
                "linear": st.fixed_dictionaries(
                    {}, optional={"weights": weights, "bias": real} | synthetic
                ),
                "polynomial": st.fixed_dictionaries(
                    {"max_degree": st.just(max_degree)}, optional={"weights": weights} | synthetic
                ),
            },
        ),
        "figures": st.fixed_dictionaries({}, optional={"dpi": st.integers(20, 1200)}),
    }
    some_models = st.dictionaries(names, linear | polynomial | images, min_size=1, max_size=4)
    return draw(st.fixed_dictionaries({"models": some_models}, optional=sections))


def numbers(value):
    if isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from numbers(below)
    elif isinstance(value, float):
        yield value


@settings(deadline=None)
@given(config=valid_configurations())
def test_completing_a_completed_configuration_changes_nothing(chapters, config):
    once = validate(config, chapters)
    assert repr(validate(once, chapters)) == repr(once)
    assert all(map(math.isfinite, numbers(once)))


def is_readable(lines):
    return all(re.fullmatch(r"config\.yaml: \S.*: .+", line) for line in lines.split("\n"))


@settings(deadline=None)
@given(config=anything)
def test_anything_else_is_refused_in_readable_lines(chapters, config):
    with pytest.raises(LabError) as caught:
        validate(config, chapters)
    assert is_readable(str(caught.value))


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_valid_configuration_with_anything_put_anywhere_is_completed_or_refused(chapters, data):
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
        completed = validate(config, chapters)
    except LabError as error:
        completed, lines = None, str(error)
    if completed is None:
        assert is_readable(lines)
    else:
        assert repr(validate(completed, chapters)) == repr(completed)


def test_sections_without_end_are_refused(chapters):
    config = merged(VALID)
    config["seed"] = config
    with pytest.raises(LabError, match="nested too deep"):
        validate(config, chapters)


@settings(deadline=None)
@given(text=st.text() | st.text(alphabet="a:- \n\t[]{},'\"&*!|>#%@`1.") | scalars.map(str))
def test_any_text_is_yaml_that_can_be_read_or_refused_in_readable_lines(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode("utf-8", "replace"))
    faults = ""
    try:
        check_syntax(file)
    except LabError as error:
        faults = str(error)
    if faults:
        assert all(line.startswith(f"{file}: line ") for line in faults.split("\n"))
    else:
        assert isinstance(yaml.safe_load(file.read_text("utf-8")), dict)
