"""The Markdown that the texts in web/learn are written in: headings, paragraphs, lists, tables and
indented lines; in them `code`, *emphasis* and [links](to). Anything else is refused, for it would
come out as something that nobody meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from ..console import BuildError

Turned = Callable[[str, str], str]


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Items:
    """A list."""

    texts: list[str]


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Indented:
    """A line by itself, four spaces in."""

    text: str


Block = Heading | Paragraph | Items | Table | Indented

_STRANGE = re.compile(r"\s|[*+>]\s|\d+[.)]\s|```|~~~|#{4,}|#\S|!\[|-\S|---|===|\[[^\]]*\]:|<")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|(?<!!)\[(?P<words>[^\[\]]+)\]\((?P<to>[^()\s]+)\)"
    r"|(?<![\w*])\*(?P<stressed>\w[^*`\[\]]*)\*(?![\w*])"
)
_LEFT_OVER = re.compile(r"`|\]\(|\*|__|<[a-zA-Z/!]|!\[|\\")


def blocks(text: str, name: str) -> list[Block]:
    """What a text consists of. name: its file's, for complaints."""
    found: list[Block] = []
    for part in re.split(r"\n(?:[ \t]*\n)+|\n(?=#)|(?<=\n)(?=#)", text.strip("\n")):
        lines = part.rstrip().split("\n")
        # A heading may stand upon what follows it.
        while lines and (heading := re.fullmatch(r"(#{1,3}) (\S.*)", lines[0])):
            found.append(Heading(len(heading[1]), heading[2]))
            lines = lines[1:]
        if lines:
            found.append(_block(lines, name))
    return found


def _block(lines: list[str], name: str) -> Block:
    first = lines[0]
    if first.startswith("    "):
        if len(lines) > 1:
            raise BuildError(f"{name}: one indented line at a time can be read, not {lines}.")
        return Indented(first.strip())
    if first.startswith("|"):
        return _table(lines, name)
    if first.startswith("- "):
        if strange := [line for line in lines if not line.startswith("- ")]:
            raise BuildError(f"{name}: an item of a list is one line, not {strange[0]!r}.")
        return Items([line[2:].strip() for line in lines])
    if strange := [line for line in lines if _STRANGE.match(line) or line.startswith("|")]:
        raise BuildError(f"{name}: this page has nothing that begins like {strange[0]!r}.")
    return Paragraph(" ".join(lines))


def _table(lines: list[str], name: str) -> Table:
    if strange := [line for line in lines if not (line.startswith("|") and line.endswith("|"))]:
        raise BuildError(f"{name}: a row of a table begins and ends with |, not {strange[0]!r}.")
    head, rule, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines)
    if not rows or any(cell != "---" for cell in rule):
        raise BuildError(f"{name}: a table has a head, a line of --- and rows, not {lines[0]!r}.")
    if strange_rows := [row for row in rows if len(row) != len(head)]:
        raise BuildError(f"{name}: there are not {len(head)} cells in the row {strange_rows[0]}.")
    return Table(head, rows)


def inline(text: str, name: str, code: Callable[[str], str], link: Turned) -> str:
    """A piece of text as HTML. code, link: make HTML of what stands in `` and in [words](to)."""
    made, end = [], 0

    def plain(words: str) -> str:
        if _LEFT_OVER.search(words):
            raise BuildError(f"{name}: what is meant by {words.strip()!r}?")
        return escape(re.sub(r"(?<=\w)'(?=\w)", "’", words), quote=False)

    for match in _INLINE.finditer(text):
        made.append(plain(text[end : match.start()]))
        end = match.end()
        if match["code"]:
            made.append(code(match["code"]))
        elif match["words"]:
            made.append(link(match["words"], match["to"]))
        else:
            made.append(f"<em>{plain(match['stressed'])}</em>")
    return "".join([*made, plain(text[end:])])
