"""What the page of all digits asks Python, and how it is answered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet_bridge import Session
from glassnet_bridge.browse import Browse

N = 40
RNG = np.random.default_rng(0)
Y = RNG.integers(0, 10, N).astype(np.uint8)
TEST = (np.arange(N) < 10).astype(np.uint8)
IMAGES = RNG.integers(0, 256, (N, 28, 28)).astype(np.uint8)


def ask(browse: Browse, what: str, **message: Any) -> dict[str, Any]:
    return browse.handle({"request": 7, "what": what, **message})


@pytest.fixture
def browse() -> Browse:
    made = Browse()
    assert "fault" not in ask(made, "columns", columns={"y": Y, "test": TEST})
    return made


def test_a_query(browse: Browse) -> None:
    answer = ask(browse, "query", expression="(y > 5) & test")
    assert answer["request"] == 7
    assert answer["milliseconds"] >= 0
    assert answer["ids"].dtype == np.uint32
    np.testing.assert_array_equal(answer["ids"], np.flatnonzero((Y > 5) & (TEST == 1)))


def test_bytes_do_not_wrap_round(browse: Browse) -> None:
    assert len(ask(browse, "query", expression="y + 250 >= 250")["ids"]) == N


def test_a_fault_says_what_and_where(browse: Browse) -> None:
    answer = ask(browse, "query", expression="1 < lost")
    assert "lost" in answer["fault"]
    assert answer["column"] == 4
    assert "ids" not in answer


def test_pixels_come_in_parts(browse: Browse) -> None:
    assert "no 'X'" in ask(browse, "query", expression="X[:, 0, 0] > 5")["fault"]
    for start in range(0, N, 16):
        part = IMAGES[start : start + 16].reshape(-1)
        assert "fault" not in ask(
            browse, "images_part", start=start, images=part, rows=28, columns=28
        )
    found = ask(browse, "query", expression="X[:, 0, 0] > 5")["ids"]
    np.testing.assert_array_equal(found, np.flatnonzero(IMAGES[:, 0, 0] > 5))
    beyond = IMAGES[:2].reshape(-1)
    assert "fault" in ask(browse, "images_part", start=N - 1, images=beyond, rows=28, columns=28)
    assert (
        "those before"
        in ask(browse, "images_part", start=0, images=beyond, rows=14, columns=56)["fault"]
    )


@pytest.mark.parametrize(("rows", "columns"), [(0, 28), (-1, 28), (5000, 5000)])
def test_sizes_that_cannot_be_are_refused(browse: Browse, rows: int, columns: int) -> None:
    answer = ask(browse, "images_part", start=0, images=b"", rows=rows, columns=columns)
    assert f"{rows} x {columns} pixels" in answer["fault"]


def test_a_map_of_large_images_is_made_of_smaller_ones(browse: Browse) -> None:
    images = RNG.integers(0, 256, (N, 100, 70)).astype(np.uint8)
    ask(browse, "images_part", start=0, images=images.reshape(-1), rows=100, columns=70)
    answer = ask(browse, "map")
    flat = images.reshape(N, -1)
    spread = np.linalg.svd(flat - flat.mean(axis=0), compute_uv=False)[:2] ** 2
    np.testing.assert_allclose((answer["points"].reshape(N, 2) ** 2).sum(axis=0), spread, rtol=1e-3)


def test_a_map(browse: Browse) -> None:
    assert "pixels" in ask(browse, "map")["fault"]
    ask(browse, "images_part", start=0, images=IMAGES.reshape(-1), rows=28, columns=28)
    answer = ask(browse, "map")
    assert answer["points"].shape == (2 * N,)
    assert answer["points"].dtype == np.float32
    centred = IMAGES.reshape(N, -1) - IMAGES.reshape(N, -1).mean(axis=0)
    spread = np.linalg.svd(centred, compute_uv=False)[:2] ** 2
    np.testing.assert_allclose((answer["points"].reshape(N, 2) ** 2).sum(axis=0), spread, rtol=1e-3)
    np.testing.assert_allclose(answer["explained"], spread / (centred**2).sum(), rtol=1e-3)


def test_another_set_forgets_the_pixels(browse: Browse) -> None:
    ask(browse, "images_part", start=0, images=IMAGES.reshape(-1), rows=28, columns=28)
    ask(browse, "columns", columns={"y": Y[:5], "test": TEST[:5]})
    assert "no 'X'" in ask(browse, "query", expression="X[:, 0, 0] > 5")["fault"]


def test_columns_of_different_lengths_are_refused(browse: Browse) -> None:
    answer = ask(browse, "columns", columns={"y": Y, "test": TEST[:3]})
    assert "different lengths" in answer["fault"]
    assert len(ask(browse, "query", expression="y >= 0")["ids"]) == N  # those from before


def test_a_session_answers_once() -> None:
    session = Session()
    message = {"type": "browse", "request": 1, "what": "columns"}
    assert session.handle({**message, "columns": {"y": Y, "test": TEST}}) is None
    answer = session.answer()
    assert answer is not None
    assert answer["request"] == 1
    assert session.answer() is None
    assert session.frame() is None  # there is no run
