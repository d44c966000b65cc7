"""A sweep: many runs that differ in some settings, carried out on any executor.

This process only hands out runs, and writes down what became of them. Each run has a folder of its
own; so what a kill of any process costs is what running runs had done since their checkpoints.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError
from glassnet.sweeping import table
from glassnet.sweeping.executors import Pool, open_pool
from glassnet.sweeping.folder import STOP, SweepFolder
from glassnet.sweeping.job import Job, carry_out
from glassnet.sweeping.settings import Point, Settings, make_points

Json = dict[str, Any]

POLL = 0.2  # seconds between two reports of nothing new
DIED = "its process died, twice"


@dataclass(frozen=True)
class Sweep:
    """A sweep as it stands.

    Attributes:
        folder: where it is kept.
        points: its runs.
        results: by a run's number, its line of `results.jsonl`: `outcome` ("done", "diverged" or
            "failed"), `reason`, `settings`, `folder`, and of a run with an end `step`, `epoch`, the
            last epoch's `loss`, and by split ("test", "validation") `loss` and `accuracy` (0..1).
    """

    folder: Path
    points: list[Point]
    results: dict[int, Json]

    def rows(self) -> list[Json]:
        """The table: see `glassnet.sweeping.table.rows`."""
        return table.rows(self.points, self.results)

    def __str__(self) -> str:
        return table.draw(self.points, self.results)


@dataclass(frozen=True)
class Course:
    """How far a sweep has come.

    Attributes:
        done, total: runs; those that failed are done, too.
        failed: of them.
        left: seconds that the rest takes, if it goes on like this; None before the first run ends.
        line: of the run that has just ended; None if none has.
    """

    done: int
    total: int
    failed: int
    left: float | None
    line: Json | None = None


def sweep(
    config: RunConfig | Mapping[str, Any] | None,
    data: str | Path | Dataset,
    settings: Settings | None = None,
    *,
    out: str | Path,
    random: int = 0,
    seeds: int | Sequence[int] = (),
    executor: str | Executor = "processes",
    workers: int | None = None,
    resume: bool = False,
    dataset: str | None = None,
    log_every: int = 10,
    follow: Callable[[Course], object] = lambda course: None,
    stop: Callable[[], object] = lambda: False,
) -> Sweep:
    """Train with each of several settings, each run in a folder of its own.

        gn.sweep({"epochs": 3}, DIR, {"optimizer.lr": [0.3, 1, 3]}, out="sweep", seeds=3)

    A script that has the processes of this machine do it needs `if __name__ == "__main__":`, for
    each of them imports the script.

    Args:
        config: what all runs have in common; what it leaves out takes its default. None: the sweep
            in `out` is resumed.
        data: the folder of the data, as `gn.load` takes it, seen under this name by every process;
            or a data set, which is sent with each run.
        settings: by field (`layers.0.units` reaches into a list), a list of values, or a `Range`.
        out: the sweep's folder.
        random: draw so many settings; 0: take all combinations.
        seeds: so many seeds from the configuration's own on, or which: the runs of each setting.
        executor: "processes", "mpi", "dask", "dask:ADDRESS", or an executor of one's own, which is
            not shut down. All processes see the same files.
        workers: runs at a time; by default as many as there are cores.
        resume: go on with the sweep in `out`, if it is of these same runs: those that have ended
            are not run again, those that were under way go on, those that failed are tried again.
        dataset: which data set of the catalog the folder must hold.
        log_every: of the steps, each so many-th is logged.
        follow: called with the sweep's `Course` when a run has ended, and some times a second.
        stop: asked as often; if it says so, running runs are kept as they stand, and it ends.

    Returns:
        The sweep: `print` it for its table.

    Raises:
        ConfigError: a setting that no run can have; an executor that is not to be had; there is a
            sweep in `out` already, or another one.
        StorageError: the folder is damaged, or cannot be written, or another process uses it.
        A run that fails raises nothing: it is reported, and the others go on.
    """
    points = None
    if config is not None:
        base = config if isinstance(config, RunConfig) else RunConfig.from_json(config)
        if isinstance(seeds, int):
            seeds = range(base.seed, base.seed + seeds)
        points = make_points(base, settings or {}, random, seeds)
    elif not resume or settings or random or seeds:
        raise ConfigError("sweep", "without a configuration a sweep can only be resumed, as it is")
    if log_every < 1:
        raise ConfigError("log_every", f"expected at least 1, got {log_every}")
    source = data if isinstance(data, Dataset) else str(Path(data).absolute())
    with open_pool(executor, workers) as pool, SweepFolder(out, points, resume) as folder:

        def job(point: Point) -> Job:
            path, wish = folder.run_folder(point.number), folder.path.absolute() / STOP
            return Job(
                str(path.absolute()), point.config.to_json(), source, dataset, str(wish), log_every
            )

        parent = _Parent(pool, folder, job, follow, stop)
        try:
            parent.carry_on()
        finally:  # where nobody waits for their ends any more, too
            parent.leave_off()
        return Sweep(folder.path, folder.points, dict(sorted(folder.results.items())))


class _Parent:
    """Hands out the runs, and keeps what comes back."""

    def __init__(
        self,
        pool: Pool,
        folder: SweepFolder,
        job: Callable[[Point], Job],
        follow: Callable[[Course], object],
        stop: Callable[[], object],
    ) -> None:
        self.pool, self.folder, self.job, self.follow, self.stop = pool, folder, job, follow, stop
        self.waiting = deque(p for p in folder.points if p.number not in folder.results)
        self.suspects: deque[Point] = deque()  # of having killed a process
        self.running: dict[Future[Json], Point] = {}
        self.workers = pool.window or 1
        self.begin, self.ended = time.monotonic(), 0
        self.stopped, self.alone = False, False  # alone: one run at a time, for one is suspected

    def carry_on(self) -> None:
        """Until all runs have ended, or the wish to stop."""
        self._report(None)
        while self.running or (not self.stopped and (self.waiting or self.suspects)):
            if not self.stopped and self.stop():
                self.ask_to_stop()
            if not self.stopped:
                self._hand_out()
            done, _ = wait(self.running, POLL, FIRST_COMPLETED)
            if broken := self._take_all(done):
                self._mend(broken)
            elif not done:
                self._report(None)

    def ask_to_stop(self) -> None:
        """No run begins any more, and those that go on are left, to be gone on with."""
        self.stopped = True
        self.folder.ask_to_stop(True)
        for future in self.running:
            future.cancel()

    def leave_off(self) -> None:
        """Wait until nothing goes on any more, and keep what has ended meanwhile."""
        if self.running:
            self.ask_to_stop()
            self._take_all(wait(self.running).done)

    def _hand_out(self) -> None:
        """As many runs as the pool is given at a time; one that is suspected, by itself."""
        if self.alone and not (self.suspects or self.running):
            self.alone = False
            self.pool.replace(self.workers)
        queue = self.suspects or self.waiting
        while queue and (self.pool.window is None or len(self.running) < self.pool.window):
            point = queue.popleft()
            try:
                self.running[self.pool.executor.submit(carry_out, self.job(point))] = point
            except BrokenExecutor as error:
                if not self.pool.renew:
                    self._keep(point, _failed(error))
                    continue
                queue.appendleft(point)
                self._mend([])
                return

    def _take_all(self, done: set[Future[Json]]) -> list[Point]:
        """Keep what became of some runs. Returns those whose process died instead."""
        ordered = sorted(done, key=lambda future: self.running[future].number)
        return [point for future in ordered if (point := self._take(future))]

    def _take(self, future: Future[Json]) -> Point | None:
        """Keep what became of a run. Returns it if its process died instead."""
        point = self.running.pop(future)
        if future.cancelled():
            return None
        error = future.exception()
        if isinstance(error, BrokenExecutor) and self.pool.renew:
            return point
        told = future.result() if error is None else _failed(error)
        if told["outcome"] != "stopped":
            self._keep(point, told)
        return None

    def _keep(self, point: Point, told: Json) -> None:
        self.ended += 1
        self._report(self.folder.write(point, told))

    def _mend(self, broken: list[Point]) -> None:
        """Go on with another pool. Any of the runs that were in the broken one may have killed it:
        each is tried again by itself, and if it dies then, it has failed."""
        broken += self.running.values()
        self.running.clear()
        if self.alone and broken:
            self._keep(broken.pop(), {"outcome": "failed", "reason": DIED})
        self.suspects.extend(sorted(broken, key=lambda point: point.number))
        self.alone = bool(self.suspects)
        self.pool.replace(1 if self.alone else self.workers)

    def _report(self, line: Json | None) -> None:
        total, done = len(self.folder.points), len(self.folder.results)
        failed = sum(told["outcome"] != "done" for told in self.folder.results.values())
        spent = time.monotonic() - self.begin
        left = spent / self.ended * (total - done) if self.ended else None
        self.follow(Course(done, total, failed, left, line))


def _failed(error: BaseException) -> Json:
    return {"outcome": "failed", "reason": f"{type(error).__name__}: {error}"}
