"""Sweeps on processes, MPI and Dask: killed with SIGKILL, they go on, and give the same table."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import glassnet as gn
from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from glassnet.sweeping.folder import RESULTS, read_results
from make.settings import PYLIB
from support.required import required
from unit.small import CONFIG, bars

GLASSNET = [sys.executable, "-m", "glassnet"]
SETTINGS: dict[str, Any] = {  # 24 runs, with three seeds
    "optimizer.lr": [0.1, 0.5, 1.0, 2.0],
    "layers.0.units": [2, 5],
}
EPOCHS = 12
WAIT = 60  # seconds, on a busy machine


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, made = tmp_path_factory.mktemp("data"), bars(train=80, test=40)
    splits = (made.train.images, made.train.labels, made.test.images, made.test.labels)
    for name, array in zip(ANONYMOUS.files, splits, strict=True):
        write_idx(folder / name, array)
    return folder


@pytest.fixture(scope="module")
def wanted(data: Path, tmp_path_factory: pytest.TempPathFactory) -> gn.sweeping.Sweep:
    """The sweep, undisturbed, on threads."""
    config = {**CONFIG, "epochs": EPOCHS, "evaluate_every": 0}
    out = tmp_path_factory.mktemp("whole")
    with ThreadPoolExecutor(2) as threads:
        return gn.sweep(config, data, SETTINGS, out=out, seeds=3, executor=threads)


def command(executor: str, data: Path, out: Path, resume: bool) -> list[str]:
    """`glassnet sweep` of the same; as the command line of an operating system has it."""
    words = [*GLASSNET, "sweep", "--data", str(data), "--out", str(out), "--executor", executor]
    words += [] if executor == "mpi" else ["--workers", "2"]
    if executor == "mpi":
        words = [str(Path(sys.executable).parent / "mpiexec"), "-n", "3", *words]
    if resume:
        return [*words, "--resume"]
    words += ["--arch", "36,5,4", "--batch", "8", "--seed", "3", "--epochs", str(EPOCHS)]
    words += ["--vary", "optimizer.lr=0.1,0.5,1.0,2.0", "--vary", "layers.0.units=2,5"]
    return [*words, "--seeds", "3"]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PYLIB / "src"), "DASK_LOGGING__DISTRIBUTED": "error"}


@contextmanager
def sweeping(words: list[str]) -> Any:
    """The command in a session of its own; whatever is left of it at the end is ended."""
    process = subprocess.Popen(
        words, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=WAIT)


def wait_for_results(out: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + WAIT
    while not (out / RESULTS).exists() or len(read_results(out)) < count:
        assert process.poll() is None and time.monotonic() < end, process.communicate()[1]
        time.sleep(0.01)


def needed(executor: str) -> None:
    for name in {"mpi": ["mpi4py"], "dask": ["distributed"]}.get(executor, []):
        if importlib.util.find_spec(name) is None:
            required(name, "`python3 build.py test native` installs it where it is to be had")


@pytest.mark.parametrize("executor", ["processes", "mpi", "dask"])
def test_a_killed_sweep_gives_the_same_table(
    executor: str, data: Path, wanted: Any, tmp_path: Path
) -> None:
    """Its parent alone is killed, with no time to say so to anybody. Dask's cluster takes long to
    start: it goes on with what processes began."""
    needed(executor)
    out = tmp_path / "sweep"
    first = "processes" if executor == "dask" else executor
    with sweeping(command(first, data, out, resume=False)) as process:
        wait_for_results(out, 5, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(WAIT)
        before = read_results(out)
        assert 5 <= len(before) < 24
        done = subprocess.run(
            command(executor, data, out, resume=True), env=ENVIRONMENT, capture_output=True,
            text=True, check=False, timeout=WAIT,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert str(wanted) in done.stdout
    told = [line["run"] for line in read_results(out)]
    assert sorted(told) == list(range(24)), "each once"
    ran = [int(text.split()[1]) for text in done.stdout.splitlines() if text.startswith("run ")]
    assert sorted(ran) == sorted(set(range(24)) - {line["run"] for line in before})


def test_processes_end_with_their_sweep(data: Path, tmp_path: Path) -> None:
    """Killed, it leaves none behind: neither one that trains, nor one that waits for work."""
    out = tmp_path / "sweep"
    with sweeping(command("processes", data, out, resume=False)) as process:
        wait_for_results(out, 2, process)
        assert len(members(process.pid)) >= 3
        os.kill(process.pid, signal.SIGKILL)
        process.wait(WAIT)
        end = time.monotonic() + WAIT
        while left := members(process.pid):
            assert time.monotonic() < end, left
            time.sleep(0.05)


def members(session: int) -> list[int]:
    """The processes of a session that are not dead already."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def test_ctrl_c_keeps_what_runs(data: Path, wanted: Any, tmp_path: Path) -> None:
    """Every process of a terminal hears it; the sweep alone answers."""
    out = tmp_path / "sweep"
    with sweeping(command("processes", data, out, resume=False)) as process:
        wait_for_results(out, 3, process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(WAIT) == 130
        told = process.stderr.read().decode()
    assert "go on with `glassnet sweep --resume --out" in told and "Traceback" not in told
    assert {line["outcome"] for line in read_results(out)} == {"done"}
    words = command("processes", data, out, resume=True)
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert str(wanted) in done.stdout, done.stderr


def test_a_run_whose_process_dies_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the pool with it, and the run beside it. Both are tried again, each by itself."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setattr("glassnet.sweeping.parent.carry_out", deadly)
    told = gn.sweep(CONFIG, bars(), {"batch": [4, 5, 6, 7]}, out=tmp_path / "s", workers=2)
    outcomes = [line["outcome"] for line in told.results.values()]
    assert outcomes == ["done", "failed", "done", "done"]
    assert told.results[1]["reason"] == "its process died, twice"


def deadly(job: Any) -> Any:
    """As `carry_out`; one run ends its process, as the system does when there is no memory."""
    from glassnet.sweeping.job import carry_out

    if job.config["batch"] == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return carry_out(job)


@pytest.mark.parametrize("name", ["mpi", "dask"])
def test_what_is_not_installed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("mpi4py", "mpi4py.MPI", "distributed"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(gn.ConfigError, match=rf"executor: {name} .*pip install glassnet\[{name}\]"):
        gn.sweep(CONFIG, bars(), {"batch": [4]}, out=tmp_path / "s", executor=name)
    assert not (tmp_path / "s").exists()


def that_train(out: Path) -> list[int]:
    """The processes that have a run's log open: not their parents, nor those that wait."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile
            files = [str(path.readlink()) for path in (folder / "fd").iterdir()]
            if any(file.startswith(str(out / "runs")) for file in files):
                found.append(int(folder.name))
    return found


@pytest.mark.parametrize("executor", ["mpi", "dask"])
def test_a_worker_of_a_cluster_that_is_killed(
    executor: str, data: Path, wanted: Any, tmp_path: Path
) -> None:
    """Dask gives what it did to another, and the sweep goes on; of MPI all ranks end, at once, and
    the sweep is resumed. Both come to the same table."""
    needed(executor)
    out = tmp_path / "sweep"
    with sweeping(command(executor, data, out, resume=False)) as process:
        wait_for_results(out, 3, process)
        end = time.monotonic() + WAIT
        while not (training := that_train(out)):
            assert time.monotonic() < end
        os.kill(training[0], signal.SIGKILL)
        code = process.wait(WAIT)
    assert (code == 0) == (executor == "dask")
    told = len(read_results(out))
    assert told == 24 if executor == "dask" else 3 <= told < 24
    done = subprocess.run(
        command("processes", data, out, resume=True),
        env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=WAIT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert str(wanted) in done.stdout
