"""Data-parallel training by MPI: the same numbers for any number of ranks, and an end when one is
killed."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from make.settings import PYLIB
from support.processes import started
from support.required import required
from unit.small import bars

GLASSNET = [sys.executable, "-m", "glassnet"]
MPIEXEC = str(Path(sys.executable).parent / "mpiexec")
STEPS_PER_EPOCH = 9  # of 83 examples in tens: the last three are fewer than four ranks
LAYERS = [
    {"type": "dense", "units": 12, "activation": "relu"},
    {"type": "dropout", "rate": 0.25},
    {"type": "dense", "units": 4, "activation": "softmax"},
]
TRAIN = [
    "--arch",
    "36,12,4",
    "--loss",
    "cross_entropy",
    "--batch",
    "10",
    "--initializer",
    "he_normal",
]
TRAIN += ["--optimizer", "adam", "--lr", "0.01", "--set", f"layers={json.dumps(LAYERS)}"]
TRAIN += ["--set", "optimizer.l2=0.001", "--set", "optimizer.clip=1", "--log-every", "1"]
WAIT = 60  # seconds, on a busy machine
GONE = 10  # seconds after which a run that lost a rank has ended
FOREVER = "100000"  # epochs
# A launcher that does not kill the other ranks when one dies. MPICH's does, even told not to, once
# it finds that a child of its own was killed; so there is a shell between, which outlives the rank.
LENIENT = ["sh", "-c", "trap '' USR1; \"$@\"; sleep 20", "sh"]


@pytest.fixture(scope="module", autouse=True)
def mpi() -> None:
    if importlib.util.find_spec("mpi4py") is None or not Path(MPIEXEC).exists():
        required("MPI", "`python3 build.py test native` installs it where it is to be had")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Data, the package to learn it with, and one thread a rank."""
    folder, made = tmp_path_factory.mktemp("data"), bars(train=83, test=40)
    splits = (made.train.images, made.train.labels, made.test.images, made.test.labels)
    for name, array in zip(ANONYMOUS.files, splits, strict=True):
        write_idx(folder / name, array)
    environment = {**os.environ, "PYTHONPATH": str(PYLIB / "src"), "GLASSNET_DATA": str(folder)}
    return environment | {"OPENBLAS_NUM_THREADS": "1"}


def command(ranks: int, out: Path, *flags: str) -> list[str]:
    """`glassnet train` on so many ranks; 0: without MPI."""
    words = [*GLASSNET, "train", "--out", str(out), *flags]
    return [MPIEXEC, "-n", str(ranks), *words, "--data-parallel"] if ranks else words


def ran(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=environment, capture_output=True, text=True, check=False, timeout=WAIT
    )


def steps(out: Path) -> list[dict[str, Any]]:
    text = (out / "log.jsonl").read_text(encoding="utf-8")
    whole = text.rpartition("\n")[0].splitlines()  # whoever was killed may have left half a line
    events = [json.loads(line) for line in whole]
    told = [event for event in events if event["event"] == "step"]
    assert [event["step"] for event in told] == list(range(1, len(told) + 1)), "each step once"
    return told


@pytest.fixture(scope="module")
def alone(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The losses of one process, without MPI, over so many epochs."""
    known: dict[int, tuple[list[float], list[float]]] = {}

    def train(epochs: int) -> tuple[list[float], list[float]]:
        if epochs not in known:
            out = tmp_path_factory.mktemp("alone") / "run"
            done = ran(command(0, out, *TRAIN, "--epochs", str(epochs)), environment)
            assert done.returncode == 0, done.stderr
            known[epochs] = numbers(out)
        return known[epochs]

    return train


def numbers(out: Path) -> tuple[list[float], list[float]]:
    told = steps(out)
    return [step["loss"] for step in told], [step["accuracy"] for step in told]


def check_alike(found: tuple[list[float], list[float]], wanted: tuple[Any, Any]) -> None:
    """To float32's rounding over 200 steps; later steps have made more of it, but are still of the
    same examples."""
    np.testing.assert_allclose(found[0][:200], wanted[0][:200], rtol=1e-4)
    assert found[1][:200] == wanted[1][:200], "as many of the same examples right"
    np.testing.assert_allclose(found[0], wanted[0], rtol=0.05, atol=1e-3)


@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_any_number_of_ranks_learns_the_same(
    ranks: int, environment: dict[str, str], alone: Any, tmp_path: Path
) -> None:
    """200 steps and more, with dropout, a penalty, a clipped norm, Adam, and uneven parts."""
    epochs = 200 // STEPS_PER_EPOCH + 1
    done = ran(command(ranks, tmp_path / "run", *TRAIN, "--epochs", str(epochs)), environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("test accuracy") == 1, "only one of them tells"
    found = numbers(tmp_path / "run")
    assert len(found[0]) >= 200 and np.mean(found[0][-9:]) < np.mean(found[0][:9]) / 2
    check_alike(found, alone(epochs))


DEALT = """
import sys
import numpy as np
from glassnet.data.dataset import Split
from glassnet.parallel import join
from glassnet.parallel.dealt import hand_out, keep, receive

rng = np.random.default_rng(0)
with join() as group:
    for count in (1, 2, 61):
        images = rng.integers(0, 255, (count, 3, 4), np.uint8)
        whole = Split(images, np.arange(count, dtype=np.uint8))
        if group.rank == 0:
            hand_out(whole, group)
        dealt = receive(group) if group.rank else keep(whole, group)
        begin, end = group.bounds(count)[group.rank :][:2]
        np.testing.assert_array_equal(dealt.images, images[begin:end])
        for batch in (1, 2, 3, 10, 61):
            rows = rng.permutation(count)[:batch]
            examples, order = dealt.fetch(rows)
            mine = rows[group.part(len(rows))[0]]
            np.testing.assert_array_equal(examples.images[order], images[mine])
            np.testing.assert_array_equal(examples.labels[order], mine)
    print("alike", flush=True)
"""


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_each_rank_keeps_a_part_and_gets_its_own(ranks: int, environment: dict[str, str]) -> None:
    """Batches smaller than the group, and data that are, included."""
    done = ran([MPIEXEC, "-n", str(ranks), sys.executable, "-c", DEALT], environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("alike") == ranks


def test_only_rank_0_reads_data(environment: dict[str, str], alone: Any, tmp_path: Path) -> None:
    words = command(1, tmp_path / "run", *TRAIN, "--epochs", "2")
    others = ["-n", "2", "-env", "GLASSNET_DATA", "nowhere"]
    done = ran([*words, ":", *others, *words[3:]], environment)
    assert done.returncode == 0, done.stderr
    check_alike(numbers(tmp_path / "run"), alone(2))


UNSHARED = """
import sys
from glassnet.cli.main import main
from glassnet.parallel import message

message.SPARE = 1 << 60
sys.exit(main(sys.argv[1:]))
"""


def test_without_memory_to_share(environment: dict[str, str], alone: Any, tmp_path: Path) -> None:
    """As between machines: MPI adds up."""
    words = command(3, tmp_path / "run", *TRAIN, "--epochs", "2")
    assert words[4:6] == ["-m", "glassnet"]
    words[4:6] = ["-c", UNSHARED]
    done = ran(words, environment)
    assert done.returncode == 0, done.stderr
    check_alike(numbers(tmp_path / "run"), alone(2))


def ranks_of(out: Path) -> dict[int, int]:
    """The processes that train there, by their rank in MPI."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            state = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # gone meanwhile, or another's
            continue
        told = [word for word in variables if word.startswith(b"PMI_RANK=")]
        if told and state != "Z" and words[1] == b"-m" and str(out).encode() in words:
            found[int(told[0][9:])] = int(folder.name)
    return found


def kill_one(out: Path, environment: dict[str, str], rank: int, *, lenient: bool) -> str:
    """Train on two ranks, and kill one, once there is something to lose. Returns what was said."""
    words = command(2, out, *TRAIN, "--epochs", FOREVER)
    if lenient:
        words = [words[0], "-disable-auto-cleanup", *words[1:3], *LENIENT, *words[3:]]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with started(words, env=environment, **pipes) as process:
        end = time.monotonic() + WAIT
        log = out / "log.jsonl"
        while not log.exists() or log.read_bytes().count(b'"epoch"') < 2 * STEPS_PER_EPOCH:
            assert process.poll() is None and time.monotonic() < end, "it did not begin"
            time.sleep(0.05)
        os.kill(ranks_of(out)[rank], signal.SIGKILL)
        killed = time.monotonic()
        _, told = process.communicate(timeout=GONE)
        assert process.returncode != 0
        while left := ranks_of(out):
            assert time.monotonic() < killed + GONE, left
            time.sleep(0.05)
    assert "Traceback" not in told
    return told


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux: reads /proc")
def test_a_lost_rank_ends_the_run_and_others_go_on(
    environment: dict[str, str], alone: Any, tmp_path: Path
) -> None:
    """The launcher leaves the rest to us. What is kept are all steps that were whole;
    one rank and four go on, with the examples that were next."""
    out = tmp_path / "run"
    told = kill_one(out, environment, 1, lenient=True)
    kept = len(steps(out))
    assert f"rank 1 was lost: its process has ended; the run ends after step {kept:,}; " in told
    for ranks in (1, 4):
        epochs = len(steps(out)) // STEPS_PER_EPOCH + 3
        words = command(ranks, out, "--resume", "--epochs", str(epochs), "--log-every", "1")
        done = ran(words, environment)
        assert done.returncode == 0, done.stderr
        assert len(steps(out)) == epochs * STEPS_PER_EPOCH
    assert f"resumed after {kept:,} steps" not in done.stdout, "that was the first of them"
    check_alike(numbers(out), alone(epochs))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux: reads /proc")
def test_rank_0_is_lost(environment: dict[str, str], tmp_path: Path) -> None:
    told = kill_one(tmp_path / "run", environment, 0, lenient=True)
    assert "glassnet: rank 1: rank 0 was lost: its process has ended" in told
    words = command(2, tmp_path / "run", "--resume", "--epochs", "1")
    assert ran(words, environment).returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux: reads /proc")
def test_the_launcher_ends_all(environment: dict[str, str], alone: Any, tmp_path: Path) -> None:
    """As it does unless it is told otherwise; then there is the last checkpoint at least."""
    out = tmp_path / "run"
    kill_one(out, environment, 1, lenient=False)
    epochs = len(steps(out)) // STEPS_PER_EPOCH + 2
    words = command(4, out, "--resume", "--epochs", str(epochs), "--log-every", "1")
    done = ran(words, environment)
    assert done.returncode == 0, done.stderr
    check_alike(numbers(out), alone(epochs))


def test_a_divergence_is_found_together(environment: dict[str, str], tmp_path: Path) -> None:
    """All return to the last finite state, and take the same steps again to find the first bad
    one."""
    flags = [
        "--arch",
        "36,5,4",
        "--activation",
        "relu",
        "--lr",
        "1e5",
        "--set",
        "optimizer.l2=100",
        "--batch",
        "8",
    ]
    told = [ran(command(ranks, tmp_path / str(ranks), *flags), environment) for ranks in (0, 3)]
    assert [done.returncode for done in told] == [1, 1]
    assert "diverged at step" in told[0].stderr and told[1].stderr == told[0].stderr


@pytest.mark.parametrize(
    ("ranks", "flags", "words"),
    [
        (2, ["--data", "nowhere"], "nowhere: no such folder"),
        (2, ["--set", 'layers.1={"type":"batch_norm"}'], "layers[1]: batch normalisation"),
        (2, ["--engine", "python"], "engine: python cannot be data-parallel"),
    ],
)
def test_a_mistake_is_told_once(
    ranks: int, flags: list[str], words: str, environment: dict[str, str], tmp_path: Path
) -> None:
    done = ran(command(ranks, tmp_path / "run", *TRAIN, *flags), environment)
    assert done.returncode != 0 and done.stderr.count("glassnet: error: ") == 1, done.stderr
    assert words in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()


def test_it_needs_the_launcher(environment: dict[str, str], tmp_path: Path) -> None:
    words = command(0, tmp_path / "run", *TRAIN, "--data-parallel")
    done = ran(words, environment)
    assert done.returncode == 2 and "data_parallel: needs the ranks" in done.stderr
    assert "mpiexec -n 2 glassnet train --data-parallel" in done.stderr
