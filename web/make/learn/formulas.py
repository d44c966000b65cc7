"""Formulas on a page: the formula, the lines that compute it, its place in the network page; and,
folded below those of one function, that function."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from .. import source
from ..console import BuildError
from . import traced
from .code import Code
from .mathml import Formula
from .stops import address
from .symbols import Section, Symbols
from .traced import Line, Traced

LONG = 27  # characters of a formula that fit into the narrowest window


@dataclass(frozen=True)
class Place:
    """A function of the package, as a text links to it."""

    name: str
    file: str


@dataclass(frozen=True)
class Shown:
    """A formula on the page. lines: those that compute it, in the end; all: that ran for it."""

    text: str
    place: Place
    lines: list[Line]
    all: list[Line]


class Formulas:
    """All that is known of the formulas of a package, which has to be in `src/glassnet`."""

    def __init__(self, package: Path) -> None:
        self.code = Code(package)
        self.steps: list[Traced] = traced.read(package.parent)
        self._tree: Callable[[str], Any] = runpy.run_path(str(package / "formulas.py"))["tree"]
        self._marked: dict[str, list[str]] = {}

    def located(self, text: str, place: Place) -> Shown:
        """A formula with the lines that compute it.

        They are those that ran in a step of a network that has it, as far in as the room goes where
        the function stands (layers, optimisers); where none has, what the function returns.
        """
        code, name, file = self.code, place.name, place.file
        if not code.has(file, name):
            raise BuildError(f"{text}: {file} has no {name}.")
        room = file.split("/")[0]
        symbol = defined(text)
        for formula, lines in self.steps:
            mine = [one for one in lines if one.file.split("/")[0] == room]
            if formula == text and name in [code.within(*one) for one in mine if one.file == file]:
                last = mine[-1].file, code.within(*mine[-1])
                inner = [one for one in mine if (one.file, code.within(*one)) == last]
                if "." not in last[1]:  # a rule: one line for each of its formulas
                    inner = [Line(last[0], code.result(*last, symbol))]
                elif code.overwrites(*inner[-1]):
                    inner = inner[-1:]
                return Shown(text, place, inner, lines)
        only = Line(file, code.result(file, name, symbol))
        return Shown(text, place, [only], [only])

    def math(self, text: str, symbols: Symbols, section: Section) -> Formula:
        """A formula set as MathML."""
        return Formula(
            self._tree(text),
            lambda symbol: symbols.find(symbol, section),
            lambda symbol: symbols.meaning(symbol, section),
        )

    def item(self, shown: Shown, symbols: Symbols, section: Section) -> str:
        """A formula with its ways, as an item of a list."""
        lines = dict.fromkeys((one.file, *self.code.statement(*one)) for one in shown.lines)
        ways = "".join(self.line(file, number, words) for file, number, words in lines)
        ways += self.stop(shown.text, shown.place.name)
        return self.row(shown.text, symbols, section, ways)

    def stop(self, text: str, function: str) -> str:
        """A link to where a formula is seen at work, if it is anywhere."""
        found = address(function, defined(text))
        told = f"in the network: {text}"
        link = f'<a class="stop" href="{escape(found)}" aria-label="{told}">' if found else ""
        return f"{link}in the network</a>" if found else ""

    def row(self, text: str, symbols: Symbols, section: Section, ways: str) -> str:
        """A formula with whatever stands below it."""
        formula = self.math(text, symbols, section)
        says = "".join(
            f'<span class="s{number}"><b>{escape(one.symbol)}</b> {escape(one.text)}'
            + (f" <i>{escape(one.shape)}</i>" if one.shape else "")
            + "</span>"
            for number, one in enumerate(formula.meanings.values(), 1)
        )
        wide, kind = f'<div class="wide">{formula.math}</div>', "formula"
        if len(text) > LONG:  # it may have to be scrolled, with keys too
            told = f'tabindex="0" role="group" aria-label="{escape(text)}"'
            wide, kind = wide.replace(">", f" {told}>", 1), "formula long"
        below = f'<p class="ways">{ways}</p>' if ways else ""
        return f'<li class="{kind}">{wide}{below}<p class="says">{says}</p></li>'

    def line(self, file: str, number: int, words: str) -> str:
        """A link to a line of source that shows what it says."""
        place = f"{source.place(file)}#L{number}"
        return f'<a class="line" href="{place}"><code>{escape(words)}</code></a>'

    def fold(self, shown: Sequence[Shown]) -> str:
        """The functions that compute these formulas, whole, to be unfolded; what ran is marked."""
        code = self.code
        ran = list(dict.fromkeys(line for one in shown for line in (*one.all, *one.lines)))
        own = [(one.place.file, one.place.name) for one in shown]
        rooms = {file.split("/")[0] for file, _ in own}
        inner = [(one.file, code.within(*one)) for one in ran if one.file.split("/")[0] in rooms]
        functions = list(dict.fromkeys((*own, *(one for one in inner if one[1]))))
        starts = {(one.file, code.statement(*one)[0]) for one in ran}
        engine = list(
            dict.fromkeys(
                (one.file, code.within(*one)) for one in ran if one.file.startswith("engines/")
            )
        )
        then = ", ".join(self.name(file, name) for file, name in engine)
        after = f'<p class="then">and, in the engine, {then}</p>' if then else ""
        names = " · ".join(dict.fromkeys(name for _, name in own))
        return (
            f'<details class="fold"><summary>{names}, whole</summary>'
            + "".join(self.excerpt(file, name, starts) for file, name in functions)
            + f"{after}</details>"
        )

    def name(self, file: str, name: str) -> str:
        """The name of a function as a link to it."""
        return f'<a href="{source.place(file)}#{name}"><code>{escape(name)}</code></a>'

    def excerpt(self, file: str, name: str, ran: set[tuple[str, int]] = frozenset()) -> str:  # type: ignore[assignment]
        """A function's own text, each line a link to itself in its file."""
        if file not in self._marked:
            self._marked[file] = source.marked(self.code.files[file])
        first, last = self.code.span(file, name)
        texts = self._marked[file][first - 1 : last]
        plain = [re.sub(r"<[^>]+>", "", one) for one in texts]
        margin = min(len(one) - len(one.lstrip()) for one in plain if one.strip())
        rows = []
        for number, text in enumerate(texts, first):
            mark = ' class="ran"' if (file, number) in ran else ""
            link = f'<a href="{source.place(file)}#L{number}" tabindex="-1" aria-hidden="true">'
            rows.append(f"<span{mark}>{link}{number}</a>{_outdented(text, margin)}\n</span>")
        where = f'<a href="{source.place(file)}#{name}">{file}</a>'
        return (
            f'<figure class="excerpt"><figcaption><code>{name}</code>, in {where}</figcaption>'
            f'<div class="source" tabindex="0" role="region" aria-label="{name}">'
            f"<pre>{''.join(rows)}</pre></div></figure>"
        )


def defined(text: str) -> str:
    """What a formula defines: what stands before its first sign of equality or arrow."""
    return re.split(r" [=←] ", text)[0]


def _outdented(text: str, margin: int) -> str:
    """A line of HTML without the spaces that all lines begin with."""
    head = re.match(r"(<i>)? *", text)
    assert head
    tag, spaces = head[1] or "", head[0].removeprefix(head[1] or "")
    return tag + spaces[margin:] + text[head.end() :]
