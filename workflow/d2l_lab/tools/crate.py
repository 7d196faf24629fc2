"""A run of the workflow, described as a Workflow Run RO-Crate: what made what, of what, and when.

The profiles are those of https://w3id.org/ro/wfrun. The stage of each rule is a tool of the
workflow; each job is an action of a tool, with the results that went into it and that came of it.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from rocrate.model import ContextEntity, DataEntity, Entity
from rocrate.rocrate import ROCrate

from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, provenance, view

WORKFLOW = Path("Snakefile")
CITATION = Path("CITATION.cff")
STAGES = Path("workflow/d2l_lab/stages")
VALIDATED = Path("configuration.json")  # with its defaults filled in
SOURCES = {
    Path("config.yaml"): "The configuration as it was written",
    WORKFLOW: "The workflow",
    Path("workflow"): "The workflow's rules, and the code of its jobs",
    Path("envs"): "What the workflow runs on",
    Path("envs/requirements.txt"): "What the workflow runs on, with a hash for every file",
    Path("profiles"): "Snakemake's defaults",
    Path("Makefile"): "What sets everything up, and runs it",
    Path("pyproject.toml"): "The project's metadata, and the settings of its tools",
    Path("README.md"): "How to run it again",
    Path("LICENSE"): "The licence of the code",
    CITATION: "How to cite it",
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
RO_CRATE = "1.1"  # the version on which the profiles rest
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
SHA256 = "https://w3id.org/ro/terms/workflow-run#sha256"
BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
COMPLETED = "http://schema.org/CompletedActionStatus"
FORMATS = {
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}  # of all others: plain text


def view_folders() -> list[Path]:
    """List the folders of what people read."""
    return [view.RESULTS / name for name in view.FOLDERS if (view.RESULTS / name).is_dir()]


def sources() -> list[Path]:
    """List the files and folders of code and configuration that the archive holds."""
    return [path for path in SOURCES if path.exists()]


class RunCrate:
    """The description of a run.

    Parameters
    ----------
    plan : Plan
        All that it shows is there.
    records : mapping from references to provenances
        Of what is shown, and of all that it rests on; see `d2l_lab.store.lineage.lineage`.
    """

    def __init__(self, plan: Plan, records: Mapping[str, Mapping[str, Any]]):
        self.shown = {result.reference: result for result in plan.shown}
        self.records = records
        self.ended = max(map(ended, records.values()))
        self.crate = ROCrate(version=RO_CRATE)
        self.crate.metadata.extra_terms["sha256"] = SHA256
        self._add_root()
        self._add_workflow()
        actions = [self._add_job(reference) for reference in records]
        self.crate.root_dataset["mentions"] = [self._add_run(), *actions]

    def metadata(self) -> bytes:
        """Write the description as the JSON-LD that a crate has in ro-crate-metadata.json."""
        document = self.crate.metadata.generate()
        document["@graph"] = [
            {key: alone(value) for key, value in entity.items()} for entity in document["@graph"]
        ]
        return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()

    # What there is

    def _add_root(self) -> None:
        citation = yaml.safe_load(CITATION.read_text("utf-8"))
        about = {
            "name": citation["title"],
            "description": DESCRIPTION,
            "license": self._add_context(
                f"https://spdx.org/licenses/{citation['license']}",
                "CreativeWork",
                name=citation["license"],
            ),
            "author": [
                self._add_context(f"#author-{number}", "Organization", name=author["name"])
                for number, author in enumerate(citation["authors"], 1)
            ],
            "conformsTo": [
                self._add_context(address, "CreativeWork", name=name, version=Path(address).name)
                for address, name in PROFILES.items()
            ],
            "datePublished": self.ended,
        }
        for key, value in about.items():
            self.crate.root_dataset[key] = value

    def _add_workflow(self) -> None:
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

    def _add_path(self, path: Path, **properties: Any) -> DataEntity:
        """Add a file or folder, unless it is there already."""
        if known := self.crate.get(path.as_posix()):
            return known
        if path.is_dir():
            properties = {"name": path.as_posix(), **properties}
            return self.crate.add_dataset(dest_path=path, properties=properties)
        return self.crate.add_file(path, path, properties=described(path) | properties)

    def _add_context(self, identifier: str, kind: str, **properties: Any) -> Entity:
        """Add what is no file, unless it is there already."""
        if known := self.crate.get(identifier):
            return known
        return self.crate.add(ContextEntity(self.crate, identifier, {"@type": kind, **properties}))

    # What was done

    def _add_job(self, reference: str) -> Entity:
        stage, name, _ = reference.split("/")
        record = self.records[reference]
        inputs = chain(*record["ingredients"]["inputs"].values())
        about = {
            "name": f"{stage} {name}",
            "description": "On {cpu}, {platform}, with Python {python}".format_map(record),
            "startTime": record["started"],
            "endTime": ended(record),
            "actionStatus": COMPLETED,
        }
        return self.crate.add_action(
            self._add_tool(stage, record),
            f"#job/{reference}",
            [self._add_result(given) for given in inputs],
            [self._add_result(reference), *self._add_shown(reference)],
            about,
        )

    def _add_tool(self, stage: str, record: Mapping[str, Any]) -> Entity:
        """Add a stage with the versions of its libraries."""
        kinds = {"@type": ["File", "SoftwareSourceCode"]}
        tool = self._add_path(STAGES / f"{stage}.py", **kinds)
        if tool not in self.workflow["hasPart"]:
            self.workflow.append_to("hasPart", tool)
        libraries = record["ingredients"].get("libraries", {}) | {"python": record["python"]}
        for name, number in libraries.items():
            library = self._add_context(
                f"#{name}-{number}", "SoftwareApplication", name=name, softwareVersion=number
            )
            if library not in tool.get("softwareRequirements", []):
                tool.append_to("softwareRequirements", library)
        return tool

    def _add_result(self, reference: str) -> Entity:
        """Add a result: the folder in which its provenance lies."""
        name = " ".join(reference.split("/")[:2])
        if reference not in self.records:
            gone = "Was no longer in the store when the archive was made"
            return self._add_context(
                f"#result/{reference}", "CreativeWork", name=name, description=gone
            )
        folder = layout.result_folder(reference)
        return self._add_path(
            folder, name=name, hasPart=[self._add_path(folder / layout.PROVENANCE)]
        )

    def _add_shown(self, reference: str) -> list[Entity]:
        """Add what people read of a result; a book as a folder."""
        if reference not in self.shown:
            return []
        result = self.shown[reference]
        paths = map(Path, result.plain_names)
        return [self._add_path(path.parent if result.stage == "book" else path) for path in paths]

    def _add_run(self) -> Entity:
        """Add the action of the workflow as a whole, with its inputs and outputs."""
        validated = {"name": VALIDATED.name, "encodingFormat": FORMATS[VALIDATED.suffix]}
        configuration = self.crate.add_file(dest_path=VALIDATED, properties=validated)
        self._add_parameter("input", "configuration", "File", configuration)
        outputs = []
        for path in view_folders():
            outputs.append(self._add_path(path, description=SHOWN[path.name]))
            self._add_parameter("output", path.name, "Dataset", outputs[-1])
        about = {
            "name": "The run",
            "description": DESCRIPTION,
            "startTime": min(record["started"] for record in self.records.values()),
            "endTime": self.ended,
            "actionStatus": COMPLETED,
        }
        return self.crate.add_action(self.workflow, "#run", [configuration], outputs, about)

    def _add_parameter(self, role: str, name: str, kind: str, example: Entity) -> None:
        parameter = self.crate.add_formal_parameter(
            name, kind, f"#{role}-{name}", properties={"workExample": example}
        )
        example["exampleOfWork"] = parameter
        self.workflow.append_to(role, parameter)


def alone(value: Any) -> Any:
    """Take the only member of a list out of it, as RO-Crate recommends; leave all else."""
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
    """Tell when a job ended."""
    started = datetime.fromisoformat(record["started"])
    return (started + timedelta(seconds=record["seconds"])).isoformat(timespec="seconds")
