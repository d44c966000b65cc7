"""Links that are shared: each page has a picture, painted from its own data, and a whole address
where the site's is known."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from make import social
from make.console import BuildError
from make.preview import paint
from make.settings import WEB
from support.png import LARGEST, pixels

PAGES = {"index": "home", "train": "train", "browse": "browse", "race": "race"}
PAGES |= {"network": "home", "learn": "train", "reading": "train"}  # painted for others
TOKENS = paint.colours(WEB / "styles" / "tokens.css")
PICTURES = {"home": "assets/preview-home-0123ABCD.png"}
HTML = '<meta property="og:title" content="t"><meta content="preview/home.png">'


def told(site: Path, page: str) -> dict[str, str]:
    """What a page tells of itself, by property."""
    html = (site / f"{page}.html").read_text(encoding="utf-8")
    found = re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', html)
    assert len(dict(found)) == len(found)
    return dict(found)


def picture(site: Path, page: str) -> NDArray[np.uint8]:
    return pixels((site / told(site, page)["og:image"]).read_bytes())


def share(of: NDArray[np.uint8], colour: str) -> float:
    """How much of a picture has a colour of the tokens."""
    return float((of == TOKENS[colour]).all(axis=2).mean())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_picture(site: Path, page: str) -> None:
    tags = told(site, page)
    path = site / tags["og:image"]
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:8].upper()
    assert path.name == f"preview-{PAGES[page]}-{digest}.png"
    assert len(data) < LARGEST
    assert tags["twitter:card"] == "summary_large_image"
    assert len(tags["og:image:alt"]) > 40
    size = (int(tags["og:image:height"]), int(tags["og:image:width"]))
    assert pixels(data).shape == (*size, 3) == (630, 1200, 3)


def test_older_pictures_are_cleared_away(site: Path) -> None:
    assert len(list(site.glob("assets/preview-*"))) == len(set(PAGES.values()))


def test_the_map_has_ten_colours(site: Path) -> None:
    shown = picture(site, "browse")
    assert all(share(shown, f"class-{label}") > 0.004 for label in range(10))
    assert share(shown, "page") > 0.5


def test_the_networks_weights_are_signed(site: Path) -> None:
    for page in ("index", "train"):
        shown = picture(site, page)
        assert share(shown, "negative") > 0.0005 and share(shown, "positive") > 0.0005
        assert share(shown, "zero") > 0.01
    values = np.array([-9, -2, 0, 2, 9], np.float32)
    ends = paint.signed(values, 2.0, TOKENS)
    names = ["negative", "negative", "zero", "positive", "positive"]
    assert [tuple(one) for one in ends.tolist()] == [TOKENS[name] for name in names]


def test_the_bars_are_as_long_as_the_engines_were_quick(site: Path) -> None:
    text = (WEB / "data" / "recorded-race.json").read_text(encoding="utf-8")
    speed = {
        lane["engine"]: lane["steps"][-1] / lane["seconds"][-1]
        for lane in json.loads(text)["lanes"]
    }
    shown = picture(site, "race")
    longest = {
        engine: int((shown == TOKENS[colour]).all(axis=2).sum(axis=1).max())
        for engine, colour in (("numpy", "ink"), ("simd", "positive"))
    }
    assert longest["simd"] > 0.85 * shown.shape[1]
    ratio = longest["numpy"] / longest["simd"]
    assert ratio == pytest.approx(speed["numpy"] / speed["simd"], abs=0.002)


def test_a_line_is_unbroken_and_thick() -> None:
    sheet = paint.Sheet((255, 255, 255))
    heights = np.array([100, 300, 120, 120], np.float32)
    sheet.line(np.arange(50, 54), heights, (0, 0, 0), 4)
    inked = (sheet.pixels == 0).all(axis=2)
    assert inked[98:302, 51].all() and inked[118:122, 53:56].all()
    assert not inked[:98].any() and not inked[302:].any()


def test_what_hangs_over_the_edge_is_cut_off() -> None:
    sheet = paint.Sheet((255, 255, 255))
    corner = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)
    sheet.paste(corner, -4, -7)
    sheet.paste(corner, paint.WIDTH - 2, paint.HEIGHT - 3)
    assert (sheet.pixels[:3, :6] == corner[7:, 4:]).all()
    assert (sheet.pixels[-3:, -2:] == corner[:3, :2]).all()
    assert (sheet.pixels[3:-3] == 255).all()


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("https://example.org", "https://example.org/"),
        ("http://example.org:8080/a/b/", "http://example.org:8080/a/b/"),
    ],
)
def test_an_address(given: str, root: str) -> None:
    assert social.checked(given) == root
    html = social.told(HTML, "race.html", PICTURES, root)
    assert f'<meta content="{root}assets/preview-home-0123ABCD.png">' in html
    assert f'<link rel="canonical" href="{root}race.html">' in html
    assert f'<meta property="og:url" content="{root}race.html">' in html
    first = social.told(HTML, "index.html", PICTURES, root)
    assert f'<link rel="canonical" href="{root}">' in first


def test_no_address() -> None:
    html = social.told(HTML, "race.html", PICTURES, None)
    assert html == HTML.replace("preview/home.png", PICTURES["home"])


@pytest.mark.parametrize(
    "address",
    [
        *("example.org", "ftp://example.org/", "https://", "https://a/?b", "https://a/#b"),
        *('https://a/"><script>', "https://a b/", "https://me@a/", "https://a:x/", ""),
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BuildError, match="is no address of a site"):
        social.checked(address)


def test_a_picture_that_nobody_paints() -> None:
    with pytest.raises(BuildError, match=r"a\.html has a picture preview/b\.png"):
        social.told('<meta content="preview/b.png">', "a.html", PICTURES, None)
