"""The unit tests, run again inside the browser by the Python that visitors get.

What is tested there is the built site: its interpreter, its numpy and our wheels, in a module
worker under the site's own security policy. The very same tests must run and pass; one may be
skipped only for a reason that says so ("not in the browser: ..."). Chromium runs them all; Firefox,
whose compiler of WebAssembly is another, those of the simd engine.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from make.settings import ROOT, TESTS, WEB
from support.modules import MODULES
from support.server import Answer, SiteServer

HERE = Path(__file__).parent
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (TESTS / "unit").glob("test_*.py"))
PACKAGES = ["pytest", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis"]
PACKAGES += ["sortedcontainers"]
KERNEL = [file for file in FILES if "simd" in file or "engines" in file]
START_SECONDS = 90
FILE_SECONDS = 400
ALLOWED_SKIP = "not in the browser:"

PAGE = b"<!doctype html><html lang=en><title>parity</title>"
# An await in the page would hold up Playwright, so answers are kept and asked for.
BEGIN = """([worker, first]) => {
  window.answers = [];
  window.tests = new Worker(worker, { type: 'module' });
  window.tests.onmessage = ({ data }) => window.answers.push(data);
  window.tests.onerror = (event) => window.answers.push({ error: `worker: ${event.message}` });
  window.tests.postMessage(first);
}"""


class Interpreter:
    """Pyodide in a page's worker, ready to run test files. After a crash it starts anew."""

    def __init__(self, page: Any, url: str, python: str) -> None:
        self.page, self.url, self.python = page, url, python
        self.running = False

    def run(self, file: str) -> dict[str, Any]:
        """What runner.py reports for a test file."""
        if not self.running:
            self._start()
        self.running = False  # until it has answered: a crash leaves nothing to build on
        self.page.evaluate("(file) => window.tests.postMessage({ type: 'run', file })", file)
        report: dict[str, Any] = json.loads(self._answer(FILE_SECONDS))
        self.running = True
        return report

    def _start(self) -> None:
        self.page.goto(f"{self.url}parity/index.html")
        first = {"type": "start", "manifest": self.python}
        self.page.evaluate(BEGIN, [f"{self.url}parity/worker.js", first])
        self._answer(START_SECONDS)

    def _answer(self, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.page.evaluate("() => window.answers.shift() ?? null")
            if answer is not None:
                assert "error" not in answer, answer["error"]
                return str(answer["result"])
            time.sleep(0.1)
        raise TimeoutError(f"the browser's Python gave no answer within {seconds} s")


@pytest.fixture(scope="module")
def server(serve: Callable[..., SiteServer]) -> SiteServer:
    """The site with pytest and the unit tests beside it."""
    return serve(
        {
            "parity/index.html": Answer(PAGE),
            "parity/worker.js": Answer((HERE / "worker.js").read_bytes()),
            **{f"parity/{name}": Answer((WEB / name).read_bytes()) for name in MODULES},
            "parity/packages.zip": Answer(packages(PACKAGES)),
            "parity/tests.zip": Answer(unit_tests()),
        }
    )


@pytest.fixture(scope="module")
def chromium(site: Path, browser: Any, server: SiteServer) -> Iterator[Interpreter]:
    """The site's Python in Chromium, started once."""
    yield from interpreter(site, browser, server)


@pytest.fixture(scope="module")
def gecko(site: Path, firefox: Any, server: SiteServer) -> Iterator[Interpreter]:
    """The site's Python in Firefox, started once."""
    yield from interpreter(site, firefox, server)


def interpreter(site: Path, browser: Any, server: SiteServer) -> Iterator[Interpreter]:
    page = browser.new_page()
    manifest = next(site.glob("python/manifest-*.json"))
    yield Interpreter(page, server.url, f"{server.url}python/{manifest.name}")
    page.close()


@pytest.fixture(scope="module")
def native() -> dict[str, set[str]]:
    """The ids of the unit tests as natively collected, by file."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/unit"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    ids: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        if "::" in line:
            ids.setdefault(line.split("::")[0], set()).add(line)
    return ids


@pytest.mark.parametrize("file", FILES)
def test_same_tests_pass_in_the_browser(
    file: str, chromium: Interpreter, native: dict[str, set[str]], measured: dict[str, Any]
) -> None:
    measured.setdefault("Chromium", {}).update(passed(chromium.run(file), native[file]))


@pytest.mark.parametrize("file", KERNEL)
def test_the_engines_tests_pass_in_firefox(
    file: str, gecko: Interpreter, native: dict[str, set[str]], measured: dict[str, Any]
) -> None:
    measured.setdefault("Firefox", {}).update(passed(gecko.run(file), native[file]))


def passed(report: dict[str, Any], ids: set[str]) -> dict[str, float]:
    """Nothing failed or was left out; returns what the tests measured, by name."""
    tests = report["tests"]
    assert set(tests) == ids, report["output"]
    failed = {name: test["text"] for name, test in tests.items() if test["outcome"] == "failed"}
    assert not failed, report["output"]
    for name, test in tests.items():
        assert test["outcome"] == "passed" or ALLOWED_SKIP in test["text"], (name, test["text"])
    assert report["exit"] in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return {name: value for test in tests.values() for name, value in test["measured"].items()}


def packages(names: list[str]) -> bytes:
    """Installed pure-Python distributions, with their metadata, as one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            for file in importlib.metadata.files(name) or []:
                path = Path(str(file.locate()))
                assert path.suffix not in (".so", ".pyd"), f"{name} is not pure Python: {file}"
                if ".." not in file.parts and "__pycache__" not in file.parts:
                    archive.write(path, str(file))
    return buffer.getvalue()


def unit_tests() -> bytes:
    """The unit tests, their configuration and their runner, as one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(ROOT / ".pytest.ini", ".pytest.ini")
        archive.write(HERE / "runner.py", "runner.py")
        for path in sorted((TESTS / "unit").rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(ROOT).as_posix())
    return buffer.getvalue()
