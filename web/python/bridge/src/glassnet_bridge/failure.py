"""An error in the words of the protocol."""

from __future__ import annotations

import traceback
from typing import Any

from glassnet.errors import ConfigError, GlassnetError

Failure = dict[str, Any]


def describe(error: Exception) -> Failure:
    """An error as the page shows it (`Failure` in protocol.js)."""
    failure: Failure = {
        "code": error.code if isinstance(error, GlassnetError) else "E-PYTHON",
        "message": str(error) or type(error).__name__,
        "traceback": "".join(traceback.format_exception(error)),
        "fatal": False,
    }
    if isinstance(error, MemoryError):
        failure |= {"code": "E-MEMORY", "advice": "Close other tabs, or choose a smaller network."}
    elif not isinstance(error, GlassnetError):
        failure["advice"] = "This is a fault of ours: please report it with the traceback."
    if isinstance(error, ConfigError):
        failure["field"] = error.field
    return failure
