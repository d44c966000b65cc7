"""`build.py` as typed: help everywhere, nothing done twice, and errors that say what to do."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from make import suite
from make.console import BuildError
from make.settings import ROOT, SITE, Settings
from support.processes import started

COMMANDS = ["serve", "build", "test", "bench", "data", "release", "clean"]


def build(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "build.py"), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_offline_everywhere(command: str) -> None:
    done = build(command, "--help")
    assert done.returncode == 0
    assert "--offline" in done.stdout
    assert "--mnist DIR" in done.stdout


def test_help_lists_the_commands() -> None:
    text = build("--help").stdout
    assert all(f"    {command} " in text for command in COMMANDS)
    assert "GLASSNET_CACHE" in text


def test_second_build_runs_nothing(site: Path) -> None:
    done = build("build")
    assert done.returncode == 0
    assert "$ " not in done.stdout  # every command is echoed, so none was run
    assert done.stdout == f"The site is in {site}\n"


def test_an_address_that_is_none_is_refused() -> None:
    for done in (build("build", "--address", "here"), build("build", GLASSNET_ADDRESS="here")):
        assert done.returncode == 1
        assert "'here' is no address of a site" in done.stderr


def test_serve_prints_an_address_that_answers(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(port)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with started(command, **pipes) as process:
            assert process.stdout
            lines = []
            for line in process.stdout:
                lines.append(line)
                if "glassnet is at " in line:
                    break
            address = lines[-1].split()[3]
            with urllib.request.urlopen(address, timeout=10) as response:
                body = response.read()
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=10)[0]
    assert body == (site / "index.html").read_bytes()
    assert f"Port {port} is taken; using " in "".join(lines)
    assert "Stopped." in rest
    assert process.returncode == 0


def test_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is"):
        runpy.run_path(str(ROOT / "build.py"), run_name="__main__")


def test_wrong_mnist_folder_is_told(tmp_path: Path) -> None:
    done = build("data", "--mnist", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert f"build.py data: {tmp_path / 'nowhere'} does not hold MNIST" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--set", "fashion"],
            "no data set 'fashion' can be added; there are fashion-mnist, kmnist",
        ),
        (["--from", "."], "--from names the folder of another set: which one, says --set NAME"),
        (["--set", "kmnist", "--from", "nowhere"], "nowhere: no file train-images-idx3-ubyte or"),
    ],
)
def test_wrong_sets_are_told(site: Path, words: list[str], told: str) -> None:
    done = build("data", *words)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_tests_that_do_not_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(suite, "TESTS", tmp_path)
    with pytest.raises(BuildError, match="There are no native tests yet"):
        suite.run("native", None, None)  # type: ignore[arg-type]


def test_clean_takes_only_what_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from make import clean

    for name in ("site", "dist", "stamps", "venv", "modules", "cache/wheels", "cache/mine"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("site", "dist", "stamps", "venv"):
        monkeypatch.setattr(clean, name.upper(), tmp_path / name)
    monkeypatch.setattr(clean, "NODE_MODULES", tmp_path / "modules")
    settings = Settings(False, None, None, tmp_path / "cache")

    def left() -> set[str]:
        return {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("**/*")}

    clean.clean(everything=False, cache=False, settings=settings)
    assert left() == {"venv", "modules", "cache", "cache/wheels", "cache/mine"}
    clean.clean(everything=True, cache=False, settings=settings)
    assert left() == {"cache", "cache/wheels", "cache/mine"}
    clean.clean(everything=False, cache=True, settings=settings)
    assert left() == {"cache", "cache/mine"}
    assert SITE.exists()


@pytest.mark.parametrize(
    ("codes", "worst"),
    [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((5, 0), 0), ((5, 5), 5), ((5, 2), 2)],
)
def test_halves_run_side_by_side_and_the_worst_counts(
    codes: tuple[int, int], worst: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each waits for the other to have begun, which neither could alone."""
    program = """
import sys, time
from pathlib import Path
own, other, code = sys.argv[1:]
Path(own).touch()
end = time.monotonic() + 30
while not Path(other).exists():
    assert time.monotonic() < end
    time.sleep(0.01)
print("done", Path(own).name)
raise SystemExit(int(code))
"""
    names = [tmp_path / "first", tmp_path / "second"]
    commands: list[list[str | Path]] = [
        [sys.executable, "-c", program, own, other, str(code)]
        for own, other, code in zip(names, reversed(names), codes, strict=True)
    ]
    assert suite.side_by_side(commands, {}) == worst
    out = capfd.readouterr().out
    assert out.index("done first") < out.index("done second")
