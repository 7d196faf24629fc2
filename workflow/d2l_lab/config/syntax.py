"""Check the syntax of a configuration file: valid YAML without contradictions."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError
from yaml.parser import ParserError
from yaml.scanner import ScannerError

from d2l_lab.config.messages import show
from d2l_lab.errors import LabError

TEMPLATES = "__use_yte__"  # with this key, Snakemake evaluates text such as "?1 + 1" as Python
MERGE = "tag:yaml.org,2002:merge"  # the key <<
# YAML says what it found, and this says how to fix it.
MENDS = {
    ScannerError: (
        "write 'key: value', indent with spaces, close every quote, and put quotes around text "
        "that has a special character"
    ),
    ParserError: "indent the entries of a section or list alike, and close every bracket once",
    ComposerError: "keep to one document, and put quotes around text that begins with * or &",
    ConstructorError: "use single words as keys, and put quotes around text that begins with !",
}


def check_syntax(path: Path) -> dict[Any, Any]:
    """Check that a file is YAML with keys at the top, and with no key twice in a section.

    Parameters
    ----------
    path
        The configuration file; messages name it as given here.

    Returns
    -------
    dict
        Its content.

    Raises
    ------
    LabError
        Otherwise, with one line for each fault: its line and column, counted from 1.
    """
    text, said = "", {}
    try:
        text = path.read_text("utf-8")
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            faults = ["line 1, column 1: no keys at the top; write lines such as 'seed: 0'"]
        elif not (faults := list(_faults(root, loader, (), set()))):
            said = loader.construct_document(root)
    except OSError as error:
        faults = [f"cannot be read ({error.strerror}); put a file there"]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults = [f"line {line}: not UTF-8 ({error.reason}); save the file as UTF-8"]
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        faults = [f"line {line}: {error.reason} ({error.character:#x}); delete what is no text"]
    except yaml.MarkedYAMLError as error:
        since = f" (line {error.context_mark.line + 1})" if error.context_mark else ""
        context = f"{error.context}{since}, " if error.context else ""
        found = f"{_place(error.problem_mark)}: {context}{error.problem}"
        faults = [f"{found}; {_full_width(error, text) or MENDS[type(error)]}"]
    except RecursionError:
        faults = ["line 1: sections or lists nested too deep; nest them less"]
    if faults:
        raise LabError("\n".join(f"{path}: {fault}" for fault in faults))
    return said


def _faults(
    node: yaml.Node, loader: yaml.SafeLoader, above: tuple[yaml.Node, ...], seen: set[yaml.Node]
) -> Iterator[str]:
    """Find what YAML lets pass: keys given twice, impossible dates, sections within themselves."""
    if node in above:
        yield f"{_place(node.start_mark)}: this holds itself by its alias; take the alias away"
    if node in seen or node.tag == MERGE:
        return
    seen.add(node)
    if isinstance(node, yaml.ScalarNode):
        try:
            loader.construct_object(node)
        except (ValueError, LookupError, AttributeError):
            found = f"{show(node.value)} is no {node.tag.rpartition(':')[2]}"
            yield f"{_place(node.start_mark)}: {found}; put quotes around text"
        return
    earlier: dict[tuple[str, str], yaml.Node] = {}
    for entry in node.value:
        key, *children = entry if isinstance(node, yaml.MappingNode) else (None, entry)
        if isinstance(key, yaml.ScalarNode):
            children.append(key)
            place = _place(key.start_mark)
            if key.value == TEMPLATES:
                yield f"{place}: {TEMPLATES} makes Snakemake run text as code; remove it"
            first = earlier.setdefault((key.tag, key.value), key)
            if first is not key:
                found = f"{show(key.value)} is already on line {first.start_mark.line + 1}"
                yield f"{place}: {found}; leave one out"
        for child in children:
            yield from _faults(child, loader, (*above, node), seen)


def _full_width(error: yaml.MarkedYAMLError, text: str) -> str:
    """Say where a full-width sign from a Chinese keyboard is in place of YAML's own."""
    end = error.problem_mark
    start = max((error.context_mark or end).line - 1, 0)  # the line before may go on to this one
    for number, line in enumerate(text.splitlines()[start : end.line + 1], start + 1):
        for sign in line.partition("#")[0]:
            plain = unicodedata.normalize("NFKC", sign)
            if plain != sign and plain.isascii():
                return f"line {number} has the full-width {show(sign)}; write {show(plain)}"
    return ""


def _place(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"
