"""JSON from anywhere: as the standard says, and no deeper, or refused.

Python's own reader also takes NaN and Infinity, and makes an infinity of `1e999`.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from glassnet.storage.nesting import check_nesting


def parse_json(text: str) -> Any:
    """The value that a JSON text stands for; its numbers are finite.

    Raises:
        ValueError: it is not JSON, or nested too deep.
    """
    return json.loads(check_nesting(text), parse_constant=_no_constant, parse_float=_finite)


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large a number")
    return value
