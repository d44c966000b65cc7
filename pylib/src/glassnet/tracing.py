"""What a viewer may see of one step on one example: every array, as it is computed.

Nothing in here describes the rest of the package from memory. A copy of the network takes a real
step on an engine that watches: it notes every array that is written, and the lines that ran. The
formulas are those that stand with the functions that did it; a layer of the reader's own may have
them in its docstrings.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import isfunction, signature
from itertools import pairwise
from math import prod
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ShapeError
from glassnet.formulas import Node, terms, tree
from glassnet.images import as_examples
from glassnet.network import Network
from glassnet.optimizers import Optimizer
from glassnet.showing import picture, table

PACKAGE = Path(__file__).parent
WRITTEN = ("out", "winner", "dseen")  # how primitives call what they write into

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
HIDDEN = ("winner", "products", "dgamma", "dbeta")  # of the way there, and of no formula


def symbol_of(part: str) -> str:
    """What an array is called in formulas, by the last part of its name."""
    if part in SYMBOLS:
        return SYMBOLS[part]
    name, _, rest = part.partition(".")
    return f"∂L/∂{name}" if rest == "gradient" else part


@dataclass(frozen=True)
class Source:
    """A line of this package that ran: `file` is within the package, as `layers/dense.py`."""

    file: str
    line: int
    function: str


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
    twin = network.copy_to(engine)
    mover = copy.copy(optimizer) if optimizer else Optimizer(lr=0.0)
    rate = mover.rate if optimizer else 0.0
    sinks = twin.attach(mover, seen=True)
    mover.rate = rate
    copies = {**twin.parameters(), **twin.memory()}
    if optimizer:
        copies |= mover.named()
        for name, array in optimizer.named().items():
            engine.load(np.array(array), copies[name])
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


@dataclass(frozen=True, eq=False)
class Note:
    """That an array was written: what it was then, which lines ran, and which formulas stand with
    the innermost function."""

    name: str
    phase: str
    array: NDArray[Any]
    sources: tuple[Source, ...]
    formulas: Mapping[str, str]


class Watcher:
    """An engine that lets another do the arithmetic and notes every array that is written.

    What the protocol builds out of primitives is built here, too, in its plain form, so that each
    primitive is seen by itself.
    """

    def __init__(self, inner: Engine) -> None:
        self.inner, self.name, self.dtype, self.phase = inner, inner.name, inner.dtype, "forward"
        self.notes: dict[tuple[str, str], Note] = {}
        self._names: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        self._last: tuple[tuple[Source, ...], Mapping[str, str]] = (), {}

    def watch(self, arrays: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> None:
        """From now on, note what is written into these; in a shape of its own, if one is given."""
        for name, array in arrays.items():
            if last_part(name) not in HIDDEN:
                shape = shapes.get(name, array.shape)
                fits = prod(shape) == prod(array.shape)
                told = name, shape if fits else array.shape
                self._names.setdefault(address(array), []).append(told)

    def note(self, name: str, array: NDArray[Any]) -> None:
        """Note an array, as computed by the last primitive; and by those before, if by several."""
        before = self.notes.pop((name, self.phase), None)
        lines = dict.fromkeys((*(before.sources if before else ()), *self._last[0]))
        self.notes[name, self.phase] = Note(name, self.phase, array, tuple(lines), self._last[1])

    def __getattr__(self, name: str) -> Any:
        if name not in Engine.__abstractmethods__:
            return getattr(Engine, name).__get__(self)
        return partial(self._do, name) if self._names else getattr(self.inner, name)

    def _do(self, name: str, *args: Any, **options: Any) -> Any:
        """Have a primitive computed, and note what it writes."""
        method: Any = getattr(self.inner, name)
        spies = [Spy(value) if isfunction(value) else value for value in args]
        result = method(*spies, **options)
        spy = next((value for value in spies if isinstance(value, Spy)), None)
        asked = [source(frame.f_code, frame.f_lineno) for frame in callers(sys._getframe(1))]
        code: CodeType = method.__func__.__code__
        inner = map(source, spy.called) if spy else [source(code, code.co_firstlineno)]
        formulas = terms(spy.formula) if spy else {}
        self._last = (*reversed(asked), *inner), formulas
        arguments = signature(method).bind(*args, **options).arguments
        written = [arguments[key] for key in WRITTEN if arguments.get(key) is not None]
        for array in [*written, *arguments.get("arrays", ())[: spy.changes if spy else 0]]:
            for told, shape in self._names.get(address(array), ()):
                self.note(told, np.array(array).reshape(shape))
        return result


class Spy:
    """A formula that, the first time it is called, notes what of this package it runs."""

    def __init__(self, formula: Callable[..., Any]) -> None:
        self.formula, self.called, self.changes = formula, list[CodeType](), 0

    def __call__(self, *args: Any) -> Any:
        if self.called:
            return self.formula(*args)
        before = sys.getprofile()
        sys.setprofile(self._note)
        try:
            result = self.formula(*args)
        finally:
            sys.setprofile(before)
        self.changes = len(result) if isinstance(result, tuple) else 0  # an optimiser's rule
        return result

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and ours(frame.f_code) and "engines" not in frame.f_code.co_filename:
            self.called.append(frame.f_code)


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


def callers(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of this package, from the innermost out to the layer's, loss's or optimiser's."""
    while frame and frame.f_code.co_filename not in (__file__, str(PACKAGE / "network.py")):
        if ours(frame.f_code):
            yield frame
        frame = frame.f_back


def ours(code: CodeType) -> bool:
    """Whether code is of this package."""
    return Path(code.co_filename).is_relative_to(PACKAGE)


def source(code: CodeType, line: int | None = None) -> Source:
    """A line of some code; if not told, that of its last statement, where formulas return."""
    if line is None:
        line = max(number for *_, number in code.co_lines() if number is not None)
    return Source(Path(code.co_filename).relative_to(PACKAGE).as_posix(), line, code.co_name)


def address(array: Any) -> int:
    """What two views of the same numbers have in common."""
    return array.ctypes.data if isinstance(array, np.ndarray) else id(array.data)


def last_part(name: str) -> str:
    """`layers.0.weight.gradient` → `weight.gradient`."""
    parts = name.split(".")
    return ".".join(parts[-2:] if parts[-1] == "gradient" else parts[-1:])
