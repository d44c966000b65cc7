"""The figure of one answer: what it says is what the network says, in every form of it."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from glassnet.errors import ShapeError
from glassnet.network import Network
from glassnet.shown import SIDE, WINNER, Shown
from unit.test_showing import read_png


class Strict(HTMLParser):
    """Tags that are opened, each of them closed where HTML asks for it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "style", "iframe")
        assert not any(name.startswith("on") for name, _ in attributes)
        if tag == "img":
            self.pictures.append(dict(attributes))
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def network() -> Network:
    layers = [{"type": "dense", "units": 9}, {"type": "dense", "units": 4, "activation": "softmax"}]
    return Network(layers, (5, 6), "cross_entropy", initializer="xavier_normal", seed=3)


@pytest.fixture
def image() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(4).integers(0, 256, (5, 6)).astype(np.uint8)


def test_it_says_what_the_network_says(network: Network, image: np.ndarray) -> None:
    outputs = network.predict(image[np.newaxis])[0]
    best = int(outputs.argmax())
    made = network.show(image)
    assert made.words == f"read as {best}, output {outputs[best]:.4f}"
    html = made._repr_html_()
    for value in outputs:
        assert f"{value:.4f}" in html
    assert html.count("← the answer") == 1
    after = html.split("← the answer")[0].rpartition("<tr>")[2]
    assert f"{outputs[best]:.4f}" in after
    assert network.show(image, best).words.startswith("✓")
    other = (best + 1) % 4
    assert network.show(image, other).words.endswith(f"and wrong: it is {other}")
    flat = network.show(image.reshape(-1) / 255)
    assert flat._repr_html_() == html  # of any form that the network takes


def test_the_units_are_the_most_active_with_their_own_numbers(
    network: Network, image: np.ndarray
) -> None:
    first = network.activations(image[np.newaxis])[0][0]
    weight = network.parameters()["layers.0.weight"]
    bias = network.parameters()["layers.0.bias"].reshape(-1)
    made = network.show(image)
    assert [row[0] for row in made.units] == np.argsort(-first)[:6].tolist()
    for unit, w, wx, b, a in made.units:
        np.testing.assert_allclose(w.reshape(-1), weight[unit], rtol=1e-6)
        assert b == pytest.approx(bias[unit]) and a == pytest.approx(first[unit])
        assert 1 / (1 + np.exp(-(wx.sum() + b))) == pytest.approx(a, rel=1e-5)  # a sigmoid
        sign = "−" if b < 0 else "+"
        assert f"{wx.sum():.4f} {sign} {abs(b):.4f} → {a:.4f}" in made._repr_html_()


def test_nothing_in_it_runs_and_every_picture_has_words(
    network: Network, image: np.ndarray
) -> None:
    pictures = Strict(network.show(image, 1)._repr_html_()).pictures
    assert len(pictures) == 3 + 2 * 6  # input and layers; a twin a unit
    assert all(one["alt"] and str(one["src"]).startswith("data:image/png;") for one in pictures)


def test_all_forms_are_in_the_bundle(network: Network, image: np.ndarray) -> None:
    made = network.show(image, 1)
    bundle = made._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert bundle["text/plain"] == repr(made) == f"<Shown: {made.words}>"
    assert base64.b64decode(bundle["image/png"]) == made.png()


def test_the_bars_of_the_png_are_the_outputs(network: Network, image: np.ndarray) -> None:
    outputs = network.predict(image[np.newaxis])[0]
    pixels = read_png(network.show(image).png())
    bars = pixels[:, -SIDE:]
    row = SIDE // 4
    best = int(outputs.argmax())
    for number, value in enumerate(outputs):
        line = bars[number * row + row // 2]
        inked = (line != 255).any(axis=1).sum()
        assert inked == round(SIDE * float(value) / float(outputs.max()))
        assert (tuple(line[0]) == WINNER) == (number == best)
    times = SIDE // 6  # the input, a square a pixel
    top = (len(pixels) - 5 * times) // 2
    ink = pixels[top : top + 5 * times : times, : 6 * times : times, 0]
    wanted = 255 - np.round(image / image.max() * 255)
    assert np.abs(ink - wanted).max() <= 1


@pytest.mark.parametrize("engine", ["numpy", "python"])
def test_networks_of_other_kinds(engine: str) -> None:
    layers: list[dict[str, Any]] = [
        {"type": "conv2d", "filters": 2, "size": 3},
        {"type": "flatten"},
        {"type": "dense", "units": 3, "activation": "identity"},
    ]
    network = Network(layers, (6, 6), "mse", engine, seed=1)
    made = network.show(np.linspace(0, 1, 36))
    assert made.units == []  # a window sees no whole input
    html = made._repr_html_()
    Strict(html)
    assert "<td" in html and ">4×4×2<" in html
    assert read_png(made.png()).shape[0] >= SIDE - 3


def test_what_is_not_finite_is_told(network: Network, image: np.ndarray) -> None:
    network.parameters()["layers.1.bias"][:] = np.nan
    made = network.show(image)
    assert made.words == "no answer: outputs are not finite"
    Strict(made._repr_html_())
    read_png(made.png())


def test_what_does_not_fit_is_refused_by_name(network: Network, image: np.ndarray) -> None:
    with pytest.raises(ShapeError, match="examples of 30 numbers"):
        network.show(image[:4])
    for label in (-1, 4):
        with pytest.raises(ShapeError, match=r"label.*0 to 3"):
            network.show(image, label)


def test_words_are_text() -> None:
    made = Shown("<b>", np.ones((1, 2)), [("<i>", np.ones((1, 2)))], [])
    html = made._repr_html_()
    assert "&lt;b&gt;" in html and "&lt;i&gt;" in html
    assert not re.search(r"<b>(?!←)|<i>", html)
