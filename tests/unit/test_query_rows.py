"""Expressions that are asked of a few examples at a time: which may be, that it changes no answer,
and what it spares."""

from __future__ import annotations

import ast
import random
import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.browse.query import QueryError, reader, select
from glassnet.browse.query.rows import by_rows

N = 300
RNG = np.random.default_rng(3)
LIGHT = RNG.integers(60, 256, (N, 1, 1))  # of each picture
ARRAYS: dict[str, NDArray[np.generic]] = {
    "y": RNG.integers(0, 10, N),
    "loss": RNG.random(N, dtype=np.float32),
    "test": RNG.random(N) < 0.3,
    "X": (RNG.random((N, 28, 28)) * LIGHT).astype(np.uint8),
}
RANKS = {name: array.ndim for name, array in ARRAYS.items()}
ROW = 28 * 28
EACH_BY_ITSELF = [
    "X[:, 14, 14] > 120",
    "mean(X > 128, axis=(1, 2)) > 0.2",
    "mean(X[:, :14], axis=(1, 2)) > 1.02 * mean(X[:, 14:], (1, 2))",
    "(std(X, axis=[-1, -2]) > 50) & ~(y == 1) | (loss > 0.5)",
    "argmax(max(X, axis=2), axis=1) > 14",
    "sum(isin(X[:, ::2], [0, 1]), axis=(1, 2)) > 4 and not test",
    "round(sqrt(mean(X, axis=(1, 2))), 1) == 9.1",
    "any(maximum(X[:, 0], X[:, :, 0]) > 220, axis=1)",
    "120 < max(X + 1, axis=(1, 2)) - min(X, axis=(1, 2)) < 200",
]
MIXED = [
    "mean(X) > 3",
    "mean(X, axis=0)[0] > 3",
    "mean(X, axis=-3) > 3",
    "sum(X[:, 14, 14], axis=True) > 3",
    "X[y, 14, 14] > 3",
    "X[:9, 14, 14] > 3",
    "X[::-1, 14, 14] > 3",
    "X[..., 14] > 3",
    "X[:, None] > 3",
    "X[:, True, 14, 14] > 3",
    "X[:, [1, 2]] > 3",
    "X[:, 14, 14] > mean(loss)",
    "X > loss",
    "isin(X[:, 14, 14], y)",
    "maximum([1, 2], y) > 3",
    "y[test] == 1",
    "1 < 2",
    "X > 3",
]


@pytest.mark.parametrize("text", EACH_BY_ITSELF)
def test_what_reads_each_example_by_itself(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_rows(ast.parse(text, mode="eval").body, RANKS)
    whole = select(text, ARRAYS)
    assert 0 < whole.sum() < len(whole), "it tells nothing"
    monkeypatch.setattr(reader, "PART", 28 * ROW)  # a part may be mistaken for a row of pixels
    np.testing.assert_array_equal(select(text, ARRAYS), whole)


@pytest.mark.parametrize("text", MIXED)
def test_what_mixes_examples(text: str) -> None:
    assert not by_rows(ast.parse(text, mode="eval").body, RANKS)


def numbers(rng: random.Random, depth: int) -> str:
    """A number for each example, in some way that reads no other."""
    if depth == 0:
        column = rng.choice(
            ["y", "loss", "test", f"X[:, {rng.randrange(28)}, -{rng.randint(1, 28)}]"]
        )
        return f"{column} * {rng.randint(1, 9)}"
    part = rng.choice(
        ["X", "X[:, 3:9]", "X[:, :, ::3]", "(X > 90)", "(X / 7)", "(-X)", "exp(X / 99)"]
    )
    over = rng.choice(["all", "any", "max", "mean", "min", "std", "sum"])
    return rng.choice(
        [
            f"{over}({part}, axis=(1, 2))",
            f"{over}({over}({part}, axis=1), -1)",
            f"argmax({part}[:, 2], axis=1)",
            f"({numbers(rng, depth - 1)} {rng.choice('+-*/')} {numbers(rng, depth - 1)})",
            f"maximum({numbers(rng, depth - 1)}, {rng.randint(0, 99)})",
            f"round({numbers(rng, depth - 1)} + 0.5, 1)",
        ]
    )


@pytest.mark.parametrize("rows", [7, 28, 299])
def test_no_answer_changes(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng, told = random.Random(rows), 0
    for _ in range(50):
        text = f"X[:, 9, 9] + {numbers(rng, 2)} {rng.choice(['<', '>', '=='])} {numbers(rng, 1)}"
        whole = select(text, ARRAYS)
        told += bool(0 < whole.sum() < N)
        with monkeypatch.context() as patch:
            patch.setattr(reader, "PART", rows * ROW)
            patch.setattr(reader, "_whole", lambda *_: pytest.fail("it was read as a whole"))
            np.testing.assert_array_equal(select(text, ARRAYS), whole, text)
    assert told > 10, "too few of them tell anything"


def test_the_fault_is_told_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PART", 28 * ROW)
    with pytest.raises(QueryError, match=r"\(300,14,28\)"):
        select("any(X[:, :14] > X, axis=(1, 2))", ARRAYS)
    with pytest.raises(QueryError, match="numbers, not yes or no"):
        select("sum(X, axis=(1, 2))", ARRAYS)


def test_what_is_made_on_the_way_stays_small() -> None:
    """An eighth of the pixels at the most, of arrays that would be as large as they or larger."""
    large = {"X": np.zeros((20_000, 28, 28), np.uint8)}
    for text in ["mean(X > 128, axis=(1, 2)) > 0.2", "max(X // 2 > 100, axis=(1, 2))"]:
        tracemalloc.start(1)
        try:
            select(text, large)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert most < 12 * reader.PART + 1_000_000, text
