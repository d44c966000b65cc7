"""What glassnet.js defines, for the tools of those who use it: `custom-elements.json` (a Custom
Elements Manifest) and `glassnet.d.ts` beside the script. manifest.mjs makes them of the elements'
own tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .bundle import FIGURES
from .console import output
from .node import Node
from .settings import MAKE


def made(program: Node, options: Mapping[str, Any]) -> dict[str, str]:
    """The texts by their names in the site. options: what the package declares of its own."""
    told = json.loads(
        output(
            [program.program, MAKE / "manifest.mjs", json.dumps(options), json.dumps(FIGURES)],
            env=program.env,
            advice="The elements could not be described.",
        )
    )
    manifest = json.dumps(told["manifest"], indent=1, ensure_ascii=False) + "\n"
    return {"custom-elements.json": manifest, "glassnet.d.ts": told["types"]}
