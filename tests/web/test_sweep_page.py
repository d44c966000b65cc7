"""sweep.html: many networks in this tab, each in a worker; one file that goes on elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from glassnet.sweeping import archive
from glassnet.sweeping.folder import read_plan, read_results
from support.axe import faults
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, until

SWEEP = "document.querySelector('glass-sweep').sweep"
# Workers by number, so that a test can end one; and which of them was last told what.
WORKERS = """
window.workers = [];
const { Worker: Real } = window;
window.Worker = class extends Real {
  constructor(...what) { super(...what); window.workers.push(this); }
};
"""


def state(page: Page) -> str:
    return str(page.evaluate(f"() => {SWEEP}.state.value"))


def told(page: Page) -> list[dict[str, Any]]:
    """Of each run what is known, without its curves."""
    pick = "({ name, state, step, reason, accuracies, settings }) => ({ name, state, step, reason, accuracies: accuracies.values, settings: Object.fromEntries(settings) })"
    found: list[dict[str, Any]] = page.evaluate(f"() => {SWEEP}.runs.value.map({pick})")
    return found


def vary(page: Page, *rows: tuple[str, str], seeds: str = "1") -> None:
    """Fill in what the runs differ in, and nothing else: a batch of 600 makes short runs."""
    form = page.locator("glass-sweep form")
    if not form.is_visible():
        page.locator("glass-sweep summary").first.click()
    fields = form.locator(".row")
    for row, (field, values) in enumerate([("batch", "600"), *rows]):
        if row >= fields.count():
            page.get_by_role("button", name="Vary another field").click()
        fields.nth(row).get_by_label("Field", exact=True).fill(field)
        fields.nth(row).get_by_label("Values").fill(values)
    form.get_by_label("Seeds of each").fill(seeds)


def begin(page: Page) -> None:
    page.get_by_role("button", name="Begin the sweep").click()


def done(page: Page) -> None:
    until(lambda: state(page) == "done", 2 * BOOT)


@pytest.fixture(scope="module")
def swept(browser: Browser, server: SiteServer) -> Iterator[Page]:
    """A page on which a sweep of four has ended; what it asked the server for before, noted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(WORKERS)
    page.goto(server.url + "sweep.html")
    page.locator("glass-sweep form").wait_for()
    vary(page, ("optimizer.lr", "0.5, 3"), seeds="2")
    begin(page)
    done(page)
    yield page
    assert problems == []
    context.close()


def test_nothing_of_python_comes_before_it_is_asked_for(
    open_page: OpenPage, server: SiteServer
) -> None:
    asked = len(server.requested)
    page = open_page(server.url + "sweep.html")
    page.locator("glass-sweep form").wait_for()
    page.wait_for_load_state("networkidle")
    fetched = server.requested[asked:]
    assert not [file for file in fetched if file.startswith(("python/", "data/"))]
    expect(page.locator("glass-sweep [data-count]")).to_contain_text("4 settings × 2 seeds: 8 runs")
    expect(page.locator("glass-sweep [data-count]")).to_contain_text("of memory")


def test_each_setting_has_a_picture_and_each_run_a_row(swept: Page) -> None:
    runs = told(swept)
    settings = [(run["settings"]["optimizer.lr"], run["settings"]["seed"]) for run in runs]
    assert settings == [("0.5", "1"), ("0.5", "2"), ("3", "1"), ("3", "2")]
    assert [(run["state"], run["step"], run["reason"]) for run in runs] == [
        ("ended", 100, "1 epoch is done")
    ] * 4
    pictures = swept.locator("glass-sweep .multiples li")
    assert pictures.count() == 2
    expect(pictures.nth(0)).to_contain_text("lr 0.5")
    low, high = sorted(run["accuracies"][-1] for run in runs[2:])
    expect(pictures.nth(1)).to_contain_text(f"{100 * low:.1f} % to {100 * high:.1f} %")
    assert runs[0]["accuracies"][-1] < low  # a rate of 3 is the better one
    assert swept.locator("glass-watch tbody tr").count() == 4
    pictures.nth(1).get_by_role("button").click()
    expect(swept.locator("glass-watch #chosen")).to_have_text("2")
    expect(swept.locator("glass-watch .look")).to_contain_text("of 10,000 test digits")


def test_the_file_is_a_sweep_of_the_command_line(swept: Page, tmp_path: Path) -> None:
    data = saved(swept, tmp_path)
    archive.lay_out(archive.read(data), tmp_path / "sweep")
    points = read_plan(tmp_path / "sweep")
    lines = read_results(tmp_path / "sweep")
    assert [line["outcome"] for line in sorted(lines, key=lambda one: one["run"])] == ["done"] * 4
    by_run = {line["run"]: line for line in lines}
    for point, run in zip(points, told(swept), strict=True):
        assert point.config.engine == "numpy"
        assert by_run[point.number]["settings"] == point.settings
        assert by_run[point.number]["test"]["accuracy"] == run["accuracies"][-1]


def saved(page: Page, folder: Path) -> bytes:
    with page.expect_download() as download:
        page.locator("glass-sweep [data-command=save]").click()
    download.value.save_as(folder / "sweep.zip")
    return (folder / "sweep.zip").read_bytes()


def test_what_no_run_can_have_is_said_and_the_sweep_stays(swept: Page) -> None:
    before = told(swept)
    vary(swept, ("optimizer.rate", "1"))
    begin(swept)
    expect(swept.locator("glass-sweep [role=alert]")).to_contain_text(
        "optimizer.rate", timeout=30_000
    )
    assert told(swept) == before and state(swept) == "done"


def test_paused_saved_opened_and_gone_on_with(
    swept: Page, open_page: OpenPage, server: SiteServer, tmp_path: Path
) -> None:
    """One run stands in its midst when it is saved; elsewhere it goes on from there."""
    vary(swept, ("optimizer.lr", "3"))
    swept.get_by_label("Epochs").fill("400")
    swept.get_by_label("Epochs").blur()
    begin(swept)
    until(lambda: state(swept) == "running" and told(swept)[0]["step"] > 300, BOOT)
    swept.get_by_role("button", name="Pause").click()
    until(lambda: state(swept) == "paused")
    swept.wait_for_timeout(500)
    step = told(swept)[0]["step"]
    swept.wait_for_timeout(500)
    assert told(swept)[0]["step"] == step
    data = saved(swept, tmp_path)
    swept.get_by_role("button", name="Go on").click()
    until(lambda: told(swept)[0]["step"] > step)
    other = open_page(server.url + "sweep.html")
    chooser: Locator = other.locator("glass-sweep input[type=file]")
    chooser.set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": data})
    until(lambda: state(other) == "running", BOOT)
    until(lambda: told(other)[0]["step"] > step, BOOT)
    steps = other.evaluate(f"() => {SWEEP}.runs.value[0].accuracies.steps")
    assert steps == sorted(set(steps)) and 0 < steps[0] < step  # with what was before


def test_a_run_whose_worker_dies_is_tried_again(swept: Page) -> None:
    swept.reload()
    swept.locator("glass-sweep form").wait_for()
    vary(swept, ("optimizer.lr", "3, 4"))
    swept.get_by_label("Epochs").fill("8")
    swept.get_by_label("Epochs").blur()
    swept.get_by_label("At a time").fill("1")
    swept.get_by_label("At a time").blur()
    begin(swept)
    until(lambda: state(swept) == "running" and told(swept)[0]["step"] > 0, BOOT)
    assert swept.evaluate("() => workers.length") == 1
    swept.evaluate("() => workers[0].terminate()")
    until(lambda: told(swept)[0]["step"] == 0, BOOT)  # from its beginning
    done(swept)
    assert [(run["state"], run["step"]) for run in told(swept)] == [("ended", 800)] * 2
    assert swept.evaluate("() => workers.length") == 2


def test_a_worker_that_cannot_be_opened_leaves_its_part_to_the_others(
    open_page: OpenPage, server: SiteServer
) -> None:
    page = open_page()
    page.add_init_script(
        "const { Worker: Real } = window; let made = 0;"
        "window.Worker = class extends Real {"
        " constructor(...what) { if (made++) throw new Error('no more'); super(...what); } };"
    )
    page.goto(server.url + "sweep.html")
    page.locator("glass-sweep form").wait_for()
    vary(page, ("optimizer.lr", "3, 4, 5"))
    page.get_by_label("At a time").fill("2")
    page.get_by_label("At a time").blur()
    begin(page)
    done(page)
    assert [run["state"] for run in told(page)] == ["ended"] * 3
    assert page.locator("glass-sweep [role=alert]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_is_accessible(swept: Page, scheme: Any) -> None:
    swept.emulate_media(color_scheme=scheme)
    swept.set_viewport_size({"width": 360, "height": 800})
    try:
        assert faults(swept) == []
        width = "() => document.scrollingElement.scrollWidth"
        assert swept.evaluate(width) == 360
    finally:
        swept.set_viewport_size({"width": 1280, "height": 900})
        swept.emulate_media(color_scheme=None)
