"""When one of the page's own scripts or styles does not come, or is not the one that was built, the
page says which, and a reload past the cache brings it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, Serve, Trainer, until

PAGES = ["index.html", "train.html", "race.html", "browse.html", "network.html", "learn.html"]
DEFINED = "() => !document.querySelector(':not(:defined)') && document.styleSheets.length > 0"


def flipped(data: bytes) -> bytes:
    """The same bytes but for one bit."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


FAULTS: dict[str, tuple[Callable[[bytes], Answer], str]] = {
    "missing": (lambda data: Answer(status=404), "the server answered 404"),
    "cut": (lambda data: Answer(data[: len(data) // 2]), "it is damaged"),
    "flipped": (lambda data: Answer(flipped(data)), "it is damaged"),
    "page": (
        lambda data: Answer(b"<!doctype html>", headers={"Content-Type": "text/html"}),
        "the server sent a web page instead",
    ),
    "stalled": (lambda data: Answer(stalled=True), "it does not come"),
}


def files(site: Path, page: str) -> list[str]:
    """What a page loads at once."""
    found = re.findall(
        r'<(?:script|link)[^>]*"(assets/[^"]+\.(?:js|css))"',
        (site / page).read_text(encoding="utf-8"),
    )
    assert len(found) > 5
    return found


@pytest.fixture
def quiet(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens pages whose console may complain, in contexts of their own."""
    contexts = []

    def opened(url: str) -> Page:
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.goto(url, wait_until="commit")
        return page

    yield opened
    for context in contexts:
        context.close()


def told(page: Page, path: str, fault: str) -> Locator:
    """The page's words, once it has named this file and no other."""
    box = page.locator(".fault[role=alert]")
    box.wait_for(timeout=40_000)
    words = box.inner_text()
    assert f"{path.split('/')[-1]}: {FAULTS[fault][1]}" in words, words
    assert len(re.findall(r"-[A-Z0-9]{8}\.", words)) == 1, f"more than the one at fault: {words}"
    return box


def healed(broken: SiteServer, page: Page, box: Locator) -> None:
    broken.overlay.clear()
    box.get_by_role("button", name="Reload").click()
    box.wait_for(state="detached")
    until(lambda: page.evaluate(DEFINED))
    assert page.locator(".fault").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_each_file_with_one_flipped_bit_is_named(
    serve: Serve, site: Path, quiet: Callable[[str], Page], name: str
) -> None:
    """Each once, on the first page that has it: what watches over them is the same on all pages."""
    before = PAGES[: PAGES.index(name)]
    known = {path for page in before for path in files(site, page)}
    broken = serve()
    for path in [path for path in files(site, name) if path not in known]:
        broken.overlay[path] = FAULTS["flipped"][0]((site / path).read_bytes())
        page = quiet(broken.url + name)
        told(page, path, "flipped")
        del broken.overlay[path]
        page.context.close()


@pytest.mark.parametrize("fault", ["missing", "cut", "flipped", "page"])
@pytest.mark.parametrize("kind", ["entry", "chunk", "style", "theme"])
def test_each_fault_is_told_and_healed(
    serve: Serve, site: Path, quiet: Callable[[str], Page], kind: str, fault: str
) -> None:
    name = PAGES[["entry", "chunk", "style", "theme"].index(kind)]
    pattern = {
        "entry": r"/(home|train|race|browse)-\w+\.js",
        "chunk": r"/chunk-",
        "style": r"/base-\w+\.css",
        "theme": r"/theme-",
    }
    path = next(path for path in files(site, name) if re.search(pattern[kind], path))
    broken = serve({path: FAULTS[fault][0]((site / path).read_bytes())})
    page = quiet(broken.url + name)
    healed(broken, page, told(page, path, fault))


def test_where_scripts_are_forbidden_the_page_says_what_to_do(
    serve: Serve, site: Path, quiet: Callable[[str], Page]
) -> None:
    """Not even the guard runs here; every page has its words."""
    for name in PAGES[:-1]:  # the last is text, and can be read as it is
        assert (site / name).read_text(encoding="utf-8").count('<p class="unloaded">') == 1
    html = Answer(
        (site / "train.html").read_bytes(),
        headers={"Content-Security-Policy": "script-src 'none'", "Content-Type": "text/html"},
    )
    page = quiet(serve({"train.html": html}).url + "train.html")
    words = page.locator(".unloaded")
    early = words.is_visible()  # not before there was time for scripts
    assert not early or page.evaluate("() => performance.now()") > 12_000
    words.wait_for(timeout=20_000)
    assert "Reload the page" in words.inner_text()


def test_the_wait_is_over_when_a_slow_script_comes(
    serve: Serve, site: Path, quiet: Callable[[str], Page]
) -> None:
    path = next(path for path in files(site, "train.html") if "/train-" in path)
    slow = serve({path: Answer(stalled=True)})
    page = quiet(slow.url + "train.html")
    box = told(page, path, "stalled")
    slow.overlay.clear()
    box.wait_for(state="detached")
    Trainer(page).wait_for_digits()


@pytest.mark.parametrize(
    ("name", "figure"), [("train.html", "glass-curve"), ("race.html", "glass-race")]
)
@pytest.mark.parametrize("fault", ["missing", "flipped"])
def test_charts_that_do_not_come_are_named_and_can_be_had_again(
    serve: Serve, site: Path, quiet: Callable[[str], Page], name: str, figure: str, fault: str
) -> None:
    path = next(site.glob("assets/charts-*.js"))
    answer = FAULTS[fault][0](path.read_bytes())
    broken = serve({path.relative_to(site).as_posix(): answer})
    page = quiet(broken.url + name)
    if name == "race.html":
        page.locator("glass-race [data-command=start]").click(timeout=BOOT * 1000)
    words = page.locator(figure).get_by_text("The charts could not be drawn")
    words.wait_for(timeout=BOOT * 1000)
    cause = {"missing": "the server answered 404", "flipped": "its checksum differs"}[fault]
    assert path.name in words.inner_text()
    assert cause in words.inner_text()
    broken.overlay.clear()
    page.get_by_role("button", name="Try again").click()
    page.locator(f"{figure} .uplot").first.wait_for()
    assert words.count() == 0


WORKERS = {"train.html": "worker", "browse.html": "wall"}


@pytest.mark.parametrize("name", WORKERS)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("missing", "the server answered 404"),
        ("flipped", "its checksum differs"),
        ("cut", "bytes long instead of"),
        ("page", "a web page instead of the file"),
    ],
)
def test_a_workers_script_at_fault_is_named_at_once(
    serve: Serve, site: Path, quiet: Callable[[str], Page], name: str, fault: str, words: str
) -> None:
    path = next(site.glob(f"assets/{WORKERS[name]}-*.js"))
    broken = serve({path.relative_to(site).as_posix(): FAULTS[fault][0](path.read_bytes())})
    page = quiet(broken.url + name)
    alert = page.locator("glass-status .failure")
    alert.first.wait_for(timeout=9_000)
    assert path.name in alert.first.inner_text()
    assert words in alert.first.inner_text()


def test_a_worker_that_never_says_hello_is_given_up_in_ten_seconds(
    serve: Serve, site: Path, open_page: OpenPage
) -> None:
    path = next(site.glob("assets/worker-*.js"))
    silent = serve()
    page = open_page()
    page.add_init_script(
        "window.Worker = class extends EventTarget { constructor() { super(); window.asked = (window.asked ?? 0) + 1; } postMessage() {} terminate() {} };"
    )
    page.goto(silent.url + "train.html")
    alert = page.locator("glass-status .failure")
    alert.wait_for(timeout=20_000)
    assert "E-WORKER-START" in alert.inner_text()
    assert page.evaluate("() => window.asked") == 3
    assert path.exists()
