"""Every axis of every array of a step has a name, and every cell can be said in words."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from glassnet.tracing import trace
from make.settings import WEB
from support.script import told
from unit.small import dense, run

CONV: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 2, "size": 3},
    {"type": "batch_norm"},
    {"type": "activation", "activation": "relu"},
    {"type": "max_pool2d"},
    {"type": "flatten"},
    {"type": "dropout", "rate": 0.3},
    dense(5, "tanh"),
    dense(4, "identity"),
    {"type": "activation", "activation": "softmax"},
]
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "dense": [dense(5), dense(3), dense(4)],
    "conv": CONV,
    "straight": [CONV[0], dense(4)],
}
PROGRAM = """
const { described } = await import(web + 'data/architecture.js');
const { axesOf, cellName, shapeInWords, HUES } = await import(web + 'models/axes.js');
const [layers, shape, list] = JSON.parse(given[0]);
const classes = ['a', 'b', 'c', 'd'];
const network = described(layers, shape);
const told = Object.fromEntries(list.map((one) => {
  const axes = axesOf(one, network);
  const count = one.shape.reduce((all, length) => all * length, 1);
  const names = Array.from({ length: count }, (_, at) => cellName(one, at, network, classes));
  return [one.name, { axes, words: shapeInWords(one.shape, axes), names }];
}));
console.log(JSON.stringify([told, HUES]));
"""


def spoken(layers: list[dict[str, Any]], shape: tuple[int, ...] = (6, 6)) -> tuple[Any, Any]:
    made = run(layers=layers, optimizer={"type": "momentum", "lr": 0.1})
    step = trace(made.network, np.zeros(shape, np.float32), 2, made.optimizer)
    arrays = [{"name": q.name, "shape": q.shape} for q in step]
    given = json.dumps([made.config.to_json()["layers"], shape, arrays])
    found, hues = told(PROGRAM, given)
    for array in arrays:
        assert len(found[array["name"]]["axes"]) == len(array["shape"]), array
    return found, hues


@pytest.mark.parametrize("name", SETTINGS)
def test_every_axis_has_a_hue_and_every_cell_a_name(name: str) -> None:
    found, hues = spoken(SETTINGS[name])
    tokens = (WEB / "styles/tokens.css").read_text(encoding="utf-8")
    assert all(f"{token}: light-dark(" in tokens for token in hues.values())
    for array, said in found.items():
        assert set(said["axes"]) <= set(hues), array
        assert len(set(said["names"])) == len(said["names"]), array
        assert not any("undefined" in text or "NaN" in text for text in said["names"]), array


WANTED = {
    "dense": {
        "x": ("1 batch × 6 row × 6 column", 13, "row 2 column 1"),
        "layers.0.z": ("1 batch × 5 hidden", 4, "hidden unit 5"),
        "layers.0.weight": ("5 hidden × 36 pixel", 49, "hidden unit 2, pixel row 2 column 1"),
        "layers.1.weight.gradient": ("3 hidden × 5 hidden", 6, "hidden unit 2, hidden unit 2"),
        "layers.2.weight": ("4 class × 3 hidden", 11, "class d, hidden unit 3"),
        "layers.2.bias": ("4 class", 0, "class a"),
        "layers.0.delta": ("1 batch × 5 hidden", 0, "hidden unit 1"),
        "layers.1.dx": ("1 batch × 5 hidden", 0, "hidden unit 1"),
        "y": ("1 batch × 4 class", 2, "class c"),
        "loss": ("one number", 0, ""),
    },
    "conv": {
        "layers.0.s": (
            "16 pixel × 9 pixel", 50, "window at row 1 column 1, sees there row 1 column 2"
        ),
        "layers.0.z": ("1 batch × 4 row × 4 column × 2 channel", 31, "row 3 column 3, channel 2"),
        "layers.0.weight": (
            "2 channel × 3 row × 3 column × 1 channel", 17, "channel 2, row 2 column 2, channel 1"
        ),
        "layers.1.mean": ("2 channel", 1, "channel 2"),
        "layers.1.xhat": ("16 pixel × 2 channel", 31, "pixel row 3 column 3, channel 2"),
        "layers.3.s": (
            "4 pixel × 4 pixel × 2 channel", 31,
            "window at row 1 column 1, sees there row 1 column 1, channel 2",
        ),
        "layers.5.mask": ("1 batch × 8 pixel", 5, "pixel row 1 column 0 channel 2"),
        "layers.6.weight": (
            "5 hidden × 8 pixel", 13, "hidden unit 2, pixel row 1 column 0 channel 2"
        ),
        "layers.7.z": ("1 batch × 4 class", 1, "class b"),
        "optimizer.layers.0.weight.velocity": (
            "2 channel × 9 pixel", 17, "channel 2, pixel row 2 column 2"
        ),
    },
    "straight": {
        "layers.1.weight": ("4 class × 32 pixel", 63, "class b, pixel row 3 column 3 channel 2"),
        "layers.1.dx": ("1 batch × 4 row × 4 column × 2 channel", 0, "row 0 column 0, channel 1"),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_shapes_and_cells_in_words(name: str) -> None:
    found, _ = spoken(SETTINGS[name])
    for array, (shape, at, cell) in WANTED[name].items():
        assert found[array]["words"] == shape, array
        assert found[array]["names"][at] == cell, array


def test_the_names_of_axes_are_those_of_the_tokens() -> None:
    tokens = (WEB / "styles/tokens.css").read_text(encoding="utf-8")
    _, hues = spoken(SETTINGS["dense"])
    assert set(re.findall(r"--axis-(\w+): light-dark", tokens)) == set(hues)
