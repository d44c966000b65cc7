"""A program that the build runs: an Adaline learns the package's letters, as the page would have it
do, and what has become of it is written down, so that a page has one before Python is there. It
runs in the visitors' own interpreter and puts `learned.json` into /out: weights as float32,
little-endian, in base64; the error of every pass; what is recognised.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from glassnet.adaline import EPOCHS, RATE
from glassnet.data.glyphs import our_letters
from glassnet_bridge.adaline import Letters

FLIPS = 6  # cells; a page shows first what becomes of letters that are damaged so


def learned() -> dict[str, Any]:
    """The document."""
    letters = Letters()

    def ask(kind: str, **what: Any) -> Any:
        return letters.answer({"type": f"adaline_{kind}", "adaline": "ours", **what})

    whole, damaged = ({one.file: str(one) for one in glyphs} for glyphs in our_letters())
    ask("open", letters=whole, trials=damaged, weights={})
    trained = ask("train", rate=RATE, passes=EPOCHS, milliseconds=1e9)
    measured = ask("measure", flips=FLIPS, seed=0)
    for one in measured["confused"]:
        one["cells"] = "".join(str(cell) for cell in one["cells"].tolist())
    return {
        "weights": base64.b64encode(trained["weights"].astype("<f4").tobytes()).decode(),
        "errors": [float(f"{error:.4g}") for error in trained["errors"].tolist()],
        "measured": measured,
    }


if __name__ == "__main__":
    Path("/out/learned.json").write_text(json.dumps(learned()), encoding="utf-8")
