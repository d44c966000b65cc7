"""Bare links that bring a figure: each row of figures.toml has a folder with a page, true pictures
in both themes and, where the site's address is known, what oEmbed asks for."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray

from make import node, pages
from make.console import BuildError
from make.embed import drawn, folder, sheets, table
from make.embed.pictures import THEMES, Site, painted
from make.embed.table import Row
from make.preview import paint
from make.settings import WEB, settings
from support.png import LARGEST, pixels

ROOT = "https://example.org/glassnet/"
FRAME_ATTRIBUTES = {"sandbox", "src", "width", "height", "title", "loading"}
ROW = """[[row]]
name = "a"
figure = "train"
query = "?view=changed"
title = "t"
description = "d"
alt = "a picture of what is there"
height = 600
"""
TABLES = {  # where the names are that a query may have, by figure
    "train": "table.js",
    "network": "inside-table.js",
    "browse": "browse-table.js",
}


class Tags(HTMLParser):
    """The tags of a page, in order, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attributes
            for name, attributes in self.found
            if name == tag and wanted.items() <= attributes.items()
        ]


@pytest.fixture(scope="module")
def built(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site's parts by the names that the painter has for them."""
    root = tmp_path_factory.mktemp("parts")
    for name in ("model", "conv", "recording", "data/mnist"):
        (found,) = site.glob(f"{name}-*")
        (root / name.partition("/")[0]).symlink_to(found)
    for name, of in (("step", "model"), ("conv_step", "conv")):
        weights = read(root / of / "model.json")["weights"]["sha256"]
        (found,) = [
            p.parent for p in site.glob("step-*/step.json") if read(p)["weights"] == weights
        ]
        (root / name).symlink_to(found)
    return Site(root, WEB)


@pytest.fixture(scope="module")
def rows(built: Site) -> dict[str, Row]:
    return {row.name: row for row in table.rows(built.root / "data" / "index.json")}


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def picture(site: Path, row: str, theme: str = "light") -> NDArray[np.uint8]:
    return pixels((site / "embed" / row / f"{theme}.png").read_bytes())


def ink(theme: str) -> dict[str, paint.Colour]:
    return paint.colours(WEB / "styles" / "tokens.css", theme)


def at(sheet: NDArray[np.uint8], part: NDArray[np.uint8], left: int, top: int) -> bool:
    """Whether a part of a sheet has its corner there."""
    return np.array_equal(sheet[top : top + len(part), left : left + part.shape[1]], part)


def test_each_row_has_its_folder_and_no_other(site: Path, rows: dict[str, Row]) -> None:
    assert 18 <= len(rows) <= 26
    assert {path.name for path in site.glob("embed/*")} == set(rows)
    for name in rows:
        there = {path.name for path in (site / "embed" / name).iterdir()} - {"oembed.json"}
        assert there == {"index.html", "light.png", "dark.png"}


def test_pictures_are_small_and_each_another(site: Path, rows: dict[str, Row]) -> None:
    shipped = json.loads(next(site.glob("model-*/model.json")).read_text("utf-8"))
    seen = set()
    for name in rows:
        for theme in THEMES:
            data = (site / "embed" / name / f"{theme}.png").read_bytes()
            shown = pixels(data)
            assert shown.shape == (630, 1200, 3)
            assert len(data) < LARGEST
            ground = ink(theme)["pixel-zero" if "sort" in rows[name].query else "page"]
            assert (shown == ground).all(axis=2).mean() > 0.25, (name, theme)
            seen.add(hashlib.sha256(shown.tobytes()).digest())
    (own,) = {  # the digit that the network opens on, which may be one that has a row of its own
        told["digit"]["index"]
        for told in (json.loads(path.read_text("utf-8")) for path in site.glob("step-*/step.json"))
        if told["weights"] == shipped["weights"]["sha256"]
    }
    states = {(row.figure, row.query) for row in rows.values()}
    twins = ("network", f"?digit={own}") in states
    assert len(seen) == len(THEMES) * (len(rows) - twins)
    assert table.PICTURE == (paint.WIDTH, paint.HEIGHT)


def test_themes_have_colours_of_their_own() -> None:
    light, dark = ink("light"), ink("dark")
    assert set(light) == set(dark) and {"page", "zero", "class-9", "pixel-one"} <= set(light)
    assert light["page"] == (255, 255, 255) and dark["page"] == (0x15, 0x18, 0x1D)
    assert paint.colours(WEB / "styles" / "tokens.css") == light


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("label", range(10))
def test_a_network_is_at_work_on_the_digit_that_its_link_names(
    site: Path, built: Site, rows: dict[str, Row], label: int, theme: str
) -> None:
    row = rows[f"network-{label}"]
    digit = int(parse_qs(row.query[1:], strict_parsing=True)["digit"][0])
    test = built.data.test
    assert test.labels[digit] == label and label not in test.labels[:digit]
    shown = picture(site, row.name, theme)
    x, y, size = sheets.WHOLE.digit
    assert at(shown, on_paper(test.images[digit], 8, theme), x - size // 2, y - size // 2)
    outputs = built.shipped("model").predict(test.images[digit : digit + 1])[0]
    check_bars(shown, outputs, sheets.WHOLE, theme)
    # The class that is right, and no other, is outlined.
    x, y, pitch, _ = sheets.WHOLE.answers
    outlined = [
        bool(
            (shown[y + one * pitch : y + (one + 1) * pitch, x] == ink(theme)["accent"]).all(1).any()
        )
        for one in range(10)
    ]
    assert outlined == [one == label for one in range(10)]


def on_paper(image: NDArray[np.uint8], times: int, theme: str) -> NDArray[np.uint8]:
    """A digit in the colours of its paper, here computed anew."""
    zero, one = (np.array(ink(theme)[name]) for name in ("pixel-zero", "pixel-one"))
    share = np.round(image.astype(np.float32) / np.float32(255) * paint.SHADES)[..., None]
    mixed = np.round(zero + share * (one - zero) / paint.SHADES).astype(np.uint8)
    return np.kron(mixed, np.ones((times, times, 1), np.uint8))


def check_bars(
    shown: NDArray[np.uint8], outputs: NDArray[np.float32], places: sheets.Places, theme: str
) -> None:
    """Bars are as long as the outputs are large."""
    left, right, _ = places.bars
    _, top, pitch, _ = places.answers
    for one, output in enumerate(outputs):
        bar = shown[top + one * pitch + pitch // 2, left:right]
        filled = int((bar != ink(theme)["zero"]).any(axis=1).sum())
        assert abs(filled - (right - left) * output) <= 1, one


def test_networks_open_on_the_digits_of_their_recorded_steps(site: Path, built: Site) -> None:
    for name, step, places in (
        ("network", "step", sheets.WHOLE),
        ("network-conv", "conv_step", sheets.OF_MAPS),
    ):
        digit = read(built.root / step / "step.json")["digit"]
        image = built.data.test.images[digit["index"]]
        shown = picture(site, name)
        x, y, size = places.digit
        assert at(shown, on_paper(image, 8, "light"), x - size // 2, y - size // 2)
        outputs = built.shipped("conv" if "conv" in name else "model").predict(image[None])[0]
        check_bars(shown, outputs, places, "light")


def test_the_recorded_run_is_painted_where_it_ends(site: Path, built: Site) -> None:
    shots = built.recorded.parameters
    end = max(shots)
    now, first = shots[end]["layers.0.weight"], shots[0]["layers.0.weight"]
    x, y, times = sheets.ABOVE.tiles
    edge = 28 * times
    pitch = edge + 2 * sheets.ABOVE.frame + sheets.ABOVE.gap
    full = float(np.percentile(np.abs(now), 99))
    for name, tiles in (("train", now), ("train-changed", now - first)):
        shown = picture(site, name)
        for unit in (0, 13, 35):
            tile = paint.signed(tiles[unit].reshape(28, 28), full, ink("light"))
            corner = (x + unit % 6 * pitch, y + unit // 6 * pitch)
            left, top = (one + sheets.ABOVE.frame for one in corner)
            assert at(shown, paint.enlarged(tile, times), left, top), (name, unit)


def test_a_picture_is_painted_the_same_here_and_another_for_another_state(
    site: Path, built: Site, rows: dict[str, Row]
) -> None:
    """Arithmetic may differ in its last bit from that of the interpreter it was painted in."""
    for name in ("home", "train", "network-4", "network-conv", "browse-odd", "race", "browse"):
        row = rows[name]
        sheet = painted(built, row.figure, table.state(row), ink("dark"))
        assert (sheet.pixels != picture(site, name, "dark")).any(axis=2).mean() < 1e-4, name
    one = painted(built, "network", {"digit": "11"}, ink("dark")).pixels
    other = painted(built, "network", {"digit": "12"}, ink("dark")).pixels
    x, y, size = sheets.WHOLE.digit
    assert at(one, on_paper(built.data.test.images[11], 8, "dark"), x - size // 2, y - size // 2)
    assert (one != other).any(axis=2).mean() > 0.02


@pytest.mark.parametrize(
    ("name", "column", "largest"),
    [
        ("browse-mistakes", "confidence", True),
        ("browse-labels", "loss", True),
        ("browse-odd", "similarity", False),
        ("browse-thick", "ink", True),
        ("browse-thin", "ink", False),
    ],
)
def test_digits_lie_as_the_link_sorts_them(
    site: Path, built: Site, rows: dict[str, Row], name: str, column: str, largest: bool
) -> None:
    """Those of the first row: each is one of the data set, that fits, and none comes before its
    turn."""
    columns, (images, labels) = built.columns, built.whole
    fits = np.ones(len(labels), bool)
    if "wrong" in rows[name].query:
        fits &= columns["prediction"] != labels
    if name == "browse-labels":
        fits &= (columns["confidence"] > np.float64(0.98)) & (columns["loss"] > np.float64(0.95))
    keys = columns[column] * (-1 if largest else 1)
    ids = sorted(np.flatnonzero(fits), key=lambda one: (keys[one], one))
    shown = picture(site, name)
    times = next((t for t in sheets.GRIDS if (1200 // (28 * t)) * (630 // (28 * t)) >= len(ids)), 3)
    edge = 28 * times
    left, top = 1200 % edge // 2, 630 % edge // 2
    for k, digit in enumerate(ids[: 1200 // edge]):
        assert at(shown, on_paper(images[digit], times, "light"), left + k * edge, top), k


def test_a_query_says_what_the_page_understands(rows: dict[str, Row]) -> None:
    """Names, values and presets are those of the page, which painter and table know of apart."""
    presets = (WEB / "models" / "presets.js").read_text(encoding="utf-8")
    for row in rows.values():
        if not row.query:
            continue
        said = table.state(row)
        text = (WEB / "state" / TABLES[row.figure]).read_text(encoding="utf-8")
        assert set(said) <= set(re.findall(r"^  (\w+): ", text, re.M)), row.name
        for name in ("view", "sort", "shape", "colour", "model"):
            if name in said:
                assert f"'{said[name]}'" in text, (row.name, name)
        if row.query.startswith("?find"):
            sure = re.search(r"const SURE = '([^']+)'", presets)
            assert sure
            words = [f"'{word}'" for word in said["find"].split()]
            words = ["SURE" if word == f"'{sure[1]}'" else word for word in words]
            assert f"words: [{', '.join(words)}]" in presets, row.name
        if "sort" in said:
            order = f"{{ sort: '{said['sort']}', down: '{said['down']}' }}"
            assert order in presets, row.name


def test_a_drawing_is_the_ink_that_the_page_makes_of_it(built: Site) -> None:
    script = """
      import { inkOf } from './data/ink.js';
      import { read } from './data/strokes.js';
      process.stdout.write(Buffer.from(inkOf(read(process.argv[1]))).toString('base64'));
    """
    program = node.find(settings(offline=True)).program
    for drawing in (built.drawing, "AAA", "ABCaaZZq.wwwAAAAAAA"):
        done = subprocess.run(
            [program, "--input-type=module", "-e", script, drawing],
            cwd=WEB,
            check=True,
            capture_output=True,
        )
        assert base64.b64decode(done.stdout) == drawn.ink(drawing).tobytes(), drawing


def references(tags: Tags) -> Iterator[str]:
    for tag, name in (("script", "src"), ("link", "href"), ("img", "src"), ("source", "srcset")):
        yield from (one[name] for one in tags.all(tag) if name in one)
    yield from (one["href"] for one in tags.all("a"))


def test_a_page_brings_its_figure_and_refers_to_what_is_there(
    site: Path, rows: dict[str, Row]
) -> None:
    template = pages.FRAME.read_text(encoding="utf-8")
    policy = (site / "_headers").read_text(encoding="utf-8")
    for row in rows.values():
        path = site / "embed" / row.name / "index.html"
        html = path.read_text(encoding="utf-8")
        tags = Tags(html)
        (root,) = tags.all("html")
        assert (root["data-figure"], root["data-query"]) == (row.figure, row.query)
        assert {"id": "figure"} in tags.all("main")
        scripts = [Path(one["src"]).name for one in tags.all("script") if "src" in one]
        assert any(re.fullmatch(r"frame-[A-Z0-9]{8}\.js", name) for name in scripts)
        (shown,) = tags.all("img")
        assert (shown["width"], shown["height"], shown["alt"]) == ("1200", "630", row.alt)
        for found in references(tags):
            if not urlsplit(found).netloc:
                target = path.parent / urlsplit(found).path
                assert target.resolve().is_relative_to(site) and target.is_file(), found
        for _, attributes in tags.found:
            if value := attributes.get("integrity"):
                data = (path.parent / (attributes.get("src") or attributes["href"])).read_bytes()
                assert value == sha256(data)
        (inline,) = re.findall(r'<script type="importmap">(.*?)</script>', html)
        listed = json.loads(inline)["integrity"]
        there = {f"../../{one.relative_to(site).as_posix()}" for one in site.glob("assets/*.js")}
        frame = r'src="\.\./\.\./assets/(frame-[^"]+\.js)" integrity='
        assert re.search(frame, html) and set(listed) < there
        assert {one for one in there if "/chunk-" in one} <= set(listed)
        assert all(
            value == sha256((path.parent / one).read_bytes()) for one, value in listed.items()
        )
        for text in re.findall(r"<script(?: type=\"importmap\")?>(.*?)</script>", html, re.DOTALL):
            assert f"'{sha256(text.encode())}'" in policy
        # The address may or may not be known to this build: here it is not.
        assert "oembed" not in folder.page(row, template, None)


def sha256(data: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()


def test_without_an_address_nothing_claims_to_have_one(rows: dict[str, Row]) -> None:
    template = pages.FRAME.read_text(encoding="utf-8")
    made = folder.files(rows["home"], template, None)
    assert list(made) == ["embed/home/index.html"]
    tags = Tags(made["embed/home/index.html"])
    assert [one["href"] for one in tags.all("a")] == ["../../index.html"]
    assert [one["content"] for one in tags.all("meta", property="og:image")] == ["light.png"]
    assert not tags.all("link", rel="canonical") and not tags.all("meta", property="og:url")


def test_with_an_address_all_are_whole(rows: dict[str, Row]) -> None:
    template = pages.FRAME.read_text(encoding="utf-8")
    for row in rows.values():
        own = f"{ROOT}embed/{row.name}/"
        made = folder.files(row, template, ROOT)
        assert set(made) == {f"embed/{row.name}/index.html", f"embed/{row.name}/oembed.json"}
        html = made[f"embed/{row.name}/index.html"]
        tags = Tags(html)
        leads = [one["href"] for one in tags.all("a")]
        page = "" if row.figure == "home" else f"{row.figure}.html"
        assert leads == [f"{ROOT}{page}{row.query}"]
        assert [one["href"] for one in tags.all("link", rel="canonical")] == [own]
        assert [one["content"] for one in tags.all("meta", property="og:url")] == [own]
        assert [one["content"] for one in tags.all("meta", property="og:image")] == [
            f"{own}light.png"
        ]
        assert [one["src"] for one in tags.all("img")] == ["light.png"]
        assert [one["srcset"] for one in tags.all("source")] == ["dark.png"]
        (discovery,) = tags.all("link", type="application/json+oembed")
        assert discovery == {
            "rel": "alternate",
            "type": "application/json+oembed",
            "href": f"{own}oembed.json",
            "title": row.title,
        }
        assert html.index("oembed.json") < html.index("</head>")
        assert html.encode().index(b"oembed.json") < 150_000  # bytes that WordPress looks through
        (player,) = tags.all("link", rel="iframely player")
        assert player["href"] == own
        assert player["media"] == f"(aspect-ratio: 960/{row.height})"


def test_oembed_is_what_the_specification_asks_for(rows: dict[str, Row]) -> None:
    for row in rows.values():
        told = json.loads(folder.oembed(row, ROOT))
        assert (told["version"], told["type"]) == ("1.0", "rich")
        assert (told["title"], told["provider_url"]) == (row.title, ROOT)
        assert told["provider_name"] == "glassnet"
        assert told["width"] == 960 and 200 <= told["height"] <= 1000
        thumbnail = f"{ROOT}embed/{row.name}/light.png"
        assert told["thumbnail_url"] == thumbnail
        assert (told["thumbnail_width"], told["thumbnail_height"]) == (1200, 630)
        tags = Tags(told["html"])
        assert [tag for tag, _ in tags.found] == ["blockquote", "a", "iframe"]
        (frame,) = tags.all("iframe")
        assert set(frame) == FRAME_ATTRIBUTES
        assert frame["src"] == f"{ROOT}embed/{row.name}/"
        assert frame["title"] == row.title
        assert (frame["width"], frame["height"]) == (str(told["width"]), str(told["height"]))
        assert "allow-scripts" in frame["sandbox"].split()
        assert "allow-same-origin" not in frame["sandbox"]  # a copy may lie beside the host's pages
        assert f">{row.title}</a></blockquote>" in unescape(told["html"])


def test_what_is_written_into_html_stays_text(rows: dict[str, Row]) -> None:
    wicked = replace(rows["train"], title='"><script>$x</script>', alt="a & b")
    tags = Tags(folder.page(wicked, pages.FRAME.read_text(encoding="utf-8"), ROOT))
    assert len(tags.all("script")) == 2
    assert tags.all("img")[0]["alt"] == "a & b"
    assert tags.all("meta", property="og:title") == [
        {"property": "og:title", "content": wicked.title}
    ]
    html = json.loads(folder.oembed(wicked, ROOT))["html"]
    assert [tag for tag, _ in Tags(html).found] == ["blockquote", "a", "iframe"]
    with pytest.raises(BuildError, match=r"embed\.html asks for what no row has: 'nothing'"):
        folder.page(wicked, "<p>$nothing</p>", ROOT)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[[row]]", "[[rows]]", "is no table of rows"),
        ('name = "a"', 'name = "a', "is no table of rows"),
        ('name = "a"', 'name = "A/.."', "small letters"),
        ('name = "a"', "", "'a row without a name': name has to be given"),
        ('alt = "a picture of what is there"', "", "'a': alt has to be given, as str"),
        ("height = 600", 'height = "600"', "height has to be given, as int"),
        ("height = 600", "height = 1200", "a height of 200 to 1000, not 1200"),
        ("height = 600", "height = 600\nwidth = 3", "nothing is called 'width'"),
        ('"train"', '"training"', "'training' is none of"),
        ("?view=changed", "view=changed", "the query 'view=changed' is none"),
        ("?view=changed", "?view=shaken", "no picture can be painted of view=shaken"),
        ("?view=changed", "?rate=3", "no picture can be painted of rate=3"),
        ("?view=changed", "?digit={first}", "names what there is not"),
        ("[[row]]", "[[row]]\neach = [11]", "no test digit of the data set is a 11"),
        ("[[row]]", "[[row]]\neach = [1, 2]", "more than one row named 'a'"),
    ],
)
def test_a_broken_row_is_named(built: Site, tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "figures.toml"
    index = built.root / "data" / "index.json"
    path.write_text(ROW, encoding="utf-8")
    assert [row.name for row in table.rows(index, path)] == ["a"]
    assert old in ROW
    path.write_text(ROW.replace(old, new), encoding="utf-8")
    with pytest.raises(BuildError, match=re.escape(told)):
        table.rows(index, path)


def test_scripts_are_told_what_the_types_say(site: Path, rows: dict[str, Row]) -> None:
    declared = (WEB / "globals.d.ts").read_text(encoding="utf-8").split("interface Embed {")[1]
    names = re.findall(r"^  (\w+): ", declared.split("\n}")[0], re.M)
    kinds = re.findall(r"'(\w+)'", declared.split("\n}")[0])
    assert set(kinds) == set(table.PAGES)
    for row in rows.values():
        assert list(row.told()) == names
