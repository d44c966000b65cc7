"""The README's picture: train.html as built, in a real browser, after seconds of training."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from . import browser, serve, venv
from .console import BuildError, say
from .settings import SITE, TESTS, WEB, Settings

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

PICTURE = WEB / "screenshot.jpg"
WIDTH, HEIGHT = 1180, 1000
TRAINING = 8_000  # milliseconds; then the tiles show strokes


def take(settings: Settings) -> Path:
    """Train in the page, pause, and write the picture; returns its path."""
    venv.install(TESTS / "requirements.txt", settings)
    program = browser.obtain(settings)
    from playwright.sync_api import sync_playwright

    server = serve.open_server(serve.handler(SITE, verbose=False), serve.HOST, serve.PORT)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=program)
            size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
            page = opened.new_page(viewport=size, color_scheme="light")
            problems: list[str] = []
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.goto(f"http://{serve.HOST}:{server.server_port}/train.html?digit=18")
            page.get_by_role("button", name="Start").click()
            page.get_by_role("button", name="Pause").wait_for(timeout=60_000)
            page.wait_for_timeout(TRAINING)
            page.get_by_role("button", name="Pause").click()
            page.mouse.move(0, 0)
            page.wait_for_timeout(500)
            page.screenshot(path=PICTURE, type="jpeg", quality=82)
            opened.close()
    finally:
        server.shutdown()
        server.server_close()
    if problems:
        raise BuildError("The page failed while its picture was taken:\n" + "\n".join(problems))
    say(f"The picture is {PICTURE}")
    return PICTURE
