"""Operations on a copy: a unit that is off counts as 0 for all that follows, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.engines import make_engine
from glassnet.errors import ShapeError
from glassnet.insight.answers import answer_all, changes
from glassnet.insight.linear import linear_map
from glassnet.insight.muted import kind_of, off_in, units_of
from glassnet.insight.surgery import Off, Paint, differing, operated
from glassnet.layers import Conv2D, Dense
from glassnet.network import Network
from glassnet.optimizers import SGD
from glassnet.tracing import trace
from glassnet.training import Learner
from unit.small import bars, dense
from unit.test_insight_linear import CONV, digit, trained

SMOOTH: list[dict[str, Any]] = [
    {"type": "dropout", "rate": 0.2},
    dense(6),
    {"type": "batch_norm"},
    {"type": "activation", "activation": "tanh"},
    dense(4, "softmax"),
]
DATA = bars()


def forward(network: Network, x: NDArray[Any], off: dict[int, list[int]]) -> NDArray[Any]:
    """The outputs, with a mask laid over what each layer tells the next, by hand."""
    work = network.workspace(len(x))
    network.engine.load(np.ascontiguousarray(x, np.float32), work.x)
    for i, (layer, flow) in enumerate(zip(network.layers, work.flows, strict=True)):
        layer.forward(flow, training=False)
        shape = network.shapes[i + 1]
        for unit in off.get(i, []):
            np.asarray(flow.a).reshape(-1, units_of(shape))[:, unit] = 0
    return np.array(work.flows[-1].a)


@pytest.mark.parametrize("engine", ["numpy", "simd"])
@pytest.mark.parametrize(
    ("layers", "off"),
    [
        (CONV, {0: [1]}),  # through a batch norm, a relu, two pools, a flatten and a dropout
        (CONV, {1: [0], 2: [2], 3: [1]}),
        (CONV, {4: [0, 3], 5: [1], 7: [2]}),
        (SMOOTH, {0: [17], 1: [0, 5], 2: [3], 3: [1]}),  # sigmoids, whose 0 is no zero weight
    ],
)
def test_as_a_mask_laid_over_by_hand(
    layers: list[dict[str, Any]], off: dict[int, list[int]], engine: str
) -> None:
    made = trained(layers, engine)
    x = np.stack([digit(seed) for seed in range(5)]).reshape(5, 6, 6)
    edits = [Off(layer, unit) for layer, units in off.items() for unit in units]
    cut = operated(made, edits)
    np.testing.assert_allclose(cut.predict(x), forward(made, x, off), rtol=1e-5, atol=1e-7)
    assert np.abs(cut.predict(x) - made.predict(x)).max() > 1e-5
    assert differing(made, cut) == []
    assert [list(off_in(layer)) for layer in cut.layers] == [
        off.get(i, []) for i in range(len(layers))
    ]


def test_it_learns_as_if_the_unit_were_not_there() -> None:
    made = trained([dense(5, "tanh"), dense(4, "softmax")])
    cut = operated(made, [Off(0, 2)])
    before = {name: np.array(array) for name, array in cut.parameters().items()}
    learner = Learner(cut, SGD(lr=0.5), DATA.train, batch=10)
    for _ in range(5):
        learner.step()
    after = cut.parameters()
    for name in ("layers.0.weight", "layers.0.bias"):
        np.testing.assert_array_equal(after[name][2], before[name][2])
        assert (after[name][[0, 1, 3, 4]] != before[name][[0, 1, 3, 4]]).any()
    np.testing.assert_array_equal(after["layers.1.weight"][:, 2], before["layers.1.weight"][:, 2])


def test_its_trace_says_that_it_is_off() -> None:
    cut = operated(trained([dense(5, "tanh"), dense(4, "softmax")]), [Off(0, 2)])
    told = {(q.name, q.phase): q for q in trace(cut, digit(), 1)}
    a = told["layers.0.a", "forward"]
    assert a.formula == "a = f(z) ⊙ on" and a.details == ("f(z) = tanh(z)",) and a.tree
    assert a.array[0, 2] == 0 and told["layers.0.z", "forward"].array[0, 2] != 0
    assert a.sources[-1].file == "insight/muted.py"
    gradient = told["layers.0.weight.gradient", "backward"]
    assert not gradient.array[2].any() and gradient.array[1].any()
    assert gradient.formula == "∂L/∂W = δᵀ x"


def test_operations_do_not_pile_up_and_the_original_stays() -> None:
    made = trained(CONV)
    x = digit()[None]
    answer = made.predict(x)
    cut = operated(made, [Off(0, 1)])
    again = operated(cut, [])
    np.testing.assert_array_equal(again.predict(x), answer)
    np.testing.assert_array_equal(made.predict(x), answer)
    assert type(again.layers[0]) is Conv2D and kind_of(cut.layers[0]) is Conv2D
    assert linear_map(cut, x[0]).exact
    assert off_in(cut.copy_to(make_engine("numpy")).layers[0]) == (1,)


def test_weights_set_and_painted() -> None:
    made = trained([dense(5, "relu"), dense(4, "softmax")])
    before = {name: np.array(array) for name, array in made.parameters().items()}
    row = np.linspace(-1, 1, 36, dtype=np.float32)
    edits = [Paint("layers.0.weight", 72, row), Paint("layers.1.bias", 3, np.array([0.5]))]
    cut = operated(made, edits)
    after = cut.parameters()
    np.testing.assert_array_equal(after["layers.0.weight"][2], row)
    np.testing.assert_array_equal(after["layers.0.weight"][3:], before["layers.0.weight"][3:])
    assert (
        after["layers.1.bias"][3] == 0.5 and after["layers.1.bias"][2] == before["layers.1.bias"][2]
    )
    assert differing(made, cut) == ["layers.0.weight", "layers.1.bias"]
    images = DATA.test.images
    told = changes(answer_all(made, DATA.test), answer_all(cut, DATA.test))
    was, now = made.predict(images).argmax(axis=1), cut.predict(images).argmax(axis=1)
    assert [one.index for one in told] == np.flatnonzero(was != now).tolist() and told
    for name, array in made.parameters().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_convolution_is_painted_in_its_shown_order() -> None:
    made = trained(CONV)
    shown = np.array(made.parameters()["layers.4.weight"])
    cut = operated(made, [Paint("layers.4.weight", shown[0].size, np.zeros(shown[0].size))])
    np.testing.assert_array_equal(cut.parameters()["layers.4.weight"][1], 0)
    np.testing.assert_array_equal(cut.parameters()["layers.4.weight"][2:], shown[2:])


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Off(8, 0), "a layer from 0 to 7: those of the last one"),
        (Off(-1, 0), "a layer from 0 to 7"),
        (Off(0, 3), "a unit from 0 to 2, got 3"),
        (Off(6, 0), "a flatten"),
        (Paint("layers.0.weights", 0, np.zeros(1)), "layers.0.weight, "),
        (Paint("layers.0.bias", 2, np.zeros(2)), "places from 0 to 3, got 2 to 4"),
        (Paint("layers.0.bias", -1, np.zeros(1)), "places from 0 to 3"),
        (Paint("layers.0.bias", 0, np.array([np.nan])), "finite"),
    ],
)
def test_what_cannot_be_operated(edit: Any, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        operated(trained(CONV), [edit])


def test_an_empty_split_has_no_answers() -> None:
    empty = Split(DATA.test.images[:0], DATA.test.labels[:0])
    told = answer_all(Network([Dense(4)], (6, 6)), empty)
    assert (len(told), told.loss, told.right) == (0, 0, 0)
