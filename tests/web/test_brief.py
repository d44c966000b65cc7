"""Figures in a post get by with little data until somebody touches them; then they have all."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, ViewportSize

from support.server import Answer, SiteServer
from support.trainer import OpenPage, Serve, until

# Bytes before a touch, compressed. 150,000 are asked for; the network's are over it by the exact
# weights of the shipped network, 107 KB, which its picture shows.
LIMITS = {"home": 150_000, "race": 150_000, "train": 150_000, "network": 290_000}


ALL: ViewportSize = {"width": 1280, "height": 2000}  # whatever is in sight comes


def posted(page: Page, server: SiteServer, figure: str) -> FrameLocator:
    """A figure's frame in somebody's post, ready."""
    frame = f'<!doctype html><iframe src="frame.html?figure={figure}" width="700" height="1900">'
    html = {"Content-Type": "text/html", "Content-Security-Policy": "img-src data:"}
    server.overlay["post.html"] = Answer(f"{frame}</iframe>".encode(), headers=html)
    page.goto(server.url + "post.html")
    page.frame_locator("iframe").locator("main > [status=ready]").wait_for()
    page.wait_for_load_state("networkidle")
    return page.frame_locator("iframe")


@pytest.fixture
def requested(serve: Serve) -> Iterator[SiteServer]:
    yield serve()


def names(server: SiteServer) -> list[str]:
    return [Path(file).name for file in server.requested]


@pytest.mark.parametrize("figure", LIMITS)
def test_little_comes_before_a_touch(
    requested: SiteServer, open_page: OpenPage, site: Path, figure: str
) -> None:
    posted(open_page(viewport=ALL), requested, figure)
    files = {file for file in requested.requested if (site / file).is_file()}
    packed = [(site / file).read_bytes() for file in files]
    sizes = [
        len(data) if file.endswith(".gz") else len(gzip.compress(data, 6))
        for file, data in zip(files, packed, strict=True)
    ]
    assert 50_000 < sum(sizes) < LIMITS[figure]
    assert not [file for file in files if file.startswith("python/") and "manifest" not in file]


def test_curves_are_a_sketch_until_they_are_touched(
    requested: SiteServer, open_page: OpenPage
) -> None:
    """What reads values off them comes with the pointer or the keyboard, in the sketch's place."""
    frame = posted(open_page(viewport=ALL), requested, "train")
    sketch, chart = (frame.locator(f"glass-curve {one}") for one in (".sketch path", ".uplot"))
    assert sketch.count() == 4 and chart.count() == 0
    for path in sketch.all():  # all lines are in the drawing
        numbers = [int(one) for one in re.findall(r"\d+", path.get_attribute("d") or "")]
        assert not numbers or 0 <= min(numbers) <= max(numbers) <= 1000
    assert not [name for name in names(requested) if name.startswith("charts-")]
    frame.get_by_role("slider", name="Values along the run").focus()
    until(lambda: chart.count() == 2 and sketch.count() == 0)
    frame.get_by_role("slider", name="Values along the run").press("Home")
    frame.get_by_text("Step 8, average loss").wait_for()


@pytest.mark.parametrize("figure", ["home", "train"])
def test_the_end_is_shown_and_the_rest_comes_when_it_is_played(
    requested: SiteServer, open_page: OpenPage, figure: str
) -> None:
    frame = posted(open_page(), requested, figure)
    slider = frame.get_by_role("slider", name="Recorded step")
    assert slider.get_attribute("aria-valuetext") == "step 6,000 of 6,000"
    assert "between.bin.gz" not in names(requested)
    assert ("first.bin.gz" in names(requested)) == (figure == "home")  # it shows what has changed
    slider.press("Home")
    until(lambda: slider.get_attribute("aria-valuetext") == "step 0 of 6,000")
    assert names(requested).count("first.bin.gz") == 1 and "between.bin.gz" not in names(requested)
    frame.get_by_role("button", name="Play the recording").click()
    until(lambda: slider.get_attribute("aria-valuetext") == "step 2 of 6,000")
    assert names(requested).count("between.bin.gz") == 1


def test_what_does_not_come_is_told_and_the_end_stays(
    requested: SiteServer, open_page: OpenPage, site: Path, problems: list[str]
) -> None:
    frame = posted(open_page(), requested, "home")
    between = next(site.glob("recording-*/between.bin.gz")).relative_to(site).as_posix()
    requested.overlay[between] = Answer(b"", status=404)
    slider = frame.get_by_role("slider", name="Recorded step")
    slider.press("ArrowLeft")
    frame.get_by_text("between.bin.gz").wait_for()
    assert slider.get_attribute("aria-valuetext") == "step 6,000 of 6,000"
    del requested.overlay[between]
    slider.press("ArrowLeft")
    until(lambda: slider.get_attribute("aria-valuetext") == "step 4,500 of 6,000")
    problems[:] = [one for one in problems if "404" not in one]
