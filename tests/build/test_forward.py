"""The forward pass in JavaScript answers as the package does, whatever the network is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.activations import ACTIVATIONS
from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.layers import LAYERS
from glassnet.model import Model, save_model
from glassnet.training import Run
from support.script import told

SHAPE = (14, 12)
CLASSES = tuple("0123456789")


def dense(units: int, activation: str = "sigmoid") -> dict[str, Any]:
    return {"type": "dense", "units": units, "activation": activation}


def conv(filters: int, size: int, stride: int, padding: int, activation: str) -> dict[str, Any]:
    shape = {"filters": filters, "size": size, "stride": stride, "padding": padding}
    return {"type": "conv2d", **shape, "activation": activation}


NETWORKS: dict[str, list[dict[str, Any]]] = {
    **{f"dense {name}": [dense(9, name), dense(10)] for name in ACTIVATIONS},
    **{f"alone {n}": [dense(7, "identity"), {"type": "activation", "activation": n}, dense(10)]
       for n in ACTIVATIONS},
    "softmax at the end": [dense(12, "tanh"), dense(10, "softmax")],
    "deep": [dense(n, "leaky_relu") for n in (30, 20, 15, 12)] + [dense(10, "identity")],
    "conv": [conv(3, 3, 1, 0, "relu"), {"type": "flatten"}, dense(10, "softmax")],
    "conv, straight into dense": [conv(2, 5, 2, 0, "gelu"), dense(10)],
    "padding and stride": [conv(4, 4, 3, 2, "tanh"), conv(5, 2, 1, 1, "leaky_relu"), dense(10)],
    "max pool": [conv(4, 3, 1, 1, "relu"), {"type": "max_pool2d", "size": 2}, dense(10)],
    "overlapping": [{"type": "max_pool2d", "size": 3, "stride": 2}, dense(10, "softmax")],
    "average pool": [conv(3, 3, 1, 0, "sigmoid"), {"type": "average_pool2d", "size": 3}, dense(10)],
    "sparse average": [{"type": "average_pool2d", "size": 2, "stride": 3}, dense(10)],
    "batch norm": [dense(8, "relu"), {"type": "batch_norm"}, dense(10)],
    "batch norm on maps": [
        conv(3, 3, 1, 0, "identity"),
        {"type": "batch_norm", "momentum": 0.5},
        {"type": "activation", "activation": "softmax"},
        {"type": "dropout", "rate": 0.3},
        {"type": "max_pool2d"},
        dense(10),
    ],
    "dropout": [dense(20, "relu"), {"type": "dropout"}, dense(10)],
}  # fmt: skip

PROGRAM = """
import { readFile } from 'node:fs/promises';
const { readNetwork } = await import(web + 'data/network.js');
const { forward } = await import(web + 'data/forward.js');
const found = [];
for (const path of given) {
  const bytes = new Uint8Array(await readFile(path + '.safetensors'));
  const { layers, arrays } = readNetwork(bytes, 'test');
  const answers = (input) => {
    const made = forward(layers, arrays, Float32Array.from(input));
    return layers.map(({ name }) => [...made[`${name}.a`]]);
  };
  found.push(JSON.parse(await readFile(path + '.json')).map(answers));
}
console.log(JSON.stringify(found));
"""


def build(layers: list[dict[str, Any]]) -> Model:
    """A network that has taken a few steps, so that nothing in it is at its first value."""
    rng = np.random.default_rng(5)
    images = rng.integers(0, 256, (60, *SHAPE), np.uint8)
    split = Split(images, rng.integers(0, 10, 60).astype(np.uint8))
    config = RunConfig.from_json(
        {"layers": layers, "optimizer": {"type": "sgd", "lr": 0.1}, "initializer": "xavier_uniform"}
    )
    run = Run.from_config(config, Dataset(name="noise", classes=CLASSES, train=split, test=split))
    for _ in range(5):
        run.learner.step()
    return Model(run.network, config, CLASSES, "noise", run.step)


def test_every_kind_of_layer_is_among_them() -> None:
    assert {layer["type"] for layers in NETWORKS.values() for layer in layers} == set(LAYERS)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """For each network, what the package and what JavaScript answer, layer by layer."""
    folder = tmp_path_factory.mktemp("networks")
    rng = np.random.default_rng(6)
    expected, paths = [], []
    for number, layers in enumerate(NETWORKS.values()):
        model = build(layers)
        inputs = rng.random((3, *SHAPE), np.float32)
        path = folder / str(number)
        save_model(path.with_suffix(".safetensors"), model)
        given = json.dumps(inputs.reshape(3, -1).tolist())
        path.with_suffix(".json").write_text(given, encoding="utf-8")
        paths.append(path)
        answered = model.network.activations(inputs)
        expected.append([[a[i].reshape(-1) for a in answered] for i in range(3)])
    found = told(PROGRAM, *map(str, paths))
    return {name: pair for name, *pair in zip(NETWORKS, expected, found, strict=True)}  # type: ignore[misc]


@pytest.mark.parametrize("name", NETWORKS)
def test_javascript_answers_as_the_package(name: str, answers: dict[str, tuple[Any, Any]]) -> None:
    expected, found = answers[name]
    for ours, theirs in zip(expected, found, strict=True):
        for number, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            np.testing.assert_allclose(b, a, atol=1e-5, rtol=1e-5, err_msg=f"layer {number}")


def test_the_shipped_files_are_read(site: Path) -> None:
    """Both ways in which a file says what network it holds: the site's, and save_model's."""
    file = next(site.glob("model-*/weights.safetensors"))
    source = """
    import { readFile } from 'node:fs/promises';
    const { readNetwork } = await import(web + 'data/network.js');
    const { layers, arrays } = readNetwork(new Uint8Array(await readFile(given[0])), 'test');
    console.log(JSON.stringify([layers.map(({ output }) => output), Object.keys(arrays)]));
    """
    sizes, names = told(source, str(file))
    assert sizes == [[36], [10]]
    assert len(names) == 4
