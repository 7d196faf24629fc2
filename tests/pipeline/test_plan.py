"""The plan: which results a configuration asks for, and which of them each change touches."""

import shutil
from itertools import count

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checkout import NO_BOOK, merged
from d2l_lab.config import validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan, place_of
from d2l_lab.store import code
from d2l_lab.store.code import ROOT
from d2l_lab.tables import benchmarks

SHIPPED = yaml.safe_load((ROOT.parent / "config.yaml").read_text("utf-8")) | {"book": NO_BOOK}
CONFIG = SHIPPED | {"studies": {}, "claims": False}  # the models alone; the studies come last
MODEL_NAME = r"[a-z][a-z0-9_]{0,63}"
DEVICE = r"cpu|mps|cuda(:(0|[1-9][0-9]*))?"

LINEAR = ["linear_regression_scratch", "linear_regression_concise"]
IMAGES = [
    "softmax_regression_scratch",
    "softmax_regression_concise",
    "mlp_scratch",
    "mlp_concise",
]
POLYNOMIAL = ["polynomial_normal", "polynomial_underfit", "polynomial_overfit"]
MODELS = [*LINEAR, *IMAGES, *POLYNOMIAL]

# What a change touches: the names of results, and of the groups that change together

VIEW = {"show/view"}
TABLES = {"tables/all", "figures/test_accuracy", *VIEW}
GRID, FITS = {"figures/fashion_mnist"}, {"figures/polynomial_fits"}


def figures(kind, models):
    return {f"figures/{kind}_{model}" for model in models}


def predictions(*models):
    return figures("predictions", {*models} - {*LINEAR, *POLYNOMIAL})


def trained(*models):
    """Training models again changes their figures, and the tables."""
    fits = FITS if {*models} & {*POLYNOMIAL} else set()
    drawn = figures("training", models) | predictions(*models) | fits
    return {f"train/{model}.cpu" for model in models} | drawn | TABLES


def validated(*models):
    return {f"kfold/{model}.cpu" for model in models} | figures("kfold", models) | TABLES


def both(*models):
    return trained(*models) | validated(*models)


CURVES = figures("training", MODELS) | figures("kfold", MODELS)
FIGURES = CURVES | predictions(*IMAGES) | GRID | FITS | {"figures/test_accuracy"} | VIEW


def generated(dataset, *splits):
    return {f"generate/{dataset}_{split}" for split in splits}


HALVES = ("train", "test")
ALL_GENERATED = generated("linear", *HALVES) | generated("polynomial", *HALVES)
ALL_PREPARED = {
    "download/fashion_mnist",
    "prepare/fashion_mnist_train",
    "prepare/fashion_mnist_test",
}


def keys(changes=None, devices=("cpu",), config=CONFIG):
    """Plan a configuration with changes; give each result's key by its name."""
    plan = Plan(validate(merged(config, changes or {})), devices)
    found = {f"{stage}/{name}": one.key for (stage, name), one in plan.results.items()}
    return found | {"show/view": plan.view_key}


@pytest.fixture(scope="module")
def before():
    return keys()


def touched(before, after):
    """List the results that are new, gone, or made of something else."""
    return {name for name, key in {*before.items()} ^ {*after.items()}}


# The models of the shipped configuration


def test_every_model_is_trained_and_cross_validated_on_every_device():
    plan = Plan(validate(CONFIG), ["cpu", "cuda:0"])
    places = [f"{model}.{device}" for model in MODELS for device in ("cpu", "cuda0")]
    assert [one.name for one in plan.stage("train")] == places
    assert [one.name for one in plan.stage("kfold")] == places


def test_the_plan_is_complete(before):
    assert {*before} == {
        *ALL_PREPARED,
        *ALL_GENERATED,
        *both(*MODELS),
        *GRID,
    }


def test_a_result_comes_after_its_inputs():
    made = set()
    for result in Plan(validate(CONFIG), ["cpu", "mps"]).results.values():
        assert all(one in made for ones in result.inputs.values() for one in ones)
        made.add(result)


def test_what_people_read_are_the_tables_and_two_files_a_figure():
    plan = Plan(validate(CONFIG), ["cpu"])
    files = [(one.stage, file) for one in plan.shown for file in one.files]
    assert len(files) == len({*files}) == 7 + 2 * (2 * len(MODELS) + 3 + len(IMAGES))
    assert {stage for stage, _ in files} == {"tables", "figures"}


def test_no_cross_validation_sees_a_test_set():
    for result in Plan(validate(CONFIG), ["cpu"]).stage("kfold"):
        assert result.inputs.keys() == {"train"}
        assert [one.name.rpartition("_")[2] for one in result.inputs["train"]] == ["train"]


def test_only_datasets_that_a_model_uses_are_made():
    gone = dict.fromkeys([*LINEAR, *IMAGES])
    found = keys({"models": gone})
    assert [name for name in found if name.startswith(("download", "prepare", "generate"))] == [
        "generate/polynomial_train",
        "generate/polynomial_test",
    ]


# A change of the configuration

OTHER = {
    "epochs": 7,
    "batch_size": 13,
    "learning_rate": 0.02,
    "features": 1,
    "evaluate_every": 3,
    "hidden_units": 17,
}
MODEL_CHANGES = [
    ({"models": {model: {key: value}}}, both(model))
    for model in MODELS
    for key, value in (
        OTHER | {"evaluate_train": not CONFIG["models"][model].get("evaluate_train", False)}
    ).items()
    if (key != "features" or model not in IMAGES) and (key != "hidden_units" or "mlp" in model)
]
CHANGES = [
    ({"seed": 1}, ALL_GENERATED | both(*MODELS)),
    ({"replicates": 6}, trained(*MODELS)),
    ({"folds": 6}, validated(*MODELS)),
    ({"figures": {"dpi": 151}}, FIGURES),
    ({"figures": {"images": 33}}, GRID | VIEW),
    ({"datasets": {"fashion_mnist": {"sources": [{"url": "https://example.org/"}]}}}, set()),
    (
        {"datasets": {"fashion_mnist": {"sha256": {"t10k-labels-idx1-ubyte": "0" * 64}}}},
        ALL_PREPARED | both(*IMAGES) | GRID,
    ),
    *(
        ({"datasets": {"linear": change}}, generated("linear", *HALVES) | both(*LINEAR))
        for change in ({"weights": [2, -3.5]}, {"weights": [2, 3, 4]}, {"bias": 4}, {"noise": 0.1})
    ),
    (
        {"datasets": {"linear": {"examples": 999}}},
        generated("linear", "train") | both(*LINEAR),
    ),
    (
        {"datasets": {"linear": {"test_examples": 999}}},
        generated("linear", "test") | trained(*LINEAR),
    ),
    *(
        ({"datasets": {"polynomial": change}}, generated("polynomial", *HALVES) | both(*POLYNOMIAL))
        for change in ({"weights": [5, 1.2, -3.4]}, {"max_degree": 21}, {"noise": 0.2})
    ),
    (
        {"datasets": {"polynomial": {"examples": 99}}},
        generated("polynomial", "train") | both(*POLYNOMIAL),
    ),
    (
        {"datasets": {"polynomial": {"test_examples": 99}}},
        generated("polynomial", "test") | trained(*POLYNOMIAL),
    ),
    *(({"models": {model: None}}, both(model)) for model in MODELS),
    (
        {"models": {"new": {"module": "mlp.scratch", "dataset": "fashion_mnist"}}},
        both("new"),
    ),
    (
        {"models": {"new": {"module": "linear_regression.scratch", "dataset": "linear"}}},
        both("new") - {"figures/predictions_new"},
    ),
    (
        {"models": {"mlp_scratch": {"module": "mlp.concise"}}},
        both("mlp_scratch"),
    ),
    ({"models": dict.fromkeys(LINEAR)}, generated("linear", *HALVES) | both(*LINEAR)),
    (
        {"models": dict.fromkeys(POLYNOMIAL)},
        generated("polynomial", *HALVES) | both(*POLYNOMIAL),
    ),
    ({"models": dict.fromkeys(IMAGES)}, ALL_PREPARED | both(*IMAGES) | GRID),
]


@pytest.mark.parametrize(
    ("change", "expected"),
    [pytest.param(*row, id=str(row[0])) for row in [*CHANGES, *MODEL_CHANGES]],
)
def test_a_change_of_the_configuration_touches_just_what_rests_on_it(before, change, expected):
    assert touched(before, keys(change)) == expected


def test_every_setting_of_a_model_and_a_dataset_is_tried():
    config = validate(CONFIG)
    tried = {
        (m, k) for change, _ in MODEL_CHANGES for m, own in change["models"].items() for k in own
    }
    known = {(m, k) for m, own in config["models"].items() for k in own} - {
        (m, k) for m in MODELS for k in ("module", "dataset")
    }
    assert known - tried == {(model, "features") for model in IMAGES}
    for dataset, own in config["datasets"].items():
        tried = {k for change, _ in CHANGES for k in change.get("datasets", {}).get(dataset, {})}
        assert tried == {*own}


def test_another_device_adds_its_trainings_and_touches_no_other(before):
    added = {f"{stage}/{model}.mps" for stage in ("train", "kfold") for model in MODELS}
    named = {f"{figure}.{device}" for figure in CURVES for device in ("cpu", "mps")}
    assert touched(before, keys(devices=["cpu", "mps"])) == added | TABLES | CURVES | named


def test_a_device_in_the_place_of_another_shares_nothing_but_the_data(before):
    after = {name.replace(".mps", ".cpu"): key for name, key in keys(devices=["mps"]).items()}
    assert touched(before, after) == both(*MODELS)


def test_going_back_to_an_earlier_configuration_gives_its_keys(before):
    keys({"replicates": 6, "folds": 3})
    assert keys() == before


def test_a_setting_that_is_written_out_or_left_to_its_default_is_the_same(before):
    assert keys({"models": {"mlp_scratch": {"epochs": None, "hidden_units": None}}}) == before
    assert keys({"models": {"mlp_scratch": {"features": None}}, "seed": 0.0}) == before


@given(
    order=st.permutations(
        ["module", "dataset", "epochs", "batch_size", "learning_rate", "hidden_units"]
    )
)
def test_the_order_of_settings_in_a_model_is_no_matter(before, order):
    model = CONFIG["models"]["mlp_scratch"]
    shuffled = {"mlp_scratch": {key: model[key] for key in order}}
    config = CONFIG | {"models": CONFIG["models"] | shuffled}
    assert Plan(validate(config), ["cpu"]).view_key == before["show/view"]


def test_the_order_of_models_is_that_of_the_tables_and_no_matter_to_the_training(before):
    config = CONFIG | {"models": dict(reversed(CONFIG["models"].items()))}
    plan = Plan(validate(config), ["cpu"])
    after = {f"{stage}/{name}": one.key for (stage, name), one in plan.results.items()}
    after |= {"show/view": plan.view_key}
    assert touched(before, after) == TABLES | FITS


# A change of the code, and of a library

EVERYTHING = {*ALL_PREPARED, *ALL_GENERATED, *both(*MODELS), *GRID}
CODE_CHANGES = [
    ("models/mlp/scratch.py", both("mlp_scratch")),
    ("models/mlp/initial.py", both("mlp_scratch", "mlp_concise")),
    ("models/softmax_regression/scratch.py", both("softmax_regression_scratch", "mlp_scratch")),
    ("models/softmax_regression/concise.py", both("softmax_regression_concise")),
    ("models/linear_regression/scratch.py", both("linear_regression_scratch")),
    ("models/polynomial_regression/concise.py", both(*POLYNOMIAL)),
    ("models/__init__.py", both(*MODELS)),
    (
        "training/scratch.py",
        both(*(model for model in MODELS if model.endswith("scratch"))),
    ),
    ("training/fit.py", both(*MODELS)),
    ("training/minibatches.py", both(*MODELS)),
    ("training/products.py", both(*MODELS)),
    ("training/folds.py", validated(*MODELS)),
    ("stages/train.py", trained(*MODELS)),
    ("stages/kfold.py", validated(*MODELS)),
    ("stages/replicas.py", both(*MODELS)),
    ("datasets/linear.py", generated("linear", *HALVES) | both(*LINEAR)),
    ("datasets/polynomial.py", generated("polynomial", *HALVES) | both(*POLYNOMIAL)),
    (
        "datasets/fashion_mnist.py",
        ALL_PREPARED - {"download/fashion_mnist"} | both(*IMAGES) | GRID,
    ),
    ("datasets/sources.py", set()),
    ("stages/download.py", set()),
    ("tables/statistics.py", TABLES),
    ("tables/parameters.py", TABLES),
    ("stages/tables.py", TABLES),
    ("figures/predictions.py", predictions(*IMAGES) | VIEW),
    ("figures/training_curves.py", figures("training", MODELS) | VIEW),
    ("figures/_curves.py", CURVES | VIEW),
    ("figures/style.py", FIGURES),
    ("stages/figures.py", FIGURES),
    ("stages/show.py", VIEW),
    ("shards.py", EVERYTHING - {"download/fashion_mnist"}),
    ("store.py", EVERYTHING - {"download/fashion_mnist"}),
    ("errors.py", EVERYTHING - {"download/fashion_mnist"}),
    ("plan.py", set()),
    ("demand.py", set()),
    ("environment.py", set()),
    ("config/validation.py", set()),
    ("progress.py", set()),
]
numbers = count()


@pytest.fixture
def keys_of_copy(tmp_path, monkeypatch):
    """Give the keys that the code of the project would give if one of its files were changed."""

    def keys_with(path, text, config=CONFIG):
        root = tmp_path / str(next(numbers))
        shutil.copytree(ROOT / "d2l_lab", root / "d2l_lab", ignore=shutil.ignore_patterns("*.pyc"))
        with (root / "d2l_lab" / path).open("a", encoding="utf-8") as file:
            file.write(text)
        monkeypatch.setattr(keys, "code_of", lambda modules: code.code_of(modules, root))
        return keys(config=config)

    return keys_with


@pytest.mark.parametrize(("path", "expected"), CODE_CHANGES)
def test_a_change_of_the_code_touches_just_what_rests_on_it(before, keys_of_copy, path, expected):
    assert touched(before, keys_of_copy(path, "\n\ndef added():\n    return 1\n")) == expected


@pytest.mark.parametrize("path", ["models/mlp/scratch.py", "training/fit.py", "store.py"])
def test_a_comment_touches_nothing(before, keys_of_copy, path):
    assert keys_of_copy(path, "\n\n\n# A remark.\n") == before


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        ("torch", both(*MODELS)),
        ("torchvision", set()),  # the study of images alone, which is not in this plan
        ("pandas", TABLES | FIGURES),
        ("scipy", TABLES),
        ("matplotlib", FIGURES),
        ("requests", set()),
        ("snakemake", set()),
    ],
)
def test_another_version_of_a_library_touches_just_what_uses_it(
    before, keys_of_copy, monkeypatch, library, expected
):
    version = code.version
    monkeypatch.setattr(code, "version", lambda name: "0" if name == library else version(name))
    assert touched(before, keys_of_copy("errors.py", "")) == expected


# The studies and the claims

STUDIES = list(validate(SHIPPED)["studies"])
CLAIMS = {"claims/all", "figures/claims"} | VIEW
ON_TRAINED = ["confusion", "agreement"]
ON_LINEAR = ["closed_form", "learning_rate", "maximum_likelihood", "minibatches"]
ON_IMAGES = ["images", "vanishing_gradients", "affine_collapse", "selection", "selection_test"]
ON_POLYNOMIALS = ["capacity", "sample_size"]
SEEDED = {*STUDIES} - {*ON_TRAINED, "activations", "maximum_likelihood"}


def studied(*studies):
    """Running studies again draws their figures again, and puts the claims to the test again."""
    more = ["selection_test"] if "selection" in studies else []
    names = {*studies, *more}
    return {f"{stage}/{name}" for stage in ("study", "figures") for name in names} | CLAIMS


def other(value):
    """Give another valid value of a setting."""
    return value[:-1] if isinstance(value, list) else value * 2


STUDY_CHANGES = [
    *(
        ({"studies": {name: {key: other(value)}}}, studied(name))
        for name, settings in validate(SHIPPED)["studies"].items()
        for key, value in settings.items()
    ),
    *(
        ({"studies": {name: None}}, studied(name) if name != "selection" else None)
        for name in STUDIES
    ),
    ({"claims": False}, CLAIMS),
    ({"seed": 1}, ALL_GENERATED | both(*MODELS) | studied(*SEEDED, *ON_LINEAR, *ON_TRAINED)),
    ({"replicates": 6}, trained(*MODELS) | studied(*ON_TRAINED)),
    ({"folds": 6}, validated(*MODELS) | CLAIMS),
    *(
        ({"models": {model: {"epochs": 7}}}, both(model) | studied(*ON_TRAINED))
        for model in (LINEAR[0], IMAGES[0], POLYNOMIAL[0])
    ),
    (
        {"datasets": {"linear": {"examples": 999}}},
        generated("linear", "train") | both(*LINEAR) | studied(*ON_LINEAR, *ON_TRAINED),
    ),
    (
        {"datasets": {"linear": {"test_examples": 999}}},
        generated("linear", "test") | trained(*LINEAR) | studied(*ON_TRAINED),
    ),
    (
        {"datasets": {"polynomial": {"noise": 0.2}}},
        generated("polynomial", *HALVES)
        | both(*POLYNOMIAL)
        | studied(*ON_POLYNOMIALS, *ON_TRAINED),
    ),
    ({"figures": {"images": 33}}, GRID | VIEW),
    ({"datasets": {"fashion_mnist": {"sources": [{"url": "https://example.org/"}]}}}, set()),
]
STUDY_CODE = [
    *((f"studies/{name}.py", studied(name)) for name in STUDIES),
    ("studies/_polynomials.py", studied(*ON_POLYNOMIALS)),
    ("stages/study.py", studied(*STUDIES)),
    ("claims/model_selection.py", CLAIMS),
    ("claims/claim.py", CLAIMS),
    ("stages/claims.py", CLAIMS),
    ("figures/capacity.py", {"figures/capacity"} | VIEW),
    ("figures/claims.py", {"figures/claims"} | VIEW),
    ("sections.py", set()),
]


@pytest.fixture(scope="module")
def before_all():
    return keys(config=SHIPPED)


def test_the_shipped_configuration_runs_every_study_and_draws_it(before, before_all):
    assert {*before_all} - {*before} == studied(*STUDIES) - VIEW
    modules = (ROOT / "d2l_lab/studies").glob("[a-z]*.py")
    assert {path.stem for path in modules} - {"given"} == {*STUDIES}


@pytest.mark.parametrize(
    ("change", "expected"),
    [pytest.param(*row, id=str(row[0])) for row in STUDY_CHANGES if row[1] is not None],
)
def test_a_change_touches_just_the_studies_that_rest_on_it(before_all, change, expected):
    assert touched(before_all, keys(change, config=SHIPPED)) == expected


@pytest.mark.parametrize(("path", "expected"), STUDY_CODE)
def test_a_change_of_the_code_touches_just_the_studies_that_rest_on_it(
    before_all, keys_of_copy, path, expected
):
    after = keys_of_copy(path, "\n\ndef added():\n    return 1\n", SHIPPED)
    assert touched(before_all, after) == expected


def test_a_study_that_needs_another_one_is_refused_without_it():
    with pytest.raises(LabError) as error:
        keys({"studies": {"selection": None}}, config=SHIPPED)
    assert str(error.value) == (
        "config.yaml: studies.selection_test: builds on the study selection, which is left out; "
        "put studies.selection back, or leave this one out too"
    )


def test_the_test_set_is_no_ingredient_of_a_selection():
    plan = Plan(validate(SHIPPED), ["cpu"])
    waiting = [plan["study", "selection"]]
    while waiting:
        result = waiting.pop()
        assert not result.name.endswith("_test")
        waiting += [one for ones in result.inputs.values() for one in ones]
    assert "test" not in str(plan["study", "selection"].ingredients["inputs"])


def test_datasets_that_a_study_alone_uses_are_made_too():
    config = {"models": {"polynomial_normal": CONFIG["models"]["polynomial_normal"]}}
    config |= {"studies": {"closed_form": {}}}
    made = Plan(validate(config), ["cpu"]).stage("generate")
    assert [one.name for one in made if "linear" in one.name] == ["linear_train", "linear_test"]


# Shards

SHARDS = {
    f"{stage}/{model}.cpu.{numbers}"
    for stage in ("train", "kfold")
    for model in MODELS
    for numbers in ("0-1", "2-3", "4-4")
}


def test_shards_are_added_and_touch_nothing(before_all):
    assert touched(before_all, keys({"replicas_per_job": 2}, config=SHIPPED)) == SHARDS


def test_shards_touch_neither_the_book_nor_the_figure_of_the_workflow():
    config = SHIPPED | {"book": {"languages": ["en"]}}
    found = touched(keys(config=config), keys({"replicas_per_job": 2}, config=config))
    assert found == SHARDS


@pytest.mark.parametrize("size", [None, 5, 6, 100])
def test_a_training_that_fits_into_one_job_is_one(before_all, size):
    assert keys({"replicas_per_job": size}, config=SHIPPED) == before_all


def test_more_replicates_add_shards_and_keep_those_that_are_full():
    few, many = (keys({"replicas_per_job": 2, "replicates": count}) for count in (5, 8))
    shards = {name for name in touched(few, many) if name.startswith("train/mlp_scratch.cpu.")}
    assert shards == {f"train/mlp_scratch.cpu.{numbers}" for numbers in ("4-4", "4-5", "6-7")}


def test_shards_are_made_before_the_whole_and_are_no_inputs_of_what_follows():
    plan = Plan(validate(merged(CONFIG, {"replicas_per_job": 2})), ["cpu"])
    whole = plan["train", "mlp_scratch.cpu"]
    assert [one.name for one in whole.shards] == [
        f"{whole.name}.{n}" for n in ("0-1", "2-3", "4-4")
    ]
    assert {*whole.shards} <= {*plan.missing(lambda one: False)}
    assert not {*whole.shards} & {*plan.missing(lambda one: one is whole)}
    assert not any(one.is_shard for one in plan.stage("train"))
    assert not any(one.is_shard for one in plan["tables", "all"].needs)


# Places


def test_find_gives_what_is_in_the_plan():
    plan = Plan(validate(CONFIG), ["cpu"])
    for result in plan.results.values():
        assert plan.find(result.stage, result.name, result.key) is result
        assert result.mark == f"results/store/{result.reference}/provenance.json"


@pytest.mark.parametrize(
    "place",
    [
        "train/mlp_scratch.cpu/0123456789abcdef",
        "train/mlp_scratch.mps/{key}",
        "kfold/mlp_scratch.cpu/{key}",
        "nothing/mlp_scratch.cpu/{key}",
        "train/../{key}",
    ],
)
def test_find_refuses_what_is_not_in_the_plan(place):
    plan = Plan(validate(CONFIG), ["cpu"])
    place = place.format(key=plan["train", "mlp_scratch.cpu"].key)
    with pytest.raises(LabError, match=f"^{place}: config.yaml asks for no such result$"):
        plan.find(*place.split("/"))


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "/etc", "a.b", "A", "", "a\n", "-a", "a b"])
def test_a_name_that_could_leave_the_store_is_refused(name):
    model = {"module": "mlp.scratch", "dataset": "fashion_mnist"}
    with pytest.raises(LabError, match="is not a model name"):
        validate({"models": {name: model}})


@given(
    *[st.tuples(st.from_regex(MODEL_NAME, fullmatch=True), st.from_regex(DEVICE, fullmatch=True))]
    * 2
)
def test_each_model_and_device_has_a_place_of_its_own_inside_the_store(one, other):
    place = place_of(*one)
    assert not {*place} & {*"/\\:\0\n "}
    assert not place.startswith(".")
    assert (place == place_of(*other)) == (one == other)


def test_the_patterns_above_are_those_of_the_configuration():
    schema = yaml.safe_load((ROOT / "schemas/config.schema.yaml").read_text("utf-8"))["properties"]
    assert schema["models"]["propertyNames"]["pattern"] == f"^{MODEL_NAME}$"
    assert schema["devices"]["items"]["pattern"] == f"^({DEVICE})$".replace("cpu|", "cpu|auto|")


# What `make bench` has measured


def measure(folder, **tables):
    """Leave tables as `make bench` does."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)


def test_what_was_measured_is_shown_with_the_figures_that_it_suffices_for(monkeypatch, tmp_path):
    monkeypatch.setattr(benchmarks, "FOLDER", tmp_path / "benchmarks")
    before = keys()
    measure(tmp_path / "benchmarks", jobs="a", scale="b")
    assert touched(before, keys()) == {"benchmark/all", "figures/benchmark_jobs", *VIEW}
    files = Plan(validate(CONFIG), ["cpu"])["benchmark", "all"].files
    assert files == ("benchmark_jobs.csv", "benchmark_scale.csv")


def test_to_measure_again_touches_just_what_shows_it(monkeypatch, tmp_path):
    monkeypatch.setattr(benchmarks, "FOLDER", tmp_path / "benchmarks")
    measure(tmp_path / "benchmarks", training="a")
    with_book = {"book": {"languages": ["en"]}}
    before = keys(with_book)
    measure(tmp_path / "benchmarks", training="b")
    shown = {"benchmark/all", "figures/benchmark_training", "record/all", "notebook/benchmarks"}
    on_record = {"notebook/index"}
    assert touched(before, keys(with_book)) == shown | on_record | {"book/en", *VIEW}
