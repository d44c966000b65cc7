"""What each unit does over many digits: counted as by hand, one digit and unit at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.data.dataset import Split
from glassnet.insight.census import census, here, spectrum, twins
from glassnet.network import Network
from unit.small import bars, dense, network

SPLIT = bars().test
CONV: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 3, "size": 3},
    {"type": "max_pool2d"},
    {"type": "flatten"},
    dense(4, "softmax"),
]
LAYERS = {"dense": [dense(6, "tanh"), dense(5, "relu"), dense(4, "softmax")], "conv": CONV}


def made(layers: list[dict[str, Any]]) -> Network:
    return network(layers, (6, 6), initializer="he_normal")


@pytest.mark.parametrize("name", LAYERS)
def test_counts_are_those_of_every_digit_by_itself(name: str) -> None:
    net = made(LAYERS[name])
    found = census(net, SPLIT)
    by_hand: list[list[Any]] = [[] for _ in net.layers]
    for image in SPLIT.images:
        for layer, a in zip(by_hand, net.activations(image[None]), strict=True):
            layer.append(a[0].max(axis=(0, 1)) if a.ndim == 4 else a[0])
    for layer, told in zip(by_hand, found, strict=True):
        rows = np.array(layer)
        np.testing.assert_allclose(told.activations, rows, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(told.least, rows.min(axis=0), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(told.most, rows.max(axis=0), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(told.mean, rows.mean(axis=0), rtol=1e-5, atol=1e-6)
    first, relu = np.array(by_hand[0]), np.array(by_hand[1 if name == "dense" else 0])
    told = found[1 if name == "dense" else 0]
    np.testing.assert_allclose(told.active, (relu > 1e-6).mean(axis=0), rtol=1e-6)
    if name == "dense":
        np.testing.assert_allclose(found[0].active, (first > 0.3).mean(axis=0), rtol=1e-6)
    for layer, a in zip(by_hand, here(net, SPLIT.images[4]), strict=True):
        np.testing.assert_allclose(a, layer[4], rtol=1e-5, atol=1e-6)


def test_a_dead_unit_and_one_that_does_its_work() -> None:
    net = made([dense(3, "relu"), dense(3, "sigmoid"), dense(4, "softmax")])
    parameters = net.parameters()
    parameters["layers.0.weight"][...] = np.abs(parameters["layers.0.weight"])
    parameters["layers.0.bias"][...] = [0, -1000, 0]
    parameters["layers.1.weight"][0] = 0  # always a half
    first, second, _ = census(net, SPLIT)
    assert first.dead.tolist() == [False, True, False] and first.active.tolist() == [1, 0, 1]
    assert second.dead.tolist() == [True, False, False]


def test_a_channel_is_dead_only_if_all_of_its_map_is() -> None:
    """Here the largest place is always 0, and the others are not."""
    net = made([CONV[0] | {"activation": "identity"}, *CONV[1:]])
    weight = net.parameters()["layers.0.weight"]
    weight[...] = -np.abs(weight)
    dark = np.zeros((8, 6, 6), np.uint8)
    dark[:, :3] = np.arange(8)[:, None, None]
    told = census(net, Split(dark, np.zeros(8, np.uint8)))[0]
    assert told.most.tolist() == [0, 0, 0] and not told.dead.any()


@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0), ("tanh", -1)])
def test_a_saturated_unit(activation: str, low: float) -> None:
    net = made([dense(4, activation), dense(4, "softmax")])
    net.parameters()["layers.0.weight"][:3] *= 1e-3
    net.parameters()["layers.0.bias"][...] = [50, -50, 0.1, 0]
    told = census(net, SPLIT)[0]
    assert told.saturated[:3].tolist() == [True, True, False]
    np.testing.assert_allclose([told.most[0], told.least[1]], [1, low], atol=1e-6)
    net.parameters()["layers.0.weight"][3] = 0
    net.parameters()["layers.0.weight"][3, 0] = 100  # at its end where that pixel is bright enough
    net.parameters()["layers.0.bias"][3] = 0
    told = census(net, SPLIT)[0]
    pixel = SPLIT.images[:, 0, 0] * (100 / 255)
    near = (1 / (1 + np.exp(pixel)) if activation == "sigmoid" else 1 - np.tanh(pixel)) < 0.01
    assert told.saturated[3] == (near.mean() >= 0.99)


def test_units_that_look_for_the_same() -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((600, 12)).astype(np.float32)  # more than are compared at a time
    weights[599] = -3 * weights[2]
    weights[5] = 0
    weights[300] = weights[299] + 0.01
    twin, likeness = twins(weights)
    assert (twin[2], twin[599], twin[299], twin[300], twin[5]) == (599, 2, 300, 299, -1)
    np.testing.assert_allclose(likeness[[2, 599]], -1, rtol=1e-5)
    assert 0.99 < likeness[300] < 1 and likeness[5] == 0
    a, b = weights[0].astype(float), weights.astype(float)
    cosines = b @ a / np.sqrt((b * b).sum(axis=1) + 1e-30) / np.sqrt(a @ a)
    nearest = int(np.abs(cosines[1:]).argmax()) + 1
    assert likeness[0] == pytest.approx(cosines[nearest], rel=1e-4)
    assert twin[0] == (nearest if abs(cosines[nearest]) > 0.95 else -1)
    assert twins(weights[:1])[0].tolist() == [-1] and twins(weights[:, :0])[1].any() == 0


def test_a_layer_without_weights_has_no_twins() -> None:
    told = census(made(CONV), SPLIT)
    assert [len(layer.twin) for layer in told] == [3, 3, 12, 4]
    assert told[1].twin.tolist() == [-1] * 3 and told[2].likeness.tolist() == [0] * 12


def test_a_spectrum_goes_along_the_whole_range() -> None:
    activations = np.random.default_rng(1).permutation(np.arange(81, dtype=np.float32))
    told = spectrum(activations)
    assert activations[told.along].tolist() == [0, 10, 20, 30, 40, 50, 60, 70, 80]
    assert activations[told.most].tolist() == [80, 79, 78, 77, 76, 75, 74, 73, 72]
    assert told.counts.sum() == 81 and len(told.edges) == len(told.counts) + 1
    counts = [
        ((a <= activations) & (activations < b)).sum()
        for a, b in zip(told.edges, told.edges[1:], strict=False)
    ]
    assert told.counts.tolist()[:-1] == counts[:-1]
    few = spectrum(np.array([3.0, 3.0], np.float32))
    assert few.along == [0, 1] and few.most == [1, 0] and few.counts.sum() == 2
    assert spectrum(np.array([3.0], np.float32)).along == [0]
