"""The paper of train.html, as tests draw on it: with a mouse, a finger, or its keys."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.trainer import Trainer, until

Points = list[tuple[float, float]]  # across and down, 0 to 1 of the paper's side

SEVEN: list[Points] = [[(0.3, 0.25), (0.5, 0.24), (0.7, 0.25), (0.58, 0.55), (0.46, 0.85)]]
FOUR: list[Points] = [[(0.35, 0.2), (0.3, 0.55), (0.7, 0.55)], [(0.62, 0.2), (0.6, 0.85)]]

# What the page gives a network to read: after a frame, for the paper tells of its ink at the next.
INPUT = """async () => {
  await new Promise(requestAnimationFrame);
  const input = document.querySelector('glass-train').training.looked.input.value;
  return input && [...input];
}"""


class Paper:
    """The digit's place in an open train.html, and what the network makes of what is on it."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.page = trainer.page
        self.sheet = self.page.get_by_role("application", name="Paper to draw a digit on")

    def take(self) -> Paper:
        """Press the button that brings the paper, or the drawing that was put away."""
        self.page.locator("glass-digit [data-command=draw]").click()
        self.sheet.wait_for()
        self.sheet.scroll_into_view_if_needed()
        return self

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place on the paper as one in the window."""
        box = self.sheet.bounding_box()
        assert box
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def draw(self, strokes: list[Points]) -> None:
        """With the mouse, each stroke in a few dozen small movements."""
        for first, *rest in strokes:
            self.page.mouse.move(*self.at(*first))
            self.page.mouse.down()
            for point in rest:
                self.page.mouse.move(*self.at(*point), steps=12)
            self.page.mouse.up()
        self.settle()

    def settle(self) -> None:
        """Until the address carries what is on the paper."""
        until(lambda: self.page.evaluate("() => location.search").find(self.code) >= 0)

    @property
    def code(self) -> str:
        """The drawing as the address spells it; '' when there is no paper."""
        settings = "document.querySelector('glass-train').settings"
        return str(self.page.evaluate(f"() => {settings}.get('drawing')"))

    def activity(self) -> dict[str, Any] | None:
        """What the shown network does: its `input`, `label`, `outputs`, and its weights."""
        found: dict[str, Any] | None = self.page.evaluate(
            """() => {
              const network = document.querySelector('glass-train').shadowRoot.querySelector('glass-forward');
              const { frame } = network;
              const read = (name) => [...frame.arrays[name].data];
              return frame?.arrays.x && frame.arrays['layers.0.weight'] ? { label: frame.label, input: read('x'),
                outputs: read('layers.1.a'),
                layers: [0, 1].map((i) => [read(`layers.${i}.weight`), read(`layers.${i}.bias`)]) } : null;
            }"""
        )
        return found

    def pixels(self) -> NDArray[np.uint8]:
        """What goes into the network, (28, 28); zeros while nothing does."""
        activity = self.activity()
        shown = np.array(activity["input"] if activity else np.zeros(784)) * 255
        assert np.abs(shown - np.rint(shown)).max() < 1e-4
        image: NDArray[np.uint8] = np.rint(shown).astype(np.uint8).reshape(28, 28)
        return image

    def until_read(self) -> dict[str, Any]:
        """The activity for what is looked at now, once the network has answered to just that."""
        found: list[dict[str, Any]] = []

        def answered() -> bool:
            given = self.page.evaluate(INPUT)
            activity = self.activity()
            if given and activity and np.allclose(activity["input"], given, atol=1e-6):
                found.append(activity)
            return bool(found)

        until(answered)
        return found[0]

    def said(self) -> str:
        return self.page.locator("glass-forward .say").inner_text()


def outputs_of(activity: dict[str, Any]) -> NDArray[np.float64]:
    """The outputs that its own weights give for its own input, computed here."""
    x = np.array(activity["input"])
    for weight, bias in activity["layers"]:
        x = 1 / (1 + np.exp(-(np.array(weight).reshape(len(bias), -1) @ x + bias)))
    return x
