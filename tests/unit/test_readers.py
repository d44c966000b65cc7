"""Readers: frames that carry what was asked for, tell everything once, and wait for nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.training import Run
from glassnet_bridge import history
from unit.hosting import CONV, SMALL, Page, dataset, piece


@pytest.fixture
def page() -> Page:
    page = Page()
    page.create()
    return page


def test_a_description_comes_once_a_generation(page: Page) -> None:
    page.train()
    first, *others = page.frames["run"]
    assert first["description"]["layers"][0] == {
        "name": "layers.0",
        "kind": "dense",
        "options": {"units": 4, "activation": "sigmoid"},
        "input": [28, 28],
        "output": [4],
        "activation": "sigmoid",
        "parameters": {"weight": [4, 784], "bias": [4]},
        "memory": {},
        "forward": ["z", "a"],
    }
    assert others and not any(frame["description"] for frame in others)
    page.ask("reset", run="run")
    assert page.last()["description"]["generation"] == 2


def test_a_description_says_what_there_is_to_ask_for() -> None:
    page = Page()
    described = page.create(config=CONV)["layers"]
    kinds = ["conv2d", "batch_norm", "max_pool2d", "dropout", "flatten", "dense"]
    assert [layer["kind"] for layer in described] == kinds
    assert described[0]["parameters"]["weight"] == [3, 5, 5, 1]
    assert described[1]["memory"] == {"running_mean": [3], "running_var": [3]}
    assert [layer["output"] for layer in described] == [
        [12, 12, 3], [12, 12, 3], [6, 6, 3], [6, 6, 3], [108], [10],
    ]  # fmt: skip
    names = [
        f"{layer['name']}.{name}"
        for layer in described
        for name in [*layer["parameters"], *layer["memory"], *layer["forward"]]
    ]
    found = page.arrays(*names, "x", digit={"split": "train", "index": 5})
    assert set(found) == {*names, "x"}
    for layer in described:
        for name, shape in {**layer["parameters"], **layer["memory"]}.items():
            assert found[f"{layer['name']}.{name}"].shape == tuple(shape)
        assert found[f"{layer['name']}.a"].shape == tuple(layer["output"])


def test_a_frame_carries_only_what_is_watched(page: Page) -> None:
    assert page.last()["arrays"] == {}
    assert page.last()["label"] is None
    page.watch("run", ["x", "layers.*.a", "layers.0.weight"], {"split": "test", "index": 7})
    frame = page.last()
    assert list(frame["arrays"]) == ["layers.0.weight", "x", "layers.0.a", "layers.1.a"]
    assert frame["label"] == 7
    assert frame["arrays"]["x"]["shape"] == [28, 28]
    assert frame["arrays"]["x"]["data"].dtype == np.float32
    np.testing.assert_allclose(frame["arrays"]["x"]["data"], 7 / 255, rtol=1e-6)
    assert frame["arrays"]["layers.0.weight"]["shape"] == [4, 784]
    assert frame["arrays"]["layers.1.a"]["data"].shape == (10,)


def test_what_is_seen_of_a_digit_is_the_networks_answer() -> None:
    page = Page()
    page.create(config=CONV)
    page.train(steps=5)
    names = [f"layers.{i}.a" for i in range(6)]
    seen = page.arrays(*names, digit={"split": "train", "index": 30})
    network = page.host._runs["run"].run.network
    answers = network.activations(np.full((1, 784), np.float32(30) / np.float32(255)))
    for name, answer in zip(names, answers, strict=True):
        np.testing.assert_array_equal(seen[name], answer[0])


def test_a_star_stands_for_every_layer_that_has_it() -> None:
    page = Page()
    page.create(config=CONV)
    assert set(page.arrays("layers.*.weight")) == {"layers.0.weight", "layers.5.weight"}
    assert set(page.arrays("layers.*.gamma")) == {"layers.1.gamma"}
    assert page.arrays("layers.*.wait") == {}
    assert len(page.arrays("optimizer.layers.*.weight.velocity")) == 2


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
def test_gradients_can_be_seen(config: dict[str, Any]) -> None:
    """Of the last step, whatever the optimiser; before the first there are none."""
    page = Page()
    page.create(config=config | {"engine": "numpy"})
    page.watch("run", ["layers.*.weight.gradient"])
    assert page.last()["arrays"] == {}
    page.train(steps=3)
    gradients = page.last()["arrays"]
    weights = page.arrays("layers.*.weight")
    assert {name.removesuffix(".gradient") for name in gradients} == set(weights)
    run = Run.from_config(RunConfig.from_json({**config, "engine": "numpy"}), dataset())
    while run.step < 3:
        run.learner.step()
    for name, array in run.learner.gradients.items():
        if name in weights:
            seen = gradients[f"{name}.gradient"]
            assert seen["shape"] == list(weights[name].shape)
            np.testing.assert_array_equal(seen["data"], array.reshape(-1))
            assert np.abs(array).max() > 0


def test_looking_at_gradients_does_not_disturb_training(page: Page) -> None:
    page.train()
    undisturbed = page.losses()
    page.ask("reset", run="run")
    page.watch("run", ["layers.*.*.gradient"])
    page.ask("start", run="run")
    page.drive(milliseconds=0)
    assert page.losses() == undisturbed


def test_a_drawn_digit_is_read_too(page: Page) -> None:
    pixels = np.linspace(0, 1, 784, dtype=np.float32)
    page.watch("run", ["x", "layers.1.a"], {"pixels": pixels})
    frame = page.last()
    assert frame["label"] is None
    np.testing.assert_array_equal(frame["arrays"]["x"]["data"], pixels)


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros(783, np.float32), "expected 784 pixels, got 783"),
        (np.zeros(0, np.float32), "expected 784 pixels, got 0"),
        (np.full(784, 1.5, np.float32), "from 0 to 1"),
        (np.full(784, np.nan, np.float32), "from 0 to 1"),
    ],
)
def test_a_drawing_of_the_wrong_shape_is_refused_and_the_digit_before_stays(
    page: Page, pixels: Any, message: str
) -> None:
    page.watch("run", ["x"], {"split": "train", "index": 4})
    what = {"reader": "run", "run": "run", "digit": {"pixels": pixels}, "arrays": ["x"]}
    assert message in page.refused("watch", **what)["message"]
    assert page.last()["label"] == 4


def test_a_digit_that_is_not_here_yet_is_waited_for() -> None:
    page = Page(digits=False)
    page.ask("data", **piece("train", 0, 30, 40))
    page.ask("data", **piece("test", 0, 20, 20))
    page.create()
    page.watch("run", ["x", "layers.0.bias"], {"split": "train", "index": 35})
    assert list(page.last()["arrays"]) == ["layers.0.bias"]
    failure = page.refused("arrays", run="run", digit={"split": "train", "index": 35}, arrays=["x"])
    assert "digit 35 is not here" in failure["message"]
    page.ask("data", **piece("train", 30, 10, 40))
    assert list(page.last()["arrays"]) == ["layers.0.bias", "x"]
    assert page.last()["label"] == 5


def test_watching_does_not_disturb_training(page: Page) -> None:
    page.train()
    undisturbed = page.losses()
    page.ask("reset", run="run")
    page.watch("run", ["layers.*.weight", "layers.*.a", "x"], {"split": "test", "index": 3})
    page.ask("start", run="run")
    page.drive(milliseconds=0)
    assert page.losses() == undisturbed


def test_a_hidden_reader_loses_nothing_and_holds_nobody_up(page: Page) -> None:
    page.watch("run", reader="hidden")
    page.look()
    page.hidden.add("hidden")
    page.look()
    before = len(page.frames["hidden"])
    page.train()
    assert len(page.frames["hidden"]) <= before + 1
    assert page.last("run")["state"] == "finished"
    page.hidden.clear()
    page.host.acknowledge("hidden", page.frames["hidden"][-1]["id"])
    assert page.last("hidden")["state"] == "finished"
    assert page.losses("hidden") == page.losses("run")
    for part in ("log", "evaluations"):
        told = {
            name: [line for frame in frames for line in frame[part]]
            for name, frames in page.frames.items()
        }
        assert told["hidden"] == told["run"] != []


def test_only_the_last_frame_can_be_acknowledged(page: Page) -> None:
    page.hidden.add("run")
    first = page.last()["id"]
    page.host.acknowledge("run", first)
    page.ask("step", run="run", steps=1)
    second = page.last()["id"]
    page.host.acknowledge("run", first)  # a second time: it is not what is waited for
    page.drive()
    assert page.frames["run"][-1]["id"] == second
    page.host.acknowledge("nobody", 1)
    page.host.acknowledge("run", second)
    assert page.last()["id"] == second + 1


def test_a_reader_of_a_run_that_stands_still_is_told_nothing_twice(page: Page) -> None:
    page.look()
    frames = len(page.frames["run"])
    for _ in range(3):
        page.look()
    assert len(page.frames["run"]) == frames
    page.ask("pause", run="run")  # which it is not
    page.look()
    assert len(page.frames["run"]) == frames


def test_a_reader_may_come_later_and_turn_to_another_run(page: Page) -> None:
    page.create("other", config=SMALL | {"seed": 3})
    page.train("run")
    page.train("other")
    page.watch("run", reader="late")
    page.look()
    assert page.losses("late") == page.losses("run")
    page.watch("other", reader="late")
    page.look()
    assert page.frames["late"][-1]["description"]["run"] == "other"
    told = page.frames["late"][-1]["losses"].reshape(-1, 3)[:, 1]
    assert told.tolist() == [loss for _, loss in page.losses("other")]


def test_a_reader_stays_when_another_run_takes_the_name(page: Page) -> None:
    page.watch("run", ["layers.0.weight", "layers.1.bias"])
    page.train(steps=3)
    one = [{"type": "dense", "units": 10, "activation": "sigmoid"}]
    page.create(config=SMALL | {"layers": one})
    frame = page.last()
    assert frame["description"]["generation"] == 2
    assert frame["arrays"]["layers.0.weight"]["shape"] == [10, 784]
    assert "layers.1.bias" not in frame["arrays"]  # which this network does not have
    page.train(steps=2)
    assert [step for step, _ in page.losses()] == [1, 2]


def test_a_frame_that_cannot_be_made_is_told_and_the_run_goes_on(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.watch("run", ["x", "layers.0.a"], {"split": "test", "index": 1})

    def broken(*_: object) -> None:
        raise RuntimeError("cannot look")

    monkeypatch.setattr("glassnet_bridge.arrays.forward", broken)
    page.train()
    assert page.trouble[0]["failure"]["message"] == "cannot look"
    assert len(page.trouble) == 1
    assert page.last()["state"] == "finished"
    assert [step for step, _ in page.losses()] == list(range(1, 17))


def test_of_a_very_long_run_the_oldest_losses_are_forgotten(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST", 20)
    page.watch("run", reader="late")
    page.hidden.add("late")
    page.create(config=SMALL | {"epochs": 10})
    page.train()
    kept = page.host._runs["run"].history
    assert len(kept.losses) // 3 <= 20
    assert [step for step, _ in page.losses("run")] == list(range(1, 81))  # prompt: told in time
    page.hidden.clear()
    for frame in page.frames["late"]:
        page.host.acknowledge("late", frame["id"])
    page.look()
    steps = page.frames["late"][-1]["losses"].reshape(-1, 3)[:, 0].tolist()
    assert steps == list(range(81 - len(steps), 81))
    assert len(steps) >= 10
