"""Describe a run of the workflow as a Workflow Run RO-Crate: all results, and how they were made.

It follows the profiles at https://w3id.org/ro/wfrun. Each rule's stage is a tool of the workflow,
and each job is an action of a tool, with its input and output results.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from rocrate.model import ContextEntity, DataEntity, Entity
from rocrate.rocrate import ROCrate

from d2l_lab.book import citation
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, provenance, view
from d2l_lab.tools import croissant

WORKFLOW = Path("Snakefile")
STAGES = Path("workflow/d2l_lab/stages")
VALIDATED = Path("configuration.json")  # with all defaults filled in
SOURCES = {
    Path("config.yaml"): "The configuration as it was written",
    WORKFLOW: "The workflow",
    Path("workflow"): "The rules of the workflow and the code of its jobs",
    Path("envs"): "The software environment of the workflow",
    Path("envs/requirements.txt"): "The locked requirements, with a hash of every file",
    Path("profiles"): "Snakemake's defaults",
    Path("Makefile"): "Sets up and runs everything",
    Path("pyproject.toml"): "The project's metadata and the settings of its tools",
    Path("README.md"): "How to run it again",
    Path("LICENSE"): "The licence of the code",
    Path("CITATION.cff"): "How to cite it",
    Path("codemeta.json"): "Machine-readable metadata of the project",
    Path("docs"): "The guide",
}
SHOWN = {
    "tables": "The tables",
    "figures": "The figures",
    "notebooks": "The executed notebooks",
    "book": "The book, and Snakemake's report",
}
DESCRIPTION = (
    "The book, tables and figures of a run of the workflow, with its configuration, its code, and "
    "the provenance of every result."
)
RO_CRATE = "1.1"  # the version that the profiles build on
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
SHA256 = "https://w3id.org/ro/terms/workflow-run#sha256"
BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
GONE = "Was no longer in the store when the archive was made"
COMPLETED = "http://schema.org/CompletedActionStatus"
FORMATS = {
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}  # everything else is plain text


def view_folders() -> list[Path]:
    """List the folders with files for people to read."""
    return [view.RESULTS / name for name in view.FOLDERS if (view.RESULTS / name).is_dir()]


def sources() -> list[Path]:
    """List the files and folders of code and configuration in the archive."""
    return [path for path in SOURCES if path.exists()]


class RunCrate:
    """The description of a run.

    Parameters
    ----------
    plan : Plan
        All results that it shows must exist.
    records : mapping from references to provenances
        The provenances of all shown results and everything that they depend on; see
        `d2l_lab.store.lineage.lineage`.
    """

    def __init__(self, plan: Plan, records: Mapping[str, Mapping[str, Any]]):
        self.shown = {result.reference: result for result in plan.shown}
        self.records = records
        self.ended = max(map(ended, records.values()))
        self.crate = ROCrate(version=RO_CRATE)
        self.crate.metadata.extra_terms["sha256"] = SHA256
        self._describe_root()
        self.workflow = self.crate.add_workflow(
            WORKFLOW,
            WORKFLOW,
            main=True,
            lang="snakemake",
            lang_version=version("snakemake"),
            properties=described(WORKFLOW) | {"conformsTo": {"@id": BIOSCHEMAS}, "hasPart": []},
        )
        for path in sources():
            self._add_path(path, description=SOURCES[path])
        jobs = [self._add_job(reference) for reference in records]
        self.datasets = croissant.descriptions(plan, records, self.ended)
        for path, text in self.datasets.items():
            self._add_description(path, text)
        self.crate.root_dataset["mentions"] = [self._add_run(), *jobs]

    def metadata(self) -> bytes:
        """Return the description as JSON-LD, for a crate's ro-crate-metadata.json."""
        document = self.crate.metadata.generate()
        document["@graph"] = [
            {key: alone(value) for key, value in entity.items()} for entity in document["@graph"]
        ]
        return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()

    def _add_path(self, path: Path, **properties: Any) -> DataEntity:
        """Add a file or folder, unless it exists already."""
        if known := self.crate.get(path.as_posix()):
            return known
        if path.is_dir():
            properties = {"name": path.as_posix(), **properties}
            return self.crate.add_dataset(dest_path=path, properties=properties)
        return self.crate.add_file(path, path, properties=described(path) | properties)

    def _add_description(self, path: Path, text: bytes) -> None:
        """Add a dataset's description in the format Croissant."""
        profile = self._add_context(croissant.CROISSANT, "CreativeWork", "Croissant 1.0")
        properties = {
            "name": path.name,
            "encodingFormat": "application/ld+json",
            "contentSize": str(len(text)),
            "sha256": hashlib.sha256(text).hexdigest(),
            "conformsTo": profile,
        }
        self.crate.add_file(dest_path=path, properties=properties)

    def _add_context(self, identifier: str, kind: str, name: str, **properties: Any) -> Entity:
        """Add an entity that is not a file, unless it exists already."""
        about = {"@type": kind, "name": name, **properties}
        known = self.crate.get(identifier)
        return known or self.crate.add(ContextEntity(self.crate, identifier, about))

    def _describe_root(self) -> None:
        own, root = citation.read(), self.crate.root_dataset
        licence, authors = own["license"], map(citation.agent, own["authors"])
        spdx = f"https://spdx.org/licenses/{licence}"
        root["name"], root["description"] = own["title"], DESCRIPTION
        root["license"] = self._add_context(spdx, "CreativeWork", licence)
        root["author"] = [
            self._add_context(f"#author-{number}", author["@type"], author["name"])
            for number, author in enumerate(authors, start=1)
        ]
        root["conformsTo"] = [
            self._add_context(address, "CreativeWork", name, version=Path(address).name)
            for address, name in PROFILES.items()
        ]
        root["datePublished"] = self.ended

    def _add_job(self, reference: str) -> Entity:
        """Add the action of a stage that made a result, with its inputs and output."""
        stage, name, _ = reference.split("/")
        record = self.records[reference]
        inputs = chain(*record["ingredients"]["inputs"].values())
        outputs = [self._add_result(reference)]
        if shown := self.shown.get(reference):
            paths = map(Path, shown.plain_names)
            outputs += [self._add_path(p.parent if stage == "book" else p) for p in paths]
        about = {
            "name": f"{stage} {name}",
            "description": "On {cpu}, {platform}, with Python {python}".format_map(record),
            "startTime": record["started"],
            "endTime": ended(record),
            "actionStatus": COMPLETED,
        }
        tool, given = self._add_tool(stage, record), [*map(self._add_result, inputs)]
        return self.crate.add_action(tool, f"#job/{reference}", given, outputs, about)

    def _add_tool(self, stage: str, record: Mapping[str, Any]) -> Entity:
        """Add a stage with the versions of its libraries."""
        kinds = {"@type": ["File", "SoftwareSourceCode"]}
        tool = self._add_path(STAGES / f"{stage}.py", **kinds)
        if tool not in self.workflow["hasPart"]:
            self.workflow.append_to("hasPart", tool)
        libraries = record["ingredients"].get("libraries", {}) | {"python": record["python"]}
        for name, number in libraries.items():
            about = (f"#{name}-{number}", "SoftwareApplication", name)
            library = self._add_context(*about, softwareVersion=number)
            if library not in tool.get("softwareRequirements", []):
                tool.append_to("softwareRequirements", library)
        return tool

    def _add_result(self, reference: str) -> Entity:
        """Add a result: the folder with its provenance."""
        name = " ".join(reference.split("/")[:2])
        if reference not in self.records:
            about = (f"#result/{reference}", "CreativeWork", name)
            return self._add_context(*about, description=GONE)
        folder = layout.result_folder(reference)
        record = self._add_path(folder / layout.PROVENANCE)
        return self._add_path(folder, name=name, hasPart=[record])

    def _add_run(self) -> Entity:
        """Add the action of the workflow as a whole, with its inputs and outputs."""
        validated = {"name": VALIDATED.name, "encodingFormat": FORMATS[VALIDATED.suffix]}
        configuration = self.crate.add_file(dest_path=VALIDATED, properties=validated)
        outputs = [self._add_path(p, description=SHOWN[p.name]) for p in view_folders()]
        parameters = [("input", "configuration", "File", configuration)]
        parameters += [("output", Path(each.id).name, "Dataset", each) for each in outputs]
        for role, name, kind, example in parameters:
            properties = {"workExample": example}
            parameter = self.crate.add_formal_parameter(
                name, kind, f"#{role}-{name}", properties=properties
            )
            example["exampleOfWork"] = parameter
            self.workflow.append_to(role, parameter)
        about = {
            "name": "The run",
            "description": DESCRIPTION,
            "startTime": min(record["started"] for record in self.records.values()),
            "endTime": self.ended,
            "actionStatus": COMPLETED,
        }
        return self.crate.add_action(self.workflow, "#run", [configuration], outputs, about)


def alone(value: Any) -> Any:
    """Replace a list of one member by that member, as RO-Crate recommends."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def described(path: Path) -> dict[str, str]:
    """Describe a file by its name, kind, size and checksum."""
    file = provenance.describe(path)
    return {
        "name": path.name,
        "encodingFormat": FORMATS.get(path.suffix, "text/plain"),
        "contentSize": str(file["bytes"]),
        "sha256": file["sha256"],
    }


def ended(record: Mapping[str, Any]) -> str:
    """Return when a job ended."""
    started = datetime.fromisoformat(record["started"])
    return (started + timedelta(seconds=record["seconds"])).isoformat(timespec="seconds")
