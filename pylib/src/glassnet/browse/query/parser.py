"""From an expression's text to its tree, within bounds that any parser survives."""

from __future__ import annotations

import ast
import re
import warnings

from glassnet.errors import GlassnetError

LONGEST = 2000  # characters
MOST_NODES = 300
DEEPEST = 100

# A number, which is passed over; or whatever a tree can grow deeper by.
_TOKEN = re.compile(
    r"(?<!\w)(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
    r"|\*\*|//|<<|>>|[-+*/%@<>=!~&|^:.()\[\]{}]"
    r"|\b(?:not|is|in|if|else|for|lambda|await|yield|async|from)\b"
)


class QueryError(GlassnetError):
    """An expression cannot be used. `column` is where in it, from 0; None if it is all of it."""

    code = "E-QUERY"

    def __init__(self, problem: str, column: int | None = None) -> None:
        super().__init__(problem)
        self.column = column


def parse(expression: str) -> ast.expr:
    """The tree of an expression. Raises QueryError: too long, too deep or no expression."""
    if len(expression) > LONGEST:
        raise QueryError(f"{len(expression):,} characters; the limit is {LONGEST:,}")
    if not expression.strip():
        raise QueryError("an empty expression")
    _check_depth(expression)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as `1and 2`, which will be an error some day
            tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = error.offset - 1 if isinstance(error, SyntaxError) and error.offset else None
        problem = error.msg if isinstance(error, SyntaxError) else str(error)
        raise QueryError(f"not a Python expression: {problem}", column) from None
    nodes = sum(1 for _ in ast.walk(tree))
    if nodes > MOST_NODES:
        raise QueryError(f"{nodes} pieces; the limit is {MOST_NODES}")
    return tree


def names(expression: str) -> set[str]:
    """The names an expression reads, functions included. Raises QueryError as `parse`."""
    nodes = ast.walk(parse(expression))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _check_depth(expression: str) -> None:
    """Refuse what nests deeper than a parser's stack may be, before the parser sees it.

    In a browser's worker the stack is smaller than Python believes, and the interpreter would end.
    What is counted is never less than the tree's depth: each open bracket, and within it each
    operator and each bracket closed before, as if all of them stood in one another.
    """
    depth, outside = 0, []
    for token in _TOKEN.finditer(expression):
        if token[0].strip(".")[:1].isdigit():
            continue
        if token[0] in "([{":
            outside.append(depth)
        elif token[0] in ")]}" and outside:
            depth = outside.pop()
        depth += 1
        if depth > DEEPEST:
            raise QueryError(f"nested more than {DEEPEST} deep", token.start())
