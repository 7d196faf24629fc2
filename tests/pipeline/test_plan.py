"""The plan lists the results of a configuration; each change affects only some of them."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checkout import NO_BOOK, merged
from d2l_lab.config import validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan, make_plan, read_config, training_name
from d2l_lab.store import code, keys, layout
from d2l_lab.store.code import ROOT
from d2l_lab.tables import benchmarks

SHIPPED = yaml.safe_load((ROOT.parent / "config.yaml").read_text("utf-8"))
# as many replicates for every model
ALIKE = {"models": {name: {"replicates": None} for name in SHIPPED["models"]}}
CONFIG = merged(SHIPPED, ALIKE) | {"book": NO_BOOK}
MODEL_NAME = r"[a-z][a-z0-9_]{0,63}"
DEVICE = r"cpu|mps|cuda(:(0|[1-9][0-9]*))?"

LINEAR = ["linear_regression_scratch", "linear_regression_concise"]
IMAGES = ["softmax_regression_scratch", "softmax_regression_concise", "mlp_scratch", "mlp_concise"]
POLYNOMIAL = ["polynomial_normal", "polynomial_underfit", "polynomial_overfit"]
MODELS = [*LINEAR, *IMAGES, *POLYNOMIAL]
SCRATCH = [model for model in MODELS if model.endswith("scratch")]

STUDIES = list(validate(CONFIG)["studies"])
ON_TRAINED = ["confusion", "uncertainty", "agreement"]
ON_LINEAR = ["closed_form", "learning_rate", "maximum_likelihood", "minibatches"]
ON_IMAGES = [
    "images",
    "plain_loop",
    "vanishing_gradients",
    "affine_collapse",
    "weight_images",
    "selection",
    "selection_test",
]
ON_IMAGES += ["hyperparameters", "hyperparameters_test", "exercises_softmax", "exercises_mlp"]
TESTED_POLYNOMIALS = ["capacity", "sample_size", "weight_decay"]
ON_POLYNOMIALS = ["polynomial_terms", "redrawn", *TESTED_POLYNOMIALS]
ON_POLYNOMIAL_TRAIN = ["polynomial_terms", "redrawn", "capacity", "weight_decay"]
TESTED_BY = {name: f"{name}_test" for name in ("selection", "hyperparameters")}
SEEDED = {*STUDIES} - {"activations", "maximum_likelihood"}

# What a change affects: names of results, and of groups of results that change together

CLAIMS = {"claims/all", "figures/claims"}
TABLES = {"tables/all", "figures/test_accuracy"} | CLAIMS
GRID, FITS = {"figures/fashion_mnist_image_grid"}, {"figures/polynomial_fits"}
DOWNLOADED = {"download/fashion_mnist"}
PREPARED = {"prepare/fashion_mnist_train", "prepare/fashion_mnist_test"}


def figures(kind, models):
    return {f"figures/{kind}_{model}" for model in models}


def predictions(*models):
    return figures("predictions", {*models} & {*IMAGES, "new_classifier"})


def studied(*studies):
    """Return what follows from studies that run again: their figures and the claims."""
    names = {*studies} | {TESTED_BY[name] for name in TESTED_BY.keys() & {*studies}}
    return {f"{stage}/{name}" for stage in ("study", "figures") for name in names} | CLAIMS


def trained(*models):
    """Return what follows from models that are trained again: figures, tables and summaries."""
    fits = FITS if {*models} & {*POLYNOMIAL} else set()
    drawn = figures("training", models) | predictions(*models) | fits
    return {f"train/{model}.cpu" for model in models} | drawn | TABLES | studied(*ON_TRAINED)


def validated(*models):
    return {f"kfold/{model}.cpu" for model in models} | figures("kfold", models) | TABLES


def both(*models):
    return trained(*models) | validated(*models)


def generated(dataset, *splits):
    return {f"generate/{dataset}_{split}" for split in splits or ("train", "test")}


def of_linear(*splits):
    return generated("linear", *splits) | both(*LINEAR) | studied(*ON_LINEAR)


def of_polynomial(*studies):
    return generated("polynomial") | both(*POLYNOMIAL) | studied(*studies)


OF_IMAGES = PREPARED | both(*IMAGES) | GRID | studied(*ON_IMAGES)
CURVES = figures("training", MODELS) | figures("kfold", MODELS)
FIGURES = CURVES | predictions(*IMAGES) | GRID | FITS | {"figures/test_accuracy", "figures/claims"}
FIGURES |= {f"figures/{name}" for name in STUDIES}
EVERYTHING = DOWNLOADED | OF_IMAGES | of_linear() | of_polynomial() | studied(*STUDIES)


def plan(changes=None, devices=("cpu",)):
    return Plan(validate(merged(CONFIG, changes or {})), devices)


def planned(changes=None, devices=("cpu",)):
    """Plan a configuration with changes; return each result's key by its name."""
    results = plan(changes, devices).results
    return {f"{stage}/{name}": result.key for (stage, name), result in results.items()}


@pytest.fixture(scope="module")
def before():
    return planned()


def touched(before, after):
    """List the results that are new, gone, or made from something else.

    Snakemake's report is left out: it shows all other results, and the configuration.
    """
    return {name for name, _ in {*before.items()} ^ {*after.items()}} - {"report/all"}


# The shipped configuration


def test_the_plan_is_complete(before):
    assert {*before} == EVERYTHING | {"report/all"}
    modules = (ROOT / "d2l_lab/studies").glob("[a-z]*.py")
    assert {path.stem for path in modules} - {"given"} == {*STUDIES}


def test_each_figure_is_drawn_in_the_other_languages_of_the_book_with_their_own_words():
    def figures(languages):
        return {r.name: r for r in plan({"book": {"languages": languages}}).stage("figures")}

    english, translated = figures(["en"]), figures(["zh"])
    for name, result in english.items():
        files = [f"results/figures/{name}.{ending}" for ending in ("svg", "png")]
        assert [*result.plain_names] == files
        assert [*translated[name].plain_names] == [*files, f"results/figures/zh/{name}.svg"]
        words = {"d2l_lab.figures.languages", "d2l_lab.figures.languages.zh"}
        code = translated[name].ingredients["code"]
        assert {*code} - {*result.ingredients["code"]} == words


def test_every_model_is_trained_and_cross_validated_on_every_device():
    results = plan(devices=["cpu", "cuda:0"])
    names = [f"{model}.{device}" for model in MODELS for device in ("cpu", "cuda0")]
    assert [result.name for result in results.stage("train")] == names
    assert [result.name for result in results.stage("kfold")] == names


def test_a_result_comes_after_everything_that_it_needs():
    made = set()
    for result in plan({"replicas_per_job": 2}, ["cpu", "mps"]).results.values():
        assert {*result.needs} <= made
        made.add(result)


def test_each_file_that_people_read_has_its_own_plain_name():
    results = plan({"book": {"languages": ["en", "zh"]}})
    names = [name for result in results.shown for name in result.plain_names]
    assert len(names) == len({*names})
    stages = {result.stage for result in results.results.values() if result.plain_names}
    assert stages == {result.stage for result in results.shown}
    assert stages.isdisjoint({"download", "prepare", "generate", "train", "kfold"})


def test_the_report_and_the_record_depend_on_everything_that_is_shown():
    results = plan({"book": {"languages": ["en"]}})
    (report,) = results.stage("report")
    assert {*report.inputs["shown"]} == {*results.shown} - {report}
    before_record = {*results.stage("tables"), *results.stage("study"), *results.stage("claims")}
    assert before_record <= {*results["record", "all"].inputs["shown"]}


@pytest.mark.parametrize("name", [f"kfold/{model}.cpu" for model in MODELS] + ["study/selection"])
def test_no_choice_depends_on_a_test_set(name):
    waiting = [plan()[tuple(name.split("/"))]]
    while waiting:
        result = waiting.pop()
        assert not result.name.endswith("_test")
        assert "test" not in result.inputs
        waiting += result.needs


def test_only_datasets_that_a_model_or_a_study_uses_are_made():
    config = {"models": {"polynomial_normal": CONFIG["models"]["polynomial_normal"]}}
    config |= {"studies": {"closed_form": {}}}
    made = Plan(validate(config), ["cpu"]).results
    data = {f"{stage}/{name}" for stage, name in made if stage in ("download", "generate")}
    assert data == generated("polynomial") | generated("linear")


def test_a_study_that_needs_another_one_is_refused_without_it():
    with pytest.raises(LabError) as error:
        plan({"studies": {"selection": None}})
    assert str(error.value) == (
        "config.yaml: studies.selection_test: needs the study selection, which is left out; "
        "put studies.selection back, or leave this one out too"
    )


# A change of the configuration

OTHER = {
    "epochs": 7,
    "batch_size": 13,
    "optimizer": "adam",
    "learning_rate": 0.02,
    "momentum": 0.5,
    "weight_decay": 0.1,
    "features": 1,
    "evaluate_every": 3,
    "evaluate_train": None,
    "hidden_units": 17,
}
MODEL_CHANGES = [
    ({"models": {model: {key: value}}}, both(model))
    for model, keys_without in (
        (LINEAR[0], ("hidden_units",)),
        ("mlp_scratch", ("features", "evaluate_train")),
        (POLYNOMIAL[0], ("hidden_units",)),
    )
    for key, value in OTHER.items()
    if key not in keys_without
] + [({"models": {"mlp_scratch": {"evaluate_train": True}}}, both("mlp_scratch"))]


def other(value):
    """Return another valid value of a study's setting."""
    return value[:-1] if isinstance(value, list) else value * 2


def dataset(name, **changes):
    return [{"datasets": {name: {key: value}}} for key, value in changes.items()]


CHANGES = [
    ({"seed": 1}, of_linear() | of_polynomial() | both(*MODELS) | studied(*SEEDED, *ON_LINEAR)),
    ({"replicates": 6}, trained(*MODELS)),
    ({"models": {"mlp_concise": {"replicates": 6}}}, trained("mlp_concise")),
    ({"folds": 6}, validated(*MODELS)),
    ({"claims": False}, CLAIMS),
    ({"figures": {"dpi": 151}}, FIGURES),
    ({"figures": {"images": 33}}, GRID),
    *((change, set()) for change in dataset("fashion_mnist", sources=[{"url": "https://a.org/"}])),
    *(
        (change, DOWNLOADED | OF_IMAGES)
        for change in dataset("fashion_mnist", sha256={"t10k-labels-idx1-ubyte": "0" * 64})
    ),
    *((change, OF_IMAGES) for change in dataset("fashion_mnist", classes=[*"0123456789"])),
    *(
        (change, of_linear() | studied("redrawn"))
        for change in dataset("linear", weights=[2, -3.5], bias=4, noise=0.1)
    ),
    *(
        (change, of_linear("train") | studied("redrawn"))
        for change in dataset("linear", examples=999)
    ),
    *(
        (change, generated("linear", "test") | trained(*LINEAR))
        for change in dataset("linear", test_examples=999)
    ),
    *(
        (change, of_polynomial(*ON_POLYNOMIALS, "exercises_mlp"))
        for change in dataset("polynomial", weights=[5, 1.2, -3.4], max_degree=21, noise=0.2)
    ),
    *(
        (change, of_polynomial(*ON_POLYNOMIAL_TRAIN) - generated("polynomial", "test"))
        for change in dataset("polynomial", examples=99)
    ),
    *(
        (
            change,
            generated("polynomial", "test") | trained(*POLYNOMIAL) | studied(*TESTED_POLYNOMIALS),
        )
        for change in dataset("polynomial", test_examples=99)
    ),
    *MODEL_CHANGES,
    ({"models": {"mlp_scratch": {"module": "mlp.concise"}}}, both("mlp_scratch")),
    ({"models": {"mlp_scratch": None}}, both("mlp_scratch")),
    (
        {"models": {"new_classifier": {"module": "mlp.scratch", "dataset": "fashion_mnist"}}},
        both("new_classifier"),
    ),
    (
        {"models": {"new": {"module": "linear_regression.scratch", "dataset": "linear"}}},
        both("new"),
    ),
    *(
        ({"studies": {name: {key: other(value)}}}, studied(name))
        for name, settings in validate(CONFIG)["studies"].items()
        for key, value in settings.items()
    ),
    *(({"studies": {name: None}}, studied(name)) for name in STUDIES if name not in TESTED_BY),
    ({"replicas_per_job": 5}, set()),  # all of them
]


@pytest.mark.parametrize(
    ("change", "expected"), [pytest.param(*row, id=str(row[0])) for row in CHANGES]
)
def test_a_change_of_the_configuration_affects_exactly_what_depends_on_it(before, change, expected):
    assert touched(before, planned(change)) == expected


def test_every_setting_of_a_model_and_a_dataset_is_tried():
    config = validate(CONFIG)
    for part in ("models", "datasets"):
        tried = {
            key
            for change, _ in CHANGES
            for own in change.get(part, {}).values()
            for key in own or {}
        }
        assert {key for own in config[part].values() for key in own} - tried <= {"dataset", "kind"}


def test_another_device_adds_its_trainings_and_affects_no_others(before):
    added = {f"{stage}/{model}.mps" for stage in ("train", "kfold") for model in MODELS}
    named = {f"{figure}.{device}" for figure in CURVES for device in ("cpu", "mps")}
    found = touched(before, planned(devices=["cpu", "mps"]))
    assert found == added | TABLES | CURVES | named | studied(*ON_TRAINED)


def test_a_setting_written_out_is_the_same_as_its_default(before):
    assert planned({"models": {"mlp_scratch": {"epochs": None, "hidden_units": None}}}) == before
    assert planned({"models": {"mlp_scratch": {"features": None}}, "seed": 0.0}) == before
    assert planned({"models": {"mlp_scratch": {"hidden_units": [256]}}}) == before


def test_the_order_of_a_models_settings_does_not_matter(before):
    model = dict(reversed(CONFIG["models"]["mlp_scratch"].items()))
    config = validate(CONFIG | {"models": CONFIG["models"] | {"mlp_scratch": model}})
    assert Plan(config, ["cpu"])["report", "all"].key == before["report/all"]


def test_the_order_of_models_affects_the_tables_but_not_the_training(before):
    config = validate(CONFIG | {"models": dict(reversed(CONFIG["models"].items()))})
    after = {"/".join(name): result.key for name, result in Plan(config, ["cpu"]).results.items()}
    assert touched(before, after) == TABLES | FITS | studied(*ON_TRAINED)


def test_the_report_keeps_the_order_of_models_wherever_they_are_configured():
    """Snakemake plans the report again from a file; another order would mean other results."""
    config = CONFIG | {"models": dict(reversed(CONFIG["models"].items()))}
    made = Plan(validate(config), ["cpu"])
    again = json.loads(made["report", "all"].unkeyed["config"])
    assert Plan(validate(again), ["cpu"])["report", "all"].key == made["report", "all"].key


# A change of the code, and of a library

MODEL_CODE = {  # except studies, which also use it
    "models.mlp.scratch": both("mlp_scratch"),
    "models.softmax_regression.concise": both("softmax_regression_concise"),
    "models.linear_regression.scratch": both("linear_regression_scratch"),
    "models.polynomial_regression.concise": both(*POLYNOMIAL),
    "training.fit": both(*MODELS),
    "training.folds": validated(*MODELS),
}
CODE = {
    "stages.train": trained(*MODELS),
    "stages.kfold": validated(*MODELS),
    "stages.replicas": both(*MODELS),
    "stages.generate": of_linear() | of_polynomial(),
    "datasets.linear": of_linear() | studied("redrawn"),
    "datasets.polynomial": of_polynomial(*ON_POLYNOMIALS),
    "datasets.fashion_mnist": OF_IMAGES,
    "datasets.idx": OF_IMAGES,
    "datasets.files": OF_IMAGES,
    "stages.prepare": OF_IMAGES,
    "datasets.sources": set(),
    "stages.download": set(),
    "tables.parameters": TABLES,
    "stages.tables": TABLES,
    "figures.predictions": predictions(*IMAGES),
    "figures.training_curves": figures("training", MODELS),
    "figures.capacity": {"figures/capacity"},
    "figures.claims": {"figures/claims"},
    "figures.style": FIGURES,
    "stages.figures": FIGURES,
    **{f"studies.{name}": studied(name) for name in STUDIES},
    "studies._polynomials": studied(*ON_POLYNOMIALS),
    "studies.minibatches": studied("minibatches", "exercises_linear"),
    "stages.study": studied(*STUDIES),
    "claims.model_selection": CLAIMS,
    "claims.claim": CLAIMS,
    "stages.claims": CLAIMS,
}
PLUMBING = ("config", "errors", "forkserver", "pipeline", "stages.job", "stages.runner")
PLUMBING += ("store", "tools")


@pytest.fixture
def edited(monkeypatch):
    """Pretend that all code in some modules or packages, and a library, has changed."""

    def edit(*names, library=""):
        below = tuple(f"d2l_lab.{name}." for name in names)

        def code_of(*arguments, **more):
            found = code.code_of(*arguments, **more)
            changed = {name: "edited" for name in found.modules if f"{name}.".startswith(below)}
            newer = {library: "0"} if library in found.libraries else {}
            return found._replace(
                modules=found.modules | changed, libraries=found.libraries | newer
            )

        monkeypatch.setattr(keys, "code_of", code_of)

    return edit


@pytest.mark.parametrize(
    ("module", "expected"),
    [*MODEL_CODE.items(), *CODE.items(), *((name, set()) for name in PLUMBING)],
)
def test_an_edit_of_the_code_affects_exactly_what_depends_on_it(before, edited, module, expected):
    assert code.source_of(f"d2l_lab.{module}")
    edited(module)
    apart = studied(*STUDIES) if module in MODEL_CODE else set()
    assert touched(before, planned()) - apart == expected - apart


def test_the_keys_of_the_book_and_the_report_do_not_cover_plumbing_either(edited):
    with_book = {"book": {"languages": ["en"]}}
    before = planned(with_book)
    edited(*PLUMBING)
    assert planned(with_book) == before


def test_another_format_of_the_store_affects_everything(before, monkeypatch):
    monkeypatch.setattr(keys, "FORMAT", keys.FORMAT + 1)
    assert touched(before, planned()) == EVERYTHING


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        ("torch", both(*MODELS)),
        ("torchvision", studied("images")),
        ("scipy", TABLES),
        ("matplotlib", FIGURES),
        ("requests", set()),
        ("snakemake", set()),
    ],
)
def test_another_version_of_a_library_affects_what_uses_it(before, edited, library, expected):
    edited(library=library)
    found = touched(before, planned())
    assert expected <= found
    assert found <= expected | CLAIMS | {f"study/{s}" for s in STUDIES} | FIGURES


# Shards

SHARDS = {
    f"{stage}/{model}.cpu.{numbers}"
    for stage in ("train", "kfold")
    for model in MODELS
    for numbers in ("0-1", "2-3", "4-4")
}


def test_shards_are_added_and_affect_nothing_not_even_the_book():
    book = {"book": {"languages": ["en"]}}
    assert touched(planned(book), planned({"replicas_per_job": 2, **book})) == SHARDS


def test_more_replicates_add_shards_and_keep_those_that_are_full():
    few, many = (planned({"replicas_per_job": 2, "replicates": count}) for count in (5, 8))
    shards = {name for name in touched(few, many) if name.startswith("train/mlp_scratch.cpu.")}
    assert shards == {f"train/mlp_scratch.cpu.{numbers}" for numbers in ("4-4", "4-5", "6-7")}


def test_shards_are_made_before_the_whole_and_no_later_result_reads_them():
    results = plan({"replicas_per_job": 2})
    whole = results["train", "mlp_scratch.cpu"]
    names = [f"{whole.name}.{numbers}" for numbers in ("0-1", "2-3", "4-4")]
    assert [shard.name for shard in whole.shards] == names
    assert {*whole.shards} <= {*results.missing(lambda result: False)}
    assert not {*whole.shards} & {*results.missing(lambda result: result is whole)}
    assert not any(result.is_shard for result in results.stage("train"))
    assert not any(result.is_shard for result in results["tables", "all"].needs)


# Folders


def test_find_returns_what_is_in_the_plan():
    results = plan()
    for result in results.results.values():
        assert results.find(result.stage, result.name, result.key) is result
        assert result.provenance == Path("results/store", result.reference, layout.PROVENANCE)


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
def test_find_refuses_what_is_not_in_the_plan(before, place):
    place = place.format(key=before["train/mlp_scratch.cpu"])
    with pytest.raises(LabError, match=f"^{place}: not a result that config.yaml asks for$"):
        plan().find(*place.split("/"))


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "/etc", "a.b", "A", "", "a\n", "-a", "a b"])
def test_a_name_that_could_leave_the_store_is_refused(name):
    model = {"module": "mlp.scratch", "dataset": "fashion_mnist"}
    with pytest.raises(LabError, match="is not a model name"):
        validate({"models": {name: model}})


@given(
    *[st.tuples(st.from_regex(MODEL_NAME, fullmatch=True), st.from_regex(DEVICE, fullmatch=True))]
    * 2
)
def test_each_model_and_device_has_its_own_place_inside_the_store(training, another):
    name = training_name(*training)
    assert not {*name} & {*"/\\:\0\n "}
    assert not name.startswith(".")
    assert (name == training_name(*another)) == (training == another)


def test_the_patterns_above_are_those_of_the_schema():
    schema = yaml.safe_load((ROOT / "schemas/config.schema.yaml").read_text("utf-8"))["properties"]
    assert schema["models"]["propertyNames"]["pattern"] == f"^{MODEL_NAME}$"
    assert schema["devices"]["items"]["pattern"] == f"^({DEVICE})$".replace("cpu|", "cpu|auto|")


# Measurements of `make bench`


def measure(folder, **tables):
    """Write tables as `make bench` does."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)


def test_benchmarks_are_shown_with_the_figures_that_they_suffice_for(before, monkeypatch, tmp_path):
    monkeypatch.setattr(benchmarks, "FOLDER", tmp_path / "benchmarks")
    measure(tmp_path / "benchmarks", jobs="a", scale="b")
    assert touched(before, planned()) == {"benchmark/all", "figures/benchmark_jobs"}
    files = plan()["benchmark", "all"].files
    assert files == ("benchmark_jobs.csv", "benchmark_scale.csv")


def test_measuring_again_affects_only_what_shows_the_benchmarks(monkeypatch, tmp_path):
    monkeypatch.setattr(benchmarks, "FOLDER", tmp_path / "benchmarks")
    measure(tmp_path / "benchmarks", training="a")
    with_book = {"book": {"languages": ["en"]}}
    before = planned(with_book)
    measure(tmp_path / "benchmarks", training="b")
    shown = {"benchmark/all", "figures/benchmark_training", "record/all", "notebook/benchmarks"}
    shown |= {"notebook/index", "notebook/checklist", "book/en"}
    assert touched(before, planned(with_book)) == shown


# Configuration files of a checkout


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT.parent / "config.yaml", "config.yaml")


@pytest.mark.usefixtures("folder")
def test_a_file_overrides_the_configuration_key_by_key():
    Path("more.yaml").write_text(
        "models: {mlp_scratch: {epochs: 3}}\ndevices: [cpu]\n", encoding="utf-8"
    )
    before, after = read_config([]), read_config([Path("more.yaml")])
    assert before["models"]["mlp_scratch"]["epochs"] == 10
    before["models"]["mlp_scratch"]["epochs"] = 3
    assert after == before


def test_the_plan_keeps_the_order_of_the_file_whatever_overrides_it():
    models = CONFIG["models"]
    overlaid = CONFIG | {"models": {"mlp_concise": models["mlp_concise"]} | models}
    plans = [make_plan(config, CONFIG) for config in (overlaid, CONFIG)]
    assert plans[0]["report", "all"].key == plans[1]["report", "all"].key


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", [None, "a: [", "- 1", "__use_yte__: true"])
def test_a_file_that_cannot_override_the_configuration_is_named(text):
    if text is not None:
        Path("more.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LabError, match=r"^more.yaml: "):
        read_config([Path("more.yaml")])


# Sweeps


def swept(**values):
    return plan({"sweeps": {"rates": {"model": "mlp_scratch", **values}}})


def test_a_point_that_is_a_model_uses_its_training_and_the_others_are_trained_together():
    results = swept(learning_rate=[0.03, 0.1, 0.3], hidden_units=[64, 256])
    points = results["sweeps", "all"].inputs["train_rates"]
    assert len(points) == 6
    assert results["train", "mlp_scratch.cpu"] in points
    batches = results.batches.values()
    own = [sorted(point.settings["learning_rate"] for point in batch) for batch in batches]
    assert own == [[0.03, 0.1, 0.3], [0.03, 0.3]] * 2
    assert {point.name for point in points} == {"mlp_scratch.cpu"}
    assert [result.name for result in results.stage("train")] == [
        f"{model}.cpu" for model in MODELS
    ]


def test_points_that_differ_only_in_the_key_of_another_optimiser_are_one():
    results = swept(optimizer=["sgd", "adam"], momentum=[0, 0.9])
    points = [point.settings for point in results["sweeps", "all"].inputs["kfold_rates"]]
    told = [(point["optimizer"], point.get("momentum")) for point in points]
    assert told == [("sgd", 0.0), ("sgd", 0.9), ("adam", None)]


# A user's data


@pytest.fixture
def houses(tmp_path):
    """A table outside of the project, and the entries that train a model on it."""
    path = tmp_path / "houses.csv"
    path.write_text("area,price\n" + "".join(f"{n},{n * n}\n" for n in range(20)))
    model = {"module": "linear_regression.scratch", "dataset": "houses"}
    settings = {"kind": "csv", "file": str(path), "target": "price"}
    return path, {"datasets": {"houses": settings}, "models": {"own": model}}


OF_HOUSES = {"prepare/houses_train", "prepare/houses_test"} | both("own")


def test_a_users_table_adds_its_halves_and_the_results_of_its_models(before, houses):
    assert touched(before, planned(houses[1])) == OF_HOUSES


def test_the_keys_cover_the_content_of_a_table_but_not_its_path_or_compression(houses, tmp_path):
    path, changes = houses
    there = planned(changes)
    moved = tmp_path / "elsewhere.csv.gz"
    moved.write_bytes(gzip.compress(path.read_bytes()))
    place = {"datasets": {"houses": {"file": str(moved)}}}
    assert touched(there, planned(merged(changes, place))) == set()
    for key, other in (("test_fraction", 0.5), ("standardise", False), ("features", ["area"])):
        change = {"datasets": {"houses": {key: other}}}
        assert touched(there, planned(merged(changes, change))) == OF_HOUSES
    path.write_text(path.read_text() + "20,400\n")
    assert touched(there, planned(changes)) == OF_HOUSES


def test_nothing_in_a_book_reveals_where_the_users_files_are(houses):
    with_book = merged(CONFIG | {"book": {"languages": ["en"]}}, houses[1])
    made = Plan(validate(with_book), ["cpu"])
    (book,) = made.stage("book")
    assert book.settings["config"]["datasets"]["houses"]["file"] == "houses.csv"
    for result in made.results.values():
        assert str(houses[0].parent) not in str(result.settings)


def test_two_datasets_of_a_kind_are_distinct_and_studies_take_the_one_of_the_notes(before):
    noisy = {"datasets": {"noisy": {"kind": "linear", "noise": 1}}}
    noisy["models"] = {"own": {"module": "linear_regression.scratch", "dataset": "noisy"}}
    assert touched(before, planned(noisy)) == generated("noisy") | both("own")


def test_a_name_that_two_results_would_share_is_refused():
    images = {"kind": "fashion_mnist"}
    changes = {"datasets": {"training": images}, "models": {}}
    for name in ("image_grid", "other"):
        changes["models"][name] = {"module": "mlp.scratch", "dataset": "training"}
    with pytest.raises(LabError, match="two results are called figures/training_image_grid; give "):
        plan(changes)
