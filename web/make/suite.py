"""Tests and benchmarks: what they need is fetched, then they run in the project's environment."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from . import browser, carriers, kernel, newer, venv
from .console import BuildError, say
from .lock import exclusive
from .settings import PYLIB, ROOT, TESTS, WEB, Settings

NEED_BROWSER = {"parity", "web", "build"}
OTHERS = {"onnx": "ONNX Runtime", "cluster": "MPI or Dask", "notebook": "A notebook's kernel"}
NOTHING_RAN = 5  # pytest's exit code


def run(layer: str, expression: str | None, settings: Settings) -> int:
    """Run a layer of the tests ("all": every one); pytest's exit code."""
    folders = _folders(layer)
    with exclusive():
        venv.install(TESTS / "requirements.txt", settings)
    if TESTS / "native" in folders:
        _reference(settings)
    if {TESTS / "native", TESTS / "web"} & set(folders):
        _others(settings)
    environment = {}
    if TESTS / "build" in folders:
        environment = _tools(settings)
    if NEED_BROWSER & {folder.name for folder in folders}:
        browser.obtain(settings)
        browser.obtain_headless(settings)
    if layer in ("all", "parity", "web"):
        browser.obtain_firefox(settings)
        browser.obtain_webkit(settings)
    if layer in ("all", "web"):
        carriers.obtain(settings)
    if settings.mnist:
        environment["GLASSNET_MNIST"] = str(settings.mnist)
    command: list[str | Path] = [venv.PYTHON, "-m", "pytest"]
    chosen = ["-k", expression] if expression else []
    pages = [folder for folder in folders if folder.name == "web"]
    rest = [folder for folder in folders if folder.name != "web"]
    halves = [[*command, *half, *chosen] for half in (pages, rest) if half]
    return side_by_side(halves, environment)


def bench(options: argparse.Namespace, settings: Settings) -> int:
    """Run the benchmarks with build.py's options for them; their exit code."""
    words = list(options.parts)
    words += [f"--{name}" for name in ("peers", "quick") if vars(options)[name]]
    words += [f"--rounds={options.rounds}"] if options.rounds else []
    words += [f"--json={Path(options.json).resolve()}"] if options.json else []
    words += ["--offline"] if settings.offline else []
    with exclusive():
        venv.install(TESTS / "requirements.txt", settings)
    if options.peers:
        _reference(settings)
    browser.obtain_firefox(settings)
    paths = [str(path) for path in (TESTS, WEB, PYLIB / "src")]
    environment = {browser.VARIABLE: browser.obtain(settings), "PYTHONPATH": os.pathsep.join(paths)}
    return _start([venv.PYTHON, "-m", "bench", *words], environment)


def _others(settings: Settings) -> None:
    """What runs our models, carries out our sweeps and shows our widget, where it is to be had:
    tests/onnx.txt, tests/cluster.txt, tests/notebook.txt."""
    for name, what in OTHERS.items():
        try:
            venv.install(TESTS / f"{name}.txt", settings)
        except BuildError:
            say(f"{what} is not to be had here; tests that need it are skipped.")


def _reference(settings: Settings) -> None:
    """PyTorch, to compare with, where its build for the CPU is to be had (tests/torch.txt)."""
    try:
        venv.install(TESTS / "torch.txt", settings)
    except BuildError:
        say("PyTorch's build for the CPU is not to be had here; what compares with it is skipped.")


def _tools(settings: Settings) -> dict[str, str]:
    """What the build is compared with: the kernel's compiler, and pyodide-build in a Python of its
    own. Where one is not to be had its test is skipped, or fails where CI=true."""
    try:
        venv.install(kernel.LOCKED, settings)
    except BuildError as error:
        say(f"No compiler to rebuild the kernel with. {error}")
    try:
        python = newer.pyodide_build(settings)
    except BuildError as error:
        say(f"No pyodide-build to compare with. {error}")
        return {}
    return {newer.VARIABLE: str(python)} if python else {}


def _folders(layer: str) -> list[Path]:
    """The folders of a layer, quick ones first."""
    if layer != "all":
        if not (TESTS / layer).is_dir():
            raise BuildError(f"There are no {layer} tests yet: {TESTS / layer} does not exist.")
        return [TESTS / layer]
    order = ["unit", "native", "build", "parity", "web"]
    return [TESTS / name for name in order if (TESTS / name).is_dir()]


def side_by_side(commands: Sequence[list[str | Path]], environment: dict[str, str]) -> int:
    """Run commands at the same time, which takes little more than the longest: what tests browsers
    mostly waits. The first one's output is seen as it comes, that of the others once it has ended.
    Returns the worst exit code; "no tests ran" (5) is one only where it is true of all."""
    first, *others = commands
    with ExitStack() as stack:
        running = []
        for command in others:
            printed = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            say(f"$ {shlex.join(str(word) for word in command)} (meanwhile)")
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **environment}, stdout=printed, stderr=printed
            )
            stack.callback(process.kill)
            running.append((process, printed))
        codes = [_start(first, environment)]
        for process, printed in running:
            codes.append(process.wait())
            printed.seek(0)
            shutil.copyfileobj(printed, sys.stdout)
            sys.stdout.flush()
    ran = [code for code in codes if code != NOTHING_RAN]
    return max(map(abs, ran)) if ran else NOTHING_RAN


def _start(command: list[str | Path], environment: dict[str, str]) -> int:
    say(f"$ {shlex.join(str(word) for word in command)}")
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
