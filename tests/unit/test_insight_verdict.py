"""What a step on one digit does: as the step taken by hand does, and nothing to the original."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.data.dataset import Split
from glassnet.errors import ShapeError
from glassnet.insight.answers import Answers, Change, answer_all, better, changes, worse
from glassnet.insight.verdict import step_on, verdict
from glassnet.network import Network
from glassnet.tracing import trace
from glassnet.training import Run
from unit.small import bars, dense, run

DATA = bars()
CONV: dict[str, Any] = {
    "layers": [
        {"type": "conv2d", "filters": 2, "size": 3},
        {"type": "batch_norm"},
        {"type": "flatten"},
        dense(4, "softmax"),
    ],
    "loss": "cross_entropy",
}
ADAM = {"optimizer": {"type": "adam", "lr": 0.05}}
MOMENTUM = {"optimizer": {"type": "momentum", "lr": 0.8}}
SETTINGS: dict[str, dict[str, Any]] = {
    "sgd": {},
    "momentum": MOMENTUM,
    "adam": CONV | ADAM,
    "simd": MOMENTUM | {"engine": "simd"},
}


def started(**settings: Any) -> Run:
    made = run(DATA, **settings)
    for _ in zip(range(4), made.events(), strict=False):
        pass
    return made


def arrays(network: Network) -> dict[str, Any]:
    return {name: np.array(a) for name, a in {**network.parameters(), **network.memory()}.items()}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_step_is_the_one_that_the_trace_shows(name: str) -> None:
    made = started(**SETTINGS[name])
    image, label = DATA.test.images[3], 1
    stepped = step_on(made.network, made.optimizer, image, label)
    shown = {q.name: q.array for q in trace(made.network, image, label, made.optimizer)}
    for parameter, array in stepped.parameters().items():
        np.testing.assert_allclose(array, shown[parameter], rtol=1e-5, atol=1e-7)


def test_a_step_by_hand() -> None:
    """Of plain gradient descent: θ − η ∂L/∂θ, and the losses before and after by the formula."""
    made = started()
    network, image, label = made.network, DATA.test.images[3], 1
    gradients = {q.name: q.array for q in trace(network, image, label, made.optimizer)}
    told = verdict(network, made.optimizer, image, label, DATA.train[:7], DATA.test)
    before = arrays(network)
    a, y = network.predict(image[None])[0], np.eye(4)[label]
    digit, batch, test = told.rows
    assert (digit.of, batch.of, test.of) == ("digit", "batch", "test")
    assert (digit.count, batch.count, test.count) == (1, 8, 30)
    assert digit.before == pytest.approx(float(((a - y) ** 2).sum() / 2), rel=1e-5)
    assert (digit.right_before, digit.right_after) == (int(a.argmax() == label), 1)
    images = np.concatenate([image[None], DATA.train.images[:7]])
    labels = np.array([label, *DATA.train.labels[:7]])
    misses = network.predict(images) - np.eye(4)[labels]
    assert batch.before == pytest.approx(float((misses**2).sum() / 2 / 8), rel=1e-5)
    for name, array in network.parameters().items():
        array[...] = before[name] - made.optimizer.lr * gradients[f"{name}.gradient"]
    after = answer_all(network, DATA.test)
    assert test.after == pytest.approx(after.loss, rel=1e-5) and test.after != test.before
    assert test.right_after == after.right
    b = network.predict(image[None])[0]
    assert digit.after == pytest.approx(float(((b - y) ** 2).sum() / 2), rel=1e-5)
    assert digit.after < digit.before


def test_who_changed_and_how() -> None:
    labels = np.array([0, 1, 2, 3, 3])
    before = Answers(np.array([0, 1, 0, 3, 0]), labels, 1.0)
    after = Answers(np.array([1, 1, 2, 3, 1]), labels, 0.5)
    changed = changes(before, after)
    assert worse(changed) == [Change(0, 0, 0, 1)] and better(changed) == [Change(2, 2, 0, 2)]
    assert changed == [Change(0, 0, 0, 1), Change(2, 2, 0, 2), Change(4, 3, 0, 1)]
    assert (before.right, after.right) == (3, 3)


@pytest.mark.parametrize("name", SETTINGS)
def test_neither_network_nor_optimiser_is_changed(name: str) -> None:
    made = started(**SETTINGS[name])
    before = {key: np.array(array) for key, array in made.arrays().items()}
    at = made.optimizer.t, made.optimizer.rate
    told = verdict(made.network, made.optimizer, DATA.test.images[0], 2, None, DATA.test[:9])
    assert [row.of for row in told.rows] == ["digit", "test"]
    assert (made.optimizer.t, made.optimizer.rate) == at
    for key, array in made.arrays().items():
        np.testing.assert_array_equal(array, before[key])


def test_no_such_class_and_nothing_to_compare_with() -> None:
    made = started()
    with pytest.raises(ShapeError, match="0 to 3"):
        verdict(made.network, made.optimizer, DATA.test.images[0], 4)
    empty = Split(DATA.test.images[:0], DATA.test.labels[:0])
    told = verdict(made.network, made.optimizer, DATA.test.images[0], 0, empty, empty)
    assert [row.of for row in told.rows] == ["digit"] and told.worse == told.better == []
