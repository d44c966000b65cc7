"""The static checkers, run as tests: style, Python's types, JavaScript's types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from make import declarations, node
from make.settings import BRIDGE, MAKE, PYLIB, ROOT, TESTS, WEB, settings

SOURCES = [ROOT / "build.py", MAKE, PYLIB / "src", BRIDGE / "src"]
PYTHON = [sys.executable, "-m"]


def check(*command: str | Path) -> None:
    """Run a checker in the repository, with Node at hand; its findings are the failure's text."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **node.find(settings(offline=True)).env},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    check(*PYTHON, "ruff", "check", *SOURCES, TESTS)


@pytest.mark.parametrize("paths", [SOURCES, [TESTS]], ids=["sources", "tests"])
def test_mypy(paths: list[Path]) -> None:
    check(*PYTHON, "mypy", "--strict", *paths)


def test_tsc() -> None:
    check(node.tool("tsc"), "-p", WEB)


@pytest.mark.parametrize(
    "path", sorted((TESTS / "node").glob("*.test.mjs")), ids=lambda path: path.stem
)
def test_what_is_pure_in_javascript(path: Path, tmp_path: Path) -> None:
    """Node's own test runner, a file at a time; the pages' modules need nothing else but what the
    package declares, which the build gives them."""
    program = node.find(settings(offline=True)).program
    options = tmp_path / "options.mjs"
    declared = json.dumps(declarations.read(PYLIB / "src"))
    options.write_text(f"globalThis.__OPTIONS__ = {declared};\n", encoding="utf-8")
    check(program, "--test", f"--import={options.as_uri()}", "--test-reporter=spec", path)


FAULTS = {
    "ruff": "import os\n",
    "mypy": "def f(x: int) -> str:\n    return x\n",
    "tsc": "/** @param {string} x */\nexport const f = (x) => x.lenght;\n",
}


@pytest.mark.parametrize("tool", FAULTS)
def test_planted_fault_is_seen(tool: str, tmp_path: Path) -> None:
    """A checker that found nothing in its faulty file would find nothing in ours."""
    file = tmp_path / ("fault.js" if tool == "tsc" else "fault.py")
    file.write_text(FAULTS[tool], encoding="utf-8")
    command: dict[str, list[str | Path]] = {
        "ruff": [*PYTHON, "ruff", "check", "--config", ROOT / ".ruff.toml", file],
        "mypy": [*PYTHON, "mypy", "--config-file", ROOT / ".mypy.ini", file],
        "tsc": [node.tool("tsc"), "--checkJs", "--noEmit", "--strict", file],
    }
    with pytest.raises(AssertionError, match=r"fault\.(py|js)"):
        check(*command[tool])
