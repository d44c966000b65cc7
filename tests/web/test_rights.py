"""A frame that the page around has allowed little: what needs more says so, and does not fail in
silence. What cannot be known is not claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.axe import faults
from support.post import alive, elsewhere, figure, posted
from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, Serve, until

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator, Page

LEAST = "allow-scripts"
SAVING, OPENING = (
    "Saving needs allow-downloads on this frame",
    "Opening pages needs allow-popups on this frame",
)
COPYING = 'Copying needs allow="clipboard-write" on this frame'
LACKED = ", which it does not have"


def framed(page: Page, site: SiteServer, name: str, sandbox: str | None, allow: str = "") -> Frame:
    """A figure's frame that an author has written by hand, on a page of another site."""
    page.evaluate(
        """([src, sandbox, allow]) => {
          const frame = Object.assign(document.createElement('iframe'), { id: 'bare', width: 860, height: 900, allow });
          if (sandbox !== null) frame.setAttribute('sandbox', sandbox);
          frame.src = src;
          document.body.append(frame);
        }""",
        [f"{elsewhere(site)}frame.html?figure={name}&controls=all", sandbox, allow],
    )
    handle = page.locator("#bare").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame
    frame.locator("main > [status=ready]").wait_for()
    return frame


def menu(frame: Frame) -> Locator:
    """The first menu of a figure, open."""
    found = frame.locator("glass-menu").first
    found.locator("summary").click()
    return found


def told(found: Locator, words: str) -> None:
    until(lambda: words in found.locator("output").inner_text())


@pytest.fixture
def host(server: SiteServer, serve: Serve, open_page: OpenPage) -> Page:
    """Somebody's page that has not our script."""
    return posted(server, serve, open_page, policy="frame-src *", script=False)


def test_with_the_least_each_control_says_what_it_needs(
    host: Page, server: SiteServer, problems: list[str]
) -> None:
    frame = framed(host, server, "train", LEAST)
    found = menu(frame)
    for words in (SAVING, OPENING, COPYING):
        assert found.get_by_text(words).is_visible()
    assert found.get_by_text(LACKED).count() == 0  # of downloads and pages nobody can know
    found.get_by_role("button", name="Save the picture").click()
    told(
        found,
        "Saved as network.png, if this frame has allow-downloads; without that no file comes.",
    )
    found.get_by_role("button", name="Copy a link").click()
    told(found, f"{COPYING}. The link: {elsewhere(server)}frame.html")
    found.get_by_role("link", name="Source").click()
    told(found, f"{OPENING}{LACKED}. This one is at {elsewhere(server)}source/")
    assert len(host.context.pages) == 1
    assert frame.locator("glass-files").get_by_text(SAVING).is_visible()
    problems[:] = [
        one
        for one in problems
        if "sandbox" not in one and "Download" not in one and "lipboard" not in one
    ]


def test_runs_are_not_kept_and_that_is_said(
    host: Page, server: SiteServer, problems: list[str]
) -> None:
    frame = framed(host, server, "train", LEAST)
    frame.locator("[data-command=start]").click()
    score = frame.locator("glass-score")
    score.get_by_role("link", name="See all").wait_for(timeout=BOOT * 1000)
    frame.locator("[data-command=pause]").click()
    words = "Keeping runs for other pages needs allow-same-origin on this frame, which it does not have."
    assert score.get_by_text(words).is_visible()
    assert score.get_by_text(OPENING).is_visible()
    score.get_by_role("link", name="See all").click()
    frame.locator("glass-status").get_by_text("no other page can be handed the network").wait_for()
    problems.clear()


def test_pages_open_where_they_may(host: Page, server: SiteServer) -> None:
    frame = framed(host, server, "race", f"{LEAST} allow-popups allow-popups-to-escape-sandbox")
    found = menu(frame)
    with host.context.expect_page() as opened:
        found.get_by_role("link", name="Source").click()
    assert "/source/" in opened.value.url
    assert found.locator("output").inner_text() == ""


def test_a_frame_with_an_origin_claims_nothing_that_it_does_not_know(
    host: Page, server: SiteServer
) -> None:
    frame = framed(host, server, "race", "allow-scripts allow-same-origin", "clipboard-write")
    found = menu(frame)
    assert found.locator(".lacks").count() == 0
    found.get_by_role("button", name="Save the picture").click()
    told(found, "if this frame has allow-downloads")


def test_our_script_tells_its_frames(
    server: SiteServer, serve: Serve, open_page: OpenPage, problems: list[str]
) -> None:
    page = posted(server, serve, open_page, figure("race"))
    found = menu(alive(page))
    assert found.locator(".lacks").count() == 0
    with page.expect_download():
        found.get_by_role("button", name="Save the picture").click()
    told(found, "Saved as race.png.")
    # What WordPress makes of it; now there is a sandbox that is known.
    with page.expect_event("framenavigated"):
        page.evaluate(
            """() => {
              const frame = document.querySelector('iframe');
              frame.setAttribute('sandbox', 'allow-scripts');
              frame.src += '&seed=1';
            }"""
        )
    frame = alive(page)
    frame.locator("main > [status=ready]").wait_for()
    until(lambda: frame.evaluate("() => document.documentElement.dataset.sandbox") == LEAST)
    found = menu(frame)
    assert found.get_by_text(f"{SAVING}{LACKED}").is_visible()
    found.get_by_role("button", name="Save the picture").click()
    told(found, "race.png was not saved: this frame has no allow-downloads.")
    problems[:] = [one for one in problems if "sandbox" not in one and "Download" not in one]


def test_on_a_page_of_the_same_site_the_sandbox_is_read(
    server: SiteServer, serve: Serve, open_page: OpenPage, problems: list[str]
) -> None:
    html = '<!doctype html><link rel="icon" href="data:,"><title>A post</title><iframe width="860" height="900" sandbox="allow-scripts allow-same-origin" src="frame.html?figure=race"></iframe>'
    own = serve({"post.html": Answer(html.encode(), headers={"Content-Type": "text/html"})})
    page = open_page(own.url + "post.html")
    frame = page.frames[1]
    frame.locator("main > [status=ready]").wait_for()
    assert menu(frame).get_by_text(f"{SAVING}{LACKED}").is_visible()


def test_at_home_nothing_is_missing(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "race.html")
    page.locator("glass-race[status=ready]").wait_for()
    found = menu(page.main_frame)
    assert found.locator(".lacks").count() == 0
    with page.expect_download():
        found.get_by_role("button", name="Save the picture").click()
    told(found, "Saved as race.png.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_can_be_read(
    server: SiteServer, serve: Serve, open_page: OpenPage, scheme: str
) -> None:
    page = posted(server, serve, open_page, policy="frame-src *", script=False, color_scheme=scheme)
    frame = framed(page, server, "train", LEAST)
    menu(frame)
    assert faults(frame) == []
