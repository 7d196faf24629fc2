"""Check that the store and the view have not been modified."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import keys, layout, provenance, view
from d2l_lab.tools.inventory import Stored


class Finding(NamedTuple):
    """A file that was modified."""

    path: Path
    found: str  # a description of the fault
    extra: bool = False  # an additional file, which does not affect the others


def check_result(result: Stored) -> list[Finding]:
    """Compare a result with its provenance, and that with its own checksum and folder."""
    altered = provenance.modified_files(result.folder)
    findings = [Finding(result.folder / name, words) for name, words in altered.items()]
    if result.record is None:
        return findings
    ingredients, name = result.record["ingredients"], result.record["name"]
    for key in sorted({result.record["key"], keys.key(ingredients)}):
        told = f"{ingredients['stage']}/{name}/{key}"
        if told != result.reference:
            text = f"belongs to {told}, not to this folder"
            findings.append(Finding(result.folder / layout.PROVENANCE, text))
    extra = {*layout.files_below(result.folder)} - {*result.record["files"], layout.PROVENANCE}
    text = "is not one of this result's files"
    return findings + [Finding(result.folder / name, text, extra=True) for name in sorted(extra)]


def check_view(results: Iterable[Stored], plan: Plan) -> tuple[list[Path], list[Finding], bool]:
    """Compare the files of the view with what results once wrote.

    Parameters
    ----------
    results : iterable of Stored
        Results of any configuration.
    plan : Plan
        The plan of the current configuration.

    Returns
    -------
    shown : list of Path
    findings : list of Finding
        Files that no result wrote, and files of the plan that are missing.
    is_current : bool
        Whether all other files are the plan's.
    """
    known = _readable_files(result.folder for result in results)
    planned = _readable_files(result.folder for result in plan.shown)
    shown, findings, is_current = view.files(), [], True
    for path in sorted({*shown, *planned} if shown else ()):
        file = provenance.describe(path) if path.exists() else None
        if file in known.get(path, ()):
            is_current &= file in planned.get(path, ())
        else:
            words = "was not written by any result in the store" if file else "is missing"
            mend = "shows it again" if path in planned else "removes it"
            findings.append(Finding(path, f"{words}; snakemake {mend}"))
    return shown, findings, is_current


def _readable_files(folders: Iterable[Path]) -> dict[Path, list[Mapping[str, Any]]]:
    """Describe the files of these results in the view, by their plain names."""
    known: dict[Path, list[Mapping[str, Any]]] = {}
    for folder in folders:
        for name, file in view.readable_files(folder).items():
            known.setdefault(view.view_path(folder.parts[-3], name), []).append(file)
    return known
