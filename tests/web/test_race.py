"""The engine race in a browser: three engines, one network, the same losses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bench import digits
from support.after import answered, frames, requested
from support.axe import faults
from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, Serve, until

LANES = """() => {
  const root = document.querySelector('glass-race').shadowRoot;
  return [...root.querySelectorAll('.row[data-engine]')].map((row) => ({
    engine: row.dataset.engine, cells: [...row.children].map((cell) => cell.innerText) }));
}"""


def status(page: Page) -> Any:
    return page.locator("glass-race p[role=status]").inner_text()


def number(text: str) -> Any:
    return float(text.replace(",", "").rstrip(" ×") or "nan") if text != "–" else 0.0


def lanes(page: Page) -> Any:
    """Speed, ratio and steps of each engine, as they are read on the page."""
    return {
        lane["engine"]: [number(text) for text in lane["cells"][2:5]]
        for lane in page.evaluate(LANES)
    }


@pytest.fixture
def page(server: SiteServer, open_page: OpenPage) -> Any:
    opened = open_page(server.url + "race.html", viewport={"width": 1280, "height": 900})
    until(lambda: "Start loads" in status(opened))
    return opened


def test_but_for_few_digits_nothing_is_loaded_before_start(
    server: SiteServer, open_page: OpenPage
) -> None:
    asked = len(server.requested)
    page = open_page()
    page.clock.install()
    page.goto(server.url + "race.html")
    until(lambda: "Start loads" in status(page))
    page.clock.run_for(60_000)
    files = requested(page, server)[asked:]
    fetched = [file for file in files if "worker" in file or file.endswith(".gz")]
    assert [Path(file).name for file in fetched] == ["test-00.bin.gz"]  # twenty digits to look at


def test_the_engines_race(page: Page) -> None:
    page.locator("[data-command=start]").click()
    until(lambda: status(page).startswith("Racing"), BOOT)
    until(lambda: lanes(page)["python"][2] >= 3 and lanes(page)["simd"][2] == 3000, 120)
    found = lanes(page)
    assert found["numpy"][0] > 20 * found["python"][0]  # of an order that no noise can make
    assert found["simd"][0] > found["numpy"][0]
    assert found["python"][1] == 1
    words = page.get_by_text("that all have taken, the losses").inner_text()
    assert "differ by at most" in words and any(f"10⁻{power}" in words for power in "⁶⁷⁸"), words
    page.locator("[data-command=pause]").click()
    until(lambda: status(page).startswith("Paused"), 20)
    steps = [lane[2] for lane in lanes(page).values()]
    answered(page, "document.querySelector('glass-race').race")  # a slice for who is behind in time
    frames(page)
    assert [lane[2] for lane in lanes(page).values()] == steps
    for name in ["steps", "seconds"]:
        ink = page.evaluate(
            """(name) => { const c = document.querySelector('glass-race').shadowRoot.querySelector(`#${name} canvas`);
              return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0); }""",
            name,
        )
        assert ink
    page.locator("[data-command=reset]").click()
    until(lambda: status(page).startswith("Ready"))
    assert [lane[2] for lane in lanes(page).values()] == [0, 0, 0]


def test_an_engine_that_is_not_there_is_told(server: SiteServer, open_page: OpenPage) -> None:
    """What Python says where no build of the kernel loads."""
    page = open_page()
    page.add_init_script(
        """const Real = Worker; window.Worker = class extends Real {
          set onmessage(hear) {
            super.onmessage = (event) => {
              const told = event.data.value ?? event.data.frame?.description;
              if (told?.run === 'simd') told.engine = 'numpy'; // which is what computes there instead
              hear(event);
            };
          }
        };"""
    )
    page.goto(server.url + "race.html")
    until(lambda: "Start loads" in status(page))
    page.locator("[data-command=start]").click()
    page.get_by_text("This browser does not run it").wait_for(timeout=BOOT * 1000)
    assert "simd" not in status(page)


def test_a_python_that_does_not_come_is_told_and_tried_again(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    wasm = next(site.glob("python/pyodide.asm*.wasm")).relative_to(site).as_posix()
    broken = serve({wasm: Answer(status=404)})
    page = open_page(broken.url + "race.html")
    until(lambda: "Start loads" in status(page))
    page.locator("[data-command=start]").click()
    failure = page.locator("glass-status .failure")
    failure.wait_for(timeout=30_000)
    assert "404" in failure.inner_text()
    until(lambda: "Start" in page.locator("[data-command=start]").inner_text())
    problems.clear()  # the 404, which the console reports


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(server: SiteServer, open_page: OpenPage, scheme: str) -> None:
    page = open_page(server.url + "race.html", color_scheme=scheme)
    until(lambda: "Start loads" in status(page))
    for width in [1280, 360]:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_width_overflows(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    frames(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_recorded_race_runs_at_once(server: SiteServer, open_page: OpenPage) -> None:
    """It says what it is; its losses are the same for all; Start puts a real one in its place."""
    asked = len(server.requested)
    page = open_page(server.url + "race.html", viewport={"width": 1280, "height": 900})
    until(lambda: lanes(page)["simd"][2] > 1000)
    assert page.get_by_text("Recorded on").inner_text().startswith("Recorded on 20")
    first = lanes(page)["python"][2]
    until(lambda: lanes(page)["python"][2] > first)
    found = lanes(page)
    assert found["simd"][0] > found["numpy"][0] > 20 * found["python"][0]
    told = "() => document.querySelector('glass-race').recorded.tracks.value.map(({ steps, averages }) => [[...steps], [...averages]])"

    def common() -> set[int]:
        return set.intersection(*(set(steps) for steps, _ in page.evaluate(told)))

    until(lambda: len(common()) >= 3)  # the slowest may have taken two steps by now
    tracks = page.evaluate(told)
    shared = set.intersection(*(set(steps) for steps, _ in tracks))
    for step in shared:
        values = [averages[steps.index(step)] for steps, averages in tracks]
        assert max(values) - min(values) <= 2e-5 + 1e-4 * max(values)
    files = server.requested[asked:]
    assert not [name for name in files if "worker-" in name or name.endswith(".wasm")]
    page.locator("[data-command=start]").click()
    until(lambda: page.get_by_text("Recorded on").count() == 0, BOOT)
    until(lambda: "left" in status(page), BOOT)
    page.locator("[data-command=pause]").click()


READS = """() => {
  const { shadowRoot } = document.querySelector('glass-race').shadowRoot.querySelector('glass-reads');
  return [...shadowRoot.querySelectorAll('[data-engine]')].map((row) => [...row.querySelectorAll('[role=cell]')].map((cell) => cell.innerText));
}"""


def test_each_lane_reads_twenty_digits(page: Page, site: Path) -> None:
    """What is shown is what Python's own network answers, of every engine, at the step it is at."""
    labels = [int(label) for label in digits.read(site)["test"][1][:20]]
    page.locator("[data-command=start]").click()
    until(lambda: lanes(page)["python"][2] >= 2 and lanes(page)["simd"][2] == 3000, BOOT + 60)
    page.locator("[data-command=pause]").click()
    until(lambda: status(page).startswith("Paused"), 20)
    answered(page, "document.querySelector('glass-race').race")
    frames(page)
    told = page.evaluate(
        """async () => {
          const { race } = document.querySelector('glass-race');
          const all = [];
          for (const { name, description } of race.runs) {
            const last = `layers.${description.value.layers.length - 1}.a`;
            const answers = [];
            for (let k = 0; k < 20; k++) {
              const digit = { split: 'test', index: k };
              const { data } = (await race.interpreter.ask('arrays', { run: name, digit, arrays: [last] }))[last];
              answers.push(data.indexOf(Math.max(...data)));
            }
            all.push(answers);
          }
          return all;
        }"""
    )
    for shown, answers in zip(page.evaluate(READS), told, strict=True):
        right = sum(answer == label for answer, label in zip(answers, labels, strict=True))
        assert shown == [*map(str, answers), f"{right} of 20"]
    assert page.evaluate(READS)[2][-1] in [f"{n} of 20" for n in range(15, 21)]


def test_the_recorded_race_reads_them_too(
    server: SiteServer, open_page: OpenPage, site: Path
) -> None:
    page = open_page(server.url + "race.html", viewport={"width": 1280, "height": 900})
    index = json.loads(digits.index(site).read_text(encoding="utf-8"))
    if index["sample"]:  # its first digits are others than those of the recording
        until(
            lambda: (
                "on their way"
                not in (page.locator("glass-reads canvas").get_attribute("aria-label") or "")
            )
        )
        assert all(row == ["·"] * 20 + ["–"] for row in page.evaluate(READS))
        return
    until(lambda: lanes(page)["python"][2] > 20)
    python, numpy, simd = page.evaluate(READS)
    assert numpy == simd  # at their ends: the arithmetic is the same
    assert int(python[-1].split()[0]) < int(simd[-1].split()[0])
