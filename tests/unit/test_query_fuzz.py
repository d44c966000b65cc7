"""Thousands of random expressions: each is answered or refused, in bounded memory, and the arrays
stay as they are."""

from __future__ import annotations

import hashlib
import random
import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.browse.query import FUNCTIONS, QueryError, names, select

COUNT = 4000
N = 800
RNG = np.random.default_rng(1)
ARRAYS: dict[str, NDArray[np.generic]] = {
    "y": RNG.integers(0, 10, N),
    "pred": RNG.integers(0, 10, N),
    "loss": RNG.random(N, dtype=np.float32),
    "test": RNG.random(N) < 0.3,
    "X": RNG.integers(0, 256, (N, 28, 28)).astype(np.uint8),
}
# The limits in the same proportion to these arrays as the package's are to 70,000 digits.
VALUES, TRUTHS, BYTES = 228_000, 914_000, 7_670_000
SLACK = 1_000_000  # bytes: trees, messages, numpy's buffers

SIGNS = ["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "&", "|", "^"]
SIGNS += ["and", "or", "@", "in", "is", "not"]
WORDS = [*ARRAYS, *FUNCTIONS, "None", "True", "...", "axis", "lambda", "if", "else", "z", "'t'"]
NUMBERS = ["0", "1", "2", "-1", "9", "0.5", "27", "1e300", "99999999999999999999", "1j", "0x10"]


def expression(rng: random.Random, depth: int) -> str:
    """A random expression, mostly sensible."""
    if depth == 0 or rng.random() < 0.1:
        return rng.choice([*ARRAYS, *ARRAYS, *NUMBERS, "None", "..."])

    def part() -> str:
        return expression(rng, depth - 1)

    def several(least: int, most: int) -> str:
        return ", ".join(part() for _ in range(rng.randint(least, most)))

    kind = rng.random()
    if kind < 0.35:
        return f"({part()}) {rng.choice(SIGNS)} ({part()})"
    if kind < 0.6:
        axis = rng.choice(["", "", ", 0", ", axis=1", ", axis=(1, 2)", ", axis=()", ", axis=-1"])
        return f"{rng.choice(list(FUNCTIONS))}({several(1, 3)}{axis})"
    if kind < 0.75:
        return f"{rng.choice(['X', 'y', 'loss', f'({part()})'])}[{index(rng, depth)}]"
    if kind < 0.85:
        return f"{rng.choice(['-', '~', 'not ', '+'])}({part()})"
    return rng.choice([f"[{several(0, 6)}]", f"({several(0, 6)},)", f"{part()} < {part()} < 3"])


def index(rng: random.Random, depth: int) -> str:
    parts = [":", ":14", "3:9:2", "None", "...", "0", "-1", "y", "test", "y[:, None]", "[1, 2, 1]"]
    parts += ["y[:, None] + y[:9]", expression(rng, depth - 1)]
    return ", ".join(rng.choice(parts) for _ in range(rng.randint(1, 4)))


def mutated(rng: random.Random, text: str) -> str:
    """The same with something taken out, put in twice or put in."""
    begin, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
    middle = rng.choice(["", text[begin:end] * 2, rng.choice(WORDS), rng.choice("()[]{}.,:=!\0é")])
    return text[:begin] + middle + text[end:]


def expressions(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        text = expression(rng, rng.randint(1, 5))
        if rng.random() < 0.5:
            text = f"({text}) {rng.choice(['==', '>', '<='])} {rng.choice(NUMBERS)}"
        for _ in range(rng.choice([0, 0, 0, 1, 3])):
            text = mutated(rng, text)
        made.append(text)
    return made


def digests() -> list[str]:
    return [hashlib.sha256(array.tobytes()).hexdigest() for array in ARRAYS.values()]


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glassnet.browse.query.memory.MOST_VALUES", VALUES)
    monkeypatch.setattr("glassnet.browse.query.memory.MOST_BYTES", BYTES)
    for user in ("memory", "reader", "functions", "indexing"):
        monkeypatch.setattr(f"glassnet.browse.query.{user}.MOST_TRUTHS", TRUTHS)


def peak(text: str) -> tuple[bool, int]:
    """Whether an expression is answered, and the most bytes that took."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        found = select(text, ARRAYS)
        assert found.shape == (N,) and found.dtype == np.bool_
        answered = True
    except QueryError as error:
        assert str(error)
        answered = False
    return answered, tracemalloc.get_traced_memory()[1] - before


@pytest.mark.usefixtures("small_limits")
def test_every_expression_is_answered_or_refused() -> None:
    before, answered = digests(), 0
    tracemalloc.start(1)
    try:
        for text in expressions(COUNT, seed=7):
            told, most = peak(text)
            answered += told
            assert most < BYTES + SLACK, text
            try:
                names(text)
            except QueryError:
                assert not told
    finally:
        tracemalloc.stop()
    assert digests() == before
    assert answered > COUNT / 20, "too few of them make sense"


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    "text",
    [
        "isin(y, (-X, -X, -X, -X, -X, -X))",
        "isin(X, X)",
        "isin(X, [1, 2, 3])",
        "sum((X, X, X, X, X, X, X)) > 1",
        "sum([[X, X], [X, X]]) > 1",
        "max([X, X], axis=0) > 1",
        "(X, X, X, X) == (X, X, X, X)",
        "X[y[:, None] + y[:200]] > 1",
        "X[[0] * 9] > 1",
        "X[y][y][y][y][y][y][y][y][y][y] > 1",
        "X[(y > 0) | (y < 1)] > 1",
        "X[X > -1] > 1",
        "std(X) + std(X) + std(X) > 1",
        "exp(X[:, :9]) + (exp(X[:, :9]) + (exp(X[:, :9]) + std(X))) > 1",
        "sum(X, axis=()) + sum(X, axis=()) > 1",
        "mean(X, axis=()) > 1",
        "argmax(X, 0) > 1",
        "loss[:, None] + (loss[:200] + (loss[:200] + (loss[:, None] + loss[:200]))) > 1",
        "(X > 1) & ((X > 2) & ((X > 3) & ((X > 4) & ((X > 5) & (X > 6)))))",
        "X < X < X < X < X < X < X",
        "round(X, 1) > 1",
        "exp(X) > 1",
        "-X < 3",
        "~(X > 3)",
        "X > 3 and X > 4",
    ],
)
def test_no_expression_takes_more_memory_than_it_may(text: str) -> None:
    before = digests()
    tracemalloc.start(1)
    try:
        assert peak(text)[1] < BYTES + SLACK
    finally:
        tracemalloc.stop()
    assert digests() == before
