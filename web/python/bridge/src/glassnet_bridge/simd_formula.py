"""Formulas as the kernel's instructions: what the network's Python wrote down, run once on symbols.

A formula is a plain function of `m` and numbers (see `glassnet.engines.base`). Called with symbols
in place of the numbers, it leaves behind the list of what it does to them, and that list is what
the kernel runs on whole arrays. So the kernel knows no activation, no loss and no optimiser by
name: whoever edits a formula, or writes a new one, gets it at the kernel's speed. A formula that
cannot be followed (it branches on a value, or uses a function the kernel has not) is left to numpy.

The layout of the code is that of `Formula` in web/engines/simd/formula.h.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

OPERATIONS = (  # in the order of `Operation` in web/engines/simd/formula.c
    *("add", "subtract", "multiply", "divide", "maximum", "minimum"),
    *("less", "less_equal", "equal", "not_equal"),
    *("negative", "absolute", "sign", "sqrt", "exp", "log", "log1p", "tanh"),
    "where",
)
MOST_INPUTS = 12
MOST_SLOTS = 48


@dataclass(frozen=True, slots=True)
class Program:
    """A formula's code, int32, and what it needs of the numbers that change from call to call.

    `scalars(*numbers)` gives them; None if there are none. They follow the arrays as inputs.
    """

    code: NDArray[np.int32]
    scalars: Callable[..., tuple[float, ...]] | None


def compile_formula(formula: Callable[..., Any], arrays: int, numbers: int = 0) -> Program | None:
    """The program of `formula(m, *arrays, *numbers)`; None if it cannot be followed."""
    try:
        trace = Trace()
        symbols = [trace.symbol(("input", i)) for i in range(arrays)]
        scalars = [Scalar(trace, f"x{i}") for i in range(numbers)]
        results = formula(trace, *symbols, *scalars)
        return trace.program(results if isinstance(results, tuple) else (results,), arrays, numbers)
    except Exception:  # whatever it is, numpy will meet it again and say it better
        return None


class Notes:
    """In an engine's place, it computes nothing and writes down what it is asked to."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.formula: Callable[..., Any] | None = None

    def map(self, out: object, formula: Callable[..., Any], *arrays: object) -> None:
        self.asked.append((out, *arrays))
        self.formula = formula


def one_formula(ask: Callable[[Any], None], *names: str) -> Callable[..., Any] | None:
    """The formula, if all that `ask` wants of an engine is one `map`: out, then arrays, by name."""
    notes = Notes()
    try:
        ask(notes)
    except Exception:  # it wants more than a map
        return None
    return notes.formula if notes.asked == [names] else None


class Scalar:
    """A number of its own in each call, and what Python makes of it before the kernel starts."""

    def __init__(self, trace: Trace, source: str) -> None:
        self.trace, self.source = trace, source

    def _with(self, other: Any, text: str) -> Any:
        """`text` with a number; the same operation on symbols, with a symbol."""
        if isinstance(other, Scalar):
            return Scalar(self.trace, text.format(self.source, other.source))
        if isinstance(other, int | float):
            return Scalar(self.trace, text.format(self.source, repr(other)))
        return NotImplemented

    def __neg__(self) -> Scalar:
        return Scalar(self.trace, f"(-{self.source})")

    def __add__(self, other: Any) -> Any:
        return self._with(other, "({0} + {1})")

    def __radd__(self, other: Any) -> Any:
        return self._with(other, "({1} + {0})")

    def __sub__(self, other: Any) -> Any:
        return self._with(other, "({0} - {1})")

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, "({1} - {0})")

    def __mul__(self, other: Any) -> Any:
        return self._with(other, "({0} * {1})")

    def __rmul__(self, other: Any) -> Any:
        return self._with(other, "({1} * {0})")

    def __truediv__(self, other: Any) -> Any:
        return self._with(other, "({0} / {1})")

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, "({1} / {0})")

    def __pow__(self, other: Any) -> Any:
        return self._with(other, "({0} ** {1})")

    def __rpow__(self, other: Any) -> Any:
        return self._with(other, "({1} ** {0})")


class Symbol:
    """A number of an array, or what became of it: an entry of the trace."""

    __hash__ = None  # type: ignore[assignment]  # == is an operation, as it is on arrays

    def __init__(self, trace: Trace, index: int) -> None:
        self.trace, self.index = trace, index

    def __bool__(self) -> bool:
        raise TypeError("a formula cannot branch on a number it does not know yet")

    def __neg__(self) -> Symbol:
        return self.trace.note("negative", self)

    def __abs__(self) -> Symbol:
        return self.trace.note("absolute", self)

    def __add__(self, other: Any) -> Symbol:
        return self.trace.note("add", self, other)

    def __radd__(self, other: Any) -> Symbol:
        return self.trace.note("add", other, self)

    def __sub__(self, other: Any) -> Symbol:
        return self.trace.note("subtract", self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return self.trace.note("subtract", other, self)

    def __mul__(self, other: Any) -> Symbol:
        return self.trace.note("multiply", self, other)

    def __rmul__(self, other: Any) -> Symbol:
        return self.trace.note("multiply", other, self)

    def __truediv__(self, other: Any) -> Symbol:
        return self.trace.note("divide", self, other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return self.trace.note("divide", other, self)

    def __lt__(self, other: Any) -> Symbol:
        return self.trace.note("less", self, other)

    def __gt__(self, other: Any) -> Symbol:
        return self.trace.note("less", other, self)

    def __le__(self, other: Any) -> Symbol:
        return self.trace.note("less_equal", self, other)

    def __ge__(self, other: Any) -> Symbol:
        return self.trace.note("less_equal", other, self)

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        return self.trace.note("equal", self, other)

    def __ne__(self, other: object) -> Symbol:  # type: ignore[override]
        return self.trace.note("not_equal", self, other)


class Trace:
    """What a formula did, step by step, each step once. As its `m`, it has numpy's functions."""

    def __init__(self) -> None:
        self.entries: dict[tuple[Any, ...], int] = {}

    def symbol(self, entry: tuple[Any, ...]) -> Symbol:
        return Symbol(self, self.entries.setdefault(entry, len(self.entries)))

    def note(self, operation: str, *operands: Any) -> Symbol:
        """One operation on symbols, scalars and plain numbers."""
        return self.symbol((operation, *(self._known(operand).index for operand in operands)))

    def _known(self, operand: Any) -> Symbol:
        if isinstance(operand, Symbol):
            return operand
        if isinstance(operand, Scalar):
            return self.symbol(("scalar", operand.source))
        return self.symbol(("constant", repr(float(operand))))  # −0.0 is not 0.0 there

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in OPERATIONS:
            raise AttributeError(f"the kernel has no {name}")

        def function(*operands: Any) -> Any:
            if name == "sqrt" and isinstance(operands[0], Scalar):
                return Scalar(self, f"sqrt({operands[0].source})")
            return self.note(name, *operands)

        return function

    def program(self, results: tuple[Any, ...], arrays: int, numbers: int) -> Program | None:
        """The instructions that lead to the results, numbered as the kernel numbers them."""
        ends = [self._computed(self._known(result)).index for result in results]
        entries = list(self.entries)
        kinds: dict[str, list[int]] = {"input": [], "scalar": [], "constant": [], "do": []}
        for index, (kind, *_) in enumerate(entries):
            kinds[kind if kind in kinds else "do"].append(index)
        inputs = kinds["input"] + kinds["scalar"]
        order = inputs + kinds["constant"] + kinds["do"]
        if len(inputs) > MOST_INPUTS or len(order) > MOST_SLOTS:
            return None
        slot = {index: place for place, index in enumerate(order)}
        constants = np.array([float(entries[i][1]) for i in kinds["constant"]], np.float32)
        code = [len(inputs), len(constants), len(kinds["do"]), len(ends)]
        code += constants.view(np.int32).tolist()
        for operation, *operands in (entries[i] for i in kinds["do"]):
            places = [slot[operand] for operand in operands]
            code += [OPERATIONS.index(operation), *places, *places[:1] * (3 - len(places))]
        code += [slot[index] for index in ends]
        sources = [entries[i][1] for i in kinds["scalar"]]
        return Program(np.array(code, np.int32), as_function(sources, numbers))

    def _computed(self, result: Symbol) -> Symbol:
        """The result of an instruction, also where the formula gives back what it got: results
        are written one after the other, and an input might be overwritten by then."""
        entry = list(self.entries)[result.index]
        return self.note("maximum", result, result) if entry[0] in ("input", "scalar") else result


def as_function(sources: list[str], numbers: int) -> Callable[..., tuple[float, ...]] | None:
    """A function that makes of a call's numbers the scalars that the program needs."""
    if not sources:
        return None
    names = ", ".join(f"x{i}" for i in range(numbers))
    made: Callable[..., tuple[float, ...]] = eval(  # our own text, made of operators and numbers
        f"lambda {names}: ({', '.join(sources)},)", {"sqrt": math.sqrt}
    )
    return made
