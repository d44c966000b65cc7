"""The table for `service-worker.js` (web/offline), which keeps the site for when there is no
network: every file that a page can ask for, how long it is, what it must be, and of which group.

A group is what is kept together. `shell`: what every page needs, kept at the first visit, before
any page relies on it. `looks`: the shipped networks, and what they make of each digit. `python`,
`digits`: what training needs. `source`: the package's code as pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import bundle, stamp
from .node import Node
from .settings import SITE

SCRIPT = "offline/service-worker.js"

# The first that fits counts. What fits none is kept for nobody: pictures for links, maps of
# sources, canonical figures and what else is asked for by other sites alone.
_GROUPS = [
    (
        re.compile(
            r".+\.(map|png|d\.ts)$|custom-elements\.json$|embed/|wheels/|glassnet(-widget)?\.js$"
        ),
        None,
    ),
    (re.compile(r"[\w-]+\.html$|assets/|recording-[^/]+/(?!opening)"), "shell"),
    (re.compile(r"data/[^/]+/(index\.json|test-0[01]\.)|data/sets-"), "shell"),
    (re.compile(r"(model|conv|step)-"), "looks"),
    (re.compile(r"python/|recording-[^/]+/opening\."), "python"),
    (re.compile(r"data/"), "digits"),
    (re.compile(r"source/"), "source"),
]


def table(files: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """By path in the site: `bytes`, `integrity`, `group`; in the order of the groups."""
    rows: dict[str, dict[str, Any]] = {}
    for path in files:
        name = path.relative_to(SITE).as_posix()
        group = group_of(name)
        if group is not None:
            data = path.read_bytes()
            told = {"bytes": len(data), "integrity": bundle.integrity_of(data)}
            rows[name] = {**told, "group": group}
    order = [group for _, group in _GROUPS]
    return dict(sorted(rows.items(), key=lambda row: (order.index(row[1]["group"]), row[0])))


def group_of(name: str) -> str | None:
    """The group of a file of the site; None if it is not kept."""
    return next((group for pattern, group in _GROUPS if pattern.match(name)), None)


def make(program: Node, rows: dict[str, dict[str, Any]]) -> list[Path]:
    """Write `service-worker.js` at the site's root; returns what was written."""
    told = {"version": stamp.digest(*(f"{name} {row['integrity']}" for name, row in rows.items()))}
    return bundle.root(program, SCRIPT, {"__SITE__": {**told, "files": rows}}).files
