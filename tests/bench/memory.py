"""What memory a page takes, as the system tells it (Linux)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

TOLD = Path("/proc/self/smaps_rollup")


def own(browser: Browser) -> float | None:
    """Megabytes of the largest page's process that are its own (USS): JavaScript, canvases, workers
    and Python. None where the system does not tell."""
    if not TOLD.exists():
        return None
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(_private(one["id"]) for one in processes if one["type"] == "renderer")


def _private(process: int) -> float:
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    private = [line.split() for line in rollup.splitlines() if line.startswith("Private_")]
    return sum(int(fields[1]) for fields in private) * 1024 / 1e6
