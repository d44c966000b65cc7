"""The parts of the site that its scripts ask for by name, one row each: what makes them, where they
lie, and which of their files are kept for ever because their names change with their contents.

Headers, bundles, pruning and the table `__ASSETS__` in the scripts all follow from these rows; the
names are typed in web/globals.d.ts, and web/wire/places.js is the only reader of the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import conv, model, python_parts, recording, sets, shards, step
from .node import Node
from .settings import SITE, Settings


@dataclass
class Making:
    """What a part may need to be made. made: the parts made before it, paths by name."""

    program: Node
    settings: Settings
    made: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """name: as scripts ask for it, and the name of its step's stamp. source: what makes it; or the
    module, relative to web/, that is bundled into one script. folder: where its files lie, with a
    star at the end, as `_headers` files want it. hashed: a pattern of the paths in it that carry a
    hash."""

    name: str
    source: Callable[[Making], str] | str
    folder: str
    hashed: str


_BUNDLED = ("assets/*", r"assets/.+-[A-Z0-9]{8}\.")
_STEP = ("step-*", r"step-[0-9a-f]{12}/")


def _step(name: str, network: str) -> Callable[[Making], str]:
    """What makes the recorded step of a network. name, network: of the parts."""

    def made(making: Making) -> str:
        return step.make(name, making.made["mnist"], making.made[network], making.program)

    return made


PARTS = [
    Part(
        "python",
        lambda making: python_parts.make(making.program, making.settings),
        "python/*",
        r"python/.+-[0-9a-f]{12}\.",
    ),
    Part(
        "mnist",
        lambda making: shards.make(making.settings, making.program),
        "data/*",
        r"data/[\w-]+-[0-9a-f]{12}/",
    ),
    Part("sets", lambda making: sets.make(), "data/*", r"data/sets-[0-9a-f]{12}\."),
    Part(
        "model",
        lambda making: model.make(making.made["mnist"], making.program, making.settings),
        "model-*",
        r"model-[0-9a-f]{12}/",
    ),
    Part("step", _step("step", "model"), *_STEP),
    Part(
        "conv",
        lambda making: conv.make(making.made["mnist"], making.program, making.settings),
        "conv-*",
        r"conv-[0-9a-f]{12}/",
    ),
    Part("conv_step", _step("conv_step", "conv"), *_STEP),
    Part(
        "recording",
        lambda making: recording.make(making.made["mnist"], making.program),
        "recording-*",
        r"recording-[0-9a-f]{12}/",
    ),
    Part("worker", "python/worker.js", *_BUNDLED),
    Part("wall", "pictures/wall.js", *_BUNDLED),
    Part("charts", "figures/charts.js", *_BUNDLED),
]

STEPS = [part.name for part in PARTS if not isinstance(part.source, str)]
SCRIPTS = {part.name: part.source for part in PARTS if isinstance(part.source, str)}
FOLDERS = list(dict.fromkeys(part.folder for part in PARTS))


def make(making: Making) -> dict[str, str]:
    """Make what is not bundled; returns the paths, relative to the site, by name."""
    for part in PARTS:
        if not isinstance(part.source, str):
            making.made[part.name] = part.source(making)
    return making.made


def table(paths: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What the scripts are told of each part. paths: by name, relative to the site."""
    return {name: entry(path) for name, path in paths.items()}


def entry(path: str) -> dict[str, Any]:
    """A file of the site with what it is checked by: path, length, sha256 in hex."""
    data = (SITE / path).read_bytes()
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
