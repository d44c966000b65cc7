"""axe finds nothing serious, in any theme and state; contrasts are what LOOKS promise."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from make.settings import WEB
from support.after import frames
from support.axe import faults
from support.server import Answer, SiteServer
from support.trainer import OpenPage, Serve, Trainer, until

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


def test_the_training_page(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "train.html?batch=0")
    trainer = Trainer(page)
    trainer.wait_for_digits()

    def check() -> None:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            frames(page)
            assert faults(page) == [], scheme

    check()
    trainer.wait_for_network()
    trainer.train(600)
    for summary in page.locator("glass-train summary").all():
        summary.press("Enter")  # a menu that is open lies over what is below it
    for width in [1280, 360]:
        page.set_viewport_size({"width": width, "height": 900})
        check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page(server: SiteServer, open_page: OpenPage, scheme: str) -> None:
    page = open_page(server.url, color_scheme=scheme)
    page.locator("glass-strip canvas").wait_for()
    assert faults(page) == []


def test_a_failure(serve: Serve, site: Path, open_page: OpenPage, problems: list[str]) -> None:
    shard = next(site.glob("data/mnist-*/test-00*")).relative_to(site).as_posix()
    broken = serve({shard: Answer(status=404)})
    page = open_page(broken.url + "train.html")
    page.locator("glass-status .failure").wait_for()
    assert faults(page) == []
    problems.clear()  # the 404, which the console reports


def test_planted_faults_are_found(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url)
    page.evaluate(
        """() => { const button = document.createElement('button'); document.body.append(button);
          document.querySelector('.lead').style.color = '#bbb'; }"""
    )
    assert {fault.split(":")[0] for fault in faults(page)} >= {"button-name", "color-contrast"}


def test_forced_colours_are_used(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "train.html", forced_colors="active")
    Trainer(page).wait_for_digits()
    colours = page.evaluate(
        """() => { const probe = document.createElement('p'); document.body.append(probe);
          probe.style.color = 'var(--ink)'; const ink = getComputedStyle(probe).color;
          probe.style.color = 'CanvasText'; return [ink, getComputedStyle(probe).color]; }"""
    )
    assert colours[0] == colours[1]


def test_reduced_motion_moves_nothing(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "train.html", reduced_motion="reduce")
    Trainer(page).wait_for_digits()
    assert page.evaluate("() => document.getAnimations().length") == 0
    page.locator("[data-command=step]").hover()
    assert page.evaluate("() => document.getAnimations().length") == 0
    style = "getComputedStyle(document.documentElement).getPropertyValue"
    assert page.evaluate(f"() => {style}('--hover').trim()") == "0ms"


def test_the_theme_is_remembered_and_painted_first(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url, color_scheme="light")
    button = page.locator("glass-theme button")
    button.click()
    until(lambda: "light" in button.inner_text())
    button.click()
    until(lambda: "dark" in button.inner_text())
    page.goto(server.url + "train.html")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert (
        page.evaluate("() => getComputedStyle(document.body.parentElement).backgroundColor")
        == "rgb(21, 24, 29)"
    )


def test_a_canvas_follows_the_theme(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url, color_scheme="light")
    wall = "document.querySelector('glass-home').shadowRoot.querySelector('glass-strip')"
    corner = f"() => {{ const c = {wall}?.shadowRoot.querySelector('canvas'); return [...c?.getContext('2d').getImageData(1, 1, 1, 1).data ?? []]; }}"
    until(lambda: page.evaluate(corner) == [255, 255, 255, 255])
    page.emulate_media(color_scheme="dark")
    until(lambda: page.evaluate(corner) == [13, 15, 18, 255])


# The tokens themselves ------------------------------------------------------------------------

TOKENS = (WEB / "styles" / "tokens.css").read_text(encoding="utf-8")


PAIRS = re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\);", TOKENS)
LIGHT = {name: light for name, light, _ in PAIRS}
DARK = {name: dark for name, _, dark in PAIRS}


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_graphics_have_contrast(theme: dict[str, str]) -> None:
    for ground in ["--page", "--panel"]:
        for text in ["--ink", "--muted", "--accent", "--accent-over"]:
            assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
        for graphic in ["--line", "--negative", "--positive"]:
            assert contrast(theme[graphic], theme[ground]) >= 3, (graphic, ground)
    assert contrast(theme["--on-accent"], theme["--accent"]) >= 4.5
    assert contrast(theme["--on-accent"], theme["--accent-over"]) >= 4.5
    for end in ["--negative", "--positive"]:
        assert contrast(theme[end], theme["--zero"]) >= 3


def test_type_sizes_grow() -> None:
    sizes = [float(size) for size in re.findall(r"--size-\w+: calc\(([\d.]+) \*", TOKENS)]
    assert len(sizes) == 4
    assert all(small < large for small, large in pairwise(sizes))
