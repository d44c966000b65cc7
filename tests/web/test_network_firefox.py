"""The network page in stock Firefox: the recorded step, Python's own, a stop, a number, the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.insider import Insider
from support.server import SiteServer
from support.trainer import BOOT, until


@pytest.fixture
def insider(server: SiteServer, firefox: Browser) -> Iterator[Insider]:
    context = firefox.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url + "network.html?model=conv&stop=delta")
    yield Insider(page)
    context.close()
    assert problems == []


def test_it_goes_through_a_step(insider: Insider) -> None:
    insider.wait_for_step()
    names = insider.names()
    assert insider.stop() == next(name for name in names if name.endswith(".delta"))
    insider.wait_for_python()
    assert insider.names() == names
    insider.page.locator("glass-stops [data-command=next]").click()
    assert insider.stop() == names[names.index("loss")]
    insider.pick("layers.0.a", 1000)
    until(lambda: "row" in insider.number() and "activations.py" in insider.number())
    insider.panel("why")
    until(lambda: "=" in insider.text("glass-why"), BOOT)
