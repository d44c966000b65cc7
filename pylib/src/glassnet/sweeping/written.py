"""Settings as people write them, on the command line and in a page.

optimizer.lr=0.1,0.3,1        values
optimizer.lr=0.01..1:log      a range to draw from
layers=[[...], [...]]         values with commas, as a JSON list
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from glassnet.config import read_value, shortened
from glassnet.errors import ConfigError
from glassnet.sweeping.settings import Range

RANGE = re.compile(r"(?P<low>.+?)\.\.(?P<high>.+?)(?P<log>:log)?")


def read_settings(text: str) -> tuple[str, Sequence[Any] | Range]:
    """`FIELD=VALUES`: a field, and its values or the range to draw from. Raises ConfigError."""
    field, equals, values = text.partition("=")
    if not (equals and values):
        raise ConfigError("vary", f"expected FIELD=VALUES, got {shortened(text)!r}")
    if values.startswith("["):
        listed = read_value(field, values)
        if not isinstance(listed, list):
            raise ConfigError(shortened(field), "expected a list of values")
        return field, listed
    if match := RANGE.fullmatch(values):
        low, high = (read_value(field, match[end]) for end in ("low", "high"))
        return field, Range(low, high, log=bool(match["log"]))
    return field, [read_value(field, part) for part in values.split(",")]


def read_seeds(text: str | None) -> int | list[int]:
    """How many seeds; or which, if there is a comma. Raises ConfigError."""
    try:
        seeds = [int(part) for part in (text or "0").split(",")]
    except ValueError as error:
        raise ConfigError("seeds", f"expected 3, or 1,2,5; got {text!r}") from error
    if text is not None and min(seeds) < (1 if len(seeds) == 1 else 0):
        raise ConfigError("seeds", f"expected 3, or 1,2,5; got {text!r}")
    return seeds[0] if len(seeds) == 1 else seeds
