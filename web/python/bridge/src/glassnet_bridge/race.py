"""The engine race: one network, one seed, one order of digits, computed by each engine.

All of them run in this one worker, so they take turns: the one that has had the least computing
time goes next. Each engine's seconds are its own, measured around every step of it, so that speeds
can be compared; nothing is evaluated meanwhile, for that would cost python minutes.

`Race` takes commands and makes frames as `Session` does (`RaceFrame` in web/python/protocol.js).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glassnet.config import RunConfig
from glassnet.training import Run
from glassnet_bridge.arrival import Arrival
from glassnet_bridge.failure import Failure, describe
from glassnet_bridge.versions import here

ENGINES = ("python", "numpy", "simd")
STEPS = 3000  # the finish


@dataclass
class Lane:
    """One engine's run.

    Attributes:
        engine: its name in the configuration.
        run: on that engine; where simd cannot run, numpy computes, and there is nothing to race.
        seconds: it has computed for.
        told: step, loss and seconds of each step that the page has not been told of.
        stopped: why it ended before the finish.
    """

    engine: str
    run: Run
    seconds: float = 0.0
    samples: int = 0
    told: list[float] = field(default_factory=list)
    stopped: str | None = None

    @property
    def available(self) -> bool:
        return self.run.engine.name == self.engine

    @property
    def racing(self) -> bool:
        return self.available and self.stopped is None and self.run.step < STEPS

    def advance(self, clock: Callable[[], float]) -> None:
        """Take one step."""
        run, before = self.run, clock()
        batch, taken = run.learner.batch, run.progress.step_in_epoch % run.steps_per_epoch
        size = min(batch, len(run.dataset.train) - taken * batch)
        loss, _ = run.learner.step()
        self.seconds += clock() - before
        if not math.isfinite(loss):
            self.stopped = f"step {run.step + 1}: the loss is not finite"
            return
        self.samples += size
        self.told += (run.step, loss, self.seconds)

    def frame(self) -> dict[str, Any]:
        told, self.told = self.told, []
        return {
            "engine": self.engine,
            "available": self.available,
            "step": self.run.step,
            "seconds": self.seconds,
            "samplesPerSecond": self.samples / self.seconds if self.seconds else 0.0,
            "losses": np.array(told, np.float64),
            "stopped": self.stopped,
        }


class Race:
    """The lanes, the digits they learn from, and whose turn it is."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._arrival = Arrival("mnist")
        self._config = RunConfig()
        self._lanes: list[Lane] = []
        self._state = "idle"
        self._races = 0
        self._frames = 0

    @property
    def busy(self) -> bool:
        """Whether another slice of `advance` has something to do."""
        return self._state == "running" and bool(self._lanes)

    def versions(self) -> dict[str, str]:
        """What computes here, by name."""
        return here()

    def handle(self, message: Any) -> Failure | None:
        """Carry out `data`, `configure`, `start`, `pause`, `reset`; returns why it could not be."""
        command = message.to_py() if hasattr(message, "to_py") else message
        try:
            getattr(self, f"_on_{command['type']}")(command)
        except Exception as error:
            return describe(error)
        return None

    def _on_data(self, message: Mapping[str, Any]) -> None:
        self._arrival.take(message)
        self._renew(self._config)

    def _on_configure(self, message: Mapping[str, Any]) -> None:
        self._renew(RunConfig.from_json(message["config"]))

    def _on_start(self, message: Mapping[str, Any]) -> None:
        if self._state != "finished":
            self._state = "running"

    def _on_pause(self, message: Mapping[str, Any]) -> None:
        if self._state == "running":
            self._state = "paused"

    def _on_reset(self, message: Mapping[str, Any]) -> None:
        self._renew(self._config)
        self._state = "idle"

    def _renew(self, config: RunConfig) -> None:
        """Everybody at the start, once all digits are here."""
        dataset = self._arrival.dataset
        if dataset is not None and self._arrival.complete:
            base = config.to_json()
            configs = [RunConfig.from_json({**base, "engine": engine}) for engine in ENGINES]
            self._lanes = [Lane(one.engine, Run.from_config(one, dataset)) for one in configs]
            self._races += 1
            self._state = "running" if self._state == "running" else "idle"
        self._config = config

    def advance(self, milliseconds: float) -> Failure | None:
        """Race for about so long; a step of python takes longer than that, and is not cut short."""
        end = self._clock() + milliseconds / 1000
        while self.busy:
            racing = [lane for lane in self._lanes if lane.racing]
            if not racing:
                self._state = "finished"
                break
            lane = min(racing, key=lambda one: one.seconds)
            try:
                lane.advance(self._clock)
            except Exception as error:
                lane.stopped = str(error) or type(error).__name__
                return describe(error)
            if self._clock() >= end:
                break
        return None

    def frame(self) -> dict[str, Any] | None:
        """The race as it stands, or None before there is one."""
        if not self._lanes:
            return None
        self._frames += 1
        dataset = self._lanes[0].run.dataset
        return {
            "id": self._frames,
            "race": self._races,
            "state": self._state,
            "steps": STEPS,
            "train": len(dataset.train),
            "config": self._config.to_json(),
            "lanes": [lane.frame() for lane in self._lanes],
        }
