"""One page's training session: commands in, frames out, and between them slices of training.

The worker's JavaScript owns the clock and calls `advance` for a few milliseconds at a time; the
message types are those of `web/python/protocol.js`. Nothing in here knows a browser, so the same
session is tested under CPython.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from glassnet.config import RunConfig
from glassnet.errors import StorageError
from glassnet.training import Evaluating, Evaluation, Event, Run, Step, Stop
from glassnet_bridge.arrival import Arrival, as_bytes
from glassnet_bridge.browse import Browse
from glassnet_bridge.choice import as_rows, describe_choice
from glassnet_bridge.failure import Failure, describe
from glassnet_bridge.run_files import LOG_EVERY, pack, pairs, unpack
from glassnet_bridge.versions import here
from glassnet_bridge.watch import activity, checked, weights

ENGINE = "simd"  # of runs that do not say: the fastest; numpy, where a browser cannot run it


class Session:
    """A run, the data it learns from, and what the page is looking at."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._arrival = Arrival("mnist")
        self._browse = Browse()
        self._answer: dict[str, Any] | None = None
        self._config = RunConfig.from_json({"engine": ENGINE})
        self._chosen: dict[str, Any] = {}  # rows of the splits that are not whole
        self._run: Run | None = None
        self._events: Iterator[Event] = iter(())
        self._state = "idle"
        self._steps_left: int | None = None  # None: until paused
        self._watch: Mapping[str, Any] = {"digit": None, "weights": True}
        self._runs = 0
        self._frames = 0
        self._clear()

    def _clear(self) -> None:
        """Forget what the page has not been told of a run that is over."""
        self._losses: list[float] = []
        self._evaluations: list[dict[str, Any]] = []
        self._stopped: str | None = None
        self._log: list[dict[str, Any]] = []  # all that the run's log is to tell
        self._samples = 0
        self._speed: deque[tuple[float, int]] = deque()  # once a slice: when, samples so far

    @property
    def busy(self) -> bool:
        """Whether another slice of `advance` has something to do."""
        return self._state == "running" and self._run is not None and self._arrival.complete

    def versions(self) -> dict[str, str]:
        """What computes here, by name."""
        return here()

    # Commands ------------------------------------------------------------------------------

    def handle(self, message: Any) -> Failure | None:
        """Carry out one command of the page.

        Returns:
            None, or why it could not be done; the session is then as it was.
        """
        command = message.to_py() if hasattr(message, "to_py") else message
        try:
            getattr(self, f"_on_{command['type']}")(command)
        except Exception as error:
            return describe(error)
        return None

    def _on_data(self, message: Mapping[str, Any]) -> None:
        blank = not self._arrival.complete
        self._arrival.take(message)
        if self._run is None:
            self._renew()
        elif blank and self._arrival.complete and self._run.dataset.chosen:
            state = self._state
            self._renew()  # chosen digits are copies, made while some of them were blank
            self._state = state

    def _on_configure(self, message: Mapping[str, Any]) -> None:
        config = RunConfig.from_json({"engine": ENGINE, **message["config"]})
        chosen = {name: as_rows(rows) for name, rows in message.get("chosen", {}).items()}
        before = self._config, self._chosen
        try:
            self._config, self._chosen = config, chosen
            self._renew()
        except Exception:
            self._config, self._chosen = before
            raise

    def _on_reset(self, message: Mapping[str, Any]) -> None:
        self._renew()

    def _on_browse(self, message: Mapping[str, Any]) -> None:
        self._answer = self._browse.handle(message)

    def _on_save(self, message: Mapping[str, Any]) -> None:
        if self._run is None:
            raise StorageError("there is no run to save yet")
        self._answer = {"step": self._run.step, "files": pack(self._run, self._log)}

    def _on_open(self, message: Mapping[str, Any]) -> None:
        if self._arrival.dataset is None or not self._arrival.complete:
            raise StorageError("the digits are not all here yet: open the run when they are")
        files = [(name, as_bytes(data).tobytes()) for name, data in pairs(message["files"])]
        opened = unpack(files, self._arrival.dataset, ENGINE, self._chosen)
        self._chosen = dict(opened.run.dataset.chosen)
        self._adopt(opened.run, "paused" if opened.run.step else "idle")
        self._answer = {"chosen": self._chosen}
        self._log = opened.events
        for event in opened.events:
            if event["event"] == "step":
                self._losses += (event["step"], event["loss"])
            elif event["event"] == "evaluation":
                self._evaluations.append(event)

    def _on_watch(self, message: Mapping[str, Any]) -> None:
        self._watch = checked(message["watch"], self._arrival)

    def _on_start(self, message: Mapping[str, Any]) -> None:
        self._go(None)

    def _on_step(self, message: Mapping[str, Any]) -> None:
        self._go(int(message["steps"]))

    def _on_pause(self, message: Mapping[str, Any]) -> None:
        if self._state == "running":
            self._state = "paused"

    def _go(self, steps: int | None) -> None:
        if self._state != "finished":
            if steps is not None and self._state == "running" and self._steps_left is not None:
                steps += self._steps_left  # asked for while the last ones are still being taken
            self._state = "running"
            self._steps_left = steps
            self._speed.clear()

    def _renew(self) -> None:
        """A new run of the configuration, once the data's shape is known."""
        if self._arrival.dataset is None:
            return
        waiting = self._state == "running" and not self._arrival.complete
        run = Run.from_config(self._config, self._arrival.dataset.choose(**self._chosen))
        self._adopt(run, "running" if waiting else "idle")

    def _adopt(self, run: Run, state: str) -> None:
        """Let `run` be the session's."""
        self._run, self._config = run, run.config
        self._choice = describe_choice(run.dataset, self._arrival.complete)
        self._events = run.events()
        self._state = state
        self._runs += 1
        self._clear()

    def answer(self) -> dict[str, Any] | None:
        """The answer to the last browse request (`BrowseAnswer` in protocol.js), once."""
        answer, self._answer = self._answer, None
        return answer

    # Training ------------------------------------------------------------------------------

    def advance(self, milliseconds: float) -> Failure | None:
        """Train for about so long.

        Returns:
            None, or why training stopped; what was learned until then is kept.
        """
        end = self._clock() + milliseconds / 1000
        try:
            while self.busy:
                event = next(self._events, None)
                if event is None:
                    self._state = "finished"
                else:
                    self._note(event)
                if self._clock() >= end:
                    break
        except Exception as error:
            self._state = "finished"
            self._stopped = str(error)
            return describe(error)
        self._speed.append((self._clock(), self._samples))
        return None

    def _note(self, event: Event) -> None:
        if not isinstance(event, Evaluating) and (
            not isinstance(event, Step) or event.step % LOG_EVERY == 0
        ):
            self._log.append(event.to_json())
        if isinstance(event, Step):
            self._losses += (event.step, event.loss)
            self._samples += self._config.batch
            if self._steps_left is not None:
                self._steps_left -= 1
                if self._steps_left <= 0:
                    self._state = "paused"
        elif isinstance(event, Evaluation):
            self._evaluations.append(event.to_json())
        elif isinstance(event, Stop):
            self._state = "finished"
            self._stopped = event.reason

    def _samples_per_second(self) -> float:
        """Training examples a second over the last second; 0 while nothing is trained."""
        while self._speed and self._clock() - self._speed[0][0] > 1:
            self._speed.popleft()
        if not self.busy or len(self._speed) < 2:
            return 0.0
        (since, before), (now, samples) = self._speed[0], self._speed[-1]
        return (samples - before) / (now - since) if now > since else 0.0

    # Frames --------------------------------------------------------------------------------

    def frame(self) -> dict[str, Any] | None:
        """The run as it stands (`Frame` in protocol.js), or None before there is one.

        Losses and evaluations are handed over once: they are those since the last frame.
        """
        run = self._run
        if run is None:
            return None
        self._frames += 1
        frame = {
            "id": self._frames,
            "run": self._runs,
            "state": self._state,
            "config": self._config.to_json(),
            "step": run.step,
            "epoch": run.epoch,
            "batch": run.progress.step_in_epoch,
            "batches": run.steps_per_epoch,
            "samplesPerSecond": self._samples_per_second(),
            "engine": run.engine.name,
            "data": {
                "count": {split: self._arrival.count(split) for split in ("train", "test")},
                "chosen": self._choice,
            },
            "losses": np.array(self._losses, np.float64),
            "evaluations": self._evaluations,
            "stopped": self._stopped,
            "activity": activity(run, self._watch["digit"], self._arrival),
            "weights": weights(run) if self._watch["weights"] else None,
        }
        self._losses, self._evaluations = [], []
        return frame
