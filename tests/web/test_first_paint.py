"""What a visitor sees first: real digits, before anything of Python has been asked for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from support.after import NEVER_IDLE, frames, requested
from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until

# A visitor who has asked for little data: Python waits for a word.
SAVE_DATA = (
    "Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });"
)

# How far everything on the screen was pushed about without a hand on it: the sum of layout shifts.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) window.shifted += value;
}).observe({ type: 'layout-shift', buffered: true });
"""

# When the wall has drawn its first digit, in milliseconds since the navigation began.
FIRST_DIGITS = """
window.addEventListener('DOMContentLoaded', () => {
  const look = () => {
    const figure = document.querySelector('glass-train, glass-home')?.shadowRoot;
    const network = figure?.querySelector('glass-forward')?.shadowRoot;
    const homes = [figure?.querySelector('glass-strip'), network?.querySelector('glass-digit')];
    const drawn = (canvas) =>
      canvas?.width && canvas.getContext('2d').getImageData(0, 0, 28, 28).data.some((value) => value > 0);
    if (homes.some((home) => drawn(home?.shadowRoot?.querySelector('canvas')))) window.firstDigits = performance.now();
    else requestAnimationFrame(look);
  };
  look();
});
"""


@pytest.fixture(params=["index.html", "train.html"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def python_in(files: list[str]) -> list[str]:
    """What is Python or its worker, but for the list of Python's parts, which tells their size."""
    return [
        file
        for file in files
        if "worker" in file or (file.startswith("python/") and "manifest" not in file)
    ]


def test_digits_come_before_python(
    server: SiteServer,
    open_page: OpenPage,
    name: str,
    record_property: Callable[[str, object], None],
) -> None:
    page = open_page()
    page.add_init_script(NEVER_IDLE + FIRST_DIGITS)
    asked = len(server.requested)
    page.goto(server.url + name)
    until(lambda: page.evaluate("() => window.firstDigits ?? 0"))
    record_property("first_digits_ms", page.evaluate("() => window.firstDigits"))
    if name == "train.html":
        until(lambda: page.evaluate("() => window.idle"))  # it has all that it gets by itself
    files = requested(page, server)[asked:]
    assert python_in(files) == []
    shards = {Path(file).name for file in files if "data/" in file and file.endswith(".gz")}
    assert {"test-00.bin.gz"} <= shards <= {"test-00.bin.gz", "test-01.bin.gz"}


def test_python_gets_ready_before_the_pages_scripts(
    server: SiteServer, open_page: OpenPage
) -> None:
    """Its worker is asked for before the first thing that a script of the page asks for; and it is
    the one that is used."""
    page = open_page()
    page.add_init_script(
        "{ const Real = Worker; window.workers = 0; window.Worker = class extends Real {"
        " constructor(...given) { super(...given); window.workers++; } } }"
    )
    asked = len(server.requested)
    page.goto(server.url + "train.html")
    Trainer(page).wait_for_network()
    files = server.requested[asked:]
    worker = next(k for k, file in enumerate(files) if file.startswith("assets/worker-"))
    data = next(k for k, file in enumerate(files) if file.startswith("data/"))
    assert worker < data
    assert page.evaluate("() => window.workers") == 1


def test_start_says_what_it_will_load(server: SiteServer, open_page: OpenPage, site: Path) -> None:
    page = open_page()
    page.add_init_script(SAVE_DATA)
    page.goto(server.url + "train.html")
    manifest = json.loads(next(site.glob("python*/manifest*.json")).read_text(encoding="utf-8"))
    index = json.loads(next(site.glob("data/mnist-*/index.json")).read_text(encoding="utf-8"))
    shards = [shard for split in index["splits"].values() for shard in split["shards"]]
    total = sum(file.get("wire", file["bytes"]) for file in [*manifest["files"], *shards])
    button = page.locator("glass-train [data-command=start]")
    until(lambda: "loads" in button.inner_text())
    assert button.inner_text().replace("\u202f", " ") == f"Start (loads {total / 1e6:.0f} MB once)"


def test_python_starts_when_the_page_is_idle(server: SiteServer, open_page: OpenPage) -> None:
    trainer = Trainer(open_page(server.url + "train.html"))
    trainer.wait_for_network()
    assert trainer.frame()["step"] == 0


def test_python_waits_for_intent_where_data_is_to_be_saved(
    server: SiteServer, open_page: OpenPage
) -> None:
    page = open_page()
    page.clock.install()
    page.add_init_script(SAVE_DATA)
    asked = len(server.requested)
    page.goto(server.url + "train.html")
    until(lambda: "loads" in page.locator("glass-train [data-command=start]").inner_text())
    page.clock.run_for(60_000)  # idle or not, a minute of its time brings nothing
    files = requested(page, server)[asked:]
    assert python_in(files) == []


@pytest.mark.parametrize(
    ("scheme", "paper", "ink"),
    [("light", (255, 255, 255), (27, 31, 36)), ("dark", (13, 15, 18), (241, 243, 245))],
)
def test_every_pixel_on_the_wall_is_the_data_sets(
    server: SiteServer,
    open_page: OpenPage,
    site: Path,
    scheme: str,
    paper: tuple[int, int, int],
    ink: tuple[int, int, int],
) -> None:
    page = open_page(server.url, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    wall = "document.querySelector('glass-home').shadowRoot.querySelector('glass-strip')"
    until(lambda: page.evaluate(f"() => {wall}?.arrived ?? 0"))
    frames(page)
    shown = page.evaluate(
        f"""() => {{
            const {{ across, cell, gap }} = {wall}.layout;
            const context = {wall}.shadowRoot.querySelector('canvas').getContext('2d');
            return [0, 1, across, across + 7].map((k) => {{
              const [x, y] = [(k % across) * (cell + gap), Math.floor(k / across) * (cell + gap)];
              return [k, [...context.getImageData(x, y, 28, 28).data]];
            }});
        }}"""
    )
    images, _ = first_shard(site)
    for k, data in shown:
        pixels = np.array(data, np.float64).reshape(28, 28, 4)[..., :3]
        share = images[k][..., None] / 255
        expected = np.array(paper) * (1 - share) + np.array(ink) * share
        assert np.abs(pixels - expected).max() <= 1


def test_a_sharp_screen_gets_sharp_digits(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url, device_scale_factor=2)
    wall = "document.querySelector('glass-home').shadowRoot.querySelector('glass-strip')"
    until(lambda: page.evaluate(f"() => {wall}?.layout.cell ?? 0"))
    assert page.evaluate(f"() => {wall}.layout.cell") == 56


@pytest.mark.parametrize("name", ["index.html", "train.html"])
def test_without_scripts_there_is_the_text(
    server: SiteServer, open_page: OpenPage, name: str
) -> None:
    page = open_page(server.url + name, java_script_enabled=False)
    assert page.locator("h1").count() == 1
    assert page.locator("noscript").inner_text().strip()
    assert page.get_by_role("link", name="Train", exact=True).is_visible()


def test_a_digit_on_the_first_page_is_shown_to_the_network(
    server: SiteServer, open_page: OpenPage
) -> None:
    page = open_page(server.url)
    wall = page.locator("glass-strip [role=listbox]")
    until(
        lambda: page.evaluate(
            "() => document.querySelector('glass-home').shadowRoot.querySelector('glass-strip')?.arrived"
        )
    )
    wall.click(position={"x": 50, "y": 14})
    link = page.get_by_role("link", name="Train it yourself")
    until(lambda: str(link.get_attribute("href")).endswith("train.html?digit=1"))
    assert page.get_by_role("img", name="Test digit 1, a 2").is_visible()


def first_shard(site: Path) -> tuple[np.ndarray, np.ndarray]:
    """The first test digits, (n, 28, 28), and their labels, read without any code of ours."""
    folder = next(site.glob("data/mnist-*"))
    entry = json.loads((folder / "index.json").read_text(encoding="utf-8"))["splits"]["test"][
        "shards"
    ][0]
    data = np.frombuffer(gzip.decompress((folder / entry["file"]).read_bytes()), np.uint8)
    count = entry["count"]
    return data[count:].reshape(count, 28, 28), data[:count]


@pytest.mark.parametrize("width", [360, 1280, 1920])
@pytest.mark.parametrize("name", ["index", "train", "race", "browse", "network", "learn"])
def test_nothing_jumps_while_the_page_fills(
    server: SiteServer, open_page: OpenPage, name: str, width: int
) -> None:
    page = open_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    page.goto(f"{server.url}{name}.html")
    page.wait_for_load_state("networkidle")
    # Above 0.1 a page counts as unsteady (web.dev/articles/cls).
    assert page.evaluate("() => window.shifted") < 0.05
