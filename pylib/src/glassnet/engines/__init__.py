"""Where arithmetic happens: one protocol (`base`), and one module for each way to do it.

An engine is made by name and only then imported, so the python engine runs without numpy's
help, and another engine can be registered by whoever brings one: `ENGINES["mine"] = make_mine`.
"""

from __future__ import annotations

from collections.abc import Callable

from glassnet.engines.base import Array, Engine, Sink

__all__ = ["ENGINES", "Array", "Engine", "Sink", "make_engine"]


def _numpy() -> Engine:
    from glassnet.engines.numpy import NumpyEngine

    return NumpyEngine()


ENGINES: dict[str, Callable[[], Engine]] = {"numpy": _numpy}


def make_engine(name: str) -> Engine:
    """A new engine of the table's. Raises KeyError for a name that is not in it."""
    return ENGINES[name]()
