"""Translate the comments and docstrings of code that the book shows."""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def translate(source: str, translations: Mapping[str, str]) -> str:
    """Replace comments and docstrings by their translations; keep those without one."""
    if not translations:
        return source
    lines = source.splitlines()
    for token, text in reversed([*texts(source)]):
        if text in translations:
            (row, start), (last, end) = token.start, token.end
            is_comment = token.type == tokenize.COMMENT
            said = f"# {translations[text]}" if is_comment else f'"""{translations[text]}"""'
            lines[row - 1 : last] = [lines[row - 1][:start] + said + lines[last - 1][end:]]
    return "\n".join(lines)


def texts(source: str) -> Iterator[tuple[tokenize.TokenInfo, str]]:
    """Yield each comment and docstring of some code, with its text."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED)]
    docstrings = {
        (node.body[0].lineno, node.body[0].col_offset): ast.get_docstring(node)
        for node in nodes
        if ast.get_docstring(node)
    }
    for token in tokenize.generate_tokens(io.StringIO(f"{source}\n").readline):
        if token.type == tokenize.COMMENT:
            yield token, token.string.lstrip("# ")
        elif token.type == tokenize.STRING and token.start in docstrings:
            yield token, docstrings[token.start]
