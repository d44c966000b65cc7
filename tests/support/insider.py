"""Reads what network.html shows: its model holds the very arrays that it draws."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from playwright.sync_api import Frame, Page

from support.trainer import BOOT, until

_INSIDE = "const figure = document.querySelector('glass-network'); const inside = figure?.inside;"


class Insider:
    """One open network.html."""

    def __init__(self, page: Page | Frame) -> None:
        self.page = cast(Page, page)

    def ask(self, script: str, argument: Any = None) -> Any:
        """What a line of JavaScript says of the page's model, `inside`."""
        return self.page.evaluate(f"(argument) => {{ {_INSIDE} {script} }}", argument)

    def source(self) -> str:
        """Who computed the step on the screen: recorded, forward, python; '' before there is one."""
        return str(self.ask("return inside?.step.value?.from ?? ''"))

    def wait_for_step(self) -> None:
        until(lambda: self.source() != "")

    def wait_for_python(self) -> None:
        """Until the step on the screen is Python's, of just this digit and network."""
        until(
            lambda: self.ask(
                "return Boolean(inside?.steps.of(inside.key.value)) && inside.examined.value > 0"
            ),
            BOOT,
        )

    def text(self, selector: str) -> str:
        """All that an element of the figure says, with what stands in the elements in it."""
        return str(
            self.ask(
                """const said = (node) => node.nodeType === Node.TEXT_NODE ? node.data
                  : ['STYLE', 'SCRIPT'].includes(node.nodeName) ? ''
                  : [...(node.shadowRoot ?? node).childNodes].map(said).join(' ');
                const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
                const found = argument === 'glass-network' ? figure : all(figure.shadowRoot).find((one) => one.matches(argument));
                return found ? said(found).replace(/\\s+/g, ' ') : ''""",
                selector,
            )
        )

    def status(self) -> str:
        return self.page.locator("glass-network glass-status p[role=status]").inner_text()

    def stop(self) -> str:
        """Name of the array at which the page stands."""
        return str(self.ask("return inside.step.value.quantities[inside.stop.value].name"))

    def names(self) -> list[str]:
        """The arrays of the step on the screen, in their order."""
        found: list[str] = self.ask("return inside.step.value.quantities.map(({ name }) => name)")
        return found

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """All arrays of the step on the screen, by name."""
        found = self.ask(
            "return inside.step.value.quantities.map(({ name, shape, data }) => [name, shape, [...data]])"
        )
        return {name: np.array(data).reshape(shape) for name, shape, data in found}

    def choose(self, split: str, index: int) -> None:
        self.ask("inside.looked.choose(argument[0], argument[1])", [split, index])
        until(
            lambda: self.ask(
                "return inside.looked.look.value.index === argument && inside.looked.look.value.pixels !== null",
                index,
            )
        )

    def pick(self, name: str, at: int) -> None:
        """Pick a number of an array, as a click in its picture does."""
        self.ask(
            """figure.shadowRoot.querySelector('glass-anatomy').dispatchEvent(
              new CustomEvent('pick', { detail: { name: argument[0], at: argument[1] } }))""",
            [name, at],
        )

    def number(self) -> str:
        """What the card of the picked number says."""
        return self.text("glass-number")

    def set(self, name: str, value: str) -> None:
        assert (
            self.ask("return inside.settings.set(argument[0], argument[1])", [name, value]) is None
        )

    def look_into(self, model: str) -> None:
        """Look into another network, and wait until it is there."""
        self.ask("window.shown = inside.subject.shown.value")
        self.set("model", model)
        until(lambda: self.ask("return inside.subject.shown.value !== window.shown"), BOOT)

    def panel(self, name: str) -> None:
        self.page.locator(f"glass-panels [role=tab]#{name}").click()
