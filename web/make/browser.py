"""A Chromium for the tests: the machine's, else Playwright's, else the distribution's package; its
headless shell, a Firefox and a WebKit, where the distribution has them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from . import apt, venv
from .console import BuildError, run, say
from .fetch import Unavailable, require_reachable
from .settings import Settings

VARIABLE = "GLASSNET_BROWSER"
SHELL = "chromium-headless-shell"  # Chromium without its windows
FIREFOX = "firefox-esr"  # stock
FIREFOX_CHANNEL = "moz-firefox"  # for Playwright to drive it, by WebDriver BiDi
WEBKIT = ["webkit2gtk-driver", "xvfb"]  # a driver with a small browser, and a screen for it
WEBKIT_DRIVER = "WebKitWebDriver"
MINI_BROWSERS = "*/webkit2gtk-4.*/MiniBrowser"  # in /usr/lib
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
]
DOWNLOADS = "https://cdn.playwright.dev/"


def installed() -> str | None:
    """The path of a Chromium or Chrome on this machine, Playwright's own included."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        if not Path(chosen).is_file():
            raise BuildError(f"{VARIABLE} names {chosen}, which is not a file.")
        return chosen
    for name in NAMES:
        if found := shutil.which(name):
            return found
    places = [Path(place) for place in PLACES]
    return next((str(path) for path in [*places, *_playwright()] if path.is_file()), None)


def obtain(settings: Settings) -> str:
    """A browser's path, fetched if need be; BuildError says what was tried and what to install."""
    if found := installed():
        return found
    reasons = ["none of " + ", ".join(NAMES) + " on this machine"]
    if settings.offline:
        reasons.append("nothing was fetched, because of --offline")
    else:
        for name, attempt in [("Playwright's download", _download), ("apt-get", _apt)]:
            try:
                attempt()
            except (Unavailable, BuildError) as error:
                reasons.append(f"{name}: {error}")
                continue
            if found := installed():
                say(f"Browser from {name}: {found}")
                return found
            reasons.append(f"{name}: ended well, but there is still no browser")
    listed = "\n".join(f"  - {reason}" for reason in reasons)
    raise BuildError(f"The tests need Chromium or Chrome.\nTried:\n{listed}\n{_ADVICE}")


def headless() -> str | None:
    """The path of what most tests of pages drive: the browser that was chosen, else Chromium's
    headless shell, else whatever Chromium there is. The shell is the same engine; but whole
    Chromium has a window with a page of its own to draw for each context, seen or not, and so takes
    over a second of a processor to open one, the shell a quarter."""
    if not os.environ.get(VARIABLE) and (found := shutil.which(SHELL)):
        return found
    return installed()


def obtain_headless(settings: Settings) -> None:
    """Install Chromium's headless shell where we may; elsewhere whole Chromium takes its place."""
    if os.environ.get(VARIABLE) or shutil.which(SHELL) or settings.offline:
        return
    try:
        apt.install(SHELL)
    except (Unavailable, BuildError) as error:
        say(f"No {SHELL}: {error}. Whole Chromium takes its place, and longer.")


def firefox() -> str | None:
    """The path of a stock Firefox ESR on this machine, if there is one."""
    return shutil.which(FIREFOX)


def obtain_firefox(settings: Settings) -> None:
    """Install Firefox ESR where we may; where we may not, say so: its few tests are skipped, or
    fail where CI=true."""
    _optional(FIREFOX, [FIREFOX], firefox, settings)


def webkit() -> tuple[str, str] | None:
    """The paths of WebKitGTK's driver and of the browser it drives, if both are on this machine."""
    driver, found = shutil.which(WEBKIT_DRIVER), sorted(Path("/usr/lib").glob(MINI_BROWSERS))
    return (driver, str(found[-1])) if driver and found and shutil.which("Xvfb") else None


def obtain_webkit(settings: Settings) -> None:
    """Install WebKitGTK and a screen for it, as `obtain_firefox` does Firefox."""
    _optional(" and ".join(WEBKIT), WEBKIT, webkit, settings)


def _optional(
    name: str, packages: list[str], found: Callable[[], object], settings: Settings
) -> None:
    """Install packages that some tests need, unless what they bring is here already."""
    if found():
        return
    if settings.offline:
        say(f"No {name}, and nothing is fetched with --offline. {_WITHOUT}")
        return
    try:
        apt.install(*packages)
    except (Unavailable, BuildError) as error:
        say(f"No {name}: {error}. {_WITHOUT}")
        return
    if not found():
        say(f"No {name}, although apt-get ended well. {_WITHOUT}")


def _download() -> None:
    """`playwright install chromium`, if its server answers at all."""
    require_reachable(DOWNLOADS)
    run([venv.PYTHON, "-m", "playwright", "install", "chromium"])


def _apt() -> None:
    """The distribution's package, where we may install it."""
    apt.install("chromium")


def _playwright() -> list[Path]:
    """Where Playwright says its Chromium is, or would be."""
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run(
        [venv.PYTHON, "-c", code], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    return [Path(done.stdout.strip())] if done.returncode == 0 else []


_WITHOUT = "The tests that need it are skipped; with CI=true they fail."
_ADVICE = f"""What you can do:
  - Debian, Ubuntu: apt-get install chromium (on Ubuntu: snap install chromium);
  - macOS, Windows: install Chrome;
  - elsewhere installed: set {VARIABLE} to the program's path."""
