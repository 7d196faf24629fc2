"""From the configuration to all results that it asks for, and the key of each."""

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from d2l_lab.book import page_requests
from d2l_lab.book.sources import BOOK, PACKAGES, digests, files_below
from d2l_lab.config import study
from d2l_lab.errors import LabError
from d2l_lab.stages import shards
from d2l_lab.store import keys, layout
from d2l_lab.store.code import ROOT, version
from d2l_lab.tables import benchmarks

CAPTIONS = ROOT / "report"
FASHION_MNIST = "fashion_mnist"
SYNTHETIC = ("linear", "polynomial")
TABLES = ("models", "training", "summary", "kfold", "kfold_summary", "parameters", "timing")
PREDICTED_IMAGES = 20  # enough for every classifier to be wrong now and then
LOSS_RANGES = {"linear": [1e-4, 1e1], "polynomial": [1e-3, 1e2]}  # of a logarithmic axis (4.4.4)
COMMON = ("epochs", "batch_size", "learning_rate", "features", "evaluate_every", "evaluate_train")


@dataclass(frozen=True, eq=False)
class Result:
    """One result of one stage: a folder in the store.

    Parameters
    ----------
    stage, name : str
        The rule that makes it, and what it is called within the stage.
    settings : dict
        All that the stage is told.
    inputs : dict from a role to results
    files : tuple of str
        Those of its files that people read under plain names.
    shards : tuple of results
        Jobs for some of its replicas each, if it is put together from such. They are made before
        it, and change nothing of it, so they are no ingredients.
    """

    stage: str
    name: str
    settings: dict[str, Any]
    inputs: dict[str, list["Result"]]
    files: tuple[str, ...] = ()
    shards: tuple["Result", ...] = ()

    @property
    def is_shard(self) -> bool:
        """Tell whether this is a part of another result."""
        return shards.ONLY in self.settings

    @property
    def needs(self) -> list["Result"]:
        """The results that must be there before this one can be made."""
        return [*chain(*self.inputs.values()), *self.shards]

    @property
    def ingredients(self) -> dict[str, Any]:
        """All that makes this result; see `keys.ingredients`."""
        inputs = {role: [one.reference for one in results] for role, results in self.inputs.items()}
        return keys.ingredients(self.stage, self.settings, inputs)

    @cached_property
    def key(self) -> str:
        """The digest of all that makes this result, its inputs' keys included."""
        return keys.key(self.ingredients)

    @property
    def reference(self) -> str:
        """The result's place in the store: stage/name/key."""
        return f"{self.stage}/{self.name}/{self.key}"

    @property
    def shelf(self) -> str:
        """The plain folder in which people find the result's files."""
        return layout.view_folder(self.stage)

    @property
    def mark(self) -> str:
        """The path of the file that is there if the result is: its provenance."""
        return str(layout.result_folder(self.reference) / layout.PROVENANCE)


class Plan:
    """Every result that a configuration asks for.

    Parameters
    ----------
    config : mapping
        Valid, with its defaults filled in; see `d2l_lab.config.validate`.
    devices : sequence of str
        The devices to train on, all of them there.

    Attributes
    ----------
    results : dict from (stage, name) to Result
        In the order in which they can be made.
    """

    def __init__(self, config: Mapping[str, Any], devices: Sequence[str]):
        self.config = config
        self.devices = list(devices)
        self.results: dict[tuple[str, str], Result] = {}
        for dataset in self._datasets():
            self._add_dataset(dataset)
        for name, model, device in self._trainings():
            self._add_training(name, model, device)
        for name, settings in config["studies"].items():
            self._add_study(name, settings)
        self._add_tables()
        self._add_claims()
        self._add_benchmark()
        self._add_figures()
        if config["book"]["languages"]:
            self._add_book(config["book"]["languages"])

    def __getitem__(self, stage_and_name: tuple[str, str]) -> Result:
        return self.results[stage_and_name]

    def stage(self, stage: str) -> list[Result]:
        """List the results of one stage; shards are none."""
        return [one for one in self.results.values() if one.stage == stage and not one.is_shard]

    @property
    def shown(self) -> list[Result]:
        """The results that people read, under plain names."""
        return [one for one in self.results.values() if one.files]

    @cached_property
    def view_key(self) -> str:
        """The digest of all that people read: the results shown, how, and under what captions."""
        captions = digests(CAPTIONS.glob("*.rst"))
        return Result("show", "view", {"captions": captions}, {"shown": self.shown}).key

    def find(self, stage: str, name: str, key: str) -> Result:
        """Give the result at a place in the store; `LabError` if the plan has none there."""
        found = self.results.get((stage, name))
        if found is None or found.key != key:
            raise LabError(f"{stage}/{name}/{key}: config.yaml asks for no such result")
        return found

    def missing(self, is_made: Callable[[Result], bool]) -> list[Result]:
        """List the results that must be made before the view can be, in an order that works.

        Parameters
        ----------
        is_made : callable
            Tells whether a result is there. One that is there needs no inputs any more.
        """
        needed: set[Result] = set()
        waiting = list(self.shown)
        while waiting:
            one = waiting.pop()
            if one not in needed and not is_made(one):
                needed.add(one)
                waiting += one.needs
        return [one for one in self.results.values() if one in needed]

    def _add(
        self,
        stage: str,
        name: str,
        settings: dict[str, Any],
        inputs: dict[str, list[Result]] | None = None,
        files: Sequence[str] = (),
        shards: Sequence[Result] = (),
    ) -> Result:
        given = {role: results for role, results in (inputs or {}).items() if results}
        result = Result(stage, name, settings, given, tuple(files), tuple(shards))
        self.results[stage, name] = result
        return result

    def _datasets(self) -> list[str]:
        """List the datasets of which a model or a study needs the examples."""
        of_models = [model["dataset"] for model in self.config["models"].values()]
        given = chain(*(study(name).given for name in self.config["studies"]))
        parts = (role.rpartition("_") for role in given)
        of_studies = [dataset for dataset, _, part in parts if part in ("train", "test", "files")]
        used = dict.fromkeys(of_models + of_studies)
        return [dataset for dataset in used if dataset in self.config["datasets"]]

    def _add_dataset(self, dataset: str) -> None:
        config = self.config["datasets"][dataset]
        if dataset == FASHION_MNIST:
            files = self._add("download", dataset, {"sha256": config["sha256"]})
            for split in ("train", "test"):
                self._add("prepare", f"{dataset}_{split}", {"split": split}, {"files": [files]})
            return
        sizes = {"train": config["examples"], "test": config["test_examples"]}
        for split, examples in sizes.items():
            settings = {
                "module": f"d2l_lab.datasets.{dataset}",
                "dataset": shape_of(config) | {"examples": examples},
                "split": split,
                "seed": self.config["seed"],
            }
            self._add("generate", f"{dataset}_{split}", settings)

    def _data(self, dataset: str, split: str) -> Result:
        stage = "prepare" if dataset == FASHION_MNIST else "generate"
        return self[stage, f"{dataset}_{split}"]

    def _add_training(self, name: str, model: Mapping[str, Any], device: str) -> None:
        train, test = (self._data(model["dataset"], split) for split in ("train", "test"))
        own = {*model} - {"module", "dataset", *COMMON}
        settings = {
            "module": f"d2l_lab.models.{model['module']}",
            "device": device,
            "seed": self.config["seed"],
            **{key: model[key] for key in COMMON},
            "hyperparameters": {key: model[key] for key in sorted(own)},
        }
        replicates = {"replicates": self.config["replicates"]}
        folds = {"folds": self.config["folds"]}
        place = place_of(name, device)
        self._add_whole("train", place, settings | replicates, {"train": [train], "test": [test]})
        self._add_whole("kfold", place, settings | folds, {"train": [train]})

    def _add_whole(
        self, stage: str, name: str, settings: dict[str, Any], inputs: dict[str, list[Result]]
    ) -> None:
        """Add a training with its shards, if it is so large as to be cut into some."""
        ranges = shards.cut(len(shards.numbers_of(settings)), self.config["replicas_per_job"])
        parts = [
            self._add(stage, shards.name_of(name, one), shards.settings_of(settings, one), inputs)
            for one in ranges
        ]
        self._add(stage, name, settings, inputs, shards=parts)

    def _add_study(self, name: str, settings: Mapping[str, Any]) -> None:
        """Add a study, given what its module asks for; those it builds on come before it."""
        declared, plain = study(name), {"seed": self.config["seed"]}
        for dataset in SYNTHETIC:
            config = self.config["datasets"][dataset]
            plain[dataset] = shape_of(config)
            plain |= {f"{dataset}_{size}": config[size] for size in ("examples", "test_examples")}
        inputs = {one: self._given(one) for one in declared.given if one not in plain}
        about = {
            "module": f"d2l_lab.studies.{name}",
            "tables": list(declared.tables),
            "given": {one: plain[one] for one in declared.given if one in plain},
            "settings": dict(settings),
        }
        about |= {"trained": self._trained_models()} if "trained" in inputs else {}
        self._add("study", name, about, inputs, [f"{table}.csv" for table in declared.tables])

    def _given(self, role: str) -> list[Result]:
        """Find what a study asks for: one half of a dataset, its files, all models, a study."""
        dataset, _, part = role.rpartition("_")
        if role == "trained":
            return self.stage("train")
        if part == "files":
            return [self["download", dataset]]
        if dataset in self.config["datasets"]:
            return [self._data(dataset, part)]
        return [self["study", role]]

    def _trained(self, model: str) -> Result:
        """Give a model as it was trained on the first device."""
        return self["train", place_of(model, self.devices[0])]

    def _trained_models(self) -> list[dict[str, str]]:
        return [
            {"model": name, "device": device, **{key: model[key] for key in ("module", "dataset")}}
            for name, model, device in self._trainings()
        ]

    def _add_claims(self) -> None:
        """Add the test of what the notes assert."""
        if self.config["claims"]:
            inputs = {"tables": [self["tables", "all"]], "studies": self.stage("study")}
            settings = {"models": self._trained_models()}
            self._add("claims", "all", settings, inputs, ["claims.csv"])

    def _add_benchmark(self) -> None:
        """Add what `make bench` has measured here, if it has."""
        if digests := benchmarks.digests():
            files = [f"{benchmarks.shown_as(table)}.csv" for table in digests]
            self._add("benchmark", "all", {"sha256": digests}, files=files)

    def _add_tables(self) -> None:
        models = [
            {"model": name, "device": device, **model} for name, model, device in self._trainings()
        ]
        truth = {
            dataset: {
                key: value
                for key, value in self.config["datasets"][dataset].items()
                if key in ("weights", "bias")
            }
            for dataset in SYNTHETIC
            if self._models_of(dataset)
        }
        inputs = {"train": self.stage("train"), "kfold": self.stage("kfold")}
        files = [f"{table}.csv" for table in TABLES]
        self._add("tables", "all", {"models": models, "truth": truth}, inputs, files)

    def _add_figures(self) -> None:
        several = len(self.devices) > 1
        for name, model, device in self._trainings():
            place = place_of(name, device)
            about = {
                "model": name,
                "device": device if several else None,
                "loss_range": LOSS_RANGES.get(model["dataset"]),
            }
            for kind, stage in (("training", "train"), ("kfold", "kfold")):
                stem = f"{kind}_{place if several else name}"
                self._add_figure(stem, about, {"trained": [self[stage, place]]}, f"{kind}_curves")
        classifiers, polynomials = map(self._models_of, (FASHION_MNIST, "polynomial"))
        if polynomials:
            weights = self.config["datasets"]["polynomial"]["weights"]
            inputs = {split: [self._data("polynomial", split)] for split in ("train", "test")}
            inputs["trained"] = [self._trained(name) for name in polynomials]
            settings = {"models": polynomials, "weights": weights}
            self._add_figure("polynomial_fits", settings, inputs)
        if classifiers:
            self._add_figure("test_accuracy", {}, {"tables": [self["tables", "all"]]})
            images = {"images": self.config["figures"]["images"]}
            train, test = ([self._data(FASHION_MNIST, split)] for split in ("train", "test"))
            self._add_figure(FASHION_MNIST, images, {"train": train}, "image_grid")
            for name in classifiers:
                about = {"images": PREDICTED_IMAGES, "model": name}
                inputs = {"test": test, "trained": [self._trained(name)]}
                self._add_figure(f"predictions_{name}", about, inputs, "predictions")

        for drawn in [*self.stage("study"), *self.stage("claims")]:
            name = "claims" if drawn.stage == "claims" else drawn.name
            self._add_figure(name, {}, {"drawn": [drawn]})
        for benchmark in self.stage("benchmark"):
            for name, tables in benchmarks.FIGURES.items():
                if benchmark.settings["sha256"].keys() >= {*tables}:
                    self._add_figure(name, {}, {"drawn": [benchmark]})

    def _add_figure(
        self,
        name: str,
        settings: dict[str, Any],
        inputs: dict[str, list[Result]],
        module: str | None = None,
    ) -> None:
        """Add a figure, drawn by the module of its name if it does not share one with others."""
        settings = settings | {
            "module": f"d2l_lab.figures.{module or name}",
            "dpi": self.config["figures"]["dpi"],
        }
        self._add("figures", name, settings, inputs, [f"{name}.svg", f"{name}.png"])

    def _add_book(self, languages: Sequence[str]) -> None:
        """Add the record of all jobs, the pages, and the book in each language."""
        shown = {"shown": self.shown}
        self._add("record", "all", {}, shown, ["jobs_timing.csv"])
        for source in page_requests.pages():
            self._add_page(source, languages)
        self._add_graph(len(languages))
        given = {
            "pages": self.stage("notebook"),
            "tables": [one for one in self.shown if one.shelf == "tables"],
            "graph": [self["figures", "workflow_graph"]],
        }
        no_matter = ("book", "replicas_per_job")
        config = {key: value for key, value in self.config.items() if key not in no_matter}
        datasets = self.config["datasets"].items()
        config["datasets"] = {
            name: {key: value for key, value in dataset.items() if key != "sources"}
            for name, dataset in datasets
        }
        for language in languages:
            settings = {
                "module": "d2l_lab.book.extension",
                "packages": {name: version(name) for name in PACKAGES},
                "language": language,
                "languages": list(languages),
                "config": config,
                "sources": digests([*files_below(BOOK), *page_requests.captions(language)]),
            }
            self._add("book", language, settings, given, [f"{language}/index.html"])

    def _add_graph(self, books: int) -> None:
        """Add the figure of how the stages build on one another, the books to come included."""
        results = [one for one in self.results.values() if not one.is_shard]
        stages = Counter(one.stage for one in results)
        builds_on = {
            (other.stage, one.stage)
            for one in results
            for other in chain(*one.inputs.values())
            if other.stage != one.stage
        }
        builds_on |= {("notebook", "book"), ("tables", "book")}
        settings = {"stages": {**stages, "book": books}, "edges": sorted(map(list, builds_on))}
        self._add_figure("workflow_graph", settings, {})

    def _add_page(self, source: Path, languages: Sequence[str]) -> None:
        """Add a page of the book, given what it asks for, as far as there is such a thing."""
        requests = page_requests.page_requests(source)
        wanted = re.compile(
            "|".join(map(fnmatch.translate, page_requests.required_files(requests)))
        )
        shown = [
            one
            for one in self.shown
            if any(wanted.fullmatch(f"{one.shelf}/{file}") for file in one.files)
        ]
        settings = {
            "module": "d2l_lab.book.page",
            "languages": list(languages),
            "sources": digests([source, *page_requests.required_sources(requests, languages)]),
        }
        pages = [f"{language}/{source.stem}.ipynb" for language in languages]
        self._add("notebook", source.stem, settings, {"shown": shown}, pages)

    def _trainings(self) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """Give each model's name and settings with each device, in the order of the tables."""
        for name, model in self.config["models"].items():
            for device in self.devices:
                yield name, model, device

    def _models_of(self, dataset: str) -> list[str]:
        models = self.config["models"].items()
        return [name for name, model in models if model["dataset"] == dataset]


def shape_of(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Give the settings of a synthetic dataset but the numbers of its examples."""
    return {key: value for key, value in dataset.items() if not key.endswith("examples")}


def place_of(model: str, device: str) -> str:
    """Name the results of a model on a device: ``mlp_scratch.cpu``, ``mlp_scratch.cuda0``."""
    return f"{model}.{slot_of(device)}"


def slot_of(device: str) -> str:
    """Name a device in a path, and as the resource of which each accelerator has one."""
    return device.replace(":", "")
