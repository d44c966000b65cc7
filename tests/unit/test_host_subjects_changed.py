"""What the network page asks the host about units over many digits, and does to a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet
import glassnet_bridge
from glassnet.data.dataset import Split
from glassnet.looking import THRESHOLD, active_map
from unit.hosting import CONV
from unit.small import dense
from unit.subjects import FIRST, RELU, checked, digit, opened, page_images, send


def test_the_census_and_one_unit() -> None:
    page, subject = opened(CONV)
    told = checked(page.ask("subject_census", subject="one"))["layers"]
    assert [one["name"] for one in told] == [f"layers.{i}" for i in range(6)]
    assert [one["units"] for one in told] == [3, 3, 3, 3, 108, 10]
    images = page_images()
    maps = subject.network.activations(images)[0].max(axis=(1, 2))
    np.testing.assert_allclose(told[0]["most"], maps.max(axis=0), rtol=1e-5)
    strongest = int(maps[:, 1].argmax())
    for layer in (0, "layers.0"):
        what: dict[str, Any] = {"layer": layer, "unit": 1, "pixels": images[4].ravel()}
        unit = checked(page.ask("subject_unit", subject="one", **what))
        assert unit["here"] == pytest.approx(float(maps[4, 1]), rel=1e-5)
        first = unit["most"][0]
        assert (first["index"], first["label"]) == (FIRST + strongest, strongest % 10)
        assert first == unit["along"][-1] and len(unit["along"]) == len(unit["most"]) == 9
        assert unit["counts"].sum() == 20
    for layer, number, words in ((9, 0, "no layer is called “9”"), (0, 3, "no unit is called “3”")):
        what = {"layer": layer, "unit": number, "pixels": digit()}
        assert words in page.refused("subject_unit", subject="one", **what)["message"]
    send(page, "test", 100, 10)  # other digits: everything is counted again
    what = {"layer": 0, "unit": 1, "pixels": digit()}
    assert page.ask("subject_unit", subject="one", **what)["most"][0]["index"] >= 100


def test_questions_about_test_digits_wait_for_them() -> None:
    page, _ = opened(digits=False)
    what: dict[str, Any] = {"subject": "one", "layer": 0, "unit": 0, "pixels": digit()}
    for kind in ("subject_census", "subject_unit"):
        assert "test digits are not here yet" in page.refused(kind, **what)["message"]
    what = {"subject": "one", "milliseconds": 5, "pixels": None, "arrays": []}
    assert "training digits are not here yet" in page.refused("subject_train", **what)["message"]
    told = checked(page.ask("subject_active", subject="one", pixels=digit()))["layers"]
    assert [one["right"] for one in told] == [None, None] == [one["wrong"] for one in told]
    edited = checked(page.ask("subject_edit", subject="one", edits=[], pixels=digit()))
    assert edited["count"] == 0


def test_edits_and_what_comes_of_them() -> None:
    page, subject = opened()
    row = np.linspace(-1, 1, 784, dtype=np.float32)
    edits: list[dict[str, Any]] = [
        {"kind": "off", "layer": 0, "unit": 2},
        {"kind": "set", "array": "layers.1.bias", "at": 3, "value": 1.5},
        {"kind": "paint", "array": "layers.0.weight", "at": 784, "values": row},
    ]
    told = checked(page.ask("subject_edit", subject="one", edits=edits, pixels=digit()))
    network, images, labels = subject.network, page_images(), np.arange(20) % 10
    before = network.predict(images)
    network.parameters()["layers.1.bias"][3] = 1.5
    network.parameters()["layers.0.weight"][1] = row
    keep = np.array(network.parameters()["layers.0.weight"])
    network.parameters()["layers.0.weight"][2] = 0  # of a relu without a bias: off
    network.parameters()["layers.0.bias"][2] = 0
    after = network.predict(images)
    was, now = before.argmax(axis=1), after.argmax(axis=1)
    assert told["count"] == 20
    assert told["before"]["right"] == (was == labels).sum()
    assert told["after"]["right"] == (now == labels).sum()
    loss = -np.log(after[np.arange(20), labels]).mean()
    assert told["after"]["loss"] == pytest.approx(loss, rel=1e-4)
    assert [one["index"] - FIRST for one in told["changed"]] == np.flatnonzero(was != now).tolist()
    assert all(one["before"] == one["label"] for one in told["worse"])
    assert all(one["after"] == one["label"] for one in told["better"])
    assert told["changed"]
    assert set(told["arrays"]) == {"layers.1.bias", "layers.0.weight"}
    np.testing.assert_array_equal(told["arrays"]["layers.0.weight"]["data"], keep.ravel())
    np.testing.assert_allclose(told["outputs"], network.predict(digit()[None])[0], rtol=1e-5)
    # Everything else is about the edited one, and then about the original again.
    step = checked(page.ask("subject_step", subject="one", pixels=digit(), label=4))
    assert "a = f(z) ⊙ on" in [one["formula"] for one in step["quantities"]]
    assert page.ask("subject_census", subject="one")["layers"][0]["dead"][2] == 1
    assert page.ask("subject_map", subject="one", pixels=digit(), label=1)["exact"]
    undone = page.ask("subject_edit", subject="one", edits=[], pixels=digit())
    assert undone["arrays"] == {} and undone["changed"] == []
    assert undone["before"] == undone["after"] == told["before"]
    assert page.ask("subject_census", subject="one")["layers"][0]["dead"][2] == 0


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"kind": "off", "layer": 1, "unit": 0}, "those of the last one are the answer"),
        ({"kind": "off", "layer": "x", "unit": 0}, "expected a layer"),
        ({"kind": "set", "array": "layers.0.bias", "at": 6, "value": 0}, "places from 0 to 6"),
        ({"kind": "cut"}, "no edit is called “cut”"),
    ],
)
def test_an_edit_that_is_none_changes_nothing(edit: dict[str, Any], words: str) -> None:
    page, subject = opened()
    failure = page.refused("subject_edit", subject="one", edits=[edit], pixels=digit())
    assert words in failure["message"]
    told = page.ask("subject_arrays", subject="one", pixels=digit(), arrays=["layers.1.a"])
    wanted = subject.network.predict(digit()[None])[0]
    np.testing.assert_allclose(told["layers.1.a"]["data"], wanted, rtol=1e-5)


def test_the_smallest_change_that_flips_the_answer() -> None:
    page, subject = opened(digits=False)
    told = checked(page.ask("subject_flip", subject="one", pixels=digit(), to=None))
    path = told["path"]["data"].reshape(told["path"]["shape"])
    answers = subject.network.predict(path).argmax(axis=1)
    assert told["flipped"] and (answers[0], answers[-1]) == (told["from"], told["to"])
    assert told["from"] != told["to"] and told["distance"] > 0
    assert told["outputs"]["shape"] == [len(path), 10]
    wished = page.ask("subject_flip", subject="one", pixels=digit(), to=told["to"])
    assert wished["to"] == told["to"] and wished["flipped"]
    assert "0 to 9" in page.refused("subject_flip", subject="one", pixels=digit(), to=10)["message"]


def test_what_the_active_units_look_for() -> None:
    page, subject = opened()
    told = checked(page.ask("subject_active", subject="one", pixels=digit()))
    assert told["threshold"] == THRESHOLD
    first, last = told["layers"]
    a = subject.network.activations(digit()[None])[0][0]
    weights = subject.network.parameters()["layers.0.weight"]
    assert first["units"].tolist() == (a > THRESHOLD).astype(int).tolist()
    assert first["here"]["shape"] == [28, 28] and last["units"].size == 10
    np.testing.assert_allclose(
        first["here"]["data"], weights[a > THRESHOLD].mean(axis=0), rtol=1e-4
    )
    images, labels = page_images(), np.arange(20) % 10
    right = subject.network.predict(images).argmax(axis=1) == labels
    hidden = subject.network.activations(images)[0]
    maps = [active_map(np.array(weights), one).mean for one in hidden[~right]]
    found = first["wrong"]["data"].reshape(-1)
    np.testing.assert_allclose(found, np.mean(maps, axis=0), rtol=1e-4, atol=1e-6)
    of_class = page.ask("subject_active", subject="one", pixels=digit(), label=3)["layers"][0]
    maps = [active_map(np.array(weights), hidden[i]).mean for i in (3, 13) if not right[i]]
    np.testing.assert_allclose(
        of_class["wrong"]["data"], np.mean(maps, axis=0), rtol=1e-4, atol=1e-6
    )
    conv = opened(CONV)[0].ask("subject_active", subject="one", pixels=digit())["layers"]
    assert [one["layer"] for one in conv] == [0, 5]
    assert conv[0]["here"]["shape"] == [5, 5, 1]


def test_training_takes_the_learner_s_own_steps() -> None:
    page, subject = opened()
    names = ["layers.0.weight", "layers.1.a", "layers.1.weight.gradient"]
    what: dict[str, Any] = {"subject": "one", "milliseconds": 7, "arrays": names}
    told = checked(page.ask("subject_train", pixels=digit(), **what))
    assert told["step"] == len(told["losses"]) > 2 and told["right"] is not None
    again = checked(page.ask("subject_train", pixels=None, **what))
    assert again["step"] == told["step"] + len(again["losses"]) and again["right"] is None
    assert "layers.1.a" not in again["arrays"]
    images = np.random.default_rng(0).integers(0, 256, (12, 784)).astype(np.uint8)
    labels = (np.arange(12) % 10).astype(np.uint8)
    learner = subject.learner(Split(images.reshape(-1, 28, 28), labels))
    losses = [learner.step()[0] for _ in range(again["step"])]
    np.testing.assert_allclose([*told["losses"], *again["losses"]], losses, rtol=1e-4)
    weight = again["arrays"]["layers.0.weight"]["data"].reshape(6, 784)
    np.testing.assert_allclose(weight, learner.network.parameters()["layers.0.weight"], rtol=1e-3)
    assert again["arrays"]["layers.1.weight.gradient"]["shape"] == [10, 6]
    # What follows is about the trained network; edits begin with it.
    step = page.ask("subject_step", subject="one", pixels=digit(), label=4)["quantities"]
    assert any(one["name"].endswith(".velocity") for one in step)
    off = [{"kind": "off", "layer": 0, "unit": 0}]
    page.ask("subject_edit", subject="one", edits=off, pixels=digit())
    back = page.ask("subject_edit", subject="one", edits=[], pixels=digit())
    wanted = learner.network.predict(digit()[None])[0]
    np.testing.assert_allclose(back["outputs"], wanted, rtol=1e-3, atol=1e-6)


def test_training_after_edits_cannot_be_undone_but_a_unit_can_be_switched_on() -> None:
    page, _ = opened()
    edits = [{"kind": "off", "layer": 0, "unit": 0}]
    edits += [{"kind": "set", "array": "layers.1.bias", "at": 3, "value": 1.5}]
    page.ask("subject_edit", subject="one", edits=edits, pixels=digit())
    what: dict[str, Any] = {"milliseconds": 5, "pixels": None, "arrays": ["layers.*.weight"]}
    trained = page.ask("subject_train", subject="one", **what)["arrays"]
    page.ask("subject_edit", subject="one", edits=[], pixels=digit())
    names = ["layers.*.weight", "layers.*.bias", "layers.0.a", "layers.0.z"]
    told = page.ask("subject_arrays", subject="one", pixels=digit(), arrays=names)
    for name in trained.keys() & told.keys():
        np.testing.assert_array_equal(told[name]["data"], trained[name]["data"])
    z = told["layers.0.z"]["data"]
    np.testing.assert_array_equal(told["layers.0.a"]["data"], np.maximum(z, 0))
    assert 1 < told["layers.1.bias"]["data"][3] < 2


def test_a_subject_that_diverges_says_so_and_ends_the_slice() -> None:
    layers = [dense(6, "identity"), dense(10, "identity")]
    config = RELU | {"layers": layers, "loss": "mse", "optimizer": {"type": "sgd", "lr": 9.0}}
    page, _ = opened(config)
    what: dict[str, Any] = {"subject": "one", "milliseconds": 50, "arrays": [], "pixels": None}
    told = [page.ask("subject_train", **what) for _ in range(3)][-1]
    assert np.isnan(told["losses"][-1]) and np.isfinite(told["losses"][:-1]).all()


def test_the_questions_are_brought_by_the_first_of_them() -> None:
    """Another page's start imports none of it."""
    if sys.platform == "emscripten":
        pytest.skip("not in the browser: needs a process")
    code = "import sys\nfrom glassnet_bridge import Host\nhost = Host()\n"
    code += "print([n for n in sys.modules if 'insight' in n or 'subject' in n or 'tracing' in n])"
    paths = [
        str(Path(glassnet.__file__).parents[1]),
        str(Path(glassnet_bridge.__file__).parents[1]),
    ]
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        env={"PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
    assert done.stdout == "[]\n"
