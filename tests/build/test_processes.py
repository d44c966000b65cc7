"""What a test leaves behind when it fails: nothing. A suite that is told to ignore interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from make.settings import ROOT
from support.processes import started
from support.required import required

# A program with a child of its own; both would sleep for an hour. It tells both their ids.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(3600)
"""


def alive(process: int) -> bool:
    """Whether it still runs; one that has ended and waits to be asked about counts as gone."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return text.rsplit(")", 1)[1].split()[0] not in "ZX"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells it this way")
def test_a_failing_test_leaves_no_process_behind() -> None:
    family: list[int] = []

    def failing() -> None:
        with started([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE) as process:
            assert process.stdout
            family.extend(map(int, process.stdout.readline().split()))
            assert all(map(alive, family))
            raise AssertionError("a test that fails")

    with pytest.raises(AssertionError, match="a test that fails"):
        failing()
    assert len(family) == 2
    for process in family:  # killed; the system may take a moment to clear a child away
        with started(["tail", f"--pid={process}", "-f", "/dev/null"]) as waiting:
            waiting.wait(10)
        assert not alive(process)


def test_what_is_started_can_be_interrupted_from_a_suite_that_cannot(tmp_path: Path) -> None:
    """A shell starts background jobs with interrupts ignored, and that is handed on."""
    (tmp_path / "test_it.py").write_text(
        "import signal, subprocess, sys\n"
        "def test_it():\n"
        "    code = 'import signal; print(signal.getsignal(signal.SIGINT))'\n"
        "    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)\n"
        "    assert 'default_int_handler' in done.stdout\n",
        encoding="utf-8",
    )
    command: list[str | Path] = [sys.executable, "-m", "pytest", "-q", "-c", ROOT / ".pytest.ini"]
    command += ["--rootdir", ROOT, "-p", "conftest", "-p", "no:cacheprovider", tmp_path]
    with started(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "tests", ROOT / "web")))},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        stdout=subprocess.PIPE,
    ) as process:
        written, _ = process.communicate(timeout=60)
    assert process.returncode == 0, written


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_what_is_missing_fails_where_a_change_is_judged(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="the compiler is missing: this installs it"):
        required("the compiler", "this installs it")
