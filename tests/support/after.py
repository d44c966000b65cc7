"""What comes after: events that are known to follow whatever a page was about to do, for tests that
say that something has not happened. That nothing happened in half a second proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.server import SiteServer

# Idle never comes, and no worker is started early, so Python is started by nobody but the visitor.
# The page says that it waits for it when it has asked for all that it gets by itself.
NEVER_IDLE = (
    "window.idle = 0; window.requestIdleCallback = () => ++window.idle;"
    "window[Symbol.for('glassnet: a worker started early')] = null;"
)

# Notes what the page asks of a run.
TOLD = """() => {
  window.told = [];
  const post = window.post ??= Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...more) {
    if (['create', 'reset', 'start', 'pause', 'step'].includes(message.type)) window.told.push(message.type);
    return post.call(this, message, ...more);
  };
}"""


def frames(page: Page, count: int = 3) -> None:
    """So many animation frames: one may lay out, the next draw, and another show what was drawn."""
    page.evaluate(
        """async (count) => {
          for (let k = 0; k < count; k++) await new Promise(requestAnimationFrame);
        }""",
        count,
    )


def still(page: Page) -> None:
    """Until no transition is under way, in two frames one after the other: the first begins it."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          const under = (root) => [root, ...[...root.querySelectorAll('*')].flatMap((one) => one.shadowRoot ? under(one.shadowRoot) : [])];
          const moving = () => under(document).flatMap((root) => root.getAnimations());
          for (let rest = 0; rest < 2; rest = moving().length ? 0 : rest + 1) {
            await Promise.allSettled(moving().map((one) => one.finished));
            await frame();
          }
        }"""
    )


def requested(page: Page, server: SiteServer) -> list[str]:
    """All files that the server has been asked for until now: a request of the page's own, and one
    that follows upon its answer, have arrived after them."""
    for _ in range(2):
        page.evaluate("() => fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })")
    return list(server.requested)


def answered(page: Page, model: str, times: int = 5) -> None:
    """Asks Python's worker and waits for the answer, several times. A worker that computes takes a
    slice between two answers, and what it has to show it has sent before the second. model: an
    expression for what has the `interpreter`."""
    page.evaluate(
        f"""async (times) => {{
          const {{ interpreter }} = {model};
          for (let k = 0; k < times; k++) await interpreter.ask('ping', {{}});
        }}""",
        times,
    )
