"""The syntax of a configuration file: is it YAML, and does it say one thing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from d2l_lab.config.messages import show
from d2l_lab.errors import LabError

MISPLACED_COLON = (
    "a colon where none can stand; indent the keys of a section alike, end each with a colon, "
    "and put quotes around text that holds ': '"
)
MISALIGNED = (
    "not in line with what stands above; indent the keys of a section, or the entries of a list, "
    "alike"
)
TEMPLATES = "__use_yte__"  # with this key, Snakemake evaluates text such as "?1 + 1" as Python
# What PyYAML calls a fault; whether to point where the faulty thing began; what to say instead.
FAULTS = [
    (r"'\\t' that cannot start", False, "a tab; indent with spaces"),
    (r"'(.)' that cannot start", False, "text cannot start with {0}; put quotes around it"),
    (r"mapping values are not allowed", False, MISPLACED_COLON),
    (r"sequence entries are not", False, "a list entry where none can stand; give it its own line"),
    (r"<block end>, but found '([]}])'", False, "{0} closes nothing; take it away"),
    (r"expected <block end>", False, MISALIGNED),
    (r"unexpected end of stream", True, "a quote that is never closed; close it"),
    (r"could not find expected ':'", True, "a key without a colon; write 'key: value'"),
    (r"expected ',' or '(.)'", True, "a bracket not closed, or a comma missing; close it with {0}"),
    (r"but found '<stream end>'", False, "the file ends in an open bracket; close it"),
    (r"undefined alias '(.*)'", False, "nothing is named {0}; put quotes around text with a *"),
    (r"for the tag '(.*)'", False, "the tag {0} is unknown; put quotes around text with a !"),
    (r"unhashable key", False, "a list or section in place of a key; a key is one word"),
    (r"second occurrence", False, "an anchor given twice; rename one"),
    (r"another document", False, "a second document; take the line --- away"),
]


def check_syntax(path: Path) -> dict[Any, Any]:
    """Check that a file is YAML with keys at the top, and with no key twice in a section.

    Parameters
    ----------
    path
        The configuration file, called in the messages what it is called here.

    Returns
    -------
    dict
        What it says.

    Raises
    ------
    LabError
        If it is not: one line for each fault, with its line and column, counted from 1.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise LabError(f"{path}: cannot be read ({error.strerror}); put a file there") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise LabError(f"{path}: line {line}: not UTF-8; save the file as UTF-8") from None
    said, faults = _read(text)
    if faults:
        raise LabError("\n".join(f"{path}: {fault}" for fault in faults))
    return said


def _read(text: str) -> tuple[dict[Any, Any], list[str]]:
    """Give what a text says, and its faults; if it has any, what it says is no matter."""
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            return {}, ["line 1, column 1: no keys at the top; write lines such as 'seed: 0'"]
        if faults := list(_faults_of(root, loader, (), set())):
            return {}, faults
        said = loader.construct_document(root)
        return said, [
            f"{_place(key.start_mark)}: {TEMPLATES} makes Snakemake run text as code; take it away"
            for key, _ in root.value  # merged keys stand here too by now
            if key.value == TEMPLATES
        ]
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return {}, [f"line {line}, column {column}: a character that is no text; delete it"]
    except yaml.MarkedYAMLError as error:
        return {}, [_explain(error)]
    except RecursionError:
        return {}, ["line 1, column 1: sections or lists nested too deep; nest them less"]


def _explain(error: yaml.MarkedYAMLError) -> str:
    for pattern, at_start, message in FAULTS:
        if match := re.search(pattern, error.problem):
            place = _place(error.context_mark if at_start else error.problem_mark)
            return f"{place}: {message.format(*match.groups())}"
    return f"{_place(error.problem_mark)}: {error.problem}; mend it there"


def _faults_of(
    node: yaml.Node, loader: yaml.SafeLoader, above: tuple[yaml.Node, ...], seen: set[yaml.Node]
) -> Iterator[str]:
    """Find keys given twice, values that cannot be, and sections that hold themselves."""
    if node in above:
        yield f"{_place(node.start_mark)}: this holds itself by its alias; take the alias away"
    if node in seen:
        return
    seen.add(node)
    if isinstance(node, yaml.ScalarNode):
        try:
            loader.construct_object(node)
        except (ValueError, AttributeError):
            place = _place(node.start_mark)
            yield f"{place}: {show(node.value)} is no number or date; put quotes around text"
        return
    earlier = {}
    for entry in node.value:
        key, value = entry if isinstance(node, yaml.MappingNode) else (None, entry)
        if isinstance(key, yaml.ScalarNode):
            first = earlier.setdefault((key.tag, key.value), key)
            if first is not key:
                found = f"{key.value} stands on line {first.start_mark.line + 1} already"
                yield f"{_place(key.start_mark)}: {found}; leave one out"
        yield from _faults_of(value, loader, (*above, node), seen)


def _place(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"
