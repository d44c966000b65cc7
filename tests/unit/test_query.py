"""Expressions over arrays: what they find, what they refuse, and that nothing else runs."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.browse.query import QueryError, names, select
from glassnet.browse.query.memory import Memory
from glassnet.browse.query.reader import _Reader
from glassnet.errors import GlassnetError

N = 60
RNG = np.random.default_rng(0)
ARRAYS: dict[str, NDArray[np.generic]] = {
    "y": RNG.integers(0, 10, N),
    "pred": RNG.integers(0, 10, N),
    "loss": RNG.random(N, dtype=np.float32),
    "test": RNG.random(N) < 0.3,
    "X": RNG.integers(0, 256, (N, 28, 28)).astype(np.uint8),
}
Y, PRED, LOSS, TEST, X = (np.asarray(ARRAYS[name]) for name in ARRAYS)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(y == 9) & (pred == 4) & (loss > 0.2)", (Y == 9) & (PRED == 4) & (LOSS > 0.2)),
        ("y == 9 and not pred == 4 or loss < .1", ((Y == 9) & (PRED != 4)) | (LOSS < 0.1)),
        ("0.2 < loss <= 0.4", (LOSS > 0.2) & (LOSS <= 0.4)),
        ("~test ^ (y != pred)", ~TEST ^ (Y != PRED)),
        ("test", TEST),
        ("isin(y, [3, 5])", np.isin(Y, [3, 5])),
        ("abs(y - pred) >= 5", np.abs(Y - PRED) >= 5),
        ("-loss * 2 + 1 > .5", -LOSS * 2 + 1 > 0.5),
        ("y ** 2 // 3 % 4 == 1", Y**2 // 3 % 4 == 1),
        ("loss > mean(loss) + std(loss)", LOSS.mean() + LOSS.std() < LOSS),
        ("X[:, 14, 14] > 200", X[:, 14, 14] > 200),
        ("X[:, 3, 3] + X[:, 4, 4] > 300", X[:, 3, 3].astype(int) + X[:, 4, 4] > 300),
        ("-X[:, 3, 3] < -100", X[:, 3, 3] > 100),
        (
            "mean(X[:, :14], axis=(1, 2)) > mean(X[:, 14:], axis=(1, 2))",
            X[:, :14].mean(axis=(1, 2)) > X[:, 14:].mean(axis=(1, 2)),
        ),
        ("max(X, axis=(1, 2)) == 255", X.max(axis=(1, 2)) == 255),
        ("True", np.ones(N, bool)),
    ],
)
def test_what_is_found(expression: str, expected: NDArray[np.bool_]) -> None:
    found = select(expression, ARRAYS)
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("expression", "words", "column"),
    [
        ("y == 9 & pred == 4", "brackets", 5),
        ("y", "compare", None),
        ("loss >", "not a Python expression", None),
        ("", "empty", None),
        ("   ", "empty", None),
        ("lost > 2", "no 'lost' here; there are y, pred", 0),
        ("y.dtype == 3", "attributes", 0),
        ("(1).__class__", "attributes", None),
        ("open('x')", "cannot be called", 0),
        ("__import__('os')", "cannot be called", 0),
        ("mean.__globals__", "attributes", 0),
        ("(lambda: y)()", "cannot be called", None),
        ("[a for a in y]", "ListComp", 0),
        ("{1: 2}", "Dict", 0),
        ("f'{y}'", "text", 0),
        ("y if 1 else pred", "if and else", 0),
        ("(z := y)", "assignments", None),
        ("y in [1, 2]", "isin", 0),
        ("'a' == y", "not a number", 0),
        ("1e999 < loss", "not a number", 0),
        ("99999999999999999999 < y", "not a number", 0),
        ("mean", "mean is a function", 0),
        ("mean(y, where=test) > 2", "only option is axis", 0),
        ("mean()", "one or two arguments", 0),
        ("X > 3", "shape (60, 28, 28)", None),
        ("loss[:3] > 1", "shape (3,)", None),
        ("y[99] > 1", "out of bounds", None),
        ("y @ pred == 3", "expected one of", 0),
        ("and", "not a Python expression", None),
        ("y == 1\nimport os", "not a Python expression", None),
        ("y\0", "not a Python expression", None),
    ],
)
def test_what_is_refused(expression: str, words: str, column: int | None) -> None:
    with pytest.raises(QueryError) as caught:
        select(expression, ARRAYS)
    assert words in str(caught.value)
    assert isinstance(caught.value, GlassnetError)
    if column is not None:
        assert caught.value.column == column


@pytest.mark.parametrize(
    "expression",
    [
        "9 ** 9 ** 9 ** 9 ** 9 == y",  # would take for ever in whole numbers of any length
        "loss[:, None, None] * loss[:, None] * loss > 1" + " * loss" * 3,
        "(" * 90 + "y" + ")" * 90 + " == 1",
        "y == 1" + " and y == 1" * 90,
        "-" * 280 + "y == 1",
    ],
)
def test_what_would_take_too_much_is_answered_at_once(expression: str) -> None:
    large: dict[str, NDArray[np.generic]] = {
        "y": np.arange(70_000),
        "loss": np.zeros(70_000, np.float32),
    }
    try:
        assert select(expression, large).shape == (70_000,)
    except QueryError as error:
        assert str(error)


def test_a_large_array_is_refused_before_it_is_made() -> None:
    large = {"loss": np.zeros(70_000, np.float32)}
    with pytest.raises(QueryError, match="4,900,000,000 values"):
        select("loss[:, None] + loss > 1", large)


def test_an_expression_may_not_be_too_long() -> None:
    with pytest.raises(QueryError, match="characters"):
        select("y == 1 " + " " * 3000 + "+ 1", ARRAYS)
    with pytest.raises(QueryError, match="pieces"):
        select("y" + "+y" * 90 + "==1", ARRAYS)


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 390,
        "(" * 390 + "y" + ")" * 390,
        "[" * 200 + "]" * 200,
        "isin(" * 120 + "y" + ")" * 120,
        "-" * 1500 + "y",
        "~" * 1500 + "y",
        "not " * 400 + "test",
        "y" + ".a" * 900,
        "y1" + ".a1" * 600,
        "y" + "[0]" * 600,
        "y" + "()" * 900,
        "y" + "**y" * 600,
        "y" + "<y" * 900,
        "y" + "+y" * 900,
        "y if y else " * 150 + "y",
        "lambda:" * 250 + "y",
        "f'" + "{y:" * 300 + "}" * 300 + "'",
        "{y:" * 400,
        "await " * 300 + "y",
        "'" + "(" * 390,
    ],
)
def test_what_nests_deep_is_refused_before_it_is_parsed(
    expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*args: object, **options: object) -> None:
        raise AssertionError("the parser's stack may be too small for this")

    monkeypatch.setattr("ast.parse", parse)
    with pytest.raises(QueryError, match="nested more than 100 deep"):
        select(expression, ARRAYS)
    with pytest.raises(QueryError, match="nested more than 100 deep"):
        names(expression)


@pytest.mark.parametrize(
    "expression",
    [
        " | ".join(f"(y == {number})" for number in range(42)),
        "isin(y, [" + ", ".join(map(str, range(100))) + "])",
        " and ".join(["mean(X[:, :14, :14], axis=(1, 2)) > 1.5"] * 8),
        "(" * 48 + "y == 1" + ")" * 48,
    ],
)
def test_what_is_only_long_is_answered(expression: str) -> None:
    assert select(expression, ARRAYS).shape == (N,)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("abs(y, pred) >= 5", "abs: expected one argument, got 2"),
        ("abs(X[:, 0, 0], y) >= 0", "abs: expected one argument, got 2"),
        ("exp(loss, loss) > 1", "exp: expected one argument"),
        ("log(loss, loss) > 1", "log: expected one argument"),
        ("sqrt(loss, loss) > 1", "sqrt: expected one argument"),
        ("maximum(loss, loss, loss) > 1", "maximum: expected two arguments, got 3"),
        ("maximum(loss) > 1", "maximum: expected two arguments, got 1"),
        ("sum(y, None, None, y) > 1", "sum: expected one or two arguments"),
        ("sum(y, 0, axis=0) > 1", "sum: expected one or two arguments"),
        ("round(loss, 1, y) > 1", "round: expected one or two arguments"),
        ("isin(y)", "isin: expected two arguments"),
        ("isin(y, axis=0)", "isin: there are no options"),
        ("sum(axis=0) > 1", "sum: expected one or two arguments"),
        ("sum(y, **y) > 1", "sum: the only option is axis"),
        ("abs(*y) > 1", "Starred"),
        ("(0, ())", "inhomogeneous"),
        ("[y, 1]", "inhomogeneous"),
        ("isin(None, X)", "expected a number or an array of numbers"),
        ("isin(None, 3)", "expected a number or an array of numbers"),
        ("isin(y, (-X, -X, -X, -X, -X, -X))", "values to look for"),
        ("None", "expected a number or an array of numbers"),
        ("... == y", "expected a number or an array of numbers"),
        ("(1, ...) == y", "expected a number or an array of numbers"),
        ("sum([None]) > 1", "expected a number or an array of numbers"),
        ("round(loss, 10 ** 15) > 1", "decimals"),
        ("y[None, " + "None, " * 70 + "0] > 1", "dimensions"),
        ("sum(y, axis=9) > 1", "axis 9"),
        ("y[y[:, None] == 9] > 1", "index"),
        ("loss[1.5] > 1", "indices"),
        ("y[::0] > 1", "slice step"),
        ("'\ud800'", "surrogates"),
        ("y == 0x" + "f" * 1990, "not a number"),
    ],
)
def test_arguments_that_a_function_has_not(expression: str, words: str) -> None:
    with pytest.raises(QueryError, match=re.escape(words)):
        select(expression, ARRAYS)


def test_the_arrays_cannot_be_written_to() -> None:
    """Whatever a function may learn to do one day: what it gets is only to be read."""
    reader = _Reader(ARRAYS, Memory())
    assert not any(array.flags.writeable for array in reader.arrays.values())
    assert all(array.flags.writeable for array in ARRAYS.values())
    found = select("test", ARRAYS)
    found[:] = True
    assert not ARRAYS["test"].all()


def test_bytes_are_widened_before_they_are_computed_with() -> None:
    np.testing.assert_array_equal(
        select("exp(X[:, 3, 3] / 10) > exp(X[:, 3, 3] / 10 - 1)", ARRAYS), np.ones(N, bool)
    )
    wanted = np.sqrt(X[:, 3, 3].astype(float)) > 11.005
    np.testing.assert_array_equal(select("sqrt(X[:, 3, 3]) > 11.005", ARRAYS), wanted)


def test_arrays_stay_as_they_were() -> None:
    before = {name: array.copy() for name, array in ARRAYS.items()}
    for expression in ["-y > 1", "X[:, 0, 0] + 1 > 2", "sum(X, axis=(1, 2)) > 0"]:
        select(expression, ARRAYS)
    for name, array in before.items():
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_the_names_an_expression_reads() -> None:
    assert names("mean(X, axis=1) > loss") == {"mean", "X", "loss"}
