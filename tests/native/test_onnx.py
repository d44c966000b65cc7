"""Our ONNX models in ONNX Runtime: the same answers, for every layer and activation there is.

Both it and onnx's checker are only ever used here (tests/onnx.txt).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.engines import Engine, make_engine
from glassnet.engines.numpy import NumpyEngine
from support.required import required
from unit.exported import ROWS, TOLERANCE, answers, batch, made
from unit.small import bars


@pytest.fixture(scope="module")
def onnx() -> Any:
    for name in ("onnx", "onnxruntime"):
        if importlib.util.find_spec(name) is None:
            required(name, "`python3 build.py test native` installs it where it is to be had")
    import onnx

    return onnx


def run(onnx: Any, model: bytes, images: Any) -> Any:
    """What ONNX Runtime answers, after the checker has nothing to say against the model."""
    import onnxruntime

    onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options).run(None, {"images": images})[0]


ENGINES: dict[str, Callable[[], Engine]] = {
    "numpy": NumpyEngine,
    "float64": lambda: NumpyEngine("float64"),
    "python": lambda: make_engine("python"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_onnx_runtime_answers_the_same(onnx: Any, row: Any, engine: str) -> None:
    net, x = made(row, ENGINES[engine]()), batch(row)
    found = run(onnx, gn.export.onnx(net), x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, answers(net, x), rtol=0, atol=TOLERANCE)


def test_a_trained_network(onnx: Any, tmp_path: Path) -> None:
    """With what its batch norm remembers; one example, or many; sigmoids that are far out."""
    layers = [
        gn.Conv2D(4, 3), gn.BatchNorm(), gn.Activate(), gn.MaxPool2D(), gn.Flatten(),
        gn.Dropout(0.2), gn.Dense(4, "softmax"),
    ]  # fmt: skip
    data = bars(train=200)
    net = gn.Network(layers, (6, 6), "cross_entropy")
    for _ in gn.Run(gn.Learner(net, gn.SGD(lr=0.1), data.train), data, epochs=3):
        pass
    gn.export.onnx(net, tmp_path / "net.onnx")
    model, x = (tmp_path / "net.onnx").read_bytes(), data.test.images.astype(np.float32) / 255
    for images in (x, x[:1]):
        np.testing.assert_allclose(run(onnx, model, images), net.predict(images), atol=TOLERANCE)
    far = gn.Network([gn.Dense(3)], (2,))
    wide = np.array([[-1e4, 1e4], [88, -88], [1e30, 1e30]], np.float32)
    found = run(onnx, gn.export.onnx(far), wide)
    np.testing.assert_allclose(found, answers(far, wide), atol=TOLERANCE)
