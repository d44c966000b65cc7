"""Carries out an expression's tree, one kind of node a method."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.browse.query.functions import FUNCTIONS
from glassnet.browse.query.indexing import take
from glassnet.browse.query.memory import MOST_TRUTHS, Memory, broadcast
from glassnet.browse.query.parser import QueryError, parse
from glassnet.browse.query.rows import by_rows

PART = 1_600_000  # values of the largest array that are read at a time, where that can be

Value = Any  # an array, a numpy scalar, or what an index is made of

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.float_power,
}
_LOGIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.BitAnd: np.logical_and,
    ast.BitOr: np.logical_or,
    ast.BitXor: np.logical_xor,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}


def select(expression: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """For which examples the expression is true.

    Args:
        expression: as the package's docstring says.
        arrays: by name, each with one entry (of any shape) an example; they are only read.

    Returns:
        bool (examples,), an array of its own.

    Raises:
        QueryError: not such an expression, or one that does not say yes or no of each example.
    """
    counts = {len(array) for array in arrays.values()}
    if len(counts) != 1:
        raise ValueError(f"arrays of one length expected, got {sorted(counts)}")
    (count,) = counts
    tree = parse(expression)
    with np.errstate(all="ignore"), warnings.catch_warnings():  # a loss of 0 has a logarithm, too
        warnings.simplefilter("ignore")  # and a part without examples has a mean
        found = _by_parts(tree, arrays, count)
        return _whole(tree, arrays, count) if found is None else found


def _by_parts(
    tree: ast.expr, arrays: Mapping[str, NDArray[Any]], count: int
) -> NDArray[np.bool_] | None:
    """The same, a few examples at a time: what is made on the way stays small, for the memory
    that an interpreter in a browser has once taken it never gives back.

    None: it is not such an expression, or is none at all, which is told better of the whole.
    """
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    sizes = [array.size // count for name, array in arrays.items() if name in read and count]
    step = max(1, PART // max(sizes, default=1))
    if step >= count or not by_rows(tree, {name: array.ndim for name, array in arrays.items()}):
        return None
    found, memory = np.empty(count, np.bool_), Memory()
    for start in range(0, count, step):
        part = slice(start, start + step)
        reader = _Reader({name: array[part] for name, array in arrays.items()}, memory)
        try:
            result = reader.array(tree)
        except QueryError:
            return None
        if result.dtype != np.bool_:
            return None
        found[part] = result
    return found


def _whole(tree: ast.expr, arrays: Mapping[str, NDArray[Any]], count: int) -> NDArray[np.bool_]:
    result = _Reader(arrays, Memory()).array(tree)
    if result.dtype != np.bool_:
        raise QueryError(
            f"the expression gives {_kind(result)}, not yes or no: compare it with something"
        )
    if result.shape == ():
        return np.full(count, bool(result))
    if result.shape != (count,):
        raise QueryError(
            f"the expression gives an array of shape {result.shape}; "
            f"expected one yes or no for each of the {count:,} digits"
        )
    return np.array(result)


class _Reader:
    """Carries out a parsed expression, one kind of node a method."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], memory: Memory) -> None:
        self.arrays = {name: _locked(array) for name, array in arrays.items()}
        self.memory = memory

    def read(self, node: ast.AST) -> Value:
        """What a node stands for. Raises QueryError, whatever numpy has against it."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise _refusal(node, f"{_words(node)} may not be used here")
        try:
            return method(node)
        except QueryError as error:
            if error.column is None:
                error.column = getattr(node, "col_offset", None)
            raise
        except MemoryError:
            raise _refusal(node, "there is too little memory for this") from None
        except (TypeError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
            raise _refusal(node, str(error) or type(error).__name__) from None

    def array(self, node: ast.expr) -> NDArray[Any]:
        """The same as an array of numbers or truths. Raises QueryError."""
        value = self.read(node)
        try:
            return self.memory.array(value)
        except (QueryError, ValueError, OverflowError) as error:
            raise _refusal(node, str(error)) from None

    def _constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, bool) or value is None or value is ...:
            return value
        if isinstance(value, int) and abs(value) < 2**53:
            return np.int64(value)
        if isinstance(value, float) and math.isfinite(value):
            return np.float64(value)
        raise _refusal(node, f"{str(value)[:20]!r} is not a number that can be used here")

    def _name(self, node: ast.Name) -> Value:
        if node.id in self.arrays:
            return self.arrays[node.id]
        if node.id in FUNCTIONS:
            raise _refusal(node, f"{node.id} is a function: write {node.id}(…)")
        known = ", ".join(self.arrays)
        raise _refusal(node, f"there is no {node.id!r} here; there are {known}")

    def _compare(self, node: ast.Compare) -> Value:
        """`a < b < c` means `(a < b) & (b < c)`, for arrays as well."""
        values = [self.array(part) for part in [node.left, *node.comparators]]
        result: Value = None
        for sign, left, right in zip(node.ops, values, values[1:], strict=False):
            if type(sign) not in _COMPARISONS:
                raise _refusal(
                    node, "expected one of == != < <= > >=; for a list of values use isin"
                )
            self.memory.take(broadcast(left.shape, right.shape), 1, MOST_TRUTHS)
            truth = _COMPARISONS[type(sign)](left, right)
            if result is not None:
                size = broadcast(result.shape, truth.shape)
                self.memory.take(size, 1, MOST_TRUTHS)
                truth = np.logical_and(result, truth)
            result = truth
        return result

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.array(node.left), self.array(node.right)
        size = broadcast(left.shape, right.shape)
        if type(node.op) in _LOGIC:
            for side, value in [(node.left, left), (node.right, right)]:
                if value.dtype != np.bool_:
                    raise _refusal(
                        side, "& and | join comparisons: put brackets round each of them"
                    )
            self.memory.take(size, 1, MOST_TRUTHS)
            return _LOGIC[type(node.op)](left, right)
        if type(node.op) not in _ARITHMETIC:
            raise _refusal(node, "expected one of + - * / // % **")
        left, right = self.memory.wide(left), self.memory.wide(right)
        self.memory.take(size)
        return _ARITHMETIC[type(node.op)](left, right)

    def _boolop(self, node: ast.BoolOp) -> Value:
        join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
        result = self._truth(node.values[0])
        for part in node.values[1:]:
            other = self._truth(part)
            self.memory.take(broadcast(result.shape, other.shape), 1, MOST_TRUTHS)
            result = join(result, other)
        return result

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        if isinstance(node.op, ast.Not | ast.Invert):
            truth = self._truth(node.operand)
            self.memory.take(truth.size, 1, MOST_TRUTHS)
            return np.logical_not(truth)
        value = self.memory.wide(self.array(node.operand))
        if isinstance(node.op, ast.UAdd):
            return value
        self.memory.take(value.size)
        return np.negative(value)

    def _truth(self, node: ast.expr) -> NDArray[np.bool_]:
        value = self.array(node)
        if value.dtype != np.bool_:
            raise _refusal(node, "expected a comparison, which is true or false")
        return value

    def _subscript(self, node: ast.Subscript) -> Value:
        value = self.read(node.value)
        if not isinstance(value, np.ndarray):
            raise _refusal(node, "only arrays can be indexed")
        return take(value, self.read(node.slice), self.memory)

    def _slice(self, node: ast.Slice) -> Value:
        parts = [None if p is None else self.read(p) for p in (node.lower, node.upper, node.step)]
        return slice(*parts)

    def _tuple(self, node: ast.Tuple) -> Value:
        return tuple(self.read(part) for part in node.elts)

    def _list(self, node: ast.List) -> Value:
        return [self.read(part) for part in node.elts]

    def _call(self, node: ast.Call) -> Value:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            name = ast.unparse(node.func)[:40]
            raise _refusal(node, f"{name} cannot be called here; these can: {', '.join(FUNCTIONS)}")
        name, options = node.func.id, {}
        for keyword in node.keywords:
            options[str(keyword.arg)] = self.read(keyword.value)  # None of `**options`, refused
        values = [self.read(part) for part in node.args]
        return FUNCTIONS[name](name, self.memory, values, options)


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, only to be read."""
    view = array.view()
    view.flags.writeable = False
    return view


def _kind(array: NDArray[Any]) -> str:
    return "numbers" if array.dtype.kind in "iuf" else str(array.dtype)


def _words(node: ast.AST) -> str:
    return {
        "Attribute": "attributes (a dot and a name)",
        "Lambda": "functions of your own",
        "JoinedStr": "text",
        "NamedExpr": "assignments",
        "IfExp": "if and else",
    }.get(type(node).__name__, f"this kind of expression ({type(node).__name__})")


def _refusal(node: ast.AST, problem: str) -> QueryError:
    return QueryError(problem, getattr(node, "col_offset", None))
