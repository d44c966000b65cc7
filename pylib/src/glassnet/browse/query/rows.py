"""Whether an expression reads each example by itself, so that it may be asked of a few at a time.

    mean(X > 128, axis=(1, 2)) > 0.2        does: its rows stay rows all the way
    X[:, 14, 14] > mean(X[:, 14, 14])       does not: a mean over all examples

An array's first axis counts the examples. It has to stay the first, whole and in order, in all that
is made of it; whatever is not known to leave it so counts as not.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

_EACH = {"abs", "exp", "log", "sqrt"}
_PAIR = {"maximum", "minimum"}
_WITH_NUMBERS = {"isin", "round"}
_OVER = {"all", "any", "argmax", "max", "mean", "min", "std", "sum"}


class _Mixed(Exception):
    """Examples are mixed, or it cannot be told."""


def by_rows(tree: ast.expr, ranks: Mapping[str, int]) -> bool:
    """Whether each example's answer follows from that example alone.

    Args:
        tree: of the expression.
        ranks: by name, how many axes each array has.
    """
    try:
        return _rank(tree, ranks) == 1
    except _Mixed:
        return False


def _rank(node: ast.expr, ranks: Mapping[str, int]) -> int:
    """How many axes, of which the first counts examples; 0: a number, the same for all."""
    match node:
        case ast.Constant(value=bool() | int() | float()):
            return 0
        case ast.Name(id=name) if name in ranks:
            return ranks[name]
        case ast.UnaryOp(operand=operand):
            return _rank(operand, ranks)
        case ast.BinOp(left=left, right=right):
            return _together(ranks, left, right)
        case ast.BoolOp(values=values):
            return _together(ranks, *values)
        case ast.Compare(left=left, comparators=others):
            return _together(ranks, left, *others)
        case ast.Subscript(value=value, slice=index):
            return _indexed(_rank(value, ranks), index)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            return _called(name, args, keywords, ranks)
    raise _Mixed


def _together(ranks: Mapping[str, int], *nodes: ast.expr) -> int:
    """Of arrays value by value. With fewer axes, one's examples would meet another's pixels."""
    found = {_rank(node, ranks) for node in nodes} - {0}
    if len(found) > 1:
        raise _Mixed
    return max(found, default=0)


def _indexed(rank: int, index: ast.expr) -> int:
    """`[:, 14, 3:9]`: all examples, and of each the same part."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    match parts[:1]:
        case [ast.Slice(lower=None, upper=None, step=None)] if rank:
            pass
        case _:
            raise _Mixed
    for part in parts[1:]:
        if isinstance(part, ast.Slice):
            for end in (part.lower, part.upper, part.step):
                if end is not None:
                    _number(end)
        else:
            _number(part)
            rank -= 1
    if rank < 1:
        raise _Mixed  # more indices than axes
    return rank


def _called(
    name: str, args: list[ast.expr], keywords: list[ast.keyword], ranks: Mapping[str, int]
) -> int:
    match name, args, keywords:
        case _, [value], [] if name in _EACH:
            return _rank(value, ranks)
        case _, [one, other], [] if name in _PAIR:
            return _together(ranks, one, other)
        case _, [value, numbers], [] if name in _WITH_NUMBERS:
            _numbers(numbers)
            return _rank(value, ranks)
        case _, [value, axis], [] if name in _OVER:
            return _over(_rank(value, ranks), axis)
        case _, [value], [ast.keyword(arg="axis", value=axis)] if name in _OVER:
            return _over(_rank(value, ranks), axis)
    raise _Mixed


def _over(rank: int, axis: ast.expr) -> int:
    """Of all values along some axes, among which that of the examples must not be."""
    axes = _numbers(axis)
    places = {number % rank for number in axes if -rank <= number < rank}
    if 0 in places or len(places) != len(axes):
        raise _Mixed
    return rank - len(places)


def _numbers(node: ast.expr) -> list[float]:
    """One number that is written down, or a list of them."""
    if isinstance(node, ast.Tuple | ast.List):
        return [_number(part) for part in node.elts]
    return [_number(node)]


def _number(node: ast.expr) -> float:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return sign * value
    raise _Mixed
