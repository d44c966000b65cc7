"""What the network page asks the host: a network from arrays or a file, and questions about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.insight.linear import linear_map
from glassnet.model import Model, save_model
from glassnet.storage import format_npz, format_safetensors
from glassnet.tracing import trace
from unit.hosting import CONV, SMALL, Page, piece
from unit.subjects import CONFIGS, FIRST, RELU, arrays_of, as_named, checked, digit, opened


@pytest.mark.parametrize("name", CONFIGS)
def test_a_subject_describes_itself(name: str) -> None:
    config = CONFIGS[name]
    page, subject = Page(digits=False), arrays_of(config)
    what: dict[str, Any] = {"config": config, "shape": [28, 28], "arrays": as_named(subject)}
    told = checked(page.ask("subject", subject="one", **what))
    kinds = [layer["kind"] for layer in told["layers"]]
    assert kinds == [layer["type"] for layer in config["layers"]]
    memory = ("running_mean", "running_var")
    sizes = [a.size for n, a in subject.items() if n.rpartition(".")[2] not in memory]
    assert told["parameters"] == sum(sizes)
    assert told["layers"][0]["parameters"]["bias"] == list(subject["layers.0.bias"].shape)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda arrays: arrays.pop("layers.1.bias"), "layers.1.bias"),
        (lambda arrays: arrays.update({"layers.9.bias": np.zeros(3, np.float32)}), "layers.9.bias"),
        (lambda a: a.update({"layers.0.bias": np.zeros(3, np.float32)}), "layers.0.bias"),
    ],
)
def test_a_tensor_that_is_wrong_is_named(change: Any, words: str) -> None:
    page, arrays = Page(digits=False), arrays_of(RELU)
    change(arrays)
    what: dict[str, Any] = {"config": RELU, "shape": [28, 28], "arrays": as_named(arrays)}
    failure = page.refused("subject", subject="one", **what)
    assert words in failure["message"] and failure["code"] == "E-STORAGE"
    assert "no subject is called" in page.refused("subject_map", subject="one")["message"]


def test_numbers_that_do_not_fill_their_shape_are_refused() -> None:
    page, arrays = Page(digits=False), as_named(arrays_of(RELU))
    arrays["layers.0.bias"]["data"] = np.zeros(5, np.float32)
    what: dict[str, Any] = {"config": RELU, "shape": [28, 28], "arrays": arrays}
    assert "layers.0.bias: 5 numbers" in page.refused("subject", subject="x", **what)["message"]


def test_fresh_weights_are_those_of_the_seed() -> None:
    page = Page(digits=False)
    what: dict[str, Any] = {"config": CONV, "shape": [28, 28]}
    first = checked(page.ask("subject_fresh", seed=3, **what))["arrays"]
    wanted = arrays_of(CONV)
    assert first.keys() == wanted.keys()
    for name, array in wanted.items():
        assert first[name]["shape"] == list(array.shape)
        np.testing.assert_array_equal(first[name]["data"], array.reshape(-1))
    other = page.ask("subject_fresh", seed=4, **what)["arrays"]
    assert (other["layers.0.weight"]["data"] != first["layers.0.weight"]["data"]).any()


# Files


def test_a_model_in_a_file_is_read(tmp_path: Path) -> None:
    page, subject = opened(CONV, digits=False)
    path = tmp_path / "conv.safetensors"
    model = Model(subject.network, subject.config, tuple("0123456789"), "mnist")
    save_model(path, model)
    told = checked(page.ask("subject_file", file=path.name, bytes=path.read_bytes()))
    assert told["shape"] == [28, 28] and told["config"]["loss"] == "cross_entropy"
    page.ask("subject", subject="two", **told)
    assert page.ask("subject_arrays", subject="two", pixels=None, arrays=["layers.0.weight"])


def test_a_checkpoint_is_read_without_what_its_optimiser_remembers() -> None:
    page = Page()
    page.create(config=CONV)
    page.train(steps=3)
    saved = page.ask("save", run="run", log=[])["files"]
    weights = page.arrays("layers.0.weight")["layers.0.weight"]
    for file, data in saved.items():
        if file.endswith(".safetensors"):
            told = checked(page.ask("subject_file", file=file, bytes=data))
            np.testing.assert_array_equal(
                told["arrays"]["layers.0.weight"]["data"], weights.ravel()
            )
            page.ask("subject", subject="two", **told)


def test_arrays_alone_are_taken_for_the_network_at_hand() -> None:
    page, arrays = Page(digits=False), arrays_of(RELU)
    for data in (format_npz(arrays), format_safetensors(arrays, {})):
        failure = page.refused("subject_file", file="x.npz", bytes=data)
        assert "x.npz: weights alone" in failure["message"]
        what: dict[str, Any] = {"config": RELU, "shape": [28, 28]}
        told = checked(page.ask("subject_file", file="x.npz", bytes=data, **what))
        page.ask("subject", subject="two", **told)
        failure = page.refused("subject_file", file="x.npz", bytes=data, **what | {"config": SMALL})
        assert "x.npz: layers.0.weight: expected floats of shape (4, 784)" in failure["message"]
    shipped = format_safetensors(arrays, {"config": json.dumps(RELU)})
    assert page.ask("subject_file", file="y", bytes=shipped)["shape"] == [28, 28]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hello, this is no network", "not a safetensors file"),
        (b"PK\x03\x04", "not an npz file"),
        (format_safetensors({"a": np.zeros(1, np.float32)}, {"glassnet": "[]"}), "damaged"),
        (format_safetensors({"a": np.zeros(1, np.float32)}, {"glassnet": "{"}), "damaged"),
        (format_safetensors({"a": np.zeros(1, np.float32)}, {"config": '{"batch": 0}'}), "batch: "),
        (format_safetensors({"a": np.zeros(1, np.float32)}, {"config": "{}"}), "arrays: a, layers"),
    ],
)
def test_another_file_is_refused(data: bytes, words: str) -> None:
    failure = Page(digits=False).refused("subject_file", file="it.bin", bytes=data)
    assert words in failure["message"] and failure["message"].startswith("it.bin")


# Questions


@pytest.mark.parametrize("name", CONFIGS)
def test_a_step_and_its_verdict(name: str) -> None:
    page, subject = opened(CONFIGS[name])
    told = checked(page.ask("subject_step", subject="one", pixels=digit(), label=4))
    wanted = trace(subject.network, digit(), 4, subject.optimizer)
    assert [one["name"] for one in told["quantities"]] == [q.name for q in wanted]
    for one, quantity in zip(told["quantities"], wanted, strict=True):
        np.testing.assert_allclose(one["data"], quantity.array.reshape(-1), rtol=1e-5, atol=1e-6)
    rows = {row.pop("of"): row for row in told["verdict"]["rows"]}
    batch = min(subject.config.batch, 13)
    assert {of: row["count"] for of, row in rows.items()} == {
        "digit": 1,
        "batch": batch,
        "test": 20,
    }
    assert rows["digit"]["after"] < rows["digit"]["before"]
    changed = told["verdict"]["worse"] + told["verdict"]["better"]
    balance = len(told["verdict"]["better"]) - len(told["verdict"]["worse"])
    assert rows["test"]["rightAfter"] - rows["test"]["rightBefore"] == balance
    assert all(FIRST <= one["index"] < FIRST + 20 for one in changed)
    labels = [one["index"] - FIRST for one in changed]
    assert [one["label"] for one in changed] == [at % 10 for at in labels]


def test_a_step_without_examples_is_judged_by_the_digit_alone() -> None:
    page, _ = opened(digits=False)
    told = page.ask("subject_step", subject="one", pixels=digit(), label=4)
    assert [row["of"] for row in told["verdict"]["rows"]] == ["digit"]
    for label in (None, 10, -1):
        failure = page.refused("subject_step", subject="one", pixels=digit(), label=label)
        assert "a label from 0 to 9" in failure["message"]
    assert (
        "784 pixels"
        in page.refused("subject_step", subject="one", pixels=np.zeros(3, np.float32), label=1)[
            "message"
        ]
    )


@pytest.mark.parametrize("name", CONFIGS)
def test_the_map(name: str) -> None:
    page, subject = opened(CONFIGS[name], digits=False)
    told = checked(page.ask("subject_map", subject="one", pixels=digit(), label=3))
    wanted = linear_map(subject.network, digit())
    assert (told["exact"], told["why"]) == (wanted.exact, wanted.why)
    assert told["exact"] is (name != "small")
    assert told["templates"]["shape"] == [10, 28, 28] and told["gradient"]["shape"] == [28, 28]
    if told["exact"]:
        sums = told["products"] + told["constants"]
        np.testing.assert_allclose(sums, told["logits"], rtol=1e-9, atol=1e-12)
        by_hand = told["templates"]["data"].reshape(10, -1) @ digit()
        np.testing.assert_allclose(by_hand, told["products"], rtol=1e-4, atol=1e-5)
    assert told["on"].keys() == wanted.on.keys()
    assert page.ask("subject_map", subject="one", pixels=digit(), label=None)["gradient"] is None


def test_arrays_by_name() -> None:
    page, subject = opened(CONV, digits=False)
    names = ["x", "layers.*.a", "layers.0.weight", "layers.1.running_mean"]
    told = checked(page.ask("subject_arrays", subject="one", pixels=digit(), arrays=names))
    answers = subject.network.activations(digit()[None])
    assert told["layers.0.a"]["shape"] == [12, 12, 3]
    np.testing.assert_allclose(told["layers.5.a"]["data"], answers[-1][0], rtol=1e-5)
    assert told["layers.0.weight"]["shape"] == [3, 5, 5, 1]
    alone = page.ask("subject_arrays", subject="one", pixels=None, arrays=names)
    assert set(alone) == {"layers.0.weight", "layers.1.running_mean"}
    failure = page.refused("subject_arrays", subject="one", pixels=None, arrays=["y"])
    assert "no array of this network is called “y”" in failure["message"]


def test_a_subject_is_closed_and_replaced() -> None:
    page, _ = opened(digits=False)
    page.ask("subject_close", subject="one")
    page.ask("subject_close", subject="one")  # no fault
    assert page.refused("subject_map", subject="one", pixels=digit())["code"] == "E-UNKNOWN"
    what: dict[str, Any] = {"config": SMALL, "arrays": as_named(arrays_of(SMALL))}
    page.ask("subject", subject="one", shape=[28, 28], **what)
    assert not page.ask("subject_map", subject="one", pixels=digit(), label=0)["exact"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"part": "other"}, "no part is called"),
        ({"rows": 27}, "3136 pixels for 4 labels"),
        ({"first": -1}, "from -1"),
    ],
)
def test_examples_that_are_none_are_refused(change: dict[str, Any], words: str) -> None:
    page, sent = Page(digits=False), piece("test", 0, 4, 4)
    what = {name: sent[name] for name in ("images", "labels", "rows", "columns")}
    failure = page.refused("examples", **{"part": "test", "first": 0, **what, **change})
    assert words in failure["message"]


def test_examples_of_another_size_are_no_digits_for_this_network() -> None:
    page, _ = opened()
    page.ask("examples", part="test", images=bytes(8), labels=bytes(2), rows=2, columns=2, first=0)
    failure = page.refused("subject_step", subject="one", pixels=digit(), label=1)
    assert "examples, test: 2 x 2" in failure["message"]
    labels = bytes([11])
    size = {"rows": 28, "columns": 28, "first": 0}
    page.ask("examples", part="test", images=bytes(784), labels=labels, **size)
    failure = page.refused("subject_step", subject="one", pixels=digit(), label=1)
    assert "more classes" in failure["message"]
