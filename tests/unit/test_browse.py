"""What the page of all digits asks Python, and how it is answered."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.browse.query import QueryError
from glassnet.errors import DataError
from glassnet_bridge.browse import Browse

N = 40
RNG = np.random.default_rng(0)
Y = RNG.integers(0, 10, N).astype(np.uint8)
TEST = (np.arange(N) < 10).astype(np.uint8)
IMAGES = RNG.integers(0, 256, (N, 28, 28)).astype(np.uint8)


def ask(browse: Browse, what: str, **message: Any) -> Any:
    return getattr(browse, what)(message)


def images(browse: Browse, start: int, data: NDArray[Any], rows: int, columns: int) -> None:
    ask(browse, "images_part", start=start, images=data.reshape(-1), rows=rows, columns=columns)


@pytest.fixture
def browse() -> Browse:
    made = Browse()
    ask(made, "columns", columns={"y": Y, "test": TEST})
    return made


def test_a_query(browse: Browse) -> None:
    answer = ask(browse, "query", expression="(y > 5) & test")
    assert answer["milliseconds"] >= 0
    assert answer["ids"].dtype == np.uint32
    np.testing.assert_array_equal(answer["ids"], np.flatnonzero((Y > 5) & (TEST == 1)))


def test_bytes_do_not_wrap_round(browse: Browse) -> None:
    assert len(ask(browse, "query", expression="y + 250 >= 250")["ids"]) == N


def test_a_fault_says_what_and_where(browse: Browse) -> None:
    with pytest.raises(QueryError, match="lost") as raised:
        ask(browse, "query", expression="1 < lost")
    assert raised.value.column == 4


def test_pixels_come_in_parts(browse: Browse) -> None:
    with pytest.raises(QueryError, match="no 'X'"):
        ask(browse, "query", expression="X[:, 0, 0] > 5")
    for start in range(0, N, 16):
        images(browse, start, IMAGES[start : start + 16], 28, 28)
    found = ask(browse, "query", expression="X[:, 0, 0] > 5")["ids"]
    np.testing.assert_array_equal(found, np.flatnonzero(IMAGES[:, 0, 0] > 5))
    with pytest.raises(DataError, match=f"digits {N - 1} to {N + 1} of {N}"):
        images(browse, N - 1, IMAGES[:2], 28, 28)
    with pytest.raises(DataError, match="those before"):
        images(browse, 0, IMAGES[:2], 14, 56)


@pytest.mark.parametrize(("rows", "columns"), [(0, 28), (-1, 28), (5000, 5000)])
def test_sizes_that_cannot_be_are_refused(browse: Browse, rows: int, columns: int) -> None:
    with pytest.raises(DataError, match=f"{rows} x {columns} pixels"):
        images(browse, 0, IMAGES[:0], rows, columns)


def test_the_columns_come_first() -> None:
    for what in (
        {"what": "query", "expression": "y > 1"},
        {"what": "images_part", "start": 0, "images": b"", "rows": 28, "columns": 28},
    ):
        with pytest.raises(DataError, match="columns of the set come first"):
            ask(Browse(), **what)


def test_a_map_of_large_images_is_made_of_smaller_ones(browse: Browse) -> None:
    large = RNG.integers(0, 256, (N, 100, 70)).astype(np.uint8)
    images(browse, 0, large, 100, 70)
    answer = ask(browse, "map")
    flat = large.reshape(N, -1)
    spread = np.linalg.svd(flat - flat.mean(axis=0), compute_uv=False)[:2] ** 2
    np.testing.assert_allclose((answer["points"].reshape(N, 2) ** 2).sum(axis=0), spread, rtol=1e-3)


def test_a_map(browse: Browse) -> None:
    with pytest.raises(DataError, match="pixels"):
        ask(browse, "map")
    images(browse, 0, IMAGES, 28, 28)
    answer = ask(browse, "map")
    assert answer["points"].shape == (2 * N,)
    assert answer["points"].dtype == np.float32
    centred = IMAGES.reshape(N, -1) - IMAGES.reshape(N, -1).mean(axis=0)
    spread = np.linalg.svd(centred, compute_uv=False)[:2] ** 2
    np.testing.assert_allclose((answer["points"].reshape(N, 2) ** 2).sum(axis=0), spread, rtol=1e-3)
    np.testing.assert_allclose(answer["explained"], spread / (centred**2).sum(), rtol=1e-3)


def test_another_set_forgets_the_pixels(browse: Browse) -> None:
    images(browse, 0, IMAGES, 28, 28)
    ask(browse, "columns", columns={"y": Y[:5], "test": TEST[:5]})
    with pytest.raises(QueryError, match="no 'X'"):
        ask(browse, "query", expression="X[:, 0, 0] > 5")


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"y": Y, "test": TEST[:3]}, "different lengths"), ({"y": Y}, "without the column test")],
)
def test_odd_columns_are_refused(browse: Browse, columns: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        ask(browse, "columns", columns=columns)
    assert len(ask(browse, "query", expression="y >= 0")["ids"]) == N  # those from before


def test_the_pixels_are_there_once() -> None:
    """While they are handed over, too: beside them, only the part that has just come."""
    count, part = 20_000, 1000
    one = np.full((part, 28, 28), 7, np.uint8)
    browse = Browse()
    y = np.zeros(count, np.uint8)
    tracemalloc.start(1)
    try:
        for turn in range(2):  # the second time in the place of those before
            ask(browse, "columns", columns={"y": y, "test": y})
            for start in range(0, count, part):
                images(browse, start, one, 28, 28)
            most = tracemalloc.get_traced_memory()[1]
            assert most < count * 784 + 2 * one.nbytes + 1_000_000, turn
        ask(browse, "columns", columns={"y": y, "test": y})
        assert tracemalloc.get_traced_memory()[0] < 2_000_000
    finally:
        tracemalloc.stop()
