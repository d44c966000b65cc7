"""A bound on how deep a hostile document may nest, checked before the JSON reader sees it.

Natively the reader ends in a RecursionError; in a browser's worker the stack is smaller than
Python believes, and a hundred thousand brackets would end the interpreter.
"""

from __future__ import annotations

import re

DEEPEST = 64

# A whole string (one without an end takes the rest: no reader gets past it), or a bracket outside.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def check_nesting(text: str, deepest: int = DEEPEST) -> str:
    """The text as it is, if its brackets nest no deeper than `deepest`; those in strings are text.

    Raises:
        ValueError: it nests deeper.
    """
    depth = 0
    for token in _TOKEN.finditer(text):
        if text[token.start()] in "[{":
            depth += 1
        elif text[token.start()] in "]}":
            depth -= 1
        if depth > deepest:
            raise ValueError(f"nested more than {deepest} deep")
        if depth < 0:
            raise ValueError("a bracket closes what none has opened")
    return text
