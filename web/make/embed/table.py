"""The rows of figures.toml, checked and with the data set's own places in them: what the pictures,
the folders and the scripts are told of each canonical figure."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from ..console import BuildError
from ..settings import MAKE

TABLE = MAKE / "embed" / "figures.toml"
WIDTH = 960  # of a frame, in pixels; its height is the row's
MOST = 1000  # pixels that hosts give a frame
PICTURE = (1200, 630)  # width and height, in pixels, as paint.py has them
PAGES = {"home": "index.html"} | {
    name: f"{name}.html" for name in ("train", "network", "browse", "race")
}

# What a query may say, by figure: what the painter knows how to paint (sheets.py), and no more.
_STATES = {
    "home": {},
    "train": {"digit": r"\d+", "view": "weights|changed"},
    "network": {"digit": r"\d+", "model": "dense|conv"},
    "browse": {
        "find": r"(wrong|(conf|loss|ink)>[\d.]+)( (wrong|(conf|loss|ink)>[\d.]+))*",
        "sort": "confidence|loss|ink|similarity",
        "down": "on|off",
        "shape": "grid|neighbours",
        "colour": "label",
    },
    "race": {},
}


@dataclass(frozen=True)
class Row:
    """A canonical figure, as figures.toml tells of it; height in pixels."""

    name: str
    figure: str
    query: str
    title: str
    description: str
    alt: str
    height: int

    def told(self) -> dict[str, Any]:
        """What scripts are told of it (`__EMBEDS__`)."""
        names = ("name", "figure", "query", "title", "alt")
        return {name: getattr(self, name) for name in names} | {
            "width": WIDTH,
            "height": self.height,
        }


def rows(index: Path, table: Path = TABLE) -> list[Row]:
    """All rows, whole; BuildError names the one that is not as it must be.

    Args:
        index: the data set's, as it was packed for the page.
    """
    try:
        written = tomllib.loads(table.read_text(encoding="utf-8"))["row"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BuildError(f"{table.name} is no table of rows: {error}.") from error
    labels = _labels(index)
    found = [_checked(one, table) for row in written for one in _each(row, labels, table)]
    names = [row.name for row in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BuildError(f"{table.name} has more than one row named {sorted(twice)[0]!r}.")
    return found


def state(row: Row) -> dict[str, str]:
    """What a row's query says, by name."""
    return dict(parse_qsl(row.query.removeprefix("?"), keep_blank_values=True))


def _each(row: dict[str, Any], labels: bytes, table: Path) -> Iterator[dict[str, Any]]:
    """The row itself, or one for each of what it says."""
    if "each" not in row:
        yield row
        return
    for one in row["each"]:
        first = labels.find(bytes([one]))
        if first < 0:
            raise BuildError(f"{table.name}: no test digit of the data set is a {one}.")
        yield {
            key: value.replace("{each}", str(one)).replace("{first}", str(first))
            if isinstance(value, str)
            else value
            for key, value in row.items()
            if key != "each"
        }


def _checked(written: dict[str, Any], table: Path) -> Row:
    """A row with all its fields, and a state that can be painted."""
    where = f"{table.name}, {written.get('name', 'a row without a name')!r}"
    kinds = {field.name: int if field.name == "height" else str for field in fields(Row)}
    for name, kind in kinds.items():
        if not isinstance(written.get(name), kind):
            raise BuildError(f"{where}: {name} has to be given, as {kind.__name__}.")
    if unknown := set(written) - set(kinds):
        raise BuildError(f"{where}: nothing is called {sorted(unknown)[0]!r}.")
    row = Row(**written)
    if not re.fullmatch(r"[a-z][a-z0-9-]*", row.name):
        raise BuildError(f"{where}: a name has small letters, digits and hyphens.")
    if row.figure not in PAGES:
        raise BuildError(f"{where}: the figure {row.figure!r} is none of {sorted(PAGES)}.")
    if not 200 <= row.height <= MOST:
        raise BuildError(f"{where}: hosts take a height of 200 to {MOST}, not {row.height}.")
    if (row.query and not row.query.startswith("?")) or "{" in row.query:
        raise BuildError(f"{where}: the query {row.query!r} is none, or names what there is not.")
    for name, value in state(row).items():
        pattern = _STATES[row.figure].get(name)
        if pattern is None or not re.fullmatch(pattern, value):
            raise BuildError(f"{where}: no picture can be painted of {name}={value}.")
    return row


def _labels(index: Path) -> bytes:
    """Of the test digits in the first two shards, which a page has first: a byte each."""
    shards = json.loads(index.read_text(encoding="utf-8"))["splits"]["test"]["shards"][:2]
    return b"".join(
        gzip.decompress((index.parent / shard["file"]).read_bytes())[: shard["count"]]
        for shard in shards
    )
