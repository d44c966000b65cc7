"""An error in the words of the protocol."""

from __future__ import annotations

import traceback
from typing import Any

from glassnet.errors import ConfigError, DataError, DivergedError, GlassnetError, StorageError

Failure = dict[str, Any]

CODES = {
    ConfigError: "E-CONFIG",
    DataError: "E-DATA",
    DivergedError: "E-DIVERGED",
    StorageError: "E-FILE",
}


def describe(error: Exception) -> Failure:
    """An error as the page shows it (`Failure` in protocol.js)."""
    failure: Failure = {
        "code": next((code for kind, code in CODES.items() if isinstance(error, kind)), "E-PYTHON"),
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
