"""Convolution and pooling straight from the images, against numpy's unfold and fold; and the simd
engine where its kernel declines, which can be seen without one, too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.engines import Sink, Window
from glassnet.engines.numpy import NumpyEngine
from glassnet_bridge import simd_kernel
from glassnet_bridge.simd import SimdEngine

Floats = NDArray[np.float32]
GUARD = np.float32(-77)
PLAIN = NumpyEngine()


class Declining:
    """A kernel that declines everything."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: None


BUILDS = simd_kernel.BUILDS
in_browser = pytest.mark.skipif(
    sys.platform != "emscripten", reason="the kernel needs Pyodide's Python"
)


@pytest.fixture(
    scope="module", params=[*(pytest.param(b, marks=in_browser) for b in BUILDS), "declining"]
)
def engine(request: pytest.FixtureRequest) -> SimdEngine:
    if request.param == "declining":
        return SimdEngine(Declining())
    kernel = simd_kernel.load_build(request.param)
    assert kernel is not None and simd_kernel.works(kernel)
    return SimdEngine(kernel)


def windows(count: int, most_channels: int = 13) -> Iterator[tuple[Window, int, Any]]:
    """Windows of all kinds, each with a number of images, and a generator of random numbers."""
    rng = np.random.default_rng(0)
    for _ in range(count):
        height, width = (int(n) for n in rng.integers(1, 14, 2))
        stride, batch = (int(n) for n in rng.integers(1, 4, 2))
        size, padding = int(rng.integers(1, min(height, width, 7) + 1)), int(rng.integers(0, 3))
        channels = int(rng.integers(1, most_channels + 1))
        yield Window(height, width, channels, size, stride, padding), batch, rng


class Rooms:
    """Arrays with a margin on both sides, where nothing may ever be written."""

    def __init__(self) -> None:
        self._rooms: list[Floats] = []

    def put(self, values: Any) -> Floats:
        room = np.full(values.size + 16, GUARD)
        self._rooms.append(room)
        inside = room[8:-8].reshape(values.shape)
        inside[...] = values
        return inside

    def check(self, message: str) -> None:
        for room in self._rooms:
            assert (room[:8] == GUARD).all() and (room[-8:] == GUARD).all(), message


def close(found: Floats, wanted: Floats, message: str) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4, err_msg=message)


def convolution(
    window: Window, batch: int, rng: np.random.Generator
) -> tuple[int, int, int, Floats, str]:
    """How many filters, windows, and numbers that each sees; the images; and what it is called."""
    filters = int(rng.integers(1, 20))
    shape = batch, window.height, window.width, window.channels
    x = rng.standard_normal(shape).astype(np.float32)
    n, seen = batch * window.rows * window.columns, window.size**2 * window.channels
    return filters, n, seen, x, f"{window}, {filters} filters"


@pytest.mark.parametrize("activation", ["relu", "softmax"])  # one formula, and none
def test_convolutions(engine: SimdEngine, activation: str) -> None:
    f = ACTIVATIONS[activation]
    for window, batch, rng in windows(60):
        filters, n, seen, x, message = convolution(window, batch, rng)
        rooms = Rooms()
        weight, bias = rng.standard_normal((filters, seen)), rng.standard_normal(filters)
        z, a = rooms.put(np.full((n, filters), np.nan)), rooms.put(np.full((n, filters), np.nan))
        arrays = [rooms.put(array) for array in (x, weight, bias)]
        assert engine.convolve(arrays[0], window, arrays[1], arrays[2], f, z, a)
        s, activated = np.zeros((n, seen), np.float32), np.zeros_like(a)
        PLAIN.unfold(x, window, s)
        wanted = (s @ weight.T + bias).astype(np.float32)
        close(z, wanted, message)
        f.forward(PLAIN, wanted, activated)
        close(a, activated, message)
        rooms.check(message)


@pytest.mark.parametrize("zeros", [0.0, 0.9, 1.0])
def test_convolutions_backward(engine: SimdEngine, zeros: float) -> None:
    """δ as it comes, and mostly or all zero, as pooling makes it."""
    for window, batch, rng in windows(60):
        filters, n, seen, x, message = convolution(window, batch, rng)
        rooms = Rooms()
        delta = rng.standard_normal((n, filters)) * (rng.random((n, filters)) >= zeros)
        weight, bias = rng.standard_normal((filters, seen)), rng.standard_normal(filters)
        s, ds, dx = np.zeros((n, seen), np.float32), delta @ weight, np.zeros_like(x)
        PLAIN.unfold(x, window, s)
        PLAIN.fold(ds, window, dx)
        x, new, delta, b = (rooms.put(array) for array in (x, weight, delta, bias))
        w, into, found = (
            rooms.put(weight),
            Sink(new, -0.1, 1.0),
            rooms.put(np.full(x.shape, np.nan)),
        )
        back = None if rng.random() < 0.2 else found
        assert engine.convolve_backward(x, window, w, delta, back, into, Sink(b, 2.0, 0.5))
        close(new, weight - 0.1 * (delta.T @ s), message)
        close(b, 2 * delta.sum(axis=0) + 0.5 * bias, message)
        if back is not None:
            close(back, dx, message)
        plain = rooms.put(np.full(weight.shape, np.nan))
        assert engine.convolve_backward(x, window, w, delta, None, Sink(plain), Sink(b))
        close(plain, delta.T @ s, message)
        rooms.check(message)


@pytest.mark.parametrize("largest", [True, False])
def test_pools(engine: SimdEngine, largest: bool) -> None:
    for padded, batch, rng in windows(100):
        window = Window(padded.height, padded.width, padded.channels, padded.size, padded.stride)
        n, places, rooms = batch * window.rows * window.columns, window.size**2, Rooms()
        shape = batch, window.height, window.width, window.channels
        x = np.round(rng.standard_normal(shape)).astype(np.float32)  # so that there are equals
        a, winner, da = (rooms.put(rng.standard_normal((n, window.channels))) for _ in range(3))
        dx, wins = rooms.put(np.full(x.shape, np.nan)), winner if largest else None
        assert engine.pool_images(rooms.put(x), window, a, wins)
        assert engine.pool_images_backward(da, window, wins, dx)
        s = np.zeros((n, places, window.channels), np.float32)
        ds, back, one, which = (
            np.zeros_like(s),
            np.zeros_like(x),
            np.zeros_like(a),
            np.zeros_like(a),
        )
        PLAIN.unfold(x, window, s)
        PLAIN.pool(s, one, which if largest else None)
        PLAIN.pool_backward(da, which if largest else None, ds)
        PLAIN.fold(ds, window, back)
        close(a, one, str(window))
        close(dx, back, str(window))
        if largest:
            np.testing.assert_array_equal(winner, which, err_msg=str(window))
        rooms.check(str(window))


def test_a_larger_window_gets_more_room(engine: SimdEngine) -> None:
    """The room to work in grows, and what was computed in less is computed again."""
    for side in (3, 30, 5):
        x, window = np.ones((1, side, side, 1), np.float32), Window(side, side, 1, 3)
        z, a = (np.zeros(((side - 2) ** 2, 2), np.float32) for _ in range(2))
        weight, bias = np.ones((2, 9), np.float32), np.zeros(2, np.float32)
        assert engine.convolve(x, window, weight, bias, ACTIVATIONS["relu"], z, a)
        assert (a == 9).all()


@in_browser
@pytest.mark.parametrize("build", BUILDS)
def test_what_does_not_fit_is_declined(build: str) -> None:
    """Nothing is touched by a call with one argument that does not go with the others."""
    kernel = simd_kernel.load_build(build)
    assert kernel is not None and simd_kernel.works(kernel)

    def floats(*shape: int) -> Floats:
        return np.full(shape, GUARD)

    x, dx, z, a = floats(2, 6, 6, 3), floats(2, 6, 6, 3), floats(32, 4), floats(32, 4)
    weight, new, bias = floats(4, 27), floats(4, 27), floats(4)
    room, winner, pooled = floats(10_000), floats(18, 3), floats(18, 3)
    sizes, sink = (3, 1, 0), (1.0, 0.0)
    calls: dict[str, list[Any]] = {
        "convolve": [x, weight, bias, z, a, None, *sizes, room],
        "convolve_backward": [x, weight, z, dx, new, *sink, bias, *sink, *sizes, room],
        "pool": [x, pooled, winner, 2, 2, 0],
        "pool_backward": [pooled, winner, x, 2, 2, 0],
    }
    optional = {("convolve_backward", 3), ("pool", 2), ("pool_backward", 1)}
    for name, arguments in calls.items():
        for i, argument in enumerate(arguments):
            if isinstance(argument, np.ndarray) and argument is not room:
                wrongs: list[Any] = [argument[:1], argument.astype(float), argument.T[::2], None]
            else:
                wrongs = ["3", -1, 7, 10**12] if isinstance(argument, int) else []
            for wrong in wrongs:
                if wrong is None and (name, i) in optional:
                    continue
                told = getattr(kernel, name)(*arguments[:i], wrong, *arguments[i + 1 :])
                assert told is None, (name, i, wrong)
        assert getattr(kernel, name)(*arguments[:-1]) is None
        arrays = [array for array in arguments if isinstance(array, np.ndarray)]
        assert all((array == GUARD).all() for array in arrays), name
    assert kernel.convolve(*calls["convolve"][:-1], floats(10)) > 100
    assert (z == GUARD).all()
    assert kernel.convolve(*calls["convolve"]) is True


@in_browser
@pytest.mark.parametrize("build", BUILDS)
def test_a_border_beyond_all_memory_is_declined(build: str) -> None:
    """Its size is 8193² · 64, which is just above 2³²: in 32 bits it would look small."""
    kernel = simd_kernel.load_build(build)
    assert kernel is not None and simd_kernel.works(kernel)
    x, weight, bias = (np.zeros(shape, np.float32) for shape in ((1, 1, 1, 64), (1, 64), 1))
    z, a, room = (np.full(shape, GUARD) for shape in ((9, 1), (9, 1), 3_000_000))
    assert kernel.convolve(x, weight, bias, z, a, None, 1, 4096, 4096, room) is None
    assert (room == GUARD).all() and (z == GUARD).all()
