"""watch.html: runs that other processes train, followed in the page while they are written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

import glassnet as gn
from glassnet.following import Following
from glassnet.following.server import WatchServer
from glassnet.run_folder import LOG, RunFolder
from glassnet.training import Run
from make.settings import PYLIB
from support.axe import faults
from support.processes import started
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, until
from unit.small import bars

CONFIG = {"layers": [{"type": "dense", "units": 8}, {"type": "dense", "units": 4}], "batch": 5}
DATA = bars(train=80, test=40)


class Written:
    """A run's folder, written as a run does that is trained elsewhere, but when a test says so."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        config = gn.RunConfig.from_saved({**CONFIG, "epochs": 50, "evaluate_every": 0, **changes})
        self.run = Run.from_config(config, DATA)
        self.folder = RunFolder(folder)
        self.folder.begin(self.run)
        self.events = self.run.events()

    def go_on(self, steps: int) -> int:
        """Train, and keep it. Returns how many steps have been taken."""
        for event in self.events:
            self.folder.write(event.to_json())
            if event.step >= steps:
                break
        self.folder.save(self.run)
        return self.run.step


@pytest.fixture
def write() -> Iterator[Callable[..., Written]]:
    """Begins runs, in folders that are closed at the end."""
    with ExitStack() as stack:

        def begun(folder: Path, **changes: Any) -> Written:
            written = Written(folder, **changes)
            stack.enter_context(written.folder)
            return written

        yield begun


@pytest.fixture
def watching(site: Path) -> Iterator[Callable[..., str]]:
    """Serves the site with what is followed; gives the page's address."""
    with ExitStack() as stack:

        def begun(*roots: Path, data: Any = DATA, token: str | None = None) -> str:
            following, stop = Following(roots), threading.Event()
            server = WatchServer(following, site, data, "127.0.0.1", 0, token)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            threading.Thread(target=following.follow, args=(stop,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            stack.callback(stop.set)
            return f"http://127.0.0.1:{server.server_port}/watch.html"

        yield begun


def said(page: Page) -> str:
    return page.locator("glass-watch p[role=status]").inner_text()


def cells(page: Page, name: str) -> list[str]:
    """A run's row."""
    row = page.locator("glass-watch tbody tr").filter(
        has=page.get_by_role("button", name=name, exact=True)
    )
    return [cell.strip() for cell in row.locator("td").all_inner_texts()]


def test_a_run_is_followed_while_it_is_trained(
    watching: Callable[..., str], open_page: OpenPage, write: Callable[..., Written], tmp_path: Path
) -> None:
    page = open_page(watching(tmp_path / "run"))
    until(lambda: said(page).startswith("No run has begun yet"), BOOT)
    written = write(tmp_path / "run")
    steps = written.go_on(30)
    until(lambda: page.locator("tbody tr").count() == 1, BOOT)
    until(lambda: cells(page, "run")[0] == str(steps))
    assert said(page) == "1 run, 1 of them under way."
    curve = "() => { const { steps, values } = document.querySelector('glass-watch').watched.runs.value[0].losses; return [steps.at(-1), values.at(-1)]; }"
    last = [
        json.loads(line)
        for line in (tmp_path / "run" / LOG).read_text(encoding="utf-8").splitlines()
    ]
    loss = next(event["loss"] for event in reversed(last) if event["event"] == "step")
    assert page.evaluate(curve) == [steps, loss]
    until(lambda: page.get_by_text(f"after {steps} steps").count() == 1)
    steps = written.go_on(60)
    until(lambda: cells(page, "run")[0] == str(steps))
    until(lambda: page.get_by_text(f"after {steps} steps").count() == 1)
    tiles = page.evaluate(
        "() => Array.from(document.querySelector('glass-watch').shadowRoot.querySelector('glass-tiles').values)"
    )
    weights = written.run.network.parameters()["layers.0.weight"]
    assert tiles == weights.ravel().tolist()


def test_what_a_run_misreads_is_shown(
    watching: Callable[..., str], open_page: OpenPage, write: Callable[..., Written], tmp_path: Path
) -> None:
    written = write(tmp_path / "run")
    written.go_on(1)
    page = open_page(watching(tmp_path / "run"))
    first = page.locator("glass-watch .mistakes li").first
    first.wait_for()
    wrong = page.locator("glass-watch .mistakes li").count()
    assert page.get_by_text(f"Misread: {wrong} of 40 test digits").count() == 1
    label, named = first.inner_text().split(" → ")
    assert label != named and {label, named} <= set(DATA.classes)
    assert faults(page) == []


def test_many_runs_are_compared(
    watching: Callable[..., str], open_page: OpenPage, write: Callable[..., Written], tmp_path: Path
) -> None:
    for number, rate in enumerate([0.1, 3.0, 0.5]):
        write(tmp_path / str(number), optimizer={"type": "sgd", "lr": rate}).go_on(40 + number)
    page = open_page(watching(tmp_path))
    rows = page.locator("glass-watch tbody tr")
    until(lambda: rows.count() == 3, BOOT)
    heads = page.locator("glass-watch thead th").all_inner_texts()
    assert heads[1] == "lr", "what differs, and nothing that does not"
    assert len(heads) == 6
    page.get_by_role("button", name="lr", exact=True).press("Enter")
    assert [row.split("\t")[1].strip() for row in rows.all_inner_texts()] == ["0.1", "0.5", "3"]
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("lr")
    page.get_by_role("button", name="lr").press("Enter")
    assert [row.split("\t")[1].strip() for row in rows.all_inner_texts()] == ["3", "0.5", "0.1"]
    button = rows.last.get_by_role("button")
    button.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    until(lambda: page.locator("#chosen").inner_text() == button.inner_text())


def test_seeds_of_a_setting_are_one_curve_with_a_band(
    watching: Callable[..., str],
    open_page: OpenPage,
    write: Callable[..., Written],
    tmp_path: Path,
) -> None:
    for number, (rate, seed) in enumerate([(0.1, 1), (0.1, 2), (0.1, 3), (3.0, 1)]):
        optimizer = {"type": "sgd", "lr": rate}
        write(tmp_path / str(number), optimizer=optimizer, seed=seed).go_on(20 + number)
    page = open_page(watching(tmp_path))
    until(lambda: page.locator("glass-watch tbody tr").count() == 4, BOOT)
    drawn = """() => [...document.querySelector('glass-watch').shadowRoot.querySelectorAll('glass-lines')].at(-1).curves"""
    sizes = f"() => [...({drawn})()].map(([name, {{ low }}]) => [name.at(-1), low !== undefined])"
    until(lambda: page.evaluate(sizes) == [["0", True], ["3", False]])
    colours = "(keys) => keys.map((key) => key.className)"
    first, second, third, other = page.locator("tbody .key").evaluate_all(colours)
    assert first == second == third != other
    page.get_by_label("seeds of a setting as one curve").uncheck()
    until(lambda: page.evaluate(sizes) == [[str(number), False] for number in range(4)])


def test_a_curve_is_pointed_at_and_chosen(
    watching: Callable[..., str], open_page: OpenPage, write: Callable[..., Written], tmp_path: Path
) -> None:
    for number, loss in enumerate([0.9, 0.01]):
        log = write(tmp_path / str(number), batch=5 + number).folder.path / LOG
        steps = [{"event": "step", "step": n, "epoch": 0, "loss": loss} for n in range(1, 50)]
        with log.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(step) + "\n" for step in steps)
    page = open_page(watching(tmp_path))

    def chosen_ends(end: str) -> bool:
        return page.locator("#chosen").inner_text().endswith(end)

    until(lambda: page.locator("glass-watch tbody tr").count() == 2, BOOT)
    until(lambda: page.locator("tbody td").nth(1).inner_text() == "49")
    chart = page.locator("glass-lines").nth(1)
    for name, part in [("1", 0.85), ("0", 0.1)]:  # small losses lie below
        box = chart.bounding_box()
        assert box

        def there(name: str = name, part: float = part, box: Any = box) -> bool:
            page.mouse.move(box["x"] + 200, box["y"] + part * box["height"])
            page.mouse.move(box["x"] + 201, box["y"] + part * box["height"])
            row = page.locator("tbody tr.pointed")
            return row.count() == 1 and row.get_by_role("button").inner_text().endswith(f"/{name}")

        until(there)
        page.mouse.down()
        page.mouse.up()
        until(partial(chosen_ends, f"/{name}"))


def test_a_run_is_looked_into_on_the_network_page(
    watching: Callable[..., str],
    open_page: OpenPage,
    write: Callable[..., Written],
    tmp_path: Path,
    problems: list[str],
) -> None:
    write(tmp_path / "run").go_on(20)
    page = open_page(watching(tmp_path / "run"))
    page.get_by_role("button", name="Look inside").click()
    page.wait_for_url("**/network.html?model=run")
    seen = "() => document.querySelector('glass-network').inside.subject.shown.value?.name"
    until(lambda: page.evaluate(seen) == "your run", BOOT)


def test_a_run_that_is_damaged_says_so_and_hides_no_other(
    watching: Callable[..., str], open_page: OpenPage, write: Callable[..., Written], tmp_path: Path
) -> None:
    write(tmp_path / "good").go_on(5)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / LOG).write_text("<b>no log</b>\n", encoding="utf-8")
    page = open_page(watching(tmp_path))
    until(lambda: page.locator("glass-watch tbody tr").count() == 2, BOOT)
    assert said(page) == "2 runs, 1 of them under way; 1 cannot be read."
    page.get_by_role("button", name=f"{tmp_path.name}/bad").click()
    assert LOG in page.locator("glass-watch .look").inner_text()
    assert page.locator("glass-watch b").count() == 0


def test_a_server_that_comes_back_is_heard_again(
    site: Path,
    open_page: OpenPage,
    write: Callable[..., Written],
    tmp_path: Path,
    problems: list[str],
) -> None:
    written = write(tmp_path / "run")
    written.go_on(5)

    def command(port: int) -> list[str]:
        watch = [sys.executable, "-m", "glassnet", "watch", str(tmp_path / "run")]
        return [*watch, "--site", str(site), "--port", str(port)]

    environment = {**os.environ, "PYTHONPATH": str(PYLIB / "src"), "GLASSNET_DATA": ""}
    options: dict[str, Any] = {"env": environment, "stdout": subprocess.PIPE}
    with started(command(0), **options) as process:
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        page = open_page(address)
        until(lambda: page.locator("tbody tr").count() == 1, BOOT)
    until(lambda: "does not answer" in said(page), BOOT)
    assert page.locator("tbody tr").count() == 1, "what is known stays"
    steps = written.go_on(30)
    port = urlsplit(address).port
    assert port
    with started(command(port), **options):
        until(lambda: cells(page, "run")[0] == str(steps), BOOT)
        assert "does not answer" not in said(page)
        page.close()  # before its server is, or what it was asking would fail once more
    problems.clear()  # the requests that failed, which the console reports


def test_the_token_of_the_address_opens(
    watching: Callable[..., str],
    open_page: OpenPage,
    write: Callable[..., Written],
    tmp_path: Path,
    problems: list[str],
) -> None:
    write(tmp_path / "run").go_on(5)
    address = watching(tmp_path / "run", token="right")
    page = open_page(address)
    until(lambda: "without its token" in said(page), BOOT)
    problems.clear()  # the 403, which the console reports
    page = open_page(f"{address}#token=right")
    until(lambda: page.locator("tbody tr").count() == 1, BOOT)


def test_without_its_server_the_page_says_what_it_is_for(
    server: SiteServer, open_page: OpenPage, problems: list[str]
) -> None:
    page = open_page(server.url + "watch.html", viewport={"width": 360, "height": 800})
    until(lambda: said(page).startswith("No runs are followed here"), BOOT)
    assert page.get_by_text("glassnet watch sweep").is_visible()
    assert page.evaluate("() => document.scrollingElement.scrollWidth") == 360
    assert faults(page) == []
    problems.clear()  # the 404, which the console reports


@pytest.mark.parametrize("width", [360, 1280])
def test_hundreds_of_runs_fit(
    watching: Callable[..., str], open_page: OpenPage, tmp_path: Path, width: int
) -> None:
    first = {"event": "run", "format": 1, "data": {"name": "bars"}, "versions": {}}
    for number in range(300):
        folder = tmp_path / f"{number:03}"
        folder.mkdir()
        events: list[dict[str, Any]] = [{**first, "config": {"seed": number}}]
        events += [
            {"event": "step", "step": step, "epoch": 0, "loss": 1 / (step + number)}
            for step in range(1, 100)
        ]
        text = "".join(json.dumps(event) + "\n" for event in events)
        (folder / LOG).write_text(text, encoding="utf-8")
    page = open_page(watching(tmp_path), viewport={"width": width, "height": 800})
    rows = page.locator("glass-watch tbody tr")
    until(lambda: "300 of them under way" in said(page), BOOT)
    assert rows.count() == 50
    page.get_by_role("button", name="250 more").press("Enter")
    until(lambda: rows.count() == 300, BOOT)
    room = page.evaluate("() => document.documentElement.scrollWidth")
    assert room <= width
