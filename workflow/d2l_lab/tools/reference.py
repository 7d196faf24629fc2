"""Generate pages of docs/reference from the schemas, the Makefile and the code."""

import inspect
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

import yaml

from d2l_lab.book.guide import REFERENCE
from d2l_lab.book.page import read_caption
from d2l_lab.book.page_requests import table_caption
from d2l_lab.errors import LabError
from d2l_lab.store.code import ROOT
from d2l_lab.tools import cli
from d2l_lab.tools.config_reference import cell, config_page
from d2l_lab.tools.lab import Lab, Plot, Run

COLUMNS = ROOT / "schemas" / "columns.yaml"
MAKEFILE = ROOT.parent / "Makefile"
MADE = "<!-- Made by `make docs` from {source}; edit that, not this page. -->"
LANGUAGE = "en"
TABLES = """\
# Tables

Every table is in `results/tables`, as CSV in UTF-8 with one header, in full precision. Missing
values are empty. All tables except those of times (`timing`, `jobs_timing`, `*_timing` and
`benchmark_*`) are reproducible: on the same kind of machine they are the same to the bit.
"""
MAKE = """\
# Commands

## make

Each target sets up the environment `.venv` first if it has to. Variables are written after the
target, as in `make history MODEL=mlp_scratch`. The tools that read `config.yaml` take
`CONFIGFILE="one.yaml two.yaml"`, files that override it.

| command | what it does |
| --- | --- |"""
SNAKEMAKE = """
## snakemake

`make` runs `snakemake --cores all`. With the environment activated (`source .venv/bin/activate`),
all of Snakemake's own commands work, among them:

| command | what it does |
| --- | --- |
| `snakemake --cores 4` | run everything, at most four jobs at a time |
| `snakemake --cores 4 --dry-run` | show what would run |
| `snakemake --cores 4 --printshellcmds` | also print each job's command, to run by hand |
| `snakemake --cores 4 --config replicates=10` | change keys of `config.yaml` for one run |
| `snakemake --cores 4 --configfile mine.yaml` | override `config.yaml` with a file for one run |
| `snakemake --cores 4 results/tables/summary.csv` | make one file, and what it depends on |
| `snakemake --cores 4 --forcerun train` | recompute results that the store has |
| `snakemake --profile profiles/slurm` | run on a Slurm cluster |

## Tools

Most targets of `make` run Python modules, which have more options. Run them in the checkout with
`workflow` in `PYTHONPATH`; `--help` lists the options, as in `python -m d2l_lab.tools.verify
--help`. A stage can also be run by hand: `python -m d2l_lab.stages train --help`.
"""
PYTHON = """\
# Python

The module `d2l_lab.tools.lab` is for notebooks and scripts. [Use it from
Python](../how-to/use-from-python.md) shows how to import it.
"""


def main() -> int:
    """Write every page, or with --check say which one is not current."""
    parser = cli.parser("reference", __doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, and fail if a page is not current"
    )
    args = parser.parse_args()

    def write() -> Iterator[str]:
        for name, text in pages().items():
            path = REFERENCE / f"{name}.md"
            if path.is_file() and path.read_text("utf-8") == text:
                continue
            if args.check:
                raise LabError(f"docs/reference/{name}.md: not current; run make docs")
            path.write_text(text, "utf-8")
            yield f"docs/reference/{name}.md: written"

    return cli.reported(write)


def pages() -> dict[str, str]:
    """Return the text of each generated page, by its name."""
    made: dict[str, tuple[str, Callable[[], Iterable[str]]]] = {
        "config": ("workflow/schemas/config.schema.yaml and the code", config_page),
        "tables": ("workflow/schemas/columns.yaml and the captions", tables_page),
        "commands": ("the Makefile", commands_page),
        "python": ("the docstrings of workflow/d2l_lab/tools/lab.py", python_page),
    }
    return {
        name: "\n".join([MADE.format(source=source), "", *lines()])
        for name, (source, lines) in made.items()
    }


# Tables


def tables_page() -> Iterator[str]:
    """Describe every table and column."""
    known = yaml.safe_load(COLUMNS.read_text("utf-8"))
    yield TABLES
    for table, columns in known["tables"].items():
        yield from [f"## {table}", "", read_caption(table_caption(table), LANGUAGE), ""]
        yield from ["| column | meaning |", "| --- | --- |"]
        for column, meaning in columns.items():
            yield f"| `{column}` | {cell(meaning or known['common'][column])} |"
        yield ""


# Commands


def commands_page() -> Iterator[str]:
    """Describe every target of make, and the options of each tool."""
    yield MAKE
    for target, text in re.findall(r"^([a-z-]+):.*## (.*)$", MAKEFILE.read_text("utf-8"), re.M):
        yield f"| `make{'' if target == 'all' else f' {target}'}` | {cell(text)} |"
    yield SNAKEMAKE


# Python


def python_page() -> Iterator[str]:
    """Describe the classes for Python by their docstrings."""
    yield PYTHON
    for public in (Lab, Run, Plot):
        yield from [f"## {public.__name__}", ""]
        if public is Lab:  # users never construct the others
            yield from ["```python", f"{public.__name__}{signature(public)}", "```", ""]
        yield from documented(public, () if public is Lab else ("Parameters",))
        for name, member in vars(public).items():
            if not name.startswith("_"):
                target = member.fget if isinstance(member, property) else member
                call = "" if isinstance(member, property) else signature(target)
                yield from [f"### `{public.__name__}.{name}{call}`", "", *documented(target)]


def signature(target: Any) -> str:
    """Format the signature of something, without types."""
    found = inspect.signature(target)
    empty = inspect.Parameter.empty
    parameters = [
        each.replace(annotation=empty) for each in found.parameters.values() if each.name != "self"
    ]
    written = str(found.replace(parameters=parameters, return_annotation=empty))
    return written.replace("'", '"')


def documented(target: Any, left_out: Container[str] = ()) -> Iterator[str]:
    """Convert a docstring in NumPy style to Markdown, without its examples."""
    text, *sections = re.split(r"^(\w+)\n-+\n", inspect.getdoc(target) or "", flags=re.MULTILINE)
    yield from [text.strip().replace("``", "`"), ""]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        if title == "Examples" or title in left_out:
            continue
        yield from [f"**{title}**", ""]
        for entry in re.split(r"\n(?=\S)", body.strip().replace("``", "`")):
            head, *lines = entry.splitlines()
            told = " ".join(line.strip() for line in lines)
            yield f"- `{head}`" + (f": {told}" if told else "")
        yield ""


if __name__ == "__main__":
    sys.exit(main())
