"""The processes of a data-parallel run, through MPI (mpi4py), which is imported when asked for.

Every wait looks at the lifeline, so no rank waits for one that is gone.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import ConfigError
from glassnet.parallel.lifeline import BYE, DONE, Lifeline, LostRank
from glassnet.parallel.message import Message

__all__ = ["Group", "LostRank", "join"]

FIELD = "data_parallel"
START = "mpiexec -n 2 glassnet train --data-parallel ..."
# One of these is set by mpiexec and its like.
LAUNCHERS = ("PMI_SIZE", "PMIX_RANK", "OMPI_COMM_WORLD_SIZE", "SLURM_PROCID")
LOOK = 0.01  # seconds between two looks at the lifeline
EAGER = 0.05  # seconds for which a wait only yields, as messages between cores take less;
NAP = 50e-6  # after them it sleeps so long between two looks
HEARD = 0.3  # seconds in which the launcher passes on what was said, which MPI's end may cut off
GRACE = 5.0  # seconds that rank 0 has to keep the run when another rank ends it


def join() -> Group:
    """The ranks that MPI has started; to be used in a `with` statement, by all of them.

    Raises:
        ConfigError: there is no MPI, or the program was not started by it.
        LostRank: a rank ended before all had come together.
    """
    try:
        mpi = import_module("mpi4py.MPI")
    except (ImportError, RuntimeError) as error:  # mpi4py raises the latter if there is no MPI
        needs = "needs mpi4py and an MPI, as pip install glassnet[mpi] brings them"
        raise ConfigError(FIELD, f"{needs}; then: {START} ({error})") from error
    world = mpi.COMM_WORLD
    if world.Get_size() == 1 and not any(name in os.environ for name in LAUNCHERS):
        raise ConfigError(FIELD, f"needs the ranks that MPI's launcher starts: {START}")
    _stay_when_others_die()
    return Group(mpi, world)


def _stay_when_others_die() -> None:
    """MPICH's mpiexec -disable-auto-cleanup tells of a death by a signal, to which MPICH answers
    with a question, at which mpiexec ends everything. The lifeline tells of it without."""
    main = threading.current_thread() is threading.main_thread()
    if main and hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)


class Group:
    """Some ranks, of which 0 leads: it alone decides, evaluates and writes.

    Args:
        mpi: the module `mpi4py.MPI`.
        world: a communicator of it.

    Attributes:
        rank, size: which of how many this process is.
        waited: seconds that this rank spent on messages, waiting for others included.
        release: sends the other ranks home; what they wait for is known to whoever leads them.
    """

    def __init__(self, mpi: Any, world: Any) -> None:
        self._mpi, self._world = mpi, world
        self.rank, self.size = int(world.Get_rank()), int(world.Get_size())
        self.waited = 0.0
        self._lost = False
        self._lifeline = Lifeline(world)
        self.release: Callable[[], object] = lambda: self.share(None)

    def bounds(self, count: int) -> NDArray[np.int64]:
        """Where the ranks' parts of so many examples begin, and the last one ends. The parts are
        neighbours, and differ by one example at most."""
        return count * np.arange(self.size + 1) // self.size

    def part(self, count: int, rank: int | None = None) -> tuple[slice, int]:
        """A rank's part of a batch of `count` examples, of this rank if no other is named: which
        ones, and how many of them count.

        A rank without any computes one that does not count: so all ranks do the same things, and
        draw the same numbers.
        """
        rank = self.rank if rank is None else rank
        begin, end = count * rank // self.size, count * (rank + 1) // self.size
        if begin == end:
            begin = min(begin, count - 1)
            return slice(begin, begin + 1), 0
        return slice(begin, end), end - begin

    def message(self, count: int) -> Message:
        """Numbers to be added up over all ranks, in every step. All ranks make it at once."""
        return Message(self._mpi, self._world, count, self._wait)

    def add_up(self, message: Message) -> None:
        """Its total ← Σ over all ranks of what each has written there.

        Raises:
            LostRank: one is gone.
        """
        if self.size > 1:
            begun = time.perf_counter()
            self._check()
            message.add_up()
            self.waited += time.perf_counter() - begun

    def exchange(
        self, images: NDArray[np.uint8], sent: NDArray[np.intp], received: NDArray[np.intp]
    ) -> NDArray[np.uint8]:
        """Pass images on, and get others.

        Args:
            images: uint8 (n, rows, columns), those for rank 0 first.
            sent, received: (size,), how many go to each rank, and how many come.

        Returns:
            uint8 (m, rows, columns), those of rank 0 first.

        Raises:
            LostRank: a rank is gone.
        """
        begun = time.perf_counter()
        came = np.empty((received.sum(), *images.shape[1:]), np.uint8)
        for_whom, from_whom = (
            np.split(array, np.cumsum(counts)[:-1])
            for array, counts in ((images, sent), (came, received))
        )
        others = [rank for rank in range(self.size) if rank != self.rank]
        requests = [self._world.Irecv(from_whom[k], k) for k in others if received[k]]
        requests += [self._world.Isend(for_whom[k], k) for k in others if sent[k]]
        from_whom[self.rank][...] = for_whom[self.rank]
        for request in requests:  # Ialltoallv takes ten times as long, in MPICH on one machine
            self._wait(request)
        self.waited += time.perf_counter() - begun
        return came

    def send(self, parts: list[NDArray[np.uint8]]) -> None:
        """On rank 0: what each of the others is to `receive`. Raises LostRank."""
        for rank in range(1, self.size):
            self._wait(self._world.Isend(parts[rank], rank))

    def receive(self, part: NDArray[np.uint8]) -> None:
        """On the others. Raises LostRank."""
        self._wait(self._world.Irecv(part, 0))

    def share(self, thing: Any) -> Any:
        """What rank 0 gives, on every rank. What others give is not looked at.

        Raises:
            LostRank: one is gone.
        """
        if self.size == 1:
            return thing
        written = pickle.dumps(thing) if self.rank == 0 else b""
        length = np.array([len(written)], np.int64)
        self._wait(self._world.Ibcast(length))
        buffer = bytearray(written) if self.rank == 0 else bytearray(int(length[0]))
        self._wait(self._world.Ibcast([buffer, self._mpi.BYTE]))
        return pickle.loads(buffer)

    def _wait(self, request: Any) -> None:
        begun = looked = time.perf_counter()
        try:
            while not request.Test():
                now = time.perf_counter()
                if now - looked > LOOK:
                    looked = now
                    self._check()
                time.sleep(NAP if now - begun > EAGER else 0)  # 0: whoever else waits may go first
        except self._mpi.Exception:
            self._check(1.0)  # it is most likely of a rank that is gone
            raise

    def _check(self, seconds: float = 0.0) -> None:
        try:
            self._lifeline.check(seconds)
        except LostRank:
            self._lost = True
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """At the end rank 0 sends the others home. What is broken is ended through MPI, for its own
        end would wait for every rank."""
        if self.rank == 0 and not self._lost:
            try:
                self.release()
            except LostRank as lost:
                self._lost, error = True, lost
        if not self._lost and (self.rank == 0 or error is None):
            self._lifeline.close(DONE)
            return
        if error is not None and not (isinstance(error, LostRank) and error.told):
            print(f"glassnet: rank {self.rank}: {error}", file=sys.stderr, flush=True)
        sys.stdout.flush()
        if self.rank and not isinstance(error, LostRank):
            with suppress(LostRank):  # rank 0 may have a run to keep before this ends it
                self._lifeline.hang_up()
                self._lifeline.check(GRACE)
        self._lifeline.close(BYE if self.rank == 0 else b"")
        time.sleep(HEARD)
        self._world.Abort(1)
