"""The smallest change that flips an answer: it does flip it, stays an image, and is small."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.errors import ShapeError
from glassnet.insight.flip import flip, free_step
from glassnet.network import Network
from unit.small import bars, dense, network, run
from unit.test_insight_linear import NETWORKS, digit, trained


def linear(weights: np.ndarray, bias: list[float]) -> Network:
    made = network([dense(len(bias), "softmax")], (2,))
    made.parameters()["layers.0.weight"][...] = weights
    made.parameters()["layers.0.bias"][...] = bias
    return made


WIDE = [dense(20, "relu"), dense(8, "leaky_relu"), dense(4, "softmax")]
LEARNED = NETWORKS | {"relu": WIDE}


def learned(name: str) -> Network:
    """A network that has learnt to tell four classes apart: it answers with each of them."""
    settings: dict[str, Any] = {"loss": "cross_entropy", "initializer": "he_normal"}
    made = run(layers=LEARNED[name], optimizer={"type": "adam", "lr": 0.01}, **settings)
    for _ in range(60):
        made.learner.step()
    return made.network


@pytest.mark.parametrize("name", LEARNED)
def test_it_really_flips(name: str) -> None:
    made = learned(name)
    for image in bars().test.images[:4]:
        told = flip(made, image)
        outputs = made.predict(told.path)
        np.testing.assert_allclose(outputs, told.outputs, rtol=1e-5)
        answers = outputs.argmax(axis=1)
        assert told.flipped and answers[0] == told.before != told.after == answers[-1]
        assert (answers[:-1] == told.before).all() and 2 <= len(told.path) <= 51
        assert told.path.shape[1:] == (6, 6) and 0 <= told.path.min() <= told.path.max() <= 1
        np.testing.assert_allclose(told.path[0], image / 255, rtol=1e-6)
        length = np.sqrt(((told.path[-1] - told.path[0]).astype(float) ** 2).sum())
        assert told.distance == pytest.approx(length)


def test_it_is_hardly_more_than_the_way_to_the_border() -> None:
    """Of a linear network that is known: |f|/|w|."""
    made = linear(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), [0.1, 0.0, 0.0])
    told = flip(made, np.array([0.5, 0.4], np.float32))
    assert (told.before, told.after) == (0, 1)
    assert 0.2 / np.sqrt(2) <= told.distance < 1.05 * 0.2 / np.sqrt(2)


def test_a_class_may_be_wished_for() -> None:
    made = trained(NETWORKS["relu"])
    wished = [flip(made, digit(), to) for to in range(4)]
    nearest = flip(made, digit())
    for to, told in enumerate(wished):
        assert told.after == to
        assert made.predict(told.path)[-1].argmax() == to or not told.flipped
    flipped = [told.distance for told in wished if told.flipped and told.after != told.before]
    assert len(flipped) >= 2 and nearest.distance <= 1.1 * min(flipped)
    same = flip(made, digit(), nearest.before)
    assert len(same.path) == 1 and same.distance == 0


def test_pixels_at_their_end_leave_the_work_to_others() -> None:
    x, w = np.array([1.0, 0.5, 0.9]), np.array([3.0, 1.0, 1.0])
    step = free_step(x, w, 0.3)
    assert step is not None
    assert step[0] == 0 and step[2] == pytest.approx(0.1)
    assert w @ step == pytest.approx(0.3 * 1.02 + 1e-4)
    assert free_step(np.ones(3), w, 0.3) is None


def test_what_cannot_be_flipped_says_so() -> None:
    made = linear(np.array([[0.1, 0.1], [0.0, 0.0]]), [5.0, 0.0])
    told = flip(made, np.array([0.5, 0.5], np.float32), 1)
    assert not told.flipped and (told.before, told.after) == (0, 1)
    assert told.path.min() == 0 and len(told.path) <= 51
    still = linear(np.zeros((2, 2)), [1.0, 0.0])
    assert len(flip(still, np.array([0.5, 0.5], np.float32)).path) == 1


def test_no_such_class_and_nothing_is_changed() -> None:
    made = trained(NETWORKS["conv"])
    before = {name: np.array(array) for name, array in made.parameters().items()}
    with pytest.raises(ShapeError, match="0 to 3"):
        flip(made, digit(), 4)
    flip(made, bars().test.images[0])
    for name, array in made.parameters().items():
        np.testing.assert_array_equal(array, before[name])
