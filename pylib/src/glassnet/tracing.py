"""What a viewer may see of one step on one example: every array, as it is computed.

Nothing in here describes the rest of the package from memory. A copy of the network takes a real
step on an engine that watches: it notes every array that is written, and the lines that ran. The
formulas are those that stand with the functions that did it; a layer of the reader's own may have
them in its docstrings.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ShapeError
from glassnet.formulas import Node, terms, tree
from glassnet.images import as_examples
from glassnet.layers import Sinks
from glassnet.network import Network
from glassnet.optimizers import Optimizer
from glassnet.showing import picture, table
from glassnet.watching import Note, Source, Watcher, last_part

# What an array is called in our formulas, by the last part of its name; a reader's own goes by that
# part itself, and its gradient by ∂L/∂ and that part.
SYMBOLS = {
    "x": "x", "y": "y", "z": "z", "a": "a", "s": "s", "mask": "mask",
    "mean": "μ", "var": "σ²", "xhat": "x̂", "running_mean": "μ̄", "running_var": "σ̄²", "loss": "L",
    "da": "∂L/∂a", "delta": "δ", "dx": "∂L/∂x", "ds": "∂L/∂s", "dgamma": "∂L/∂γ", "dbeta": "∂L/∂β",
    "weight": "W", "bias": "b", "gamma": "γ", "beta": "β", "velocity": "v", "square": "r",
    "weight.gradient": "∂L/∂W", "bias.gradient": "∂L/∂b",
    "gamma.gradient": "∂L/∂γ", "beta.gradient": "∂L/∂β",
}  # fmt: skip


def symbol_of(part: str) -> str:
    """What an array is called in formulas, by the last part of its name."""
    if part in SYMBOLS:
        return SYMBOLS[part]
    name, _, rest = part.partition(".")
    return f"∂L/∂{name}" if rest == "gradient" else part


@dataclass(frozen=True, eq=False)
class Quantity:
    """One array of a step.

    Attributes:
        name: as `layers.0.z`, `layers.0.weight.gradient`, `loss`.
        symbol: what it is called in formulas, as z, δ or ∂L/∂W.
        phase: forward, loss, backward or update.
        layer: the number of its layer, if it belongs to one.
        array: its numbers, float32 (the python engine's: float64); a batch of one example, and
            images as images: (1, height, width, channels).
        formula: how it is computed; empty for what is only put in. `tree` is the same for MathML.
        details: formulas of what stands in that one, as of f in a = f(z).
        sources: lines that ran, from the layer's inwards to the one that computed it.
    """

    name: str
    symbol: str
    phase: str
    layer: int | None
    array: NDArray[Any]
    formula: str
    details: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array; the batch, which comes first, is 1."""
        return self.array.shape

    @property
    def tree(self) -> Node:
        """The formula as a tree for MathML; see `glassnet.formulas`."""
        return tree(self.formula)


class Trace(list[Quantity]):
    """The quantities of one step, in the order of computation; in a notebook, with pictures."""

    def named(self, name: str) -> Quantity:
        """The first of that name, as `layers.0.z`. Raises KeyError if there is none."""
        for quantity in self:
            if quantity.name == name:
                return quantity
        raise KeyError(name)

    def __repr__(self) -> str:
        lines = [f"<Trace of {len(self)} arrays>"]
        for q in self:
            size = "×".join(map(str, q.shape)) or "1"
            lines.append(f"{q.phase:>8}  {q.name:<28} {size:>12}  {q.formula or q.symbol}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [
            (q.phase, q.symbol, q.name, picture(q.array), ";  ".join((q.formula, *q.details)))
            for q in self
        ]
        return table(("phase", "", "array", "numbers", "formula"), rows)


def trace(network: Network, image: Any, label: int, optimizer: Optimizer | None = None) -> Trace:
    """Take one step on one example, and tell of every array in the order of computation.

    Neither the network nor the optimiser is changed.

    Args:
        image: the example, of the network's shape or flat: bytes 0..255, or floats 0..1.
        label: its class.
        optimizer: the network's, with all that it remembers; without one there is no update.

    Whatever the network's own engine, the step is computed by the numpy or the python engine.

    Raises:
        ShapeError: the image is of another size, or there is no such class.
    """
    if not 0 <= label < network.outputs:
        raise ShapeError("label", f"0 to {network.outputs - 1}", label)
    x = as_examples(np.asarray(image)[np.newaxis], network.shape, np.float32)
    plain = network.engine.name == "python"  # faster engines do several things at once
    engine: Any = Watcher(network.engine if plain else NumpyEngine(network.engine.dtype))
    twin, mover, sinks = copied(network, optimizer, engine)
    copies = {**twin.parameters(), **twin.memory()}
    if optimizer:
        copies |= mover.named()
    work = twin.workspace(1, training=True)
    engine.watch({**dict(twin.arrays(work)), "y": work.y, **copies}, shapes(twin))
    gradients = {f"{name}.gradient": array for name, array in mover.gradients.items()}
    engine.watch(gradients, {f"{name}.gradient": array.shape for name, array in copies.items()})
    with np.errstate(all="ignore"):
        engine.load(x, work.x)
        engine.one_hot(np.array([label], np.uint8), work.y)
        twin.forward(work, training=True)
        engine.phase = "loss"
        engine.note("loss", np.array(twin.measure_loss(work, training=True), engine.dtype))
        engine.phase = "backward"
        twin.backward(work, sinks)
        engine.phase = "update"
        if optimizer:
            mover.finish()
    return Trace(explain(note, twin) for note in engine.notes.values())


def copied(
    network: Network, optimizer: Optimizer | None, engine: Engine
) -> tuple[Network, Optimizer, list[Sinks]]:
    """A network and its optimiser once more, on an engine, with all that they remember, and each
    layer's sinks: gradients go into buffers, where they can be seen. Without an optimiser there is
    one that does nothing."""
    twin = network.copy_to(engine)
    mover = copy.copy(optimizer) if optimizer else Optimizer(lr=0.0)
    rate = mover.rate if optimizer else 0.0
    sinks = twin.attach(mover, seen=True)
    mover.rate = rate
    if optimizer:
        remembered = mover.named()
        for name, array in optimizer.named().items():
            engine.load(np.array(array), remembered[name])
    return twin, mover, sinks


def explain(note: Note, network: Network) -> Quantity:
    """A note with its symbol and its formulas."""
    part = last_part(note.name)
    number = next((int(n) for n in note.name.split(".") if n.isdigit()), None)
    formula, details = "", tuple[str, ...]()
    if note.phase == "update":
        remembered = note.name.startswith("optimizer.")
        name = symbol_of(part) if remembered else "g" if part.endswith("gradient") else "θ"
        formula = note.formulas.get(name, "")
    elif note.name == "loss":
        formula = network.loss.formula
    elif number is not None:
        formula, details = of_layer(part, note.phase, number, network)
    return Quantity(
        note.name, symbol_of(part), note.phase, number, note.array, formula, details, note.sources
    )


def of_layer(part: str, phase: str, number: int, network: Network) -> tuple[str, tuple[str, ...]]:
    """The formula of a layer's array, and of the activation in it."""
    layer = network.layers[number]
    if phase == "loss":  # the loss's own gradient
        return network.criterion.formula, ()
    if part == "da":
        return f"∂L/∂a = ∂L/∂x of layer {number + 1}", ()
    ways = {**terms(type(layer).forward), **terms(type(layer).backward)}
    formula, f = ways.get(symbol_of(part), ""), getattr(layer, "f", None)
    if f is None or not ("f(" in formula or "f′(" in formula):
        return formula, ()
    return formula, (f.formula if part == "a" else f.derivative,)


def shapes(network: Network) -> dict[str, tuple[int, ...]]:
    """The shapes of one example's arrays, where a layer keeps them as matrices."""
    told: dict[str, tuple[int, ...]] = {}
    for i, (before, after) in enumerate(pairwise(network.shapes)):
        told |= {f"layers.{i}.{part}": (1, *after) for part in ("z", "a", "da", "delta")}
        told[f"layers.{i}.dx"] = (1, *before)
    return told
