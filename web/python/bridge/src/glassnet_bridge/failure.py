"""An error in the words of the protocol."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import Any

from glassnet.browse.query import QueryError
from glassnet.errors import GlassnetError

Failure = dict[str, Any]

MOST_NAMES = 40  # that a message lists


class Unknown(GlassnetError):
    """There is nothing of that name: a run, a data set, an array, a file, a kind of request."""

    code = "E-UNKNOWN"

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        names = list(known)
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        listed = ", ".join(names[:MOST_NAMES]) or "none"
        super().__init__(f"no {what} is called “{name}”; known: {listed}{more}")


def describe(error: Exception) -> Failure:
    """An error as the page shows it (`Failure` in protocol.js)."""
    failure: Failure = {
        "code": error.code if isinstance(error, GlassnetError) else "E-PYTHON",
        "message": str(error) or type(error).__name__,
        "traceback": "".join(traceback.format_exception(error)),
        "fatal": False,
    }
    if isinstance(error, MemoryError):
        failure |= {
            "code": "E-MEMORY",
            "message": f"Python has too little memory for that here ({error})".replace(" ()", ""),
            "advice": "Close other tabs, or choose a smaller network.",
        }
    elif not isinstance(error, GlassnetError):
        failure["advice"] = "This is a fault of ours: please report it with the traceback."
    if isinstance(field := getattr(error, "field", None), str):
        failure["field"] = field
    if isinstance(error, QueryError):
        failure["column"] = error.column
    return failure
