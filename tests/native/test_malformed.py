"""Ten thousand damaged and hostile files of each kind, in a process that may not grow by 200 MB.

Each must end in the package's own error, or in the values that an independent reader finds, within
a second.  The oracles are numpy for npz, the PyPI package for safetensors, the standard library
for CSV and gzip, and `struct`.
"""

from __future__ import annotations

import builtins
import io
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors as reference

from glassnet.data.idx import parse_idx
from glassnet.errors import StorageError
from glassnet.storage import Limits, parse_npz, parse_safetensors
from unit import hostile, oracles
from unit.malformed import idx, npz, safetensors

COUNT = 10_000
MEGABYTES = 200


@pytest.fixture
def little_memory() -> Iterator[None]:
    """From here on the process gets at most 200 MB more: asking for them is a MemoryError."""
    idx.bombs(), npz.bombs()  # made before, and kept
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + (MEGABYTES << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_the_limit_on_memory_holds(little_memory: None) -> None:
    with pytest.raises(MemoryError):
        bytearray((MEGABYTES + 50) << 20)


@pytest.mark.usefixtures("little_memory")
class TestTenThousand:
    def test_idx(self) -> None:
        hostile.spread(hostile.check_idx(COUNT), COUNT)

    def test_safetensors(self) -> None:
        hostile.spread(hostile.check_safetensors(COUNT), COUNT)

    def test_npz(self) -> None:
        hostile.spread(hostile.check_npz(COUNT), COUNT)
        assert not hasattr(builtins, "pwned"), "a pickle was executed"

    def test_csv(self, tmp_path: Path) -> None:
        hostile.spread(hostile.check_csv(COUNT, tmp_path), COUNT)


def test_safetensors_that_the_reference_refuses_are_refused() -> None:
    """Ours is stricter than the format; it must never be laxer than its reference reader."""
    accepted = 0
    for data in safetensors.files(COUNT, seed=5):
        try:
            arrays, _ = parse_safetensors(data)
        except StorageError:
            continue
        truth: dict[str, Any] = dict(reference.deserialize(data))  # type: ignore[no-untyped-call]
        accepted += 1
        assert arrays.keys() == truth.keys()
        for name, array in arrays.items():
            assert list(array.shape) == truth[name]["shape"]
            assert array.tobytes() == bytes(truth[name]["data"])
    assert accepted > 100


def test_the_bombs_are_real() -> None:
    """What is refused for its size alone is whole: with other limits it is read."""
    assert len(max(idx.bombs(), key=len)) < 1 << 20
    zeros = parse_idx(idx.bombs()[1], limit=300 << 20)
    assert zeros.nbytes == 300 << 20 and not zeros.any()
    honest, _, _ = npz.bombs()
    unpacked = parse_npz(honest, limits=Limits(values=200 << 20))["a"]
    assert unpacked.nbytes > 199 << 20 and not unpacked.any()


def test_the_pickle_is_armed() -> None:
    """The planted object does say so when numpy is told to trust it, so its silence tells."""
    planted = next(npz.files(1))
    with np.load(io.BytesIO(planted), allow_pickle=True) as file:
        _ = file["a"]
    armed: Any = builtins
    assert armed.pwned
    del armed.pwned


def test_the_oracles_tell_good_from_bad() -> None:
    """An oracle that refused everything, or nothing, would prove nothing."""
    good = b"\0\0\x08\x01\0\0\0\x02ab"
    assert oracles.idx(good) is not None and oracles.idx(good + b"c") is None
