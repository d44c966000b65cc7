"""A smoke set in the third engine, WebKitGTK: training and racing with their charts drawn, a query,
a map, a drawn digit. Its driver sees no request and no console; the page's own words must do."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from make import browser as browsers
from support.paper import SEVEN
from support.required import required
from support.server import Answer, SiteServer

if TYPE_CHECKING:
    from selenium.webdriver.webkitgtk.webdriver import WebDriver

TRAIN = "const root = document.querySelector('glass-train')?.shadowRoot;"
CURVE = TRAIN + "const curve = root?.querySelector('glass-curve');"
WALL = "const wall = document.querySelector('glass-browse')?.collection;"
RACE = "const root = document.querySelector('glass-race')?.shadowRoot;"

# How many pixels of a chart are neither transparent nor grey: a line of a colour has been drawn.
COLOURED = """
  const coloured = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += data[i + 3] > 0 && Math.abs(data[i] - data[i + 2]) > 40;
    return count;
  };
"""


# Seconds in which the driver answers. One whose browser has died as it began never does, and selenium
# would wait for ever.
ANSWER = 90


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A screen that nobody sees."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1100x24", "-nolisten", "tcp"]
    if browsers.webkit() is None:
        required(" and ".join(browsers.WEBKIT), "`python3 build.py test web` installs them")
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        yield f":{told.readline().strip()}"
    server.terminate()
    server.wait()


class Sessions:
    """Opens a browser for each test: what one page has left behind in it is nothing to the next."""

    def __init__(self, screen: str) -> None:
        self._screen = screen
        self._opened: WebDriver | None = None

    def anew(self) -> WebDriver:
        self.close()
        self._opened = begin(self._screen)
        return self._opened

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is None:
            return
        with contextlib.suppress(Exception):  # one that has died cannot be told to go
            opened.quit()


def survives(test: Callable[[WebDriver, SiteServer], None]) -> Callable[..., None]:
    """WebKitGTK's own process has died, once in some hundred visits and wherever the page was, also as
    it began: then the test begins again in a new one. What kills that as well is our page's fault."""

    @functools.wraps(test)
    def twice(webkit: Sessions, server: SiteServer) -> None:
        from selenium.common.exceptions import InvalidSessionIdException
        from urllib3.exceptions import HTTPError

        try:
            test(webkit.anew(), server)
        except (InvalidSessionIdException, HTTPError) as died:
            print(f"The browser died: {died}. The test begins again.")
            test(webkit.anew(), server)

    return twice


@pytest.fixture
def webkit(screen: str) -> Iterator[Sessions]:
    sessions = Sessions(screen)
    yield sessions
    sessions.close()


def begin(screen: str) -> WebDriver:
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    found = browsers.webkit()
    assert found
    driver, program = found
    options = Options()
    options.binary_location = program
    options.add_argument("--automation")
    # No locale, as in many a container: the browser's language is then `C`, which is none.
    environment = {**os.environ, "DISPLAY": screen, "LC_ALL": "C"}
    with warnings.catch_warnings(), answering():
        warnings.simplefilter("ignore", DeprecationWarning)  # of selenium about itself
        opened = webdriver.WebKitGTK(options=options, service=Service(driver, env=environment))
    opened.set_window_size(1280, 1000)
    return opened


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """What is opened within waits so long for each answer, and no longer."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(ANSWER)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def until(holds: Callable[[], Any], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"still not so after {seconds} seconds"
        time.sleep(0.2)


def drawn(coloured: list[int]) -> bool:
    """Whether there are two charts with a line in each."""
    return len(coloured) == 2 and min(coloured) > 50


@survives
def test_training_to_ninety_percent_with_both_charts(webkit: WebDriver, server: SiteServer) -> None:
    webkit.get(server.url + "train.html")
    ready = f"{TRAIN} return root?.querySelector('glass-status')?.shadowRoot?.querySelector('[role=status]')?.textContent ?? ''"
    until(lambda: webkit.execute_script(ready).startswith("Ready"), 120)
    webkit.execute_script(
        f"{TRAIN} root.querySelector('glass-controls').shadowRoot.querySelector('[data-command=start]').click()"
    )
    best = f"{CURVE} return Math.max(0, ...curve.history.evaluations.map((one) => one.accuracy))"
    until(lambda: webkit.execute_script(best) >= 0.9, 120)
    charts = f"""{CURVE}{COLOURED} return [...curve.shadowRoot.querySelectorAll('.uplot canvas')].map(coloured)"""
    until(lambda: drawn(webkit.execute_script(charts)), 20)
    assert webkit.execute_script("return document.querySelector('.fault')") is None


@survives
def test_a_drawn_digit_is_read(webkit: WebDriver, server: SiteServer) -> None:
    from selenium.webdriver.common.actions.action_builder import ActionBuilder

    webkit.get(server.url + "train.html?drawing=0")
    network = f"{TRAIN} const network = root?.querySelector('glass-forward')?.shadowRoot;"
    said = f"{network} return network?.querySelector('.say')?.textContent ?? ''"
    until(lambda: "empty" in webkit.execute_script(said), 60)
    left, top, side = webkit.execute_script(
        f"""{network}
        const paper = network.querySelector('glass-digit').shadowRoot.querySelector('glass-paper');
        const sheet = paper.shadowRoot.querySelector('[role=application]');
        sheet.scrollIntoView({{ block: 'center' }});
        const {{ left, top, width }} = sheet.getBoundingClientRect();
        return [left, top, width]"""
    )
    hand = ActionBuilder(webkit, duration=40)
    pointer: Any = hand.pointer_action
    for first, *rest in SEVEN:
        pointer.move_to_location(*(int(left + first[0] * side), int(top + first[1] * side)))
        pointer.pointer_down()
        for x, y in rest:
            pointer.move_to_location(int(left + x * side), int(top + y * side))
        pointer.pointer_up()
    hand.perform()
    until(lambda: webkit.execute_script(said).strip().startswith("The network reads this as"), 20)


@survives
def test_a_race_with_its_charts(webkit: WebDriver, server: SiteServer) -> None:
    webkit.get(server.url + "race.html")
    button = f"{RACE} const button = root?.querySelector('[data-command=start]');"
    until(lambda: webkit.execute_script(f"{button} return Boolean(button)"), 30)
    webkit.execute_script(f"{button} button.click()")
    charts = f"{RACE}{COLOURED} return [...root.querySelectorAll('.uplot canvas')].map(coloured)"
    until(lambda: drawn(webkit.execute_script(charts)), 180)


@survives
def test_a_query_and_a_map(webkit: WebDriver, server: SiteServer) -> None:
    webkit.get(server.url + "browse.html?python=y==7")
    found = f"{WALL} return wall?.arrangement.value?.ids.length ?? 0"
    right = f"{WALL} return [...wall.columns.value.label].filter((label) => label === 7).length"
    until(lambda: webkit.execute_script(f"{WALL} return Boolean(wall?.complete.value)"), 60)
    until(lambda: webkit.execute_script(found) == webkit.execute_script(right), 120)
    assert webkit.execute_script(right) > 0
    webkit.get(server.url + "browse.html?shape=pca")
    until(lambda: webkit.execute_script(f"{WALL} return Boolean(wall?.python.mapped.value)"), 180)


@survives
def test_figures_in_a_post_share_one_python(webkit: WebDriver, server: SiteServer) -> None:
    """On a page of another origin; its frames are of ours, and so is the hidden one with Python."""
    figure = '<figure data-glassnet="train"><a href="train.html">a picture</a></figure>'
    script = f'<script async type="module" src="{server.url}glassnet.js"></script>'
    html = f'<!doctype html><meta charset="utf-8"><title>A post</title>{2 * figure}{script}'
    server.overlay["post.html"] = Answer(html.encode(), headers={"Content-Security-Policy": ""})
    try:
        webkit.get(server.url.replace("127.0.0.1", "localhost") + "post.html")
        alive = "return document.querySelectorAll('figure[data-alive]').length"
        until(lambda: webkit.execute_script(alive) == 2, 120)
        stepped = "return document.querySelector('glass-train').training.run.frame.value?.step"
        for frame in webkit.find_elements("css selector", "figure iframe"):
            webkit.switch_to.frame(frame)
            webkit.execute_script("document.querySelector('glass-train').step()")
            until(lambda: webkit.execute_script(stepped) == 1, 120)
            webkit.switch_to.default_content()
        room = webkit.find_element("css selector", "body > iframe[hidden]")
        webkit.switch_to.frame(room)
        assert webkit.execute_script("return room.census") == {"members": 2, "workers": 1}
    finally:
        del server.overlay["post.html"]
