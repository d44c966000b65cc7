"""The elements' archive for npm is enough: served alone, somewhere below a path, they learn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from make.release import elements
from support.server import Answer, SiteServer, running
from support.trainer import BOOT, OpenPage, Serve, until

POLICY = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' data: blob: http://localhost:*"
STEP = "document.querySelector('glass-train').training.run.frame.value?.step ?? -1"


@pytest.fixture
def package(site: Path, tmp_path: Path) -> Iterator[SiteServer]:
    with running(elements.staged(tmp_path / "package"), prefix="/node_modules/glassnet/") as server:
        yield server


def test_an_element_and_a_frame_work(
    package: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    url = package.url.replace("127.0.0.1", "localhost")
    html = (
        '<!doctype html><title>A page</title><link rel="icon" href="data:,">'
        '<glass-train digit="7"></glass-train><figure data-glassnet="network"><p>…</p></figure>'
        f'<script async type="module" src="{url}glassnet.js"></script>'
    )
    answers = []
    page = open_page()
    page.on("response", lambda response: answers.append((response.status, response.url)))
    theirs = Answer(html.encode(), headers={"Content-Security-Policy": POLICY})
    page.goto(serve({"page.html": theirs}).url + "page.html")
    train, frame = page.locator("glass-train"), page.locator("figure")
    until(lambda: train.get_attribute("status") == "ready", BOOT)
    page.locator("glass-train [data-command=step]").click()
    until(lambda: page.evaluate(f"() => {STEP}") >= 0, BOOT)
    frame.scroll_into_view_if_needed()
    until(lambda: frame.get_attribute("data-status") in ("ready", "running"), BOOT)
    assert [one for one in answers if one[0] >= 400] == []
