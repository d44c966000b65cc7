"""Where the front end's script is: one ES module, which the build makes of the site's elements."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from glassnet.errors import GlassnetError

NAME = "glassnet-widget.js"
_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parents[3]  # .../pylib/src/glassnet/notebook


class Missing(GlassnetError):
    """What a living figure needs is not there."""

    code = "E-NOTEBOOK"


def places() -> list[Path]:
    """Where it may be: beside this file if installed, in the built site of a checkout."""
    return [_HERE / NAME, _CHECKOUT / "_site" / NAME]


def find() -> Path | None:
    """Its path, if there is one."""
    return next((path for path in places() if path.is_file()), None)


@cache
def text() -> str:
    """The module itself. Raises Missing."""
    path = find()
    if path is None:
        looked = " and ".join(map(str, places()))
        raise Missing(
            f"{NAME} is in neither {looked}: an installed glassnet has it, and in a checkout"
            " `python3 build.py build` makes it"
        )
    return path.read_text(encoding="utf-8")
