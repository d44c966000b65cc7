"""What the network page does to a network: edits, judged by the test digits; and training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from glassnet.errors import DataError
from glassnet.insight.answers import Answers, answer_all, better, changes, worse
from glassnet.insight.surgery import Edit, Off, Paint, differing
from glassnet_bridge.arrays import Wanted
from glassnet_bridge.asked import Asked, Json, all_named, told_changes
from glassnet_bridge.failure import Unknown
from glassnet_bridge.held import Clock
from glassnet_bridge.subject import Subject, state
from glassnet_bridge.subject_steps import TESTED
from glassnet_bridge.subject_units import tested

MEASURED_EVERY = 0.5  # seconds of training between two measurements


class Changes:
    """Answers about edits and training; the answers before edits are kept while they hold."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: tuple[object, Answers | None] = None, None
        self._measured: dict[Subject, float] = {}  # when

    def edit(self, asked: Asked) -> Json:
        """Make edits on the subject as it was opened, and tell what comes of them."""
        subject, test, pixels = asked.subject, tested(asked.test), asked.pixels
        subject.operate([read_edit(one) for one in asked.message["edits"]])
        before = self._answered(asked)
        after = answer_all(subject.network, test.split)
        changed = changes(before, after)
        arrays = state(subject.network)
        return {
            "count": len(test),
            "before": {"loss": before.loss, "right": before.right},
            "after": {"loss": after.loss, "right": after.right},
            "worse": told_changes(worse(changed), test),
            "better": told_changes(better(changed), test),
            "changed": told_changes(changed, test),
            "arrays": all_named({n: arrays[n] for n in differing(subject.opened, subject.network)}),
            "outputs": subject.network.predict(pixels[np.newaxis])[0],
        }

    def _answered(self, asked: Asked) -> Answers:
        """What the subject answered as it was opened."""
        opened = asked.subject.opened
        key = (opened, asked.examples.changes)
        known, found = self._before
        if known != key or found is None:
            found = answer_all(opened, tested(asked.test).split)
            self._before = key, found
        return found

    def train(self, asked: Asked) -> Json:
        """Take training steps for about so long, one at least; now and then, measure."""
        subject, message = asked.subject, asked.message
        learner = subject.learner(asked.train.split)
        wanted = Wanted(subject, message["arrays"])
        pixels = None if message.get("pixels") is None else asked.pixels
        engine = subject.network.engine
        losses: list[float] = []
        begin = now = self._clock()
        while not losses or now - begin < message["milliseconds"] / 1000:
            losses.append(engine.read([learner.step()[0]])[0])
            now = self._clock()
            if not np.isfinite(losses[-1]):
                break
        subject.changes += 1
        return {
            "step": learner.progress.step,
            "losses": np.array(losses, np.float32),
            "right": self._share(asked, now),
            "arrays": wanted.read(pixels),
        }

    def _share(self, asked: Asked, now: float) -> float | None:
        """How many of some test digits are read rightly; None if that was measured just now."""
        subject, split = asked.subject, asked.test.split[:TESTED]
        last = self._measured.get(subject)
        if not len(split) or (last is not None and 0 <= now - last < MEASURED_EVERY):
            return None
        self._measured = {subject: now}
        return answer_all(subject.network, split).right / len(split)


def read_edit(document: Mapping[str, Any]) -> Edit:
    """A page's edit. Raises Unknown for another kind, DataError for what is none."""
    kind = document["kind"]
    if kind == "off":
        layer = str(document["layer"]).removeprefix("layers.")
        if not layer.isdigit():
            raise DataError(f"edit: expected a layer, as 0 or layers.0, got {document['layer']}")
        return Off(int(layer), int(document["unit"]))
    if kind == "set":
        return Paint(document["array"], int(document["at"]), np.array([float(document["value"])]))
    if kind == "paint":
        data = document["values"]
        data = data.to_bytes() if hasattr(data, "to_bytes") else data
        values = np.frombuffer(data, np.float32)
        return Paint(document["array"], int(document["at"]), values)
    raise Unknown("edit", kind, ["off", "set", "paint"])
