"""Drawing in stock Firefox: the pointer inks, the network reads, a link is the same digit here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser

from support.after import NEVER_IDLE
from support.paper import FOUR, SEVEN, Paper
from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until


@pytest.fixture
def paper(server: SiteServer, firefox: Browser) -> Iterator[Paper]:
    """An empty paper, beside the end of the recorded run."""
    context = firefox.new_context(reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(NEVER_IDLE)
    page.goto(server.url + "train.html?drawing=0")
    paper = Paper(Trainer(page))
    until(lambda: paper.page.locator("glass-forward .say").count(), 30)
    until(lambda: "empty" in paper.said(), 30)
    paper.sheet.scroll_into_view_if_needed()
    yield paper
    context.close()
    assert problems == []


def test_it_is_read(paper: Paper) -> None:
    paper.draw(SEVEN)
    until(lambda: paper.said().startswith("The network reads this as 7 ("))
    paper.page.locator("glass-paper").get_by_role("button", name="Undo").click()
    until(lambda: "empty" in paper.said())


def test_its_link_is_the_same_digit_in_chromium(
    paper: Paper, server: SiteServer, open_page: OpenPage
) -> None:
    """Canvases differ in how they soften edges; ink that is computed does not."""
    paper.draw(FOUR)
    other = open_page(f"{server.url}train.html?drawing={paper.code}", reduced_motion="reduce")
    chromium = Paper(Trainer(other))
    until(lambda: chromium.pixels().any(), 30)
    np.testing.assert_array_equal(chromium.pixels(), paper.pixels())
