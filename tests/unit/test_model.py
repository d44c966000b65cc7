"""A model in a file: the same answers after as before, and nothing built that does not fit."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.errors import ConfigError, ShapeError, StorageError
from glassnet.model import Model, load_model, outline, save_model
from glassnet.storage import load_weights, save_weights
from unit.small import CONFIG, bars, dense, run

CONV = [
    {"type": "conv2d", "filters": 3, "size": 3, "activation": "relu"},
    {"type": "batch_norm"},
    {"type": "max_pool2d"},
    {"type": "flatten"},
    {"type": "dropout", "rate": 0.2},
    dense(4, "softmax"),
]


def trained(**changes: Any) -> Model:
    made = run(**changes)
    list(made.events())
    return Model(made.network, made.config, ("a", "b", "c", "d"), "bars", made.step)


@pytest.mark.parametrize("engine", ["numpy", "python"])
@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_a_model_answers_as_before(tmp_path: Path, engine: str, suffix: str) -> None:
    layers = CONV if engine == "numpy" else [dense(3), dense(4, "softmax")]
    changes = {"layers": layers, "loss": "cross_entropy", "optimizer": {"type": "sgd", "lr": 0.1}}
    model = trained(engine=engine, initializer="he_normal", **changes)
    path = tmp_path / ("model" + suffix)
    save_model(path, model)
    back = load_model(path, model.config, bars())
    before, loss = model.outputs(bars().test)
    after, loss_after = back.outputs(bars().test)
    assert (before == after).all() and loss == loss_after
    if suffix == ".safetensors":
        alone = load_model(path)
        assert alone.config == model.config and alone.step == model.step > 0
        assert (alone.classes, alone.data) == (("a", "b", "c", "d"), "bars")


def test_outputs_are_the_networks_whatever_the_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    model = trained()
    whole, loss = model.outputs(bars().test)
    monkeypatch.setattr("glassnet.training.evaluation.CHUNK", 7)
    pieces, loss_in_pieces = model.outputs(bars().test)
    np.testing.assert_allclose(pieces, whole, atol=1e-6)
    assert loss_in_pieces == pytest.approx(loss, rel=1e-5)
    x = bars().test.images.reshape(-1, 36).astype(np.float32) / 255
    np.testing.assert_allclose(whole, model.network.activations(x)[-1], atol=1e-6)


def test_the_outline_has_every_array_and_no_memory() -> None:
    config = RunConfig.from_json({**CONFIG, "layers": CONV, "loss": "cross_entropy"})
    built = run(layers=CONV, loss="cross_entropy").network
    arrays = {**built.parameters(), **built.memory()}
    assert outline(config, (6, 6)) == {name: array.shape for name, array in arrays.items()}
    begin = time.perf_counter()
    giant = RunConfig.from_json({**CONFIG, "layers": [dense(8192)] * 50 + [dense(4)]})
    assert outline(giant, (28, 28))["layers.1.weight"] == (8192, 8192)
    assert time.perf_counter() - begin < 1
    with pytest.raises(ShapeError, match="arrays that fit any memory"):
        outline(giant, (2**31, 2**31))


def test_weights_alone_need_a_configuration(tmp_path: Path) -> None:
    save_weights(tmp_path / "w.npz", {"a": np.ones(1)})
    with pytest.raises(StorageError, match=r"w\.npz: weights alone"):
        load_model(tmp_path / "w.npz")


def changed(path: Path, arrays: Any = None, **changes: Any) -> None:
    """The file again, with other arrays or metadata."""
    old, meta = load_weights(path)
    save_weights(path, old if arrays is None else arrays(old), {**meta, **changes})


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (lambda a: {**a, "more": np.ones(1)}, "not this network's arrays: more"),
        (lambda a: dict(list(a.items())[1:]), "not this network's arrays: layers.0."),
        (lambda a: {**a, "layers.0.bias": np.ones(6)}, r"layers\.0\.bias: expected floats"),
        (lambda a: {**a, "layers.0.bias": np.ones(5, int)}, r"layers\.0\.bias: expected floats"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, arrays: Any, message: str) -> None:
    path = tmp_path / "m.safetensors"
    save_model(path, trained())
    changed(path, arrays)
    with pytest.raises(StorageError, match=message):
        load_model(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": 2}, "weights alone"),
        ({"config": None}, "expected an object"),
        ({"config": {"layers": []}}, "layers: expected a list"),
        ({"config": {"layers": [dense(8192)] * 50 + [dense(4)]}}, "not this network's arrays"),
        ({"shape": [6]}, "its metadata is damaged"),
        ({"shape": [6, 10**9]}, "its metadata is damaged"),
        ({"shape": [6, True]}, "its metadata is damaged"),
        ({"shape": [7, 6]}, r"layers\.0\.weight: expected floats of shape \(5, 42\)"),
        ({"classes": ["a"]}, "4 outputs for 1 classes"),
        ({"classes": "abcd"}, "its metadata is damaged"),
        ({"data": None}, "its metadata is damaged"),
        ({"step": "1"}, "its metadata is damaged"),
    ],
)
def test_wrong_metadata_are_refused(tmp_path: Path, changes: Any, message: str) -> None:
    path = tmp_path / "m.safetensors"
    save_model(path, trained())
    changed(path, **changes)
    with pytest.raises(StorageError, match=message) as refusal:
        load_model(path)
    assert str(refusal.value).startswith("m.safetensors: ")
    assert not isinstance(refusal.value, ConfigError), "the file is wrong, not the command line"
