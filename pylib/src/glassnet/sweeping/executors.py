"""Where the runs of a sweep are carried out: any `concurrent.futures.Executor`, some by name.

    processes          of this machine
    mpi                ranks of MPI, through mpi4py.futures: mpiexec -n 3 glassnet sweep ...
    dask, dask:ADDRESS workers of a Dask cluster: one on this machine, or the one at that address

What they need is imported when one is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from glassnet.errors import ConfigError
from glassnet.sweeping.job import end_with

NAMES = ("processes", "mpi", "dask")
# Each run has one core: more threads in each would only wait for each other, and sums in another
# order would give other last digits.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Pool:
    """An executor and how to treat it; to be used in a `with` statement.

    Attributes:
        executor: the runs go there.
        window: how many runs it is given at a time; None: all at once.
        renew: makes another one, of so many workers, when one of its processes has died and taken
            the rest with it; None: that cannot be done.
    """

    def __init__(
        self,
        executor: Executor,
        window: int | None = None,
        renew: Callable[[int], Executor] | None = None,
        close: Callable[[], object] = lambda: None,
    ) -> None:
        self.executor, self.window, self.renew, self._close = executor, window, renew, close

    def replace(self, workers: int) -> None:
        """Another executor, for this one is broken."""
        assert self.renew is not None
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.executor, self.window = self.renew(workers), workers

    def close(self) -> None:
        """End it, once what it does is done."""
        self._close()


@contextmanager
def open_pool(executor: str | Executor, workers: int | None) -> Iterator[Pool]:
    """The pool of that name; or an executor of the caller's, which stays open.

    Args:
        workers: how many; as many as there are cores, or as the cluster has, if None. MPI has as
            many as it was started with.

    Raises:
        ConfigError: the name is not known, or what it needs is not installed.
    """
    if not isinstance(executor, str):
        yield Pool(executor)
        return
    name, _, address = executor.partition(":")
    if name not in NAMES or (address and name != "dask"):
        raise ConfigError("executor", f"expected one of {', '.join(NAMES)}; got {executor!r}")
    if workers is not None and workers < 1:
        raise ConfigError("workers", f"expected at least 1, got {workers}")
    with _one_thread():
        if name == "processes":
            pool = _processes(workers or len_cores())
        else:
            pool = _mpi() if name == "mpi" else _dask(address, workers)
        try:
            yield pool
        finally:
            pool.close()


def len_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started meanwhile compute with one thread, unless the user said how many."""
    added = [name for name in ONE_THREAD if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _processes(workers: int) -> Pool:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    def make(count: int) -> Executor:
        # Spawned, for a fork has the threads' locks and not the threads; and keeps open what would
        # tell its sisters that the parent has ended.
        return ProcessPoolExecutor(count, get_context("spawn"), begin_process)

    pool = Pool(make(workers), workers, make)
    pool._close = lambda: pool.executor.shutdown(wait=True, cancel_futures=True)
    return pool


def begin_process() -> None:
    """In each process of a pool: Ctrl-C, which all of them hear, is its parent's to answer; and it
    ends with its parent."""
    import signal
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := parent_process():
        end_with(lambda: wait([parent.sentinel]))


def _mpi() -> Pool:
    """Rank 0 is the parent; the others come here as well, and stay until it has nothing more for
    them."""
    needs = "mpi4py and an MPI, as pip install glassnet[mpi]"
    world = _import("mpi4py.MPI", "mpi", needs).COMM_WORLD
    if world.Get_size() < 2:
        started = "mpiexec -n 3 glassnet sweep ..., for a parent and two that train"
        raise ConfigError("executor", f"mpi needs several ranks: start it as {started}")
    entered = _import("mpi4py.futures", "mpi", needs).MPICommExecutor(world, root=0)
    executor = entered.__enter__()
    if executor is None:
        raise SystemExit(0)  # all is done, and the parent tells of it
    return Pool(executor, close=lambda: entered.__exit__(None, None, None))


def _dask(address: str, workers: int | None) -> Pool:
    distributed = _import("distributed", "dask", "Dask, as pip install glassnet[dask]")
    if address:
        client = distributed.Client(address)
    else:
        cluster = distributed.LocalCluster(
            n_workers=workers or len_cores(), threads_per_worker=1, dashboard_address=None
        )
        client = distributed.Client(cluster)
    executor = client.get_executor(pure=False)

    def close() -> None:
        executor.shutdown()
        client.close()
        if not address:
            cluster.close()

    return Pool(executor, close=close)


def _import(module: str, name: str, needs: str) -> Any:
    try:
        return import_module(module)
    except (ImportError, RuntimeError) as error:  # mpi4py raises the latter if there is no MPI
        raise ConfigError("executor", f"{name} needs {needs} brings them ({error})") from error
