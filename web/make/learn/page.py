"""A text of web/learn as the inside of its page: its blocks in order, headings with names to link
to, and a list of contents. A page says in `data-text` which text it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path, PurePosixPath

from .. import source
from ..console import BuildError
from ..settings import ROOT, WEB
from .formulas import Formulas, Place, Shown, defined
from .markdown import Block, Heading, Indented, Items, Paragraph, Table, blocks, inline
from .symbols import EVERYWHERE, HEAD, Section, Symbols, under

FOLDER = WEB / "learn"
NOTATION = "maths.md"  # where symbols are explained for all texts
PAGES = {
    "maths.md": ("learn.html", "The maths"),
    "reading-a-step.md": ("reading.html", "Reading one step"),
}

_PLACE = re.compile(r'(<article\b[^>]*\bdata-text="([^"]+)"[^>]*>)(</article>)')
_FORMULA = re.compile(r"(?P<formula>.+) \(\[(?P<name>[\w.]+)\]\((?P<to>[^)]+)\)\)")
_LINK = re.compile(r"\[([\w.]+)\]\(([^()\s]+)\)")
_PACKAGE = ROOT / "pylib" / "src" / "glassnet"


class Text:
    """One text, about to become the inside of a page."""

    def __init__(self, name: str, formulas: Formulas, folder: Path = FOLDER) -> None:
        self.name, self.formulas, self.folder = name, formulas, folder
        self.blocks = blocks((folder / name).read_text(encoding="utf-8"), name)
        shared = blocks((folder / NOTATION).read_text(encoding="utf-8"), NOTATION)
        self.symbols = Symbols.of(self.blocks if name == NOTATION else shared, name)
        self._headings: list[tuple[Heading, str]] = []
        self._file = ""  # that the section is about

    def html(self) -> str:
        """The whole of it, its contents first."""
        made, section = [], Section()
        for block in self.blocks:
            if isinstance(block, Heading):
                section = under(section, block)
            made.append(self._block(block, section))
        return made[0] + self._contents() + "\n".join(made[1:])

    def _block(self, block: Block, section: Section) -> str:
        match block:
            case Heading():
                return self._heading(block)
            case Paragraph():
                return f"<p>{self._inline(block.text)}</p>"
            case Items():
                return self._items(block.texts, section)
            case Table():
                return self._table(block, section)
            case Indented():
                row = self.formulas.row(block.text, self.symbols, section, "")
                return f'<ul class="formulas">{row}</ul>'

    def _heading(self, block: Heading) -> str:
        words = re.sub(r"[`*]", "", block.text)
        name = "-".join(re.findall(r"[\w.]+", words.lower().replace(".py", "")))
        if name in [one for _, one in self._headings]:
            raise BuildError(f"{self.name}: there are two headings {block.text!r}.")
        self._headings.append((block, name))
        files = re.findall(r"`([\w/]+\.py)`", block.text)
        self._file = files[0] if len(files) == 1 else ""
        tag = f"h{block.level}"
        made = f'<{tag} id="{name}">{self._inline(block.text, linked=False)}</{tag}>'
        return made + "".join(self._functions(block.text))

    def _functions(self, text: str) -> Iterator[str]:
        """Functions that a heading names, unfolded: the file that lies open beside the text."""
        for name in re.findall(r"`([\w.]+)`", text):
            if self._file and self.formulas.code.has(self._file, name):
                inside = self.formulas.excerpt(self._file, name)
                yield f'<details class="fold" open><summary>{name}</summary>{inside}</details>'

    def _items(self, texts: list[str], section: Section) -> str:
        found = [_FORMULA.fullmatch(text) for text in texts]
        if not any(found):
            return f"<ul>{''.join(f'<li>{self._inline(text)}</li>' for text in texts)}</ul>"
        shown = []
        for text, match in zip(texts, found, strict=True):
            if not match:
                raise BuildError(f"{self.name}: {text!r} stands among formulas and is none.")
            place = Place(match["name"], self._file_of(match["to"]))
            shown.append(self.formulas.located(match["formula"], place))
        groups = groupby(shown, key=lambda one: one.place)
        return "".join(self._group(list(group), section) for _, group in groups)

    def _group(self, shown: list[Shown], section: Section, name: str = "") -> str:
        items = "".join(self.formulas.item(one, self.symbols, section) for one in shown)
        head = f'<h4 id="{name}">{name.replace("_", " ")}</h4>' if name else ""
        kind = "group named" if name else "group"
        fold = self.formulas.fold(shown)
        return f'<div class="{kind}">{head}<ul class="formulas">{items}</ul>{fold}</div>'

    def _table(self, table: Table, section: Section) -> str:
        if table.head == HEAD:
            return self._meanings(table, section)
        if all(any(map(_is_formula, row)) for row in table.rows):
            linked = all(_LINK.search(row[-1]) for row in table.rows)
            return self._linked(table, section) if linked else self._coded(table, section)
        raise BuildError(f"{self.name}: the table {table.head} has neither symbols nor formulas.")

    def _meanings(self, table: Table, section: Section) -> str:
        rows = "".join(
            f"<div><dt>{escape(symbol)}</dt><dd>{self._inline(text)}"
            + (f" <i>{escape(shape)}</i>" if shape else "")
            + "</dd></div>"
            for symbol, text, shape in table.rows
        )
        made = f'<dl class="symbols">{rows}</dl>'
        if section[-1] == EVERYWHERE:
            return made
        return f'<details class="fold"><summary>The symbols here</summary>{made}</details>'

    def _linked(self, table: Table, section: Section) -> str:
        """Rows of a name, its formulas, and links to the functions that compute them."""
        made = []
        for name, *cells, links in table.rows:
            places = [Place(one, self._file_of(to)) for one, to in _LINK.findall(links)]
            if len(places) != len(cells):
                raise BuildError(f"{self.name}: {name} has not one function for each formula.")
            pairs = zip(cells, places, strict=True)
            made.append(
                self._group([self.formulas.located(*pair) for pair in pairs], section, name)
            )
        return "".join(made)

    def _coded(self, table: Table, section: Section) -> str:
        """Rows of a line of code and what it computes. The head says where the lines are."""
        rows = []
        for code, formula in table.rows:
            words = code.strip("`")
            number = self.formulas.code.begins(self._file, words.split(", ...")[0].rstrip(")"))
            ways = self.formulas.line(self._file, number, words)
            for function in ("Dense.forward", "Dense.backward"):
                ways += self.formulas.stop(formula, function)
            rows.append(self.formulas.row(formula, self.symbols, section, ways))
        where = table.head[0][:1].upper() + table.head[0][1:]
        head = f"<p>{self._inline(where)}:</p>" if where else ""
        return f'{head}<div class="group"><ul class="formulas">{"".join(rows)}</ul></div>'

    def _contents(self) -> str:
        items = "".join(
            f'<li class="level-{heading.level}"><a href="#{name}">'
            f"{self._inline(heading.text, linked=False)}</a></li>"
            for heading, name in self._headings[1:]
        )
        return f'<nav class="contents" aria-label="Contents"><ol>{items}</ol></nav>'

    def _inline(self, text: str, linked: bool = True) -> str:
        return inline(text, self.name, self._named if linked else _code, self._link)

    def _named(self, code: str) -> str:
        """A piece of code; the name of a file or function of the package leads there."""
        known = self.formulas.code
        if code in known.files:
            return f'<a href="{source.place(code)}">{_code(code)}</a>'
        if code.removesuffix(".py") == code and len(code) > 1:
            file = self._file if known.has(self._file, code) else known.where(code)
            if file:
                return self.formulas.name(file, code)
        return _code(code)

    def _link(self, words: str, to: str) -> str:
        if to in PAGES:
            page, title = PAGES[to]
            return f'<a href="{page}">{title if words == to else self._inline(words)}</a>'
        file = self._file_of(to)
        if words == PurePosixPath(file).name:
            return f'<a href="{source.place(file)}"><code>{words}</code></a>'
        if not self.formulas.code.has(file, words):
            raise BuildError(f"{self.name}: {file} has no {words}.")
        return self.formulas.name(file, words)

    def _file_of(self, to: str) -> str:
        """The file of the package that a link leads to."""
        path = (FOLDER / to).resolve()
        if path.is_relative_to(_PACKAGE):
            file = path.relative_to(_PACKAGE).as_posix()
            if file in self.formulas.code.files:
                return file
        raise BuildError(f"{self.name} links to {to}, which is neither a page nor of the package.")


def filled(html: str, formulas: Formulas | None) -> str:
    """A page with the text that it asks for, if it does."""

    def inside(match: re.Match[str]) -> str:
        assert formulas
        return match[1] + Text(PurePosixPath(match[2]).name, formulas).html() + match[3]

    return _PLACE.sub(inside, html)


def _is_formula(cell: str) -> bool:
    return defined(cell) != cell and not re.search(r"[`\]]", cell)


def _code(code: str) -> str:
    return f"<code>{escape(code)}</code>"
