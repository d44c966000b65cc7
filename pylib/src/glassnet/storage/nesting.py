"""A bound on how deep a hostile document may nest, checked before the JSON reader sees it.

Natively the reader ends in a RecursionError; in a browser's worker the stack is smaller than
Python believes, and a hundred thousand brackets would end the interpreter.
"""

from __future__ import annotations

import re

DEEPEST = 64
_BRACKET = re.compile(r"[\[\]{}]")


def check_nesting(text: str, deepest: int = DEEPEST) -> str:
    """The text as it is, if its brackets nest no deeper than `deepest`.

    Brackets in strings are counted, too: a document of ours has none there.

    Raises:
        ValueError: it nests deeper.
    """
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > deepest:
            raise ValueError(f"nested more than {deepest} deep")
    return text
