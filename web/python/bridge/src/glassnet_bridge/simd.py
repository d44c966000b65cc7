"""The simd engine: numpy's arrays, worked on in place by our WebAssembly kernel.

Every operation is offered to the kernel first. It looks at the arrays it gets, and what it cannot
do (an array that is not contiguous float32, sizes that do not fit) it declines without touching
anything: then numpy does it, or raises what it would have raised anyway. Formulas are compiled when
they are first met; see `simd_formula`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import ENGINES
from glassnet.engines.base import Formula, Sink, Window
from glassnet.engines.numpy import Floats, NumpyEngine
from glassnet_bridge.simd_formula import Program, compile_formula, one_formula
from glassnet_bridge.simd_kernel import Kernel, load

QUIET = nullcontext()  # the kernel warns of nothing; where numpy steps in, it is told not to
Code = NDArray[np.int32]

MOST_PROGRAMS = 512  # formulas whose programs are kept


@dataclass(frozen=True, slots=True)
class Ways:
    """An activation (held, so that its id stays its own) and its code; None where numpy does it."""

    activation: Any
    forward: Code | None
    backward: Code | None


class SimdEngine(NumpyEngine):
    """Arrays are numpy's, C-contiguous float32; the arithmetic is the kernel's."""

    name = "simd"
    unfolds = False

    def __init__(self, kernel: Kernel) -> None:
        super().__init__("float32")
        self._kernel = kernel
        self._programs: dict[object, tuple[CodeType, Program | None]] = {}
        self._activations: dict[int, Ways] = {}
        self._room = np.empty(0, np.float32)  # where the kernel looks through windows

    @property
    def build(self) -> str:
        """Which of the kernel's builds this is."""
        build: str = self._kernel.build
        return build

    def _program(self, formula: Formula, arrays: int, numbers: int = 0) -> Program | None:
        """The formula's program, made once; None if numpy has to run it.

        A lambda is a new object each time it is met, but its code is the same object, and what it
        closes over mostly equal; what it reads from its module is taken to stay as it is.
        """
        code, closure = formula.__code__, formula.__closure__
        key: object = id(code)  # kept alive by the table; hashing a code object takes long
        if closure is not None:
            key = (key, *[cell.cell_contents for cell in closure])
        try:
            return self._programs[key][1]
        except KeyError:
            if len(self._programs) >= MOST_PROGRAMS:
                self._programs.clear()
            lasting = all(stays(cell.cell_contents) for cell in closure or ())
            program = compile_formula(formula, arrays, numbers) if lasting else None
            self._programs[key] = code, program
            return program
        except TypeError:  # it closes over something without a hash, such as an array
            return None

    # Arrays ----------------------------------------------------------------------------------

    def gather(self, images: NDArray[np.uint8], rows: Any, out: Floats) -> None:
        if self._kernel.gather(images, rows, out) is None:
            super().gather(images, rows, out)

    def one_hot(self, labels: NDArray[np.uint8], out: Floats) -> None:
        if self._kernel.one_hot(labels, out) is None:
            super().one_hot(labels, out)

    def argmax(self, a: Floats) -> NDArray[np.intp]:
        winners = np.empty(len(a), np.intp)
        if self._kernel.argmax(a, winners) is None:
            return super().argmax(a)
        return winners

    def correct(self, a: Floats, y: Floats) -> int:
        count: int | None = self._kernel.correct(a, y)
        return super().correct(a, y) if count is None else count

    def quiet(self) -> AbstractContextManager[None]:
        return QUIET

    def finite(self, array: Floats) -> bool:
        answer = self._kernel.finite(array)
        return super().finite(array) if answer is None else bool(answer)

    # Products --------------------------------------------------------------------------------

    def product(
        self,
        a: Floats,
        b: Floats,
        out: Floats,
        transpose_a: bool = False,
        transpose_b: bool = False,
        alpha: float = 1.0,
        beta: float = 0.0,
    ) -> None:
        if self._kernel.product(a, b, out, transpose_a, transpose_b, alpha, beta) is None:
            super().product(a, b, out, transpose_a, transpose_b, alpha, beta)

    def affine(self, x: Floats, weight: Floats, bias: Floats, f: Any, z: Floats, a: Floats) -> bool:
        code = self._ways(f).forward
        if self._kernel.affine(x, weight, bias, z, a, code) is None:
            return False
        if code is None:
            f.forward(self, z, a)
        return True

    def activation_backward(
        self, activation: Any, z: Floats, a: Floats, da: Floats, delta: Floats
    ) -> None:
        code = self._ways(activation).backward
        if code is None or self._kernel.map(code, delta, z, a, da) is None:
            activation.backward(self, z, a, da, delta)

    def _ways(self, activation: Any) -> Ways:
        """An activation's two ways as code, each if it is one formula and no more."""
        ways = self._activations.get(id(activation))
        if ways is None:
            forward = one_formula(lambda notes: activation.forward(notes, "z", "a"), "a", "z")
            backward = one_formula(
                lambda notes: activation.backward(notes, "z", "a", "da", "delta"),
                *("delta", "z", "a", "da"),
            )
            ways = Ways(activation, self._code(forward, 1), self._code(backward, 3))
            self._activations[id(activation)] = ways
        return ways

    def _code(self, formula: Formula | None, arrays: int) -> Code | None:
        program = self._program(formula, arrays) if formula else None
        return None if program is None else program.code

    def affine_backward(
        self,
        x: Floats,
        weight: Floats,
        delta: Floats,
        dx: Floats | None,
        into: Sink,
        bias_into: Sink,
    ) -> bool:
        w, b = into.array, bias_into.array
        done = self._kernel.affine_backward(
            x, weight, delta, dx, w, into.alpha, into.beta, b, bias_into.alpha, bias_into.beta
        )
        return done is not None

    # Formulas --------------------------------------------------------------------------------

    def map(self, out: Floats, formula: Formula, *arrays: Floats) -> None:
        program = self._program(formula, len(arrays))
        if program is None or self._kernel.map(program.code, out, *arrays) is None:
            with super().quiet():
                super().map(out, formula, *arrays)

    def update(self, rule: Formula, numbers: tuple[float, ...], *arrays: Floats) -> None:
        program = self._program(rule, len(arrays), len(numbers))
        if program is not None:
            scalars = program.scalars(*numbers) if program.scalars else ()
            if self._kernel.update(program.code, *arrays, *scalars) is not None:
                return
        with super().quiet():
            super().update(rule, numbers, *arrays)

    def total(self, formula: Formula, *arrays: Floats) -> float:
        program = self._program(formula, len(arrays))
        total = None if program is None else self._kernel.total(program.code, *arrays)
        if total is None:
            with super().quiet():
                return super().total(formula, *arrays)
        return float(total)

    def row_sums(self, formula: Formula, *arrays: Floats) -> Floats:
        program = self._program(formula, len(arrays))
        out = np.empty((len(arrays[0]), 1), np.float32)
        if program is None or self._kernel.row_sums(program.code, out, *arrays) is None:
            with super().quiet():
                return super().row_sums(formula, *arrays)
        return out

    def row_maxima(self, array: Floats) -> Floats:
        out = np.empty((len(array), 1), np.float32)
        if self._kernel.row_maxima(array, out) is None:
            return super().row_maxima(array)
        return out

    def column_sums(
        self, array: Floats, out: Floats, alpha: float = 1.0, beta: float = 0.0
    ) -> None:
        if self._kernel.column_sums(array, out, alpha, beta) is None:
            super().column_sums(array, out, alpha, beta)

    # Windows ---------------------------------------------------------------------------------

    def _looked(self, call: Callable[..., Any], *arguments: Any) -> bool:
        """Whether a call did its work, with as much room to work in as it wants."""
        answer = call(*arguments, self._room)
        if answer is not None and answer is not True:
            self._room = np.empty(answer, np.float32)
            answer = call(*arguments, self._room)
        return answer is not None

    def convolve(
        self, x: Floats, window: Window, w: Floats, b: Floats, f: Any, z: Floats, a: Floats
    ) -> bool:
        code = self._ways(f).forward
        sizes = window.size, window.stride, window.padding
        if not self._looked(self._kernel.convolve, x, w, b, z, a, code, *sizes):
            s = np.empty((len(z), w.shape[1]), np.float32)
            self.unfold(x, window, s)
            self.product(s, w, z, transpose_b=True)
            self.add_bias(z, b)
            code = None
        if code is None:
            f.forward(self, z, a)
        return True

    def convolve_backward(
        self,
        x: Floats,
        window: Window,
        w: Floats,
        delta: Floats,
        dx: Floats | None,
        dw: Sink,
        db: Sink,
    ) -> bool:
        sinks = dw.array, dw.alpha, dw.beta, db.array, db.alpha, db.beta
        sizes = window.size, window.stride, window.padding
        if not self._looked(self._kernel.convolve_backward, x, w, delta, dx, *sinks, *sizes):
            s = np.empty((len(delta), w.shape[1]), np.float32)
            if dx is not None:
                self.product(delta, w, s)
                self.fold(s, window, dx)
            self.unfold(x, window, s)
            self.product(delta, s, dw.array, transpose_a=True, alpha=dw.alpha, beta=dw.beta)
            self.column_sums(delta, db.array, db.alpha, db.beta)
        return True

    def pool_images(self, x: Floats, window: Window, a: Floats, winner: Floats | None) -> bool:
        if self._kernel.pool(x, a, winner, window.size, window.stride, window.padding) is None:
            s = np.empty((len(a), window.size**2, window.channels), np.float32)
            self.unfold(x, window, s)
            self.pool(s, a, winner)
        return True

    def pool_images_backward(
        self, da: Floats, window: Window, winner: Floats | None, dx: Floats
    ) -> bool:
        sizes = window.size, window.stride, window.padding
        if self._kernel.pool_backward(da, winner, dx, *sizes) is None:
            ds = np.empty((len(da), window.size**2, window.channels), np.float32)
            self.pool_backward(da, winner, ds)
            self.fold(ds, window, dx)
        return True


def stays(value: object) -> bool:
    """Whether a value that a formula closes over is always what it is now."""
    parameters = getattr(type(value), "__dataclass_params__", None)
    return (
        value is None
        or isinstance(value, int | float | str | FunctionType | ModuleType)
        or (parameters is not None and parameters.frozen)
    )


def register() -> str:
    """Put the engine in its place in glassnet's table, if there is a kernel.

    Returns:
        `build()`, from now on.
    """
    kernel = load()
    if kernel is not None:
        ENGINES["simd"] = lambda: SimdEngine(kernel)
    return build()


def build() -> str:
    """What computes a network on "simd": "relaxed" or "simd128", the kernel's build; "numpy" if
    there is none."""
    engine = ENGINES["simd"]()
    return engine.build if isinstance(engine, SimdEngine) else engine.name
