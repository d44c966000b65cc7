"""One run in the host's hands: how it stands, what it has told, and whether it has work to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from glassnet.training import Evaluating, Evaluation, Run, Step, Stop
from glassnet.training.evaluation import CHUNK
from glassnet_bridge.arrival import Arrival
from glassnet_bridge.history import History

Clock = Callable[[], float]
Announce = Callable[[float], None]  # tells the page for how many seconds there is no sign of life
Chosen = Mapping[str, NDArray[Any]]  # rows by split; a split that is not named is used whole

UNTRIED = 60.0  # seconds that a first step may take, of which nothing is known
NOTICEABLE = 1.0  # seconds without a sign of life that a page is told of beforehand


class Held:
    """A run under a name, on a data set that may still be arriving.

    Attributes:
        generation: counts up whenever another run takes the name.
        state: idle, running, paused or finished; one whose digits are not all here may be running,
            and only begins when they are.
        seconds, measuring: its steps, and its evaluations, have been computed for.
        spent, admitted: for the turns: computing time since it last had nothing to do.
        stopped: why it ended, in a sentence.
        changes: counts up with whatever a frame would show.
    """

    def __init__(
        self,
        name: str,
        generation: int,
        run: Run,
        arrival: Arrival,
        chosen: Chosen,
        announce: Announce = lambda seconds: None,
    ) -> None:
        self.name, self.generation, self.arrival, self.chosen = name, generation, arrival, chosen
        self.run = run
        self.state = "idle"
        self.seconds, self.measuring = 0.0, 0.0
        self.spent, self.admitted = 0.0, False
        self.stopped: str | None = None
        self.history = History()
        self.changes = 0
        self._events = run.events()
        self._steps_left: int | None = None  # None: until paused
        self._taken = 0  # steps, here
        self._speed: deque[tuple[float, int]] = deque()  # once a turn: when, steps taken so far
        counts = [len(split) for name, split in run.dataset.splits().items() if name != "train"]
        self._chunk = min(CHUNK, max(counts, default=0))  # examples measured without an event
        run.before_search = lambda steps: announce(long(self._each * steps))

    @property
    def runnable(self) -> bool:
        """Whether a turn has something to do."""
        return self.state == "running" and (self.arrival.complete or self._next_is_here())

    def _next_is_here(self) -> bool:
        """Whether the next event is a step whose examples are here, though others are not."""
        run, learner = self.run, self.run.learner
        if self.chosen or learner.split is not self.arrival.train:
            return False  # what it is made of are copies, made too early
        if run.step and run.rhythm and run.rhythm.is_due(learner.progress):
            return False  # it would be measured on digits that are blank
        rows = learner.next_rows()
        return len(rows) > 0 and self.arrival.has("train", rows)

    @property
    def silence(self) -> float:
        """Seconds for which a turn may be silent, to be told beforehand; 0 if nobody notices.

        A turn is not left between two events: a step, or a chunk of an evaluation. (The search for
        the step in which a number became infinite takes many; it is announced when it begins.)
        """
        if not self._taken:
            return UNTRIED
        return long(self._each * max(1.0, self._chunk / self.run.learner.batch))

    @property
    def _each(self) -> float:
        """Seconds that a step has taken, on the average."""
        return self.seconds / max(self._taken, 1)

    def go(self, steps: int | None) -> None:
        """Take so many steps more, or go on until paused."""
        if self.state == "finished":
            return
        if steps is not None and self.state == "running" and self._steps_left is not None:
            steps += self._steps_left  # asked for while the last ones are still being taken
        self.state, self._steps_left = "running", steps
        self._speed.clear()
        self.changes += 1

    def pause(self) -> None:
        if self.state == "running":
            self.state = "paused"
            self.changes += 1

    def end(self, reason: str) -> None:
        self.state, self.stopped = "finished", reason
        self.changes += 1

    def stand(self, seconds: float, measuring: float, stopped: str | None) -> None:
        """Be where a run stood that was kept: paused, unless it has not begun or is over."""
        self.state = "finished" if stopped else "paused" if self.run.step else "idle"
        self.seconds, self.measuring, self.stopped = seconds, measuring, stopped

    def follow(self, before: Held) -> None:
        """Be what another was, all that it has told included; but take no step by oneself."""
        self.stand(before.seconds, before.measuring, before.stopped)
        self.history = before.history.fork()

    def wait(self, before: Held) -> None:
        """Be asked for what another was asked for, which waited for its digits."""
        self.state, self._steps_left = before.state, before._steps_left

    def turn(self, clock: Clock, until: float) -> None:
        """Go on until that time, by one event at least; whatever an engine raises goes through."""
        begin = now = clock()
        try:
            whole = self.arrival.complete
            while self.state == "running" and (whole or self._next_is_here()):
                event = next(self._events, None)
                before, now = now, clock()
                if isinstance(event, Step):
                    self._taken += 1
                    self.seconds += now - before
                    self.history.step(event, self.seconds)
                    if self._steps_left is not None:
                        self._steps_left -= 1
                        if self._steps_left <= 0:
                            self.state = "paused"
                elif event is None:
                    self.state = "finished"
                else:
                    if isinstance(event, Evaluating | Evaluation):
                        self.measuring += now - before
                    self.history.note(event)
                    if isinstance(event, Stop):
                        self.end(event.reason)
                if now >= until:
                    break
        finally:
            self.changes += 1
            self.spent += now - begin
            self._speed.append((now, self._taken))

    def samples_per_second(self, now: float) -> float:
        """Training examples a second over the last second; 0 while nothing is trained."""
        while self._speed and now - self._speed[0][0] > 1:
            self._speed.popleft()
        if not self.runnable or len(self._speed) < 2:
            return 0.0
        (since, before), (until, taken) = self._speed[0], self._speed[-1]
        steps = (taken - before) / (until - since) if until > since else 0.0
        return steps * self.run.config.batch


def long(seconds: float) -> float:
    """What to tell of something that has taken so long on the average: three times that; 0 if it is
    over before anybody misses a sign of life."""
    return 3 * seconds if seconds > NOTICEABLE else 0.0
