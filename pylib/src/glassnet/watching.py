"""An engine that watches another: which arrays are written, and by which lines and formulas."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import isfunction, signature
from math import prod
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Engine
from glassnet.formulas import terms

PACKAGE = Path(__file__).parent
WRITTEN = ("out", "winner", "dseen")  # how primitives call what they write into
HIDDEN = ("winner", "products", "dgamma", "dbeta")  # of the way there, and of no formula
OUTSIDE = (str(PACKAGE / "tracing.py"), str(PACKAGE / "network.py"))  # of layers and losses


@dataclass(frozen=True)
class Source:
    """A line of this package that ran: `file` is within the package, as `layers/dense.py`."""

    file: str
    line: int
    function: str


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

    unfolds = True  # in plain form, too

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


def callers(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of this package, from the innermost out to the layer's, loss's or optimiser's."""
    while frame and frame.f_code.co_filename not in OUTSIDE:
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
