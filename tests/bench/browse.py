"""The wall of all digits: how soon it is there, how it moves, how quickly it finds, what it takes.

What is timed is also looked at: the wall shows the digits of the files, moving changes its picture,
and every answer is the right one. Else the sitting ends.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Playwright, ViewportSize

from bench import digits, memory, milestones
from bench.digits import Part
from bench.server import running
from make.console import say

LOADED = {"first digits", "all digits"}
WALL_ALONE = "?shape=grid"  # where it can be told whether each digit is in its place
MOVES = ["pan", "zoom", "pan over the map", "zoom into the map"]
WORDS = ["wrong", "label:4 pred:9 loss>0.5 ink<0.1"]
TURNS = 7  # of every question
ALIKE = 0.6  # likeness: 0.79 of the right digits, 0 of the same in another order

WINDOW: ViewportSize = {"width": 1280, "height": 800}
DRAWN = "() => performance.getEntriesByName('all digits').length"
WALL = "document.querySelector('glass-browse')"
PLANE = f"{WALL}.renderRoot.querySelector('glass-plane')"
FRAMES = """() => {
  window.frames = [];
  window.longTasks.length = 0;
  window.recording = true;
  let last = 0;
  const note = (now) => {
    if (last) window.frames.push(now - last);
    last = now;
    if (window.recording) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}"""
STOP = """() => {
  window.recording = false;
  return [window.frames, window.longTasks.map(([, duration]) => duration)];
}"""
ZOOM = f"""([steps, delta]) => new Promise((resolve) => {{
  const wall = {PLANE}.renderRoot.querySelector('[role=listbox]');
  const box = wall.getBoundingClientRect();
  const turn = (left) => {{
    if (!left) return resolve();
    wall.dispatchEvent(new WheelEvent('wheel', {{ deltaY: delta, ctrlKey: true, cancelable: true,
      clientX: box.left + box.width * 0.4, clientY: box.top + box.height * 0.4 }}));
    requestAnimationFrame(() => turn(left - 1));
  }};
  turn(steps);
}})"""
HOME = f"() => {WALL}.collection.home()"
# Milliseconds until the wall is arranged anew, by words; and how many are found.
FIND = f"""async ([text, turns]) => {{
  const {{ collection }} = {WALL};
  const times = [];
  for (let turn = 0; turn < turns; turn++) {{
    collection.set('find', '');
    await new Promise((resolve) => setTimeout(resolve, 900));
    const begin = performance.now();
    collection.set('find', text);
    collection.arrangement.value;
    times.push(performance.now() - begin);
  }}
  const found = collection.found.value.ids.length;
  collection.set('find', '');
  return [times, found];
}}"""
# The same by Python's expressions, one after the other.
ASK = f"""async (expression) => {{
  const {{ collection }} = {WALL};
  const before = collection.python.found.value;
  const begin = performance.now();
  collection.set('python', expression);
  while (collection.python.found.value === before) await new Promise((resolve) => setTimeout(resolve));
  const {{ ids, fault }} = collection.python.found.value;
  const shown = collection.arrangement.value.ids.length;
  const milliseconds = performance.now() - begin;
  await new Promise((resolve) => setTimeout(resolve, 900));
  return {{ milliseconds, found: ids?.length ?? 0, shown, fault }};
}}"""
MAP = f"""async () => {{
  const {{ collection }} = {WALL};
  collection.set('shape', 'pca');
  while (!collection.python.mapped.value) await new Promise((resolve) => setTimeout(resolve, 20));
  const {{ seconds, explained }} = collection.python.mapped.value;
  return [1000 * seconds, explained];
}}"""


def measure(
    playwright: Playwright, program: str, site: Path, rounds: int, quick: bool
) -> dict[str, Any]:
    """Milliseconds, and megabytes, of everything that is promised of the wall."""
    parts = digits.read(site)
    turns = 1 if quick else TURNS
    with running(site, {}) as server:
        chromium = playwright.chromium.launch(executable_path=program)
        plain = f"{server.url}browse.html"
        url = plain + WALL_ALONE
        loads = [load(chromium, url) for _ in range(rounds)]
        found: dict[str, Any] = {name: [one[name] for one in loads] for name in sorted(LOADED)}
        found["long tasks, loading"] = [max([0, *one["long"]]) for one in loads]
        found["likeness"] = same_digits(chromium, url, parts)
        page = chromium.new_page(viewport=WINDOW)
        milestones.notice_tasks(page)
        page.goto(url)
        page.wait_for_function(DRAWN)
        for name, legs in zip(MOVES[:2], (pan(page), zoom(page)), strict=True):
            found[name] = moved(page, legs)
        found |= map_of_all(chromium, plain, rounds)
        milestones.provoke_long_task(page)
        page.evaluate(HOME)
        found["words"] = {text: words(page, text, turns) for text in WORDS}
        found["memory, no Python"] = memory.own(chromium)
        found |= python(page, parts, turns)
        found["memory, Python and all pixels"] = memory.own(chromium)
        milliseconds, explained = page.evaluate(MAP)
        if not 0.1 < sum(explained) < 0.3:  # of all of MNIST, two components have 0.17
            raise RuntimeError(f"two components that explain {explained} are not MNIST's")
        found["principal components"] = milliseconds
        chromium.close()
    say(f"browse: first digits {median(found['first digits']):.0f} ms")
    return found


def load(chromium: Browser, url: str) -> dict[str, Any]:
    """One visit with nothing cached."""
    page = open_wall(chromium, url)
    tasks = page.evaluate("() => window.longTasks.map(([, duration]) => duration)")
    seen = milestones.reached(page)
    page.context.close()
    return {**seen, "long": tasks}


def map_of_all(chromium: Browser, url: str, rounds: int) -> dict[str, Any]:
    """The page as it opens: when its map is there, and how it moves, in colours."""
    found: dict[str, Any] = {"map": []}
    for _ in range(rounds):
        page = chromium.new_context(viewport=WINDOW).new_page()
        milestones.watch(page, "browse.html")
        page.goto(url)
        found["map"].append(milestones.wait(page, {"map"}, 60)["map"])
        page.context.close()
    page = chromium.new_context(viewport=WINDOW).new_page()
    milestones.notice_tasks(page)
    page.goto(url)
    page.wait_for_function("() => performance.getEntriesByName('map').length")
    for name, legs in zip(MOVES[2:], (pan(page), zoom(page)), strict=True):
        found[name] = moved(page, legs)
    page.context.close()
    return found


def same_digits(chromium: Browser, url: str, parts: dict[str, Part]) -> float:
    """The likeness of the wall to the files."""
    page = open_wall(chromium, url)
    found = likeness(page, parts)
    page.context.close()
    if found < ALIKE:
        raise RuntimeError(f"the wall shows other digits: likeness {found:.2f}")
    return found


def open_wall(chromium: Browser, url: str) -> Page:
    page = chromium.new_context(viewport=WINDOW).new_page()
    milestones.watch(page, "browse.html")
    page.goto(url)
    milestones.wait(page, LOADED, 60)
    page.wait_for_timeout(1500)
    return page


def likeness(page: Page, parts: dict[str, Part]) -> float:
    """How the darkness of each place on the wall goes with the ink of the digit that belongs there:
    their correlation, 1 at best."""
    ink = np.concatenate([parts[name][0].mean(axis=(1, 2)) for name in ("test", "train")])
    dark = np.array(page.evaluate("() => Array.from(window.darkness())"))
    return float(np.corrcoef(ink, dark)[0, 1])


# Moving ----------------------------------------------------------------------------------------

Leg = Callable[[], None]


def moved(page: Page, legs: list[Leg]) -> dict[str, Any]:
    """Frame times over all legs; each has to change the picture."""
    page.evaluate(HOME)
    page.wait_for_timeout(800)
    frames: list[float] = []
    tasks: list[float] = []
    for number, leg in enumerate(legs):
        before = picture(page)
        page.wait_for_timeout(200)  # taking it is no task of the page
        page.evaluate(FRAMES)
        leg()
        times, long = page.evaluate(STOP)
        frames += times
        tasks += long
        if picture(page) == before:
            raise RuntimeError(f"leg {number} of moving the wall left its picture as it was")
    frames.sort()
    return {
        "frames": len(frames),
        "median": median(frames),
        "95th percentile": frames[int(0.95 * len(frames))],
        "longest": frames[-1],
        "long tasks": tasks,
    }


def picture(page: Page) -> bytes:
    """The wall as it is seen."""
    return page.locator("glass-plane").screenshot()


def pan(page: Page) -> list[Leg]:
    """Across the whole set at several zooms, by the mouse."""

    def leg(steps: int) -> None:
        page.evaluate(ZOOM, [steps, -8])
        page.mouse.move(640, 480)
        page.mouse.down()
        for x, y in [(240, 300), (1000, 700), (300, 650), (900, 250), (640, 480)]:
            page.mouse.move(x, y, steps=40)
        page.mouse.up()

    return [lambda steps=steps: leg(steps) for steps in (8, 6, 6, 6)]  # type: ignore[misc]


def zoom(page: Page) -> list[Leg]:
    """From the whole set to single pixels and back, a notch a frame, twice."""
    return [lambda by=by: page.evaluate(ZOOM, [150, by]) for by in (-4, 4, -4, 4)]  # type: ignore[misc]


# Finding ---------------------------------------------------------------------------------------


def words(page: Page, text: str, turns: int) -> list[float]:
    times, found = page.evaluate(FIND, [text, turns])
    if not 0 < found < 70_000:
        raise RuntimeError(f"“{text}” found {found:,} digits")
    return list(times)


def python(page: Page, parts: dict[str, Part], turns: int) -> dict[str, Any]:
    """Milliseconds of Python's answers: the first, over columns, over all pixels."""
    images, labels = (
        np.concatenate([parts[name][k] for name in ("test", "train")]) for k in (0, 1)
    )
    asked = {  # one question in both languages: each says whether the other is right
        f"(y == {digit}) & (pred == {9 - digit}) & (loss > 0.1)": f"label:{digit} pred:{9 - digit} loss>0.1"
        for digit in range(turns)
    }
    counts = {expression: page.evaluate(FIND, [text, 1])[1] for expression, text in asked.items()}
    first = ask(page, "y == 3", int(np.sum(labels == 3)))
    columns = [ask(page, expression, count) for expression, count in counts.items()]
    ask(page, "X[:, 14, 14] > 200", int(np.sum(images[:, 14, 14] > 200)))  # hands the pixels over
    halves = images[:, :14].mean(axis=(1, 2)), images[:, 14:].mean(axis=(1, 2))
    pixels = [
        ask(
            page,
            f"mean(X[:, :14], axis=(1, 2)) > {k} * mean(X[:, 14:], axis=(1, 2))",
            int(np.sum(halves[0] > k * halves[1])),
        )
        for k in (1, 2, 3)
    ]
    return {"first answer": first, "Python over columns": columns, "over all pixels": pixels}


def ask(page: Page, expression: str, count: int) -> float:
    """Milliseconds until the wall shows what an expression is true for; it has to be the truth."""
    answer = page.evaluate(ASK, expression)
    told = [answer["found"], answer["shown"], answer["fault"]]
    if told != [count, count, None]:
        raise RuntimeError(f"“{expression}” is true of {count:,} digits; the page says {told}")
    return float(answer["milliseconds"])
