"""Where arithmetic happens: one protocol (`base`), and one module for each way to do it.

An engine is made by name and only then imported, so the python engine never loads numpy's, and
whoever brings another engine registers it: `ENGINES["mine"] = make_mine`.
"""

from __future__ import annotations

from collections.abc import Callable

from glassnet.engines.base import Array, Engine, Number, Sink, Window

__all__ = ["ENGINES", "Array", "Engine", "Number", "Sink", "Window", "make_engine"]


def _numpy() -> Engine:
    from glassnet.engines.numpy import NumpyEngine

    return NumpyEngine()


def _python() -> Engine:
    from glassnet.engines.python import PythonEngine

    return PythonEngine()


# "simd" is numpy, but where somebody has put something faster in its place: in a browser, where
# numpy has no BLAS, the pages have a kernel of their own. So one configuration is good for both.
ENGINES: dict[str, Callable[[], Engine]] = {"numpy": _numpy, "python": _python, "simd": _numpy}


def make_engine(name: str) -> Engine:
    """A new engine. Raises KeyError for a name that is not in the table."""
    return ENGINES[name]()
