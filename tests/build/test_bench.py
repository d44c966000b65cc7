"""The bench's own instruments: a slow line is slow, a slow machine is slow, and what was not
measured is not told. (What its milestones are is tested in tests/web/test_milestones.py.)"""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bench import slow, start
from bench.line import PIECE, Line
from bench.promises import Promise
from bench.server import Sent
from bench.trial import Trials
from bench.workloads import WORKLOADS
from unit.alike import difference

BUSY = "while True: pass"


def test_a_line_is_shared_by_all_connections() -> None:
    """Three of them send 3 × 32 KB at 2 Mbit/s: together that takes 0.39 seconds."""
    line = Line(bits=2e6, latency=0)
    streams = [io.BytesIO() for _ in range(3)]
    data = bytes(4 * PIECE)
    senders = [
        threading.Thread(target=line.send, args=(stream, data, len(data))) for stream in streams
    ]
    begin = time.monotonic()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert time.monotonic() - begin >= 8 * 3 * len(data) / 2e6
    assert [len(stream.getvalue()) for stream in streams] == [len(data)] * 3


def test_a_line_carries_what_is_compressed() -> None:
    line = Line(bits=2e6, latency=0)
    begin = time.monotonic()
    line.send(io.BytesIO(), bytes(64 * PIECE), wire=PIECE)
    assert 8 * PIECE / 2e6 <= time.monotonic() - begin < 8 * 32 * PIECE / 2e6


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that only computes, in a group of its own, as a browser with that profile."""
    command = [sys.executable, "-c", BUSY, str(tmp_path)]
    with subprocess.Popen(command, start_new_session=True) as process:
        while not computed(process):  # before, it has no command line for others to see
            time.sleep(0.01)
        yield process
        process.kill()


def computed(process: subprocess.Popen[bytes]) -> float:
    """Seconds of the processor that it has had."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    user, system = map(int, fields.split()[11:13])
    return (user + system) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux tells of other processes")
def test_a_slow_machine_computes_a_quarter(busy: subprocess.Popen[bytes], tmp_path: Path) -> None:
    shares: list[float] = []
    with slow.slowed(str(tmp_path), 4):
        time.sleep(0.3)  # it has to start
        while not shares or (
            min(shares) >= 0.4 and len(shares) < 8
        ):  # beside much else, it is late
            before, begin = computed(busy), time.monotonic()
            time.sleep(1.5)
            shares.append((computed(busy) - before) / (time.monotonic() - begin))
    assert 0 < min(shares) < 0.4, shares
    before = computed(busy)
    end = time.monotonic() + 10
    while computed(busy) < before + 0.2:  # nobody is left standing
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_other_browser_is_slowed_down(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="0 process groups"):
        slow.group_of(str(tmp_path))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([1.0, 0.5, 0.25], [1.0, 0.5, 0.2], 0.2),
        ([1.0, 0.5, math.nan], [1.0, 0.5, 0.2], math.inf),
        ([1.0, 0.5, 0.2], [1.0, math.inf, 0.2], math.inf),
        ([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], math.inf),  # nothing was learnt, by both
    ],
)
def test_losses_are_alike_only_where_something_is_learnt(
    one: list[float], other: list[float], found: float
) -> None:
    assert difference(one, other) == pytest.approx(found)
    assert Promise("", difference(one, other), 0.3, "", True).kept == (found < 0.3)


def test_what_is_no_number_keeps_no_promise() -> None:
    assert not Promise("", math.nan, 1.0, "", most=True).kept
    assert not Promise("", math.nan, 1.0, "", most=False).kept


def test_another_engine_is_not_timed_in_place_of_simd() -> None:
    """Natively there is no kernel: "simd" is numpy here."""
    images, labels = np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10
    trials = Trials((images, labels), (images, labels))
    workload = WORKLOADS["W1"].taking(1).to_json()
    assert trials.run(workload, "numpy", judge=False)["seconds"] > 0
    with pytest.raises(RuntimeError, match="on numpy would be timed as one on simd"):
        trials.run(workload, "simd", judge=False)


def test_a_cold_visit_has_all_its_parts() -> None:
    """Bytes that were not sent would be a fine figure."""
    page = Sent("train.html", 0.0, os.urandom(60_000))
    python = Sent("python/stdlib.zip.gz", 0.0, os.urandom(6_000_000))
    digits = Sent("data/mnist-1/test-00.bin.gz", 0.0, os.urandom(100_000))
    found = start.count([page, python, digits], "cold")
    assert found["python"] >= 6_000_000
    assert found["figure"] == page.wire + digits.wire
    opening = Sent("recording-1/opening.bin.gz", 0.0, os.urandom(1000))  # Python learns from it
    assert start.count([page, python, digits, opening], "cold")["figure"] == found["figure"]
    for missing in (page, python, digits):
        rest = [one for one in (page, python, digits) if one is not missing]
        with pytest.raises(RuntimeError, match="without its parts"):
            start.count(rest, "cold")
    assert start.count([], "warm")["everything"] == 0
