"""The message of a step: what each rank writes, and its sum over all ranks.

Ranks of one machine write it where all of them can read, in a window that MPI shares between them:
nothing is sent, each adds up one in R of the numbers, and reads the rest. Between machines, and
where a machine has little memory to share, MPI's all-reduce does it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARED = "/dev/shm"  # where MPI has what is shared, if there is such a folder; containers limit it
SPARE = 4  # so many times what is needed has to be free: who writes where no room is left is killed


class Message:
    """So many float32 numbers. All ranks make it at once.

    Args:
        mpi, world: the module `mpi4py.MPI`, and the ranks' communicator.
        wait: for one of their requests.

    Attributes:
        own: (n,), what this rank says.
        total: (n,), the sum over all ranks, once it was added up; this rank's own copy. It may be
            the same array.
    """

    def __init__(self, mpi: Any, world: Any, count: int, wait: Callable[[Any], None]) -> None:
        self._mpi, self._world, self._wait = mpi, world, wait
        self._window = _share(mpi, world, 4 * count)
        if self._window is None:
            self.own = self.total = np.zeros(count, np.float32)
            return
        rank, size = world.Get_rank(), world.Get_size()
        memory = [np.asarray(self._window.Shared_query(k)[0]) for k in range(size)]
        self._said = [bytes_[-4 * count :].view(np.float32) for bytes_ in memory]
        self._sums = memory[0][8 * size :].view(np.float32)[:count]
        self._meetings, self._rank = memory[0][: 8 * size].view(np.int64), rank
        self._part = slice(count * rank // size, count * (rank + 1) // size)
        self.own, self.total = self._said[rank], np.zeros(count, np.float32)
        self._meetings[rank] = 0
        wait(world.Ibarrier())

    def add_up(self) -> None:
        """total ← Σ own over all ranks. What `wait` raises goes through."""
        if self._window is None:
            self._wait(self._world.Iallreduce(self._mpi.IN_PLACE, self.total))
            return
        self._meet()  # all have written
        first, *others = [said[self._part] for said in self._said]
        sums = self._sums[self._part]
        np.copyto(sums, first)
        for said in others:
            sums += said
        self._meet()  # all have added
        np.copyto(self.total, self._sums)

    def _meet(self) -> None:
        """Wait for all, and see what they wrote. (MPI's Ibarrier takes thirty times as long.)"""
        self._window.Sync()
        self._meetings[self._rank] += 1
        self._wait(_Meeting(self._window, self._meetings, self._meetings[self._rank]))


class _Meeting:
    """All ranks, as often as this one; to be waited for like a request of MPI's."""

    def __init__(self, window: Any, meetings: NDArray[np.int64], number: int) -> None:
        self._window, self._meetings, self._number = window, meetings, int(number)

    def Test(self) -> bool:
        self._window.Sync()
        return bool(self._meetings.min() >= self._number)


def _share(mpi: Any, world: Any, size: int) -> Any:
    """A window with `size` bytes of each rank; before those of rank 0 as many for the sums, and how
    often each rank has met the others. None unless all are on one machine that has room for it."""
    ranks = world.Get_size()
    if ranks == 1:
        return None
    machine = world.Split_type(mpi.COMM_TYPE_SHARED)
    here = machine.Get_size() == ranks and _free() > SPARE * (ranks + 1) * size
    machine.Free()
    if not world.allreduce(here, mpi.LAND):
        return None
    first = 8 * ranks + size if world.Get_rank() == 0 else 0
    window = mpi.Win.Allocate_shared(first + size, 4, comm=world)
    window.Lock_all()
    return window


def _free() -> int:
    """Bytes that can still be shared on this machine."""
    if not Path(SHARED).is_dir():
        return sys.maxsize
    found = os.statvfs(SHARED)
    return found.f_bavail * found.f_frsize
