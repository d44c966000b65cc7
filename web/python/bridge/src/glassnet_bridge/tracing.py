"""One step on one example, array by array, as a page shows it (`Quantity` in protocol.js)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from glassnet.errors import DataError
from glassnet.tracing import Quantity, trace
from glassnet.training import Run
from glassnet_bridge.arrays import named
from glassnet_bridge.digit import Pixels

Json = dict[str, Any]


def trace_step(run: Run, pixels: Pixels, label: int | None) -> list[Json]:
    """The step that a run would take on one example; it takes none.

    Raises:
        DataError: the example's class is not known, or there is no such class.
    """
    classes = run.dataset.classes
    if label is None or not 0 <= label < len(classes):
        said = "none" if label is None else label
        raise DataError(f"trace: expected a label from 0 to {len(classes) - 1}, got {said}")
    return [quantity(one) for one in trace(run.network, pixels, label, run.optimizer)]


def quantity(one: Quantity) -> Json:
    """An array of a step, its formula and where it is computed."""
    return {
        "name": one.name,
        "symbol": one.symbol,
        "phase": one.phase,
        "layer": one.layer,
        **named(one.array),
        "formula": one.formula,
        "tree": one.tree,
        "details": list(one.details),
        "sources": [asdict(source) for source in one.sources],
    }
