"""From the source of a page to an executed notebook in one language."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from d2l_lab.book.kernels import NAME, Kernel
from d2l_lab.book.sentences import CHINESE_BREAK, PUNCTUATED_BREAK
from d2l_lab.errors import LabError
from d2l_lab.store import layout, view
from d2l_lab.store.code import ROOT

RUN_METADATA = ("execution", "papermill")  # tell when and where a notebook was executed


def in_language(source: str, language: str) -> NotebookNode:
    """Read a page and leave out the text of other languages.

    Parameters
    ----------
    source : str
        A jupytext percent script; a cell with ``lang="zh"`` is of that language alone.
    language : str

    Returns
    -------
    NotebookNode
        With its cells numbered.
    """
    notebook = jupytext.reads(source, fmt="py:percent")
    cells = notebook.cells
    notebook.cells = [cell for cell in cells if cell.metadata.pop("lang", language) == language]
    number_cells(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = PUNCTUATED_BREAK.sub("", CHINESE_BREAK.sub("", cell.source))
    notebook.metadata = {
        "kernelspec": {"name": NAME, "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return notebook


class RunningKernel(Engine):
    """An engine that is given a kernel; papermill's own starts one, and waits for it."""

    NAME = "running-kernel"

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, kernel: Kernel, **_: Any
    ) -> None:
        """Execute every cell, up to one that fails."""
        client = PapermillNotebookClient(nb_man, kernel.manager, kernel_name=kernel_name)
        client.kc = kernel.client
        client.execute()


papermill_engines.register(RunningKernel.NAME, RunningKernel)


@contextmanager
def laid_out(results: Sequence[Path], data: Sequence[Path] = ()) -> Iterator[Path]:
    """Lay results out as in a checkout, so that a notebook finds them under the same paths.

    Parameters
    ----------
    results : sequence of Path
        Folders of the store.
    data : sequence of Path
        Likewise, but to be read in the store.

    Yields
    ------
    Path
        A temporary folder with `workflow` and `results`.
    """
    with tempfile.TemporaryDirectory(prefix="d2l-lab-") as temporary:
        folder = Path(temporary)
        (folder / "workflow").symlink_to(ROOT)
        for result in results:
            stage = layout.reference(result).partition("/")[0]
            for name in view.readable_files(result):
                path = folder / view.view_path(stage, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.symlink_to((result / name).absolute())
        for result in data:
            path = folder / layout.result_folder(layout.reference(result))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(result.absolute())
        yield folder


def notebook_folder(language: str, checkout: Path) -> Path:
    """Make the folder in which the notebooks of a language lie."""
    folder = checkout / "results" / "notebooks" / language
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def execute(notebook: NotebookNode, language: str, kernel: Kernel, output: Path) -> None:
    """Execute a notebook, and write it; it is kept even if a cell fails.

    Parameters
    ----------
    notebook : NotebookNode
    language : str
        Its parameter.
    kernel : Kernel
        The notebook lies in its folder meanwhile.
    output : Path

    Raises
    ------
    LabError
        If a cell fails: which one, and why.
    """
    source = kernel.folder / output.name
    nbformat.write(notebook, source)
    try:
        execute_notebook(
            _verbatim(source),
            _verbatim(output),
            engine_name=RunningKernel.NAME,
            request_save_on_cell_execute=False,  # which takes most of the time of a page
            parameters={"language": language},
            progress_bar=False,
            log_output=False,
            kernel=kernel,
        )
    except PapermillExecutionError as error:
        line = next(line for line in error.source.splitlines() if line.strip())
        raise LabError(
            f"cell {error.cell_index + 1} ({line}) failed: {error.ename}: {error.evalue}"
        ) from None


def _verbatim(path: Path) -> str:
    """Write a path so that papermill, which fills in parameters, leaves its braces as they are."""
    return str(path).replace("{", "{{").replace("}", "}}")


def clean(path: Path) -> None:
    """Remove from an executed notebook what differs between runs."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = merged(cell.outputs)
    for part in (notebook, *notebook.cells):
        for key in RUN_METADATA:
            part.metadata.pop(key, None)
    number_cells(notebook)
    nbformat.write(notebook, path)


def merged(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Join what was printed: how it arrives in pieces depends on the moment."""
    found: list[NotebookNode] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output.output_type == "stream" and output.get("name") == last.get("name"):
            last["text"] += output.text
        else:
            found.append(output)
    return found


def number_cells(notebook: NotebookNode) -> None:
    """Identify each cell by its number, so that equal notebooks have equal bytes."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
