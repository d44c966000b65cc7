"""What the symbols of formulas mean, as the tables `symbol | meaning | shape` of a text say it.

A table holds for the section in which it stands. A symbol that its section does not explain is what
the sections around it say, then the one that is called Notation; then whatever the text has last
said of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..console import BuildError
from .markdown import Block, Heading, Table

HEAD = ["symbol", "meaning", "shape"]
EVERYWHERE = "Notation"

Section = tuple[str, ...]  # a heading, after those that it stands under


@dataclass(frozen=True)
class Meaning:
    symbol: str
    text: str
    shape: str


@dataclass
class Symbols:
    """By section, in the text's order, what each symbol means."""

    name: str
    told: dict[Section, dict[str, Meaning]] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: list[Block], name: str) -> Symbols:
        """Those that a text explains. name: its file's, for complaints."""
        made = cls(name)
        section: Section = ()
        for block in blocks:
            if isinstance(block, Heading):
                section = under(section, block)
                made.sections.append(section)
            elif isinstance(block, Table) and block.head == HEAD:
                mine = made.told.setdefault(section, {})
                for symbol, text, shape in block.rows:
                    if symbol in mine:
                        raise BuildError(f"{name}: {section[-1]} explains {symbol} twice.")
                    mine[symbol] = Meaning(symbol, text, shape)
        return made

    def find(self, symbol: str, section: Section) -> Meaning | None:
        """What a symbol means in a section, if that is told."""
        around = [section[:length] for length in range(len(section), 0, -1)]
        everywhere = [one for one in self.told if one[-1] == EVERYWHERE]
        end = self.sections.index(section) if section in self.sections else len(self.sections)
        before = reversed(self.sections[:end])
        for one in [*around, *everywhere, *before]:
            if found := self.told.get(one, {}).get(symbol):
                return found
        return None

    def meaning(self, symbol: str, section: Section) -> Meaning:
        """The same; BuildError if nothing is told."""
        if found := self.find(symbol, section):
            return found
        where = " / ".join(section)
        raise BuildError(f"{self.name}: no table says what {symbol} means ({where}).")


def under(section: Section, heading: Heading) -> Section:
    """The section that begins with a heading; the page's own title is not one."""
    return (*section[: heading.level - 2], heading.text) if heading.level > 1 else ()
