"""A learner's steps, counted: the sums of the epoch under way, and the way back when a number is no
longer finite."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from glassnet.events import Step, Stop
from glassnet.training.divergence import culprit, stop_at
from glassnet.training.learner import Learner
from glassnet.training.state import Arrays, State, Tally, read_progress, write_progress


class CountedSteps:
    """The steps of a run.

    Attributes:
        tally: what the run keeps count of.
        unread: losses and right answers of steps whose numbers the engine has not been asked for.
    """

    def __init__(
        self, learner: Learner, before_search: Callable[[int], None] = lambda steps: None
    ) -> None:
        self._before_search = before_search  # see `Run`
        self.learner, self.engine, self.tally = learner, learner.engine, Tally()
        self.unread: list[Any] = []
        self._first = 0, 0  # of these: steps taken before, and steps in the epoch

    def take_one(self) -> Step | Stop:
        """Take a step, on an engine whose numbers are there at once."""
        now, place = self.learner.progress, self.learner.progress.step_in_epoch
        loss, right = self.learner.step()
        size = self._add(place, loss, right)
        if not size:
            return self.recover(now.step)
        return Step(now.step, now.epoch, now.step_in_epoch, loss, right / size)

    def take(self, rhythms: tuple[int, ...]) -> None:
        """Take several, of an engine whose numbers are far away, up to what is due.

        Args:
            rhythms: something is due every so many steps; 0: never.
        """
        now, count = self.learner.progress, self.engine.steps_between_reads
        self._first = now.step, now.step_in_epoch
        rests = [every - now.step % every for every in rhythms if every]
        count = min(count, self.learner.steps_per_epoch - now.step_in_epoch, *rests)
        self.unread = [scalar for _ in range(count) for scalar in self.learner.step()]

    def read(self) -> Iterator[Step | Stop]:
        """What those came to; from the first loss that is not finite, back to where that began."""
        numbers, self.unread = self.engine.read(self.unread), []
        (step, place), epoch = self._first, self.learner.progress.epoch
        for loss, right in zip(numbers[::2], numbers[1::2], strict=True):
            size = self._add(place, loss, right)
            if not size:
                yield self.recover(step)
                return
            step, place = step + 1, place + 1
            yield Step(step, epoch, place, loss, right / size)

    def _add(self, place: int, loss: float, right: float) -> int:
        """Add a step to the epoch's sums. Returns its batch's size; 0 if the loss is not finite."""
        batch, tally = self.learner.batch, self.tally
        size = min(batch, len(self.learner.split) - place * batch)
        total = tally.epoch_loss + loss * size
        if not math.isfinite(total):
            return 0
        tally.epoch_loss = total
        tally.epoch_correct += int(right)
        return size

    def end_epoch(self) -> tuple[float, float]:
        """Go on to the next epoch. Returns the mean loss and the accuracy of the last one."""
        tally, count = self.tally, len(self.learner.split)
        means = tally.epoch_loss / count, tally.epoch_correct / count
        self.learner.end_epoch()
        tally.epoch_loss, tally.epoch_correct = 0.0, 0
        return means

    # Divergence ------------------------------------------------------------------------------

    def keep_if_finite(self) -> bool:
        """Whether all arrays are finite; then this is where `recover` begins."""
        finite = all(map(self.engine.finite, self.learner.arrays().values()))
        if finite:
            self._last_finite = self.place()
        return finite

    def recover(self, last: int) -> Stop:
        """Find the first step with an array that is not finite, up to the one after `last`, and
        return to where it began."""
        learner, finite = self.learner, self.engine.finite
        spoiled = (name for name, array in learner.arrays().items() if not finite(array))
        suspect = next(spoiled, None) or culprit(learner)
        self.return_to(*self._last_finite)
        self._before_search(last + 1 - learner.progress.step)
        while True:
            if learner.progress.step_in_epoch == learner.steps_per_epoch:
                self.end_epoch()
            before, place = self.place(), learner.progress.step_in_epoch
            loss, right = self.engine.read(learner.step())
            counted = self._add(place, loss, right)
            found = culprit(learner, loss) or ("" if counted else "loss")
            if found or learner.progress.step > last:
                break
        self.return_to(*before)
        kept = learner.progress.step
        return stop_at(kept + 1, found or suspect or "loss", kept)

    # State -----------------------------------------------------------------------------------

    def place(self) -> State:
        """All that a step changes: copies of the arrays, and the rest as JSON."""
        arrays, document = self.learner.state()
        progress = write_progress(self.learner.progress, self.tally)
        return arrays, {**document, "progress": progress}

    def return_to(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        """Return to a `place`. Raises StorageError if it is none of this learner's."""
        _, tally = read_progress(document.get("progress"), self.learner.steps_per_epoch)
        self.learner.load_state(arrays, document)
        self.tally, self.unread = tally, []
