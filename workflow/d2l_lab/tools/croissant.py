"""The notes' datasets, described in MLCommons' format Croissant 1.0, for the archive.

The archive holds no data: a description names each file by its path in a checkout that has run,
with its checksum. `tests/data/croissant.schema.json` says what the format requires.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from d2l_lab.datasets import fashion_mnist
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.planners.data import SPLITS, is_generated
from d2l_lab.store import layout
from d2l_lab.store.code import ROOT

FOLDER = Path("datasets")  # of the archive
CITATION = ROOT.parent / "CITATION.cff"
CROISSANT = "http://mlcommons.org/croissant/1.0"
TERMS = (  # of Croissant, all that its standard context names
    *("citeAs", "column", "data", "dataType", "equivalentProperty", "examples", "extract", "field"),
    *("fileObject", "fileProperty", "fileSet", "format", "includes", "isLiveDataset", "jsonPath"),
    *("key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
    *("replace", "samplingRate", "separator", "source", "subField", "transform"),
)
TYPES = {"data": "@json", "dataType": "@vocab", "examples": "@json"}  # of what they lead to
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in TERMS},
    **{term: {"@id": f"cr:{term}", "@type": kind} for term, kind in TYPES.items()},
}
OCTETS = "application/octet-stream"  # of IDX and of safetensors, which have no registered type
DATES = {"fashion_mnist": "2017-08-25"}  # when it was published; the others are made by the run


class About(NamedTuple):
    """What is known of a dataset besides its files.

    Parameters
    ----------
    title, description : str
    url : str
        A page about it.
    creators : tuple of str
    X, y : str
        What the features and the target are.
    version : str
        Empty if it is generated: then it is that of this project.
    cite : str
        How to cite it, in BibTeX; empty if it is generated.
    """

    title: str
    description: str
    url: str
    creators: tuple[str, ...]
    X: str
    y: str
    version: str = ""
    cite: str = ""


OURS = ("The d2l-lab developers",)
DATASETS = {
    "fashion_mnist": About(
        "Fashion-MNIST",
        "70000 grey images of clothes, 28 by 28 pixels, in 10 classes; 60000 to train on and "
        "10000 to test on.",
        "https://github.com/zalandoresearch/fashion-mnist",
        ("Han Xiao", "Kashif Rasul", "Roland Vollgraf"),
        "grey values from 0 to 255, uint8 (n, 1, 28, 28)",
        "the class, int64 (n,)",
        "1.0.0",  # there is only one
        "@article{xiao2017fashion, title={Fashion-MNIST: a Novel Image Dataset for Benchmarking "
        "Machine Learning Algorithms}, author={Xiao, Han and Rasul, Kashif and Vollgraf, Roland}, "
        "journal={arXiv preprint arXiv:1708.07747}, year={2017}}",
    ),
    "linear": About(
        "Linear data with noise",
        "y = Xw + b + noise (section 3.2 of the notes), generated from a seed.",
        "https://zh.d2l.ai/chapter_linear-networks/linear-regression-scratch.html",
        OURS,
        "features from N(0, 1), float32 (n, d)",
        "the label, float32 (n, 1)",
    ),
    "polynomial": About(
        "A cubic with noise",
        "y = sum of w_i x^i / i! + noise (section 4.4.4 of the notes), generated from a seed.",
        "https://zh.d2l.ai/chapter_multilayer-perceptrons/underfit-overfit.html",
        OURS,
        "the features x^i / i!, float32 (n, max_degree)",
        "the label, float32 (n, 1)",
    ),
}
LICENSE = "https://spdx.org/licenses/MIT"  # of Fashion-MNIST, and of what this project generates


def descriptions(
    plan: Plan, records: Mapping[str, Mapping[str, Any]], published: str
) -> dict[Path, bytes]:
    """Describe each of the notes' datasets that a run has used.

    Files that somebody has put in the place of Fashion-MNIST's are nobody knows what, and left out.

    Parameters
    ----------
    plan : Plan
    records : mapping from references to provenances
        Of all results that the archive tells of.
    published : str
        When the archive's results were complete.

    Returns
    -------
    dict
        The JSON-LD of each, by its path in the archive.
    """
    described = {}
    for name, about in DATASETS.items():
        config = plan.config["datasets"].get(name, {})
        is_theirs = is_generated(config) or config["sha256"] == fashion_mnist.FILES
        files = [*distribution(name, records)] if is_theirs else []
        if files:
            told = describe(name, about, files, DATES.get(name, published), config)
            text = json.dumps(told, indent=2, ensure_ascii=False)
            described[FOLDER / f"{name}.croissant.json"] = f"{text}\n".encode()
    return described


def distribution(name: str, records: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Describe the files of a dataset in the store: as they were downloaded, and both halves."""
    names = {name, *(f"{name}_{split}" for split in SPLITS)}
    for reference, record in records.items():
        stage, result, _ = reference.split("/")
        if stage in ("download", "generate", "prepare") and result in names:
            for file, known in record["files"].items():
                yield {
                    "@type": "cr:FileObject",
                    "@id": f"{result}/{file}",
                    "name": f"{result}/{file}",
                    "contentUrl": (layout.result_folder(reference) / file).as_posix(),
                    "contentSize": f"{known['bytes']} B",
                    "encodingFormat": "text/csv" if file.endswith(".csv") else OCTETS,
                    "sha256": known["sha256"],
                }


def describe(
    name: str, about: About, files: list[dict[str, Any]], date: str, config: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe one dataset."""
    there = {file["@id"] for file in files}
    halves = [half for half in SPLITS if f"{name}_{half}/examples.safetensors" in there]
    settings = {key: value for key, value in config.items() if key not in ("sources", "sha256")}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "name": about.title,
        "description": f"{about.description} Settings: {json.dumps(settings)}.",
        "url": about.url,
        "license": LICENSE,
        "creator": [{"@type": kind_of(each), "name": each} for each in about.creators],
        "datePublished": date,
        "version": about.version or citation()["version"],
        "citeAs": about.cite or cite_this_project(),
        "distribution": files,
        "recordSet": [records_of(name, about, half) for half in halves],
    }


def citation() -> dict[str, Any]:
    """Read how this project is cited."""
    return yaml.safe_load(CITATION.read_text("utf-8"))


def cite_this_project() -> str:
    """Cite this project in BibTeX."""
    own = citation()
    names = " and ".join(f"{{{author['name']}}}" for author in own["authors"])
    year = own["date-released"][:4]
    facts = {"title": own["title"], "author": names, "version": own["version"], "year": year}
    return f"@software{{d2l_lab, {', '.join(f'{key}={{{facts[key]}}}' for key in facts)}}}"


def kind_of(creator: str) -> str:
    """Return whether a creator is a person."""
    return "Organization" if creator in OURS else "Person"


def records_of(name: str, about: About, half: str) -> dict[str, Any]:
    """Describe the examples of one half: the tensors X and y of its file."""
    file = f"{name}_{half}/examples.safetensors"
    return {
        "@type": "cr:RecordSet",
        "@id": half,
        "name": half,
        "description": f"The examples of the {half} half, as tensors of a safetensors file.",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{half}/{tensor}",
                "name": f"{half}/{tensor}",
                "description": f"The tensor {tensor}: {meaning}.",
                "dataType": "sc:Text",
                "source": {
                    "fileObject": {"@id": file},
                    "extract": {"fileProperty": "content"},
                },
            }
            for tensor, meaning in (("X", about.X), ("y", about.y))
        ],
    }
