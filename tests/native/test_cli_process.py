"""The command line as a Unix user has it: a process with signals, pipes and exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from glassnet.errors import StorageError
from glassnet.run_folder import RunFolder
from make.settings import PYLIB
from support.processes import started
from unit import small
from unit.small import bars

GLASSNET = [sys.executable, "-m", "glassnet"]
LONG = ["--arch", "36,5,4", "--batch", "8", "--epochs", "100000", "--log-every", "1"]
WAIT = 60  # seconds, on a busy machine


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Data that can be learnt in no time, and the package to learn it with."""
    made = bars(train=80, test=40)
    splits = (made.train.images, made.train.labels, made.test.images, made.test.labels)
    for name, array in zip(ANONYMOUS.files, splits, strict=True):
        write_idx(tmp_path / name, array)
    return {**os.environ, "PYTHONPATH": str(PYLIB / "src"), "GLASSNET_DATA": str(tmp_path)}


def wait_for(path: Path) -> None:
    end = time.monotonic() + WAIT
    while not path.exists():
        assert time.monotonic() < end, f"{path} did not appear"
        time.sleep(0.02)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_the_run_goes_on(
    tmp_path: Path, environment: dict[str, str], number: int, code: int
) -> None:
    out = tmp_path / "run"
    command = [*GLASSNET, "train", *LONG, "--out", str(out)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, env=environment, **pipes) as process:
        wait_for(out / "checkpoint.safetensors")
        process.send_signal(number)
        _, stderr = process.communicate(timeout=WAIT)
    assert process.returncode == code, stderr
    assert "interrupted after step" in stderr and "Traceback" not in stderr
    events = [
        json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    steps = [event["step"] for event in events if event["event"] == "step"]
    assert steps == list(range(1, len(steps) + 1))

    epochs = str(len(steps) // 10 + 2)
    command = [*GLASSNET, "train", "--resume", "--epochs", epochs, "--out", str(out)]
    command += ["--log-every", "1"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = [
        json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    steps = [event["step"] for event in events if event["event"] == "step"]
    assert steps == list(range(1, 10 * int(epochs) + 1)), "every step once, in order"


def test_a_killed_run_goes_on_from_its_checkpoint(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "run"
    command = [*GLASSNET, "train", *LONG, "--out", str(out), "--json"]
    with started(command, env=environment, stdout=subprocess.PIPE) as process:
        wait_for(out / "checkpoint.safetensors")
        assert process.stdout
        for _ in range(30):  # some way beyond the checkpoint
            assert process.stdout.readline()
        process.kill()
        process.wait(WAIT)
    command = [*GLASSNET, "train", "--resume", "--epochs", "1", "--out", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = [
        json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    steps = [event["step"] for event in events if event["event"] == "step"]
    assert steps == list(range(1, len(steps) + 1)) and len(steps) >= 10


def test_nobody_reads_the_output(environment: dict[str, str]) -> None:
    """`glassnet train --json | head -n 1` ends quietly."""
    command = [*GLASSNET, "train", *LONG, "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, env=environment, **pipes) as process:
        assert process.stdout is not None and process.stderr is not None
        assert json.loads(process.stdout.readline())["event"] == "run"
        process.stdout.close()
        assert process.wait(WAIT) == 141
        assert process.stderr.read() == ""


def test_a_terminal_gets_colours_and_a_bar(tmp_path: Path, environment: dict[str, str]) -> None:
    """On a pseudo-terminal: the bar is drawn and taken away; digits are half blocks."""
    import pty

    environment |= {"TERM": "xterm-256color", "COLORTERM": "", "NO_COLOR": "", "COLUMNS": "100"}
    environment["PYTHONIOENCODING"] = "utf-8"
    out = str(tmp_path / "run")
    train = ["train", *LONG[:4], "--epochs", "200", "--out", out]
    for argv, wanted in ((train, b"\r\x1b[Kepoch "), (["show", out], b"\x1b[38;5;")):
        code, written = on_terminal([*GLASSNET, *argv], environment, pty.openpty())
        assert code == 0 and wanted in written, written[-2000:]


def on_terminal(
    command: list[str], environment: dict[str, str], pair: tuple[int, int]
) -> tuple[int, bytes]:
    """A command's exit code, and all that it writes to a terminal."""
    ours, theirs = pair
    with started(command, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # how Linux says that nobody has the other end any more
                break
            if not part:
                break
            written += part
        os.close(ours)
        return process.wait(WAIT), written


def test_without_numpy_the_message_is_pythons(environment: dict[str, str]) -> None:
    """The package needs numpy and nothing else: with the site's packages hidden it still starts."""
    path = os.pathsep.join([str(PYLIB / "src"), str(Path(np.__file__).parent.parent)])
    program = "import sys; sys.path[:0] = sys.argv[1].split(':'); import glassnet.cli"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, path], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_path_of_any_bytes_is_a_path(environment: dict[str, str], tmp_path: Path) -> None:
    out = os.fsencode(tmp_path) + b"/r\xff \xf0\x9f"
    train: list[str | bytes] = [*GLASSNET, "train", "--out", out]
    short = ["--arch", "36,5,4", "--batch", "8", "--epochs", "1"]
    for argv in ([*train, *short], [*train, "--resume", "--epochs", "2"]):
        done = subprocess.run(argv, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert b"kept in " in done.stdout and b"Traceback" not in done.stderr


def test_a_run_that_is_killed_at_once_can_be_resumed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Also before its first checkpoint; and while it runs, no other process may go on with it."""
    out = tmp_path / "run"
    train = [*GLASSNET, "train", "--out", str(out)]
    first = subprocess.Popen([*train, *LONG], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(out / "log.jsonl")
        wait_for(out / "checkpoint.safetensors")
        second = subprocess.run(
            [*train, "--resume"], env=environment, capture_output=True, text=True, check=False
        )
        assert second.returncode == 1, second.stdout
        assert "another process is training in this folder" in second.stderr
    finally:
        first.kill()
        first.wait()
    (out / "checkpoint.safetensors").unlink()  # as if it had been killed before
    again = subprocess.run(
        [*train, "--resume", "--epochs", "1"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert "resumed after 0 steps" in again.stdout


def test_a_folder_is_trained_in_once_at_a_time(tmp_path: Path) -> None:
    """Within one process, too; and what is there stays as it is."""
    run = small.run()
    with RunFolder(tmp_path / "run") as folder:
        folder.begin(run)
        folder.save(run)
        before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
        second = RunFolder(tmp_path / "run", resume=True)
        with pytest.raises(StorageError, match="another process is training"):
            second.resume(bars(), time.perf_counter)
        assert before == {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    with second:
        assert second.resume(bars(), time.perf_counter).step == 0
