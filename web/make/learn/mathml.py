"""Formulas as MathML. The package reads a line of text as a tree (glassnet/formulas.py); here the
tree becomes what is set on a page: sums with what they run over below, accents, spaces where a word
meets a letter. Each symbol is marked with its number in the formula, `s1`, `s2` ..., and what they
mean is told beside it; a style sheet shows it for the one that is pointed at (formulas.css).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from .symbols import Meaning

Node = list[Any]

ACCENTS = {"\u0302": "^", "\u0304": "\u00af"}
MOST = 12  # symbols in a formula that the style sheet has numbers for
_SUPER = dict(zip("T0123456789−+ntz", "ᵀ⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵗᶻ", strict=True))
_SUB = dict(zip("0123456789ejknt", "₀₁₂₃₄₅₆₇₈₉ₑⱼₖₙₜ", strict=True))


class Formula:
    """One formula: its `math` element, and what its symbols mean, in the order of their numbers.

    Args:
        tree: as `glassnet.formulas.tree` makes it.
        find: what a symbol means, or None.
        need: the same, but complains where there is none.
    """

    def __init__(
        self, tree: Node, find: Callable[[str], Meaning | None], need: Callable[[str], Meaning]
    ) -> None:
        self.meanings: dict[str, Meaning] = {}
        self._find, self._need = find, need
        self.math = f'<math displaystyle="true">{self._made(tree)}</math>'
        assert len(self.meanings) <= MOST, f"more than {MOST} symbols: {tree}"

    def _mark(self, meaning: Meaning) -> str:
        """The attributes of a symbol; it can be tapped, but is no stop for the Tab key."""
        self.meanings.setdefault(meaning.symbol, meaning)
        number = list(self.meanings).index(meaning.symbol) + 1
        return f' class="s{number}" tabindex="-1"'

    def _made(self, node: Node) -> str:
        tag, *children = node
        if tag == "mrow":
            return self._row(children)
        if tag == "mfrac" and (below := _derived(node)):
            whole, by = f"∂L/∂{below}", self._find(below)
            meaning = self._find(whole) or Meaning(
                whole, f"the gradient: how L changes with {below}", by.shape if by else ""
            )
            return self._mathml("mfrac", [_plain(child) for child in children], meaning)
        if tag in ("msup", "msub", "msubsup"):
            return self._scripts(node)
        if tag == "mi":
            return self._name(children[0], self._need(children[0]))
        if tag == "mo":
            return self._sign(children[0])
        if tag == "mtext":
            return f"<mtext>&nbsp;{escape(children[0])}&nbsp;</mtext>"
        if tag == "mn":
            return f"<mn>{children[0]}</mn>"
        return self._mathml(tag, [self._made(child) for child in children])

    def _row(self, children: list[Node]) -> str:
        made = []
        low = not any(
            map(_high, children)
        )  # brackets grow with what is high, and with nothing else
        for child, after in zip(children, [*children[1:], None], strict=True):
            if low and child[0] == "mo" and child[1] in "()[]":
                made.append(f'<mo stretchy="false">{child[1]}</mo>')
            else:
                made.append(self._made(child))
            if after and _word(child) and not _bracketed(after) and after[0] != "mo":
                made.append('<mspace width="0.17em"></mspace>')
        if len(children) == 2 and children[0] == ["mn", "1"] and _bracketed(children[1], "["):
            made[0] = f"<mn{self._mark(self._need('1[…]'))}>1</mn>"
        return self._mathml("mrow", made)

    def _scripts(self, node: Node) -> str:
        tag, base, *leaves = node
        whole = self._find(written(node))
        if whole:
            return self._mathml(tag, [_plain(base), *map(_leaf, leaves)], whole)
        if tag == "msubsup" and (part := self._find(written(["msub", base, leaves[0]]))):
            inner = self._mathml("msub", [_plain(base), _leaf(leaves[0])], part)
            return self._mathml("msup", [inner, self._above(leaves[1])])
        if base == ["mi", "Σ"]:
            mark = self._mark(self._need("Σ"))
            below = self._mathml("mrow", [self._index(leaves[0])])
            return f'<munder><mo{mark} movablelimits="false">∑</mo>{below}</munder>'
        ends = [*map(self._index, leaves[: tag != "msup"])]
        ends += [*map(self._above, leaves[len(ends) :])]
        return self._mathml(tag, [self._made(base), *ends])

    def _index(self, leaf: Node) -> str:
        """What stands below: it counts something, and that is told."""
        meaning = None if leaf[1].isdigit() else self._need(leaf[1])
        return f"<mi{self._mark(meaning)}>{leaf[1]}</mi>" if meaning else _leaf(leaf)

    def _above(self, leaf: Node) -> str:
        """What stands above: mostly a power, or a sign for turning a matrix over."""
        meaning = self._find(leaf[1]) if leaf[1].isalpha() and leaf[1] != "T" else None
        return f"<mi{self._mark(meaning)}>{leaf[1]}</mi>" if meaning else _leaf(leaf)

    def _name(self, name: str, meaning: Meaning) -> str:
        if name == "Σ":
            return f"<mo{self._mark(meaning)}>∑</mo>"
        return _set(name, self._mark(meaning))

    def _sign(self, sign: str) -> str:
        meaning = self._find(sign)
        return f"<mo{self._mark(meaning) if meaning else ''}>{escape(sign)}</mo>"

    def _mathml(self, tag: str, inside: list[str], meaning: Meaning | None = None) -> str:
        return f"<{tag}{self._mark(meaning) if meaning else ''}>{''.join(inside)}</{tag}>"


def written(node: Node) -> str:
    """A node as it stood in the text, as far as symbols are concerned."""
    tag, *children = node
    if tag in ("msup", "msub", "msubsup"):
        tables = {"msup": [_SUPER], "msub": [_SUB], "msubsup": [_SUB, _SUPER]}[tag]
        ends = (
            "".join(table[letter] for letter in leaf[1])
            for table, leaf in zip(tables, children[1:], strict=True)
        )
        return written(children[0]) + "".join(ends)
    return "".join(child if isinstance(child, str) else written(child) for child in children)


def _derived(node: Node) -> str | None:
    """By what L is derived, if a fraction is such a derivative: of ∂L/∂aₖ, a."""
    above, below = node[1:]
    while below[0] in ("msub", "msup", "msubsup"):
        below = below[1]
    if above == ["mrow", ["mo", "∂"], ["mi", "L"]] and below[:2] == ["mrow", ["mo", "∂"]]:
        return str(below[2][1])
    return None


def _plain(node: Node) -> str:
    """Part of a symbol that is marked as a whole."""
    tag, *children = node
    if tag == "mi":
        return _set(children[0])
    if isinstance(children[0], str):
        return f"<{tag}>{escape(children[0])}</{tag}>"
    if tag in ("msup", "msub", "msubsup"):
        return f"<{tag}>{_plain(children[0])}{''.join(map(_leaf, children[1:]))}</{tag}>"
    return f"<{tag}>{''.join(map(_plain, children))}</{tag}>"


def _set(name: str, mark: str = "") -> str:
    """A name: in italics if it is one letter, whatever is above it."""
    if name.endswith("′"):
        return f'<mrow{mark}><mi>{name[:-1]}</mi><mo lspace="0" rspace="0">′</mo></mrow>'
    if name[-1] in ACCENTS:
        accent = ACCENTS[name[-1]]
        return f'<mover{mark} accent="true"><mi>{name[:-1]}</mi><mo>{accent}</mo></mover>'
    return f"<mi{mark}>{name}</mi>"


def _leaf(leaf: Node) -> str:
    """What stands above or below, which the tree has as one name: −z is a sign and a letter."""
    parts = re.findall(r"[0-9]+|[−+]|\w", leaf[1])
    tags = ("mn" if part.isdigit() else "mo" if part in "−+" else "mi" for part in parts)
    upright = {"T": ' mathvariant="normal"'}
    made = [
        f"<{tag}{upright.get(part, '')}>{part}</{tag}>"
        for tag, part in zip(tags, parts, strict=True)
    ]
    return made[0] if len(made) == 1 else f"<mrow>{''.join(made)}</mrow>"


def _high(node: Node) -> bool:
    """Whether there is a fraction or a sum in a node."""
    inside = [child for child in node[1:] if isinstance(child, list)]
    return node[0] == "mfrac" or "Σ" in node[1:] or any(map(_high, inside))


def _word(node: Node) -> bool:
    return node[0] == "mi" and len(node[1].rstrip("′\u0302\u0304")) > 1


def _bracketed(node: Node, bracket: str = "") -> bool:
    """Whether a node is a row in brackets."""
    if node[0] != "mrow" or len(node) < 2:
        return False
    return bool(node[1][0] == "mo" and node[1][1] in (bracket or "(["))
