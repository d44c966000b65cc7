"""Where the tests' browser comes from, in which order, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from make import browser
from make.console import BuildError
from make.fetch import Unavailable
from make.settings import Settings


@pytest.fixture
def nothing(tmp_path: Path) -> Settings:
    """Offline, with an empty cache."""
    return Settings(offline=True, mnist=None, parts=None, cache=tmp_path / "cache")


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setattr("make.browser.shutil.which", lambda name: None)
    monkeypatch.setattr(browser, "_playwright", list)
    monkeypatch.setattr(browser, "PLACES", [])


@pytest.mark.usefixtures("no_browser")
def test_no_browser_lists_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(url: str) -> None:
        raise Unavailable("cdn cannot be reached")

    monkeypatch.setattr(browser, "require_reachable", closed)
    with pytest.raises(BuildError) as caught:
        browser.obtain(Settings(False, None, None, Path("nowhere")))
    text = str(caught.value)
    assert text.startswith("The tests need Chromium or Chrome.\nTried:\n  - none of chromium,")
    assert "  - Playwright's download: cdn cannot be reached\n" in text
    assert "  - apt-get: this system has none\n" in text
    for way_out in ("apt-get install chromium", "install Chrome", browser.VARIABLE):
        assert way_out in text.split("What you can do:")[1]


@pytest.mark.usefixtures("no_browser")
def test_no_browser_offline(nothing: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_download", lambda: pytest.fail("tried although offline"))
    monkeypatch.setattr(browser, "_apt", lambda: pytest.fail("tried although offline"))
    with pytest.raises(BuildError, match="nothing was fetched, because of --offline"):
        browser.obtain(nothing)


def test_order_of_browsers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, nothing: Settings
) -> None:
    """The chosen one, then the machine's, then Playwright's; each only if it is there."""
    own, system, downloaded = (tmp_path / name for name in ("own", "system", "downloaded"))
    for path in (own, system, downloaded):
        path.write_text("", encoding="utf-8")
    found: dict[str, str | None] = {"google-chrome": str(system)}
    which: Callable[[str], str | None] = found.get
    monkeypatch.setattr("make.browser.shutil.which", which)
    monkeypatch.setattr(browser, "_playwright", lambda: [downloaded])
    monkeypatch.setattr(browser, "PLACES", [])
    monkeypatch.setenv(browser.VARIABLE, str(own))
    assert browser.obtain(nothing) == str(own)
    monkeypatch.setenv(browser.VARIABLE, str(tmp_path / "gone"))
    with pytest.raises(BuildError, match=f"{browser.VARIABLE} names .*gone, which is not a file"):
        browser.obtain(nothing)
    monkeypatch.delenv(browser.VARIABLE)
    assert browser.obtain(nothing) == str(system)
    found.clear()
    assert browser.obtain(nothing) == str(downloaded)
