"""Formulas: one line of text, as it stands above a function, and the same as a tree for MathML.

A node is a list, [tag, child, ...], and a leaf [tag, text]; the tags are MathML's own (mi, mn, mo,
mtext, mrow, mfrac, msqrt, msub, msup, msubsup). In the text, superscripts and subscripts are
Unicode's (Wᵀ, aₖ, e⁻ᶻ), √ goes before a name or a bracket, and a / without spaces is a fraction,
whose brackets, if it has any, are not drawn:  σ(z) = 1/(1 + e⁻ᶻ)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Node = list[Any]

SUPER = dict(zip("ᵀ⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵗᶻ", "T0123456789−+ntz", strict=True))
SUB = dict(zip("₀₁₂₃₄₅₆₇₈₉ₑⱼₖₙₜ", "0123456789ejknt", strict=True))
BRACKETS = {"(": ")", "[": "]"}
ACCENTS = "\u0302\u0304"  # above a letter: a hat, a bar
LETTER = rf"[^\W\d_{''.join(SUPER)}{''.join(SUB)}][{ACCENTS}]?"
TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<mn>[0-9]+(?:\.[0-9]+)?)|(?P<mi>∂?(?:{LETTER})+′?)"
    rf"|(?P<super>[{''.join(SUPER)}]+)|(?P<sub>[{''.join(SUB)}]+)|(?P<mo>.)"
)
WORDS = ("with", "and", "of", "layer", "from", "for", "depend", "on", "too", "is", "the", "largest")


def formulas(text: str) -> Callable[[F], F]:
    """Say in formulas what the function below does: `@formulas("z = x;  a = f(z)")`.

    They are also its docstring, if it has none; but Python may leave docstrings out (-OO), and
    these stay.
    """

    def write(function: F) -> F:
        function.formulas = text  # type: ignore[attr-defined]
        function.__doc__ = function.__doc__ or text
        return function

    return write


def terms(function: object) -> dict[str, str]:
    """The formulas of a function by what they define: `"z = x;  a = f(z)"` → z, a.

    They stand above it or, of a reader's own function, in its docstring: before the first empty
    line, apart by semicolons or on lines of their own; what follows three spaces is not theirs.
    """
    text = getattr(function, "formulas", None) or getattr(function, "__doc__", None) or ""
    found = {}
    for line in text.strip().split("\n\n")[0].split("\n"):
        for formula in re.split(r"\s{3,}", line.strip())[0].split(";"):
            symbol = re.split(r" [=←] ", formula.strip())[0]
            if symbol != formula.strip():
                found[symbol] = formula.strip()
    return found


def tree(text: str) -> Node:
    """The formula as a tree. Raises ValueError where brackets do not match."""
    tokens = [(str(m.lastgroup), m.group()) for m in TOKEN.finditer(text)]
    row, rest = _row(tokens, 0, "")
    if rest != len(tokens):
        raise ValueError(f"{text}: unexpected {tokens[rest][1]}")
    return row


def _row(tokens: list[tuple[str, str]], i: int, end: str) -> tuple[Node, int]:
    """The tokens from i up to a closing bracket, as one row; and where that bracket is."""
    row: Node = ["mrow"]
    while i < len(tokens) and tokens[i][1] not in BRACKETS.values():
        if tokens[i][0] == "space":
            i += 1
            continue
        node, i = _factor(tokens, i)
        while i + 1 < len(tokens) and tokens[i][1] == "/":
            below, i = _factor(tokens, i + 1)
            node = ["mfrac", _bare(node), _bare(below)]
        row.append(node)
    if end and (i == len(tokens) or tokens[i][1] != end):
        raise ValueError(f"{''.join(text for _, text in tokens)}: {end} is missing")
    return row, i


def _factor(tokens: list[tuple[str, str]], i: int) -> tuple[Node, int]:
    """An atom; or a name and the brackets that follow it at once, as in f(z)."""
    node, after = _atom(tokens, i)
    named = tokens[i][0] in ("mi", "mn") and not tokens[i][1].startswith("∂")
    if named and after < len(tokens) and tokens[after][1] in BRACKETS:
        arguments, after = _atom(tokens, after)
        node = ["mrow", node, arguments]
    return node, after


def _atom(tokens: list[tuple[str, str]], i: int) -> tuple[Node, int]:
    """A name, number, sign, bracket or root, with what is written above and below its end."""
    kind, text = tokens[i]
    node: Node = [kind, text]
    if text in BRACKETS:
        inside, i = _row(tokens, i + 1, BRACKETS[text])
        node = ["mrow", ["mo", text], *inside[1:], ["mo", BRACKETS[text]]]
    elif text == "√":
        inside, i = _atom(tokens, i + 1)
        return ["msqrt", _bare(inside)], i
    elif text.startswith("∂"):
        node = ["mrow", ["mo", "∂"], ["mi", text[1:]]]
    elif text in WORDS:
        node = ["mtext", text]
    return _scripts(node, tokens, i + 1)


def _scripts(node: Node, tokens: list[tuple[str, str]], i: int) -> tuple[Node, int]:
    above: Node | None = None
    below: Node | None = None
    while i < len(tokens) and tokens[i][0] in ("super", "sub"):
        kind, text = tokens[i]
        leaf: Node = ["mi", "".join((SUPER if kind == "super" else SUB)[c] for c in text)]
        above, below = (leaf, below) if kind == "super" else (above, leaf)
        i += 1
    if above and below:
        return ["msubsup", node, below, above], i
    if above or below:
        return ["msup" if above else "msub", node, above or below], i
    return node, i


def _bare(node: Node) -> Node:
    """A row without the brackets around it."""
    bracketed = node[0] == "mrow" and node[1] == ["mo", "("]
    return ["mrow", *node[2:-1]] if bracketed else node
