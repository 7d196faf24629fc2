"""Turn the source of a page into an executed notebook in one language."""

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

RUN_METADATA = ("execution", "papermill")  # the time and place of the execution


def in_language(source: str, language: str) -> NotebookNode:
    """Read a page and leave out the text of other languages.

    Parameters
    ----------
    source : str
        A jupytext percent script; a cell with ``lang="zh"`` is only for that language.
    language : str

    Returns
    -------
    NotebookNode
        The notebook, with numbered cells.
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
    """An engine that uses a given kernel; papermill's own starts one and waits for it."""

    NAME = "running-kernel"

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, kernel: Kernel, **_: Any
    ) -> None:
        """Execute every cell until one fails."""
        client = PapermillNotebookClient(nb_man, kernel.manager, kernel_name=kernel_name)
        client.kc = kernel.client
        client.execute()


papermill_engines.register(RunningKernel.NAME, RunningKernel)


@contextmanager
def laid_out(results: Sequence[Path], data: Sequence[Path] = ()) -> Iterator[Path]:
    """Arrange results as in a checkout, so that a notebook finds them under the same paths.

    Parameters
    ----------
    results : sequence of Path
        Folders of results in the store.
    data : sequence of Path
        Likewise, but to be read from the store.

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
    """Create the folder for the notebooks of a language."""
    folder = checkout / "results" / "notebooks" / language
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def execute(notebook: NotebookNode, language: str, kernel: Kernel, output: Path) -> None:
    """Execute a notebook and write it; it is kept even if a cell fails.

    Parameters
    ----------
    notebook : NotebookNode
    language : str
        The notebook's parameter.
    kernel : Kernel
        The notebook is executed in its folder.
    output : Path

    Raises
    ------
    LabError
        If a cell fails.
    """
    source = kernel.folder / output.name
    nbformat.write(notebook, source)
    try:
        execute_notebook(
            _verbatim(source),
            _verbatim(output),
            engine_name=RunningKernel.NAME,
            request_save_on_cell_execute=False,  # saving would take most of a page's time
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
    """Escape a path's braces, so that papermill does not fill in parameters there."""
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
    """Join printed output, whose division into pieces depends on timing."""
    found: list[NotebookNode] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output.output_type == "stream" and output.get("name") == last.get("name"):
            last["text"] += output.text
        else:
            found.append(output)
    return found


def number_cells(notebook: NotebookNode) -> None:
    """Identify cells by their numbers, so that equal notebooks have equal bytes."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
