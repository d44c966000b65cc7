"""A Python that was started once is kept by the browser, and taken up at the next visit: checked,
and thrown away as soon as anything about it is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from support.server import SiteServer
from support.trainer import BOOT, Trainer, until

KEPT = """async () => {
  const store = await caches.open('glassnet-python');
  return (await store.keys()).map((request) => request.url);
}"""

# Puts what is kept back in another form: a function of its bytes and its headers.
CHANGE = """async (change) => {
  const store = await caches.open('glassnet-python');
  const [request] = await store.keys();
  const response = await store.match(request);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  const sum = async () => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
    (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (change === 'damaged') bytes[bytes.length >> 1] ^= 1;
  if (change === 'another browser') headers['x-browser'] = 'another';
  if (change === 'unusable') { // whole, but a library has not the function that it had
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    const name = header.indexOf('PyInit_');
    bytes[8 + name] = 'x'.charCodeAt(0);
    headers['x-sha256'] = await sum();
  }
  await store.put(request, new Response(bytes, { headers }));
}"""

MARKS = (
    "() => performance.getEntriesByType('mark').map(({ name }) => name)"
    ".filter((name) => name.startsWith('python: '))"
)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def visit(context: BrowserContext, server: SiteServer) -> Trainer:
    page = context.new_page()
    page.goto(server.url + "train.html")
    trainer = Trainer(page)
    trainer.wait_for_network()
    return trainer


def marks(page: Page) -> list[str]:
    return list(page.evaluate(MARKS))


def kept(page: Page) -> list[str]:
    return list(page.evaluate(KEPT))


@pytest.fixture
def first(context: BrowserContext, server: SiteServer) -> Trainer:
    """The first visit, after which Python is kept."""
    trainer = visit(context, server)
    assert "python: nothing kept" in marks(trainer.page)
    until(lambda: kept(trainer.page), BOOT)
    return trainer


def took(page: Page, file: str) -> bool:
    """Whether the page's worker has asked for a file."""
    sent: list[Any] = page.workers[0].evaluate(
        "() => performance.getEntriesByType('resource').map(({ name }) => name)"
    )
    return any(file in name for name in sent)


def test_the_next_visit_takes_up_the_python_that_was_kept(
    context: BrowserContext, server: SiteServer, first: Trainer
) -> None:
    first.step(5)
    losses = first.losses()
    first.page.close()
    again = visit(context, server)
    assert "python: kept" in marks(again.page)
    assert "python: packages" not in marks(again.page)
    again.step(5)
    assert again.losses() == losses  # to the bit
    until(lambda: took(again.page, "numpy-"))  # the files follow
    again.train(600)
    again.page.get_by_role("button", name="Save the run").wait_for()
    saved = again.page.evaluate(
        "async () => Object.keys((await document.querySelector('glass-train').training.run.save())"
        ".files).length"
    )
    assert saved > 1


@pytest.mark.parametrize("change", ["damaged", "another browser", "unusable"])
def test_one_that_is_not_as_it_should_be_is_thrown_away(
    context: BrowserContext, server: SiteServer, first: Trainer, change: str
) -> None:
    first.page.evaluate(CHANGE, change)
    first.page.close()
    again = visit(context, server)
    assert "python: packages" in marks(again.page)  # begun from its files
    again.step(1)
    again.page.close()
    until_kept = visit(context, server)
    until(lambda: kept(until_kept.page), BOOT)
    until_kept.page.close()
    assert "python: packages" not in marks(visit(context, server).page)


def test_what_a_run_begins_with_needs_no_file(
    context: BrowserContext, server: SiteServer, first: Trainer
) -> None:
    """Every request that is answered before the files are there; and the others say what is
    missing, until it is there."""
    first.page.close()
    page = context.new_page()
    blocked = True

    def hold(route: Any) -> None:
        route.abort() if blocked else route.continue_()

    context.route("**/numpy-*.tar.gz", hold)
    page.goto(server.url + "train.html")
    trainer = Trainer(page)
    trainer.wait_for_network()
    trainer.step(2)
    trainer.train(600)  # an evaluation, too
    trainer.press("reset")
    until(lambda: trainer.frame()["step"] == 0)
    state = "document.querySelector('glass-train').training"
    ask = f"""async (type) => {state}.interpreter.ask(type, {{ run: 'training', log: [],
      digit: {{ split: 'test', index: 0 }}, arrays: ['layers.*.a'], steps: 1 }})
      .then(() => 'answered', (error) => error.message)"""
    for kind in ("arrays", "state", "step"):
        assert page.evaluate(ask, kind) == "answered"
    assert "numpy" in page.evaluate(ask, "trace")
    blocked = False
    assert page.evaluate(ask, "trace") == "answered"
