"""Which examples? A Python expression over named arrays, believed only piece by piece.

    select("(y == 9) & (pred == 4) & (loss > 2)", {"y": y, "pred": pred, "loss": loss})

The expression may come from a link, so it is never run as Python. It is parsed, and each piece is
carried out here if it is one of these: numbers, the names given, comparisons, arithmetic, `&`, `|`,
`~`, `and`, `or`, `not`, indexing, and the functions in `FUNCTIONS`. There are no attributes, no
other calls, nothing to assign to; what would fill the memory is refused beforehand.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import GlassnetError

Value = Any  # an array, a numpy scalar, or what an index is made of

LONGEST = 2000  # characters
MOST_NODES = 300
MOST_VALUES = 20_000_000  # in an array of numbers made on the way
MOST_TRUTHS = 80_000_000  # in one of comparisons: a byte each

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "all": np.all,
    "any": np.any,
    "argmax": np.argmax,
    "exp": np.exp,
    "isin": np.isin,
    "log": np.log,
    "max": np.max,
    "maximum": np.maximum,
    "mean": np.mean,
    "min": np.min,
    "minimum": np.minimum,
    "round": np.round,
    "sqrt": np.sqrt,
    "std": np.std,
    "sum": np.sum,
}
OPTIONS = {"axis"}  # the keyword arguments that a call may have

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
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class QueryError(GlassnetError):
    """An expression cannot be used. `column` is where in it, from 0; None if it is all of it."""

    code = "E-QUERY"

    def __init__(self, problem: str, column: int | None = None) -> None:
        super().__init__(problem)
        self.column = column


def select(expression: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """For which examples the expression is true.

    Args:
        expression: as above.
        arrays: by name, each with one entry (of any shape) an example.

    Returns:
        bool (examples,)

    Raises:
        QueryError: not such an expression, or one that does not say yes or no of each example.
    """
    counts = {len(array) for array in arrays.values()}
    if len(counts) != 1:
        raise ValueError(f"arrays of one length expected, got {sorted(counts)}")
    (count,) = counts
    with np.errstate(all="ignore"):  # a loss of 0 has a logarithm, too
        result = np.asarray(_Reader(arrays).read(_parse(expression)))
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
    return result


def names(expression: str) -> set[str]:
    """The names an expression reads, functions included. Raises QueryError as `select`."""
    nodes = ast.walk(_parse(expression))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _parse(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise QueryError(f"{len(expression):,} characters; the limit is {LONGEST:,}")
    if not expression.strip():
        raise QueryError("an empty expression")
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = error.offset - 1 if isinstance(error, SyntaxError) and error.offset else None
        problem = error.msg if isinstance(error, SyntaxError) else str(error)
        raise QueryError(f"not a Python expression: {problem}", column) from None
    nodes = sum(1 for _ in ast.walk(tree))
    if nodes > MOST_NODES:
        raise QueryError(f"{nodes} pieces; the limit is {MOST_NODES}")
    return tree


class _Reader:
    """Carries out a parsed expression, one kind of node a method."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays

    def read(self, node: ast.AST) -> Value:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise _refusal(node, f"{_words(node)} may not be used here")
        try:
            return method(node)
        except QueryError:
            raise
        except (TypeError, ValueError, IndexError, OverflowError) as error:
            raise QueryError(str(error), getattr(node, "col_offset", None)) from None

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
        values = [self.read(part) for part in [node.left, *node.comparators]]
        result: Value = True
        for sign, left, right in zip(node.ops, values, values[1:], strict=False):
            if type(sign) not in _COMPARISONS:
                raise _refusal(
                    node, "expected one of == != < <= > >=; for a list of values use isin"
                )
            _check_size(left, right, limit=MOST_TRUTHS)
            result = np.logical_and(result, _COMPARISONS[type(sign)](left, right))
        return result

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.read(node.left), self.read(node.right)
        _check_size(left, right)
        if type(node.op) in _LOGIC:
            for side, value in [(node.left, left), (node.right, right)]:
                if np.asarray(value).dtype != np.bool_:
                    raise _refusal(
                        side, "& and | join comparisons: put brackets round each of them"
                    )
            return _LOGIC[type(node.op)](left, right)
        if type(node.op) not in _ARITHMETIC:
            raise _refusal(node, "expected one of + - * / // % **")
        return _ARITHMETIC[type(node.op)](_wide(left), _wide(right))

    def _boolop(self, node: ast.BoolOp) -> Value:
        join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
        result = self._truth(node.values[0])
        for part in node.values[1:]:
            other = self._truth(part)
            _check_size(result, other)
            result = join(result, other)
        return result

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        if isinstance(node.op, ast.Not | ast.Invert):
            return np.logical_not(self._truth(node.operand))
        value = _wide(self.read(node.operand))
        return np.negative(value) if isinstance(node.op, ast.USub) else value

    def _truth(self, node: ast.expr) -> Value:
        value = self.read(node)
        if np.asarray(value).dtype != np.bool_:
            raise _refusal(node, "expected a comparison, which is true or false")
        return value

    def _subscript(self, node: ast.Subscript) -> Value:
        value = self.read(node.value)
        if not isinstance(value, np.ndarray):
            raise _refusal(node, "only arrays can be indexed")
        index = self.read(node.slice)
        if np.size(index) > MOST_VALUES:
            raise _refusal(node, "an index with too many values")
        return value[index]

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
        options = {}
        for keyword in node.keywords:
            if keyword.arg not in OPTIONS:
                raise _refusal(node, f"{node.func.id}: the only option is axis")
            options[keyword.arg] = _axis(self.read(keyword.value))
        values = [self.read(part) for part in node.args]
        if not 1 <= len(values) <= 2:
            raise _refusal(node, f"{node.func.id}: expected one or two arguments")
        if node.func.id != "isin":
            _check_size(*values)
        if node.func.id in ("round", "sum", "mean", "max", "min", "std", "any", "all", "argmax"):
            values[1:] = [_axis(value) for value in values[1:]]
        return FUNCTIONS[node.func.id](*values, **options)


def _axis(value: Value) -> Value:
    """An axis as numpy wants it: a whole number, or some of them."""
    return tuple(int(part) for part in value) if isinstance(value, tuple) else int(value)


def _wide(value: Value) -> Value:
    """Small whole numbers as larger ones, so that sums of bytes do not wrap round."""
    array = np.asarray(value)
    small = array.dtype.kind in "biu" and array.dtype.itemsize < 4
    return array.astype(np.int32) if small else value


def _check_size(*values: Value, limit: int = MOST_VALUES) -> None:
    """Refuse what would give an array that is too large, before it is made."""
    shapes = [np.shape(value) for value in values]
    if len(shapes) < 2:
        return
    # Counted here: where addresses have 32 bits, numpy's own broadcasting gives up before us.
    axes = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    size = math.prod(max(axis) for axis in axes)
    if size > limit:
        raise QueryError(
            f"{size:,} values at once; the limit is {limit:,}: take a part first, as X[:, 14, 14]"
        )


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
