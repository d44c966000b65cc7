"""`glassnet-widget.js`: our elements as one module for notebooks (anywidget) and for MyST.

A notebook reads it anew for each output, and outputs of two versions may stand on one page, as may
glassnet.js. An element's name can be given away once on a page; so in this module each name carries
a mark of the module's own text, and of two copies of one version the first defines them
(web/kit/elements.js).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import bundle
from .console import BuildError
from .node import Node
from .settings import SITE

ENTRY = "glassnet-widget.js"
REGISTRY = "./kit/elements.js"  # in the place of the global
MARK = 8  # characters
EVENTS = {"glass-ready", "glass-status", "glass-change"}  # names that others listen to

_OPTIONS = [f"--inject:{REGISTRY}", f"--inject:{bundle.LANGUAGE}", "--sourcemap=external"]
_DEFINED = re.compile(r"""\.define\(["'`](glass-[a-z-]+)["'`]""")


def make(program: Node, told: Mapping[str, Any]) -> list[Path]:
    """Bundle it into the site's root; returns what was written. told: constants for it."""
    made = bundle.root(program, ENTRY, {**told, "__ROOT__": "./"}, _OPTIONS)
    path = SITE / ENTRY
    path.write_text(marked(path.read_text(encoding="utf-8")), encoding="utf-8")
    return made.files


def marked(text: str) -> str:
    """The module with the names of its elements marked, wherever they stand."""
    names = sorted(set(_DEFINED.findall(text)))
    if not names or EVENTS & set(names):
        raise BuildError(f"{ENTRY} defines {names}: no elements, or one named as an event is.")
    mark = hashlib.sha256(text.encode()).hexdigest()[:MARK]
    pattern = rf"(?<![\w-])({'|'.join(names)})(?![\w-])"
    return re.sub(pattern, rf"\1-{mark}", text)
