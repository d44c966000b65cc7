"""A network for other frameworks: what is written, told and refused. That the others answer the
same is asked of ONNX Runtime and PyTorch themselves, in tests/native."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.export import protobuf
from glassnet.layers import LAYERS
from glassnet.model import load_model
from glassnet.storage import load_weights, save_weights
from unit.exported import ROWS, TOLERANCE, answers, batch, made
from unit.keras_stand_in import keras
from unit.small import dense, network


def test_every_layer_has_a_row() -> None:
    assert {layer["type"] for _, layers in ROWS.values() for layer in layers} == set(LAYERS)


def fields(message: bytes) -> dict[int, list[Any]]:
    """A protobuf message, read: by field, what is there, one after another."""
    found: dict[int, list[Any]] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        match key & 7:
            case 0:
                value: Any = varint()
            case 2:
                size = varint()
                value, at = message[at : at + size], at + size
            case 5:
                value, at = message[at : at + 4], at + 4
        found.setdefault(key >> 3, []).append(value)
    return found


def test_protobuf_writes_whole_numbers() -> None:
    """The example of protobuf's own documentation, and both ends."""
    assert protobuf.integer(1, 150) == b"\x08\x96\x01"
    assert protobuf.text(2, "testing") == b"\x12\x07testing"
    for value in (0, 127, 128, 2**63 - 1):
        assert fields(protobuf.integer(5, value)) == {5: [value]}
    assert fields(protobuf.integer(5, -1)) == {5: [2**64 - 1]}


def test_an_onnx_model_says_what_it_is(tmp_path: Path) -> None:
    net = made(ROWS["conv2d, dense"])
    data = gn.export.onnx(net, tmp_path / "net.onnx", classes=["a", "b", "c", "d"])
    assert (tmp_path / "net.onnx").read_bytes() == data
    model = fields(data)
    assert model[1] == [9] and model[2] == [b"glassnet"]
    assert fields(model[8][0]) == {1: [b""], 2: [20]}
    assert fields(model[14][0]) == {1: [b"classes"], 2: [b'["a", "b", "c", "d"]']}
    graph = fields(model[7][0])
    ops = [fields(node)[4][0].decode() for node in graph[1]]
    assert ops == ["Unsqueeze", "Conv", "Tanh", "Flatten", "Gemm", "Softmax"]
    tensors = {fields(tensor)[8][0].decode(): fields(tensor) for tensor in graph[5]}
    assert tensors["layers.0.weight"][1] == [3, 1, 2, 2]
    wanted = gn.export.state_dict(net)["layers.1.weight"]
    assert tensors["layers.1.weight"][9] == [wanted.astype("<f4").tobytes()]
    assert [fields(value)[1] for value in (*graph[11], *graph[12])] == [[b"images"], [b"outputs"]]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_keras_text_builds_the_same_network(row: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run on a stand-in, for Keras itself is not to be had everywhere."""
    net, x = made(row), batch(row)
    ours = {**net.parameters(), **net.memory()}
    there = SimpleNamespace(load_file=lambda path: {name: np.array(a) for name, a in ours.items()})
    for name, module in (("keras", keras), ("safetensors", there), ("safetensors.numpy", there)):
        monkeypatch.setitem(sys.modules, name, module)
    names: dict[str, Any] = {}
    exec(gn.export.keras(net), names)
    found = names["load"]("weights.safetensors").predict(x)
    np.testing.assert_allclose(found, answers(net, x), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_pytorch_text_is_python(row: Any) -> None:
    text = gn.export.pytorch(made(row))
    compile(text, "net.py", "exec")
    assert max(map(len, text.splitlines())) <= 100


# State dicts


@pytest.mark.parametrize("engine", ["numpy", "python"])
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_state_dict_comes_back(row: Any, engine: str, tmp_path: Path) -> None:
    """Through a file, into a network with other numbers."""
    net, x = made(row, gn.Network([gn.Dense(1)], (1,), engine=engine).engine), batch(row)
    other = network(row[1], row[0], "mse", seed=9)
    state = gn.export.state_dict(net)
    assert all(array.dtype == np.float32 for array in state.values())
    if state:
        save_weights(tmp_path / "state.safetensors", state)
        gn.export.load_state_dict(other, tmp_path / "state.safetensors")
    np.testing.assert_allclose(answers(other, x), answers(net, x), rtol=0, atol=TOLERANCE)


def test_a_sequences_modules_are_taken_in_their_order() -> None:
    """Also where a file has them in the order of their names: 10 before 2."""
    row = ROWS["conv2d, stride and padding"]
    net, other = made(row), network(row[1], row[0], "mse", seed=9)
    state = gn.export.state_dict(net)
    places = {"layers.0": "net.2", "layers.1": "net.9", "layers.2": "net.10"}
    theirs = {
        f"{places[name.rpartition('.')[0]]}.{name.rpartition('.')[2]}": array
        for name, array in sorted(state.items(), reverse=True)
    }
    gn.export.load_state_dict(other, theirs)
    np.testing.assert_array_equal(answers(other, batch(row)), answers(net, batch(row)))
    with pytest.raises(gn.StorageError, match=r"2 modules with arrays .*but 3 layers"):
        gn.export.load_state_dict(other, {k: v for k, v in theirs.items() if "10" not in k})


def test_modules_can_be_named() -> None:
    row = ROWS["dense on a row"]
    net, other = made(row), network(row[1], row[0], "mse", seed=9)
    names = {"fc": "layers.0", "out": "layers.1"}
    back = {ours: theirs for theirs, ours in names.items()}
    theirs = {f"{back[k[:8]]}{k[8:]}": v for k, v in gn.export.state_dict(net).items()}
    gn.export.load_state_dict(other, theirs, names)
    np.testing.assert_array_equal(answers(other, batch(row)), answers(net, batch(row)))
    with pytest.raises(gn.StorageError, match=r"fc\.bias is not of this network"):
        gn.export.load_state_dict(other, theirs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layers.0.weight": np.zeros((3, 2, 5, 5), np.float32)}, r"layers\.0\.weight: expected .*"
         r"\(3, 2, 2, 2\), got float32 \(3, 2, 5, 5\)"),
        ({"layers.1.weight": np.zeros(3, np.int64)}, r"layers\.1\.weight, our layers\.1\.gamma: "
         "expected floats"),
        ({"layers.1.running_var": None}, r"layers\.1\.running_var is missing"),
        ({"layers.9.bias": np.zeros(3)}, r"4 modules with arrays .*layers\.9\)?, but 3 layers"),
        ({"layers.1.gamma": np.zeros(3)}, r"layers\.1\.gamma is not of this network"),
        ({"layers.1.bias": np.full(3, np.nan)}, r"layers\.1\.bias: a value is NaN"),
    ],
)  # fmt: skip
def test_a_state_dict_that_does_not_fit(change: dict[str, Any], words: str) -> None:
    """It is told which array, and the network stays as it was."""
    row = ((6, 7, 2), [ROWS["conv2d, dense"][1][0], {"type": "batch_norm"}, dense(4)])
    net = made(row)
    state = {**gn.export.state_dict(net), "layers.1.num_batches_tracked": np.array(3)}
    before = answers(net, batch(row))
    with pytest.raises(gn.StorageError, match=words):
        changed = {**{name: array * 0 for name, array in state.items()}, **change}
        gn.export.load_state_dict(net, {k: v for k, v in changed.items() if v is not None})
    np.testing.assert_array_equal(answers(net, batch(row)), before)
    gn.export.load_state_dict(net, state)


# What is the reader's own


class Own(gn.Dense):
    pass


@pytest.mark.parametrize("write", ["onnx", "pytorch", "keras", "state_dict"])
def test_what_has_no_counterpart(write: str) -> None:
    square = gn.Activation("relu", lambda m, z: z * z, lambda m, z, a: 2 * z, "z²", "2 z")
    for layer, words in (
        (gn.Dense(3, square), r"layers\[0\]\.activation: .* has no counterpart"),
        (Own(3), r"layers\[0\]: Own.* has no counterpart"),
    ):
        with pytest.raises(gn.ConfigError, match=words):
            getattr(gn.export, write)(gn.Network([layer, gn.Dense(2)], (4,)))
    with pytest.raises(gn.ConfigError, match=r"layers\[0\]: no counterpart for examples of shape"):
        getattr(gn.export, write)(gn.Network([gn.BatchNorm(), gn.Dense(2)], (2, 2, 2, 2)))


# On the command line

SMALL = ["--arch", "36,5,4", "--batch", "8", "--epochs", "1", "--out", "run"]


def test_the_command_writes_what_is_asked_for(glassnet: Any, data: Path) -> None:
    assert glassnet("train", "--data", data, *SMALL).code == 0
    ended = glassnet(
        "export", "run", "--onnx", "a.onnx", "--pytorch", "a.py", "--keras", "b.py",
        "--state-dict", "c.safetensors",
    )  # fmt: skip
    assert ended.code == 0 and ended.err == ""
    assert [line.split(":")[0] for line in ended.out.splitlines()] == [
        "a.onnx", "a.py", "b.py", "c.safetensors",
    ]  # fmt: skip
    net = load_model("run/weights.safetensors").network
    assert Path("a.onnx").read_bytes() == gn.export.onnx(net, classes="0123")
    assert Path("a.py").read_text(encoding="utf-8") == gn.export.pytorch(net)
    assert Path("b.py").read_text(encoding="utf-8") == gn.export.keras(net)
    assert load_weights("c.safetensors")[0].keys() == gn.export.state_dict(net).keys()


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        ([], 2, "into which file? One of --onnx"),
        (["--onnx", ""], 2, "onnx: which file? its name is empty"),
        (["--state-dict", "a.npz"], 2, "expected a name ending in .safetensors"),
        (["--onnx", "no/such/folder/a.onnx"], 1, "No such file or directory"),
    ],
)
def test_what_the_command_refuses(
    glassnet: Any, data: Path, flags: list[str], code: int, words: str
) -> None:
    glassnet("train", "--data", data, *SMALL)
    ended = glassnet("export", "run", *flags)
    assert ended.code == code and words in ended.err
    assert glassnet("export", "nowhere", "--onnx", "a").code == 1
