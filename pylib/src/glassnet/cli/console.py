"""What a command writes to: sentences or JSON on the output, progress and trouble beside it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from glassnet.terminal import Depth, colour_depth

LONGEST = 1000  # characters of what is told of trouble: it may quote whole files
COLOUR = ("auto", "always", "never")


@dataclass
class Console:
    """The streams of one command.

    Attributes:
        out, err: as `sys.stdout` and `sys.stderr`.
        json: whether the output is JSON lines, and so holds nothing else.
        depth: how many colours the output has.
        width: of the terminal, in characters.
    """

    out: TextIO
    err: TextIO
    json: bool = False
    depth: Depth = Depth.NONE
    width: int = 80

    def say(self, text: object = "") -> None:
        """A line for people."""
        if not self.json:
            print(text, file=self.out)

    def tell(self, document: Mapping[str, Any]) -> None:
        """A line for programs."""
        if self.json:
            print(json.dumps(document, allow_nan=False), file=self.out, flush=True)

    def warn(self, text: object) -> None:
        """A line for people, whatever the output is."""
        told = str(text)
        told = told if len(told) <= LONGEST else told[:LONGEST] + "…"
        print(f"glassnet: {told}", file=self.err, flush=True)


def make_console(
    out: TextIO, err: TextIO, environment: Mapping[str, str], colour: str, as_json: bool
) -> Console:
    """The console for two streams; `colour` is one of `COLOUR`."""
    encoding = getattr(out, "encoding", None)
    for stream in (out, err):  # a name, of a file or a class, may be none that they can write
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    depth = Depth.NONE
    if colour == "always":
        depth = colour_depth({**environment, "NO_COLOR": "", "TERM": "color"}, True, "utf-8")
    elif colour == "auto":
        depth = colour_depth(environment, out.isatty(), encoding)
    return Console(out, err, as_json, depth, shutil.get_terminal_size((80, 24)).columns)
