"""Workers of the wall that die, loop or fall silent; Python that does, and expressions it cannot
take: noticed, said in words, started again once, and what was asked for is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, until
from support.wall import Wall, idx, settled, upload

if TYPE_CHECKING:
    from playwright.sync_api import Page, Worker

NOTICED = 3.0 + 1.5  # seconds within which a death is to be told, and some for a machine at work
STILL = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
ENDS = {
    "killed": "() => self.close()",
    "looping": "() => void setTimeout(() => { for (;;); })",
    "silent": "() => { self.onmessage = null; }",
}
# Keeps the page's workers, so that one can be killed at a moment that the page itself chooses.
KEPT = """
window.workers = [];
window.Worker = class extends Worker {
  constructor(...how) { super(...how); window.workers.push(this); }
};
"""
# Ends the newest worker of that name as soon as `collection.python.busy` begins with the words.
KILL_WHEN = """
([words, times]) => {
  const { busy } = document.querySelector('glass-browse').collection.python;
  let killed = 0;
  window.stop = busy.subscribe((text) => {
    if (killed >= times || !text?.startsWith(words)) return;
    killed += 1;
    Promise.resolve().then(() => Promise.resolve()).then(() => window.workers.at(-1).terminate());
  });
}
"""
# The first part of the pixels comes once the next Python is being started.
PIXELS_LATE = """
() => {
  const { wall, python } = document.querySelector('glass-browse').collection;
  const { ask } = wall;
  wall.ask = async (...how) => {
    const answer = await ask.apply(wall, how);
    if (how[0] !== 'images') return answer;
    wall.ask = ask;
    await new Promise((resolve) => void python.phase.subscribe((phase) => phase !== 'ready' && resolve()));
    return answer;
  };
}
"""


def worker(page: Page, name: str) -> Worker:
    """The page's newest worker of that name: `wall`, or `worker` (Python's)."""
    return [one for one in page.workers if f"/{name}-" in one.url][-1]


def told(wall: Wall) -> str:
    """What the line over the wall says."""
    line = wall.page.locator("glass-browse .told")
    return line.inner_text().replace("The worker", "the worker")


def said(wall: Wall) -> str:
    """What the search line says below it."""
    return wall.page.locator("glass-search [role=status]").inner_text()


def end(wall: Wall, how: str, name: str = "wall") -> None:
    worker(wall.page, name).evaluate(ENDS[how])


def retry(wall: Wall) -> None:
    wall.page.get_by_role("button", name="Try again").click()


@pytest.mark.parametrize("how", ENDS)
def test_the_walls_worker_is_started_again_with_all_it_had(
    server: SiteServer, open_page: OpenPage, how: str
) -> None:
    wall = Wall(open_page(server.url + "browse.html?find=7&sort=ink&panel=digit", **STILL)).wait()
    wall.value("collection.select(collection.ordered.value.slice(0, 40))")
    before = settled(wall)
    found = wall.found
    begin = time.monotonic()
    end(wall, how)
    until(lambda: "the worker that draws the digits" in told(wall), NOTICED)
    assert time.monotonic() - begin < NOTICED
    until(lambda: "It was started again" in told(wall))
    assert wall.found == found
    assert np.array_equal(settled(wall), before)
    wall.value("collection.settings.set('size', '9')")  # other tiles, which only the new one has
    closer = settled(wall)
    wall.value("collection.select([])")
    assert not np.array_equal(settled(wall), closer)  # the marks had been there, and are gone
    wall.value("collection.choose(collection.ordered.value[3])")
    wall.panel.locator("glass-thumb").nth(11).wait_for()
    assert wall.page.locator("glass-status .failure").count() == 0


def test_questions_outlive_the_walls_worker(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html", **STILL)).wait()
    end(wall, "killed")
    pixels = wall.page.evaluate(
        """async () => {
          const { wall } = document.querySelector('glass-browse').collection;
          const ids = Array.from({ length: 50 }, (_, k) => k);
          const all = await Promise.all(ids.map((id) => wall.ask('pixels', { id })));
          return all.map((one) => [...one].reduce((a, b) => a + b, 0));
        }"""
    )
    ink = wall.value("[...collection.columns.value.ink.slice(0, 50)]")
    np.testing.assert_allclose(np.array(pixels) / 784 / 255, ink, atol=1e-5)


def test_a_second_death_is_told_and_retry_brings_all_back(
    server: SiteServer, open_page: OpenPage
) -> None:
    wall = Wall(open_page(server.url + "browse.html?find=3", **STILL)).wait()
    before = settled(wall)
    end(wall, "killed")
    until(lambda: "It was started again" in told(wall))
    failure = wall.page.locator("glass-status .failure")
    for _ in range(3):
        end(wall, "killed")
        failure.wait_for()
        assert "the worker that draws the digits" in failure.inner_text()
        assert failure.count() == 1
        retry(wall)
        failure.wait_for(state="detached")
        until(lambda: wall.value("collection.workers.value") > 0)
        assert np.array_equal(settled(wall), before)
        wall.value("collection.settings.set('size', '9')")
        settled(wall)
        wall.value("collection.home()")


def test_own_files_are_given_again(server: SiteServer, open_page: OpenPage) -> None:
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (3000, 9, 9)).astype(np.uint8)
    labels = (np.arange(3000) % 2).astype(np.uint8)
    wall = Wall(open_page(server.url + "browse.html?panel=help", **STILL)).wait()

    def choose(*files: object) -> None:
        wall.value("collection.settings.set('panel', 'help')")
        with wall.page.expect_file_chooser() as chooser:
            wall.page.get_by_role("button", name="choose files").click()
        chooser.value.set_files(list(files))  # type: ignore[arg-type]

    choose(upload("images", idx(images)), upload("labels", idx(labels)))
    until(lambda: wall.value("collection.about.value.count") == 3000)
    choose(upload("names.txt", b"even\nodd\n"))
    until(lambda: wall.value("collection.about.value.classes") == ["even", "odd"])
    wall.value("collection.set('find', 'odd')")
    before = settled(wall)
    end(wall, "killed")
    until(lambda: "It was started again" in told(wall))
    assert wall.found == list(range(1, 3000, 2))
    assert wall.value("collection.about.value.classes") == ["even", "odd"]
    pixels = wall.page.evaluate(
        "async () => [...await document.querySelector('glass-browse').collection"
        ".wall.ask('pixels', { id: 41 })]"
    )
    assert pixels == images[41].ravel().tolist()
    assert (
        np.mean(settled(wall) != before) < 0.01
    )  # but for the edges, under which there was a change


def test_a_worker_that_dies_while_digits_arrive(
    serve: Callable[..., SiteServer], site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    shard = next(site.glob("data/mnist-*/train-03*")).relative_to(site).as_posix()
    broken = serve({shard: Answer(status=404)})
    wall = Wall(open_page(broken.url + "browse.html", **STILL))
    wall.page.locator("glass-status .failure").wait_for()
    assert not wall.value("collection.complete.value")
    del broken.overlay[shard]
    end(wall, "killed")
    wall.wait()  # the next one has fetched what was missing
    problems.clear()  # the 404, which the console reports


def test_without_workers_one_alert_says_so(
    server: SiteServer, open_page: OpenPage, problems: list[str]
) -> None:
    page = open_page()
    page.add_init_script("delete window.Worker")
    page.goto(server.url + "browse.html?python=y==9")
    failure = page.locator("glass-status .failure")
    failure.first.wait_for()
    wall = Wall(page)
    until(lambda: wall.value("collection.python.phase.value") == "failed")
    assert failure.count() == 1
    assert "No digits are here" in said(wall)
    assert "this browser did not start the worker" in failure.inner_text()
    page.get_by_role("button", name="Try again").click()
    failure.first.wait_for()
    assert failure.count() == 1
    assert problems == []


def asked(page: Page, server: SiteServer, query: str) -> Wall:
    """The wall, opened with an expression in its address."""
    page.goto(f"{server.url}browse.html?{query}")
    return Wall(page).wait()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    opened = open_page(**STILL)
    opened.add_init_script(KEPT)
    return opened


def shows(wall: Wall, label: int) -> bool:
    """Whether the wall shows every digit with this label, and no other."""
    all_of_it = f"collection.columns.value.label.filter((one) => one === {label}).length"
    shown = "collection.ordered.value"
    others = f"{shown}.some((id) => collection.columns.value.label[id] !== {label})"
    return bool(wall.value(f"{shown}.length === {all_of_it} && !{others}"))


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("Python reads", "y == 9"),
        ("Python takes up the pixels", "(y == 9) & (X[:, 0, 0] >= 0)"),
    ],
)
def test_python_that_dies_is_started_again_and_asked_again(
    server: SiteServer, page: Page, words: str, expression: str
) -> None:
    wall = asked(page, server, "python=y==1")
    until(lambda: shows(wall, 1), BOOT)
    page.evaluate(KILL_WHEN, [words, 1])
    wall.value(f"collection.set('python', '{expression}')")
    until(lambda: "the worker that runs Python" in told(wall), NOTICED)
    assert "Python has not answered yet" in said(wall)
    until(lambda: "It was started again" in told(wall), BOOT)
    until(lambda: shows(wall, 9), BOOT)
    assert page.locator("glass-status .failure").count() == 0


def test_pixels_that_come_late_are_not_handed_to_the_next_python(
    server: SiteServer, page: Page
) -> None:
    wall = asked(page, server, "python=y==1")
    until(lambda: shows(wall, 1), BOOT)
    page.evaluate(PIXELS_LATE)
    page.evaluate(KILL_WHEN, ["Python takes up the pixels", 1])
    wall.value("collection.set('python', '(y == 9) & (X[:, 0, 0] >= 0)')")
    until(lambda: "It was started again" in told(wall), BOOT)
    until(lambda: shows(wall, 9), BOOT)
    assert page.locator("glass-status .failure").count() == 0


def test_python_that_dies_twice_says_so_and_retry_asks_again(
    server: SiteServer, page: Page
) -> None:
    wall = asked(page, server, "python=y==1")
    until(lambda: shows(wall, 1), BOOT)
    page.evaluate(KILL_WHEN, ["Python reads", 2])
    wall.value("collection.set('python', 'y == 9')")
    failure = page.locator("glass-status .failure")
    failure.wait_for(timeout=1000 * BOOT)
    assert "the worker that runs Python" in failure.inner_text()
    assert "Python is not running" in said(wall)
    retry(wall)
    until(lambda: shows(wall, 9), BOOT)
    assert failure.count() == 0


@pytest.mark.parametrize("how", ["looping", "silent"])
def test_python_that_gives_no_sign_of_life(server: SiteServer, page: Page, how: str) -> None:
    wall = asked(page, server, "python=y==1")
    until(lambda: shows(wall, 1), BOOT)
    end(wall, how, "worker")
    wall.value("collection.set('python', 'y == 9')")
    until(lambda: "the worker that runs Python" in told(wall), NOTICED)
    until(lambda: shows(wall, 9), BOOT)


def test_retry_keeps_the_query_of_the_link(
    serve: Callable[..., SiteServer], site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    library = next(site.glob("python/*stdlib*")).relative_to(site).as_posix()
    broken = serve({library: Answer(status=503)})
    wall = Wall(open_page(broken.url + "browse.html?python=y==9", **STILL)).wait()
    wall.page.locator("glass-status .failure").wait_for()
    assert "Python is not running" in said(wall)
    del broken.overlay[library]
    retry(wall)
    until(lambda: shows(wall, 9), BOOT)
    assert wall.value("collection.settings.get('python')") == "y==9"
    problems.clear()  # the 503, which the console reports


@pytest.fixture(scope="module")
def python(browser: object, server: SiteServer) -> object:
    """One page whose Python is there, for expressions that do not end it."""
    context = browser.new_context(**STILL)  # type: ignore[attr-defined]
    opened = context.new_page()
    opened.goto(server.url + "browse.html?python=y==1")
    wall = Wall(opened).wait()
    until(lambda: shows(wall, 1), BOOT)
    yield wall
    context.close()


HOSTILE = [
    "(0, ())",
    "[y, 1]",
    "y ==",
    "(" * 390,
    "isin(None, X)",
    "isin(X, None)",
    "X[0",
    "-" * 399 + "y",
    "isin(y, (X, X, X))",
    "\x00y",
    "1 if y else 2",
]


@pytest.mark.parametrize("expression", HOSTILE)
def test_a_raising_expression_is_followed_by_one_that_works(python: Wall, expression: str) -> None:
    python.page.evaluate(
        "(text) => document.querySelector('glass-browse').collection.set('python', text)",
        expression,
    )
    alert = python.page.locator("glass-search [role=alert]")
    until(lambda: python.value("collection.python.busy.value") is None, 40)
    until(lambda: alert.count() == 1)
    assert alert.inner_text()
    python.value("collection.set('python', 'y == 9')")
    until(lambda: shows(python, 9), BOOT)  # one that took too long has Python started again
    python.value("collection.set('python', 'y == 1')")
    until(lambda: shows(python, 1))
    assert python.page.locator("glass-status .failure").count() == 0


def test_the_column_of_a_fault_is_said(python: Wall) -> None:
    python.value("collection.set('python', '(y == 1) & lost')")
    alert = python.page.locator("glass-search [role=alert]")
    until(lambda: alert.count() == 1 and "column 12" in alert.inner_text())


def test_a_link_of_two_thousand_characters(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(f"{server.url}browse.html?python={'y' * 2000}", **STILL)).wait()
    note = wall.page.locator("glass-status .notes li")
    assert "Python expression" in note.inner_text()
    assert wall.value("collection.python.phase.value") == "off"
