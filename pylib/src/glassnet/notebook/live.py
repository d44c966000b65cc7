"""A run that a notebook watches, while the notebook's own kernel trains.

The run tells of its events; here they are gathered, and a few times a second what has changed is
sent: the curves as binary points, as many as a chart can show, and now and then the network at one
example. Nothing is asked of the page, so a loop that never yields to the kernel is followed, too.
"""

from __future__ import annotations

import math
import time
from importlib import import_module
from typing import Any

import numpy as np

from glassnet.events import Evaluation, Event, Step, Stop
from glassnet.notebook.seen import Example, Seen
from glassnet.notebook.widget import make, mime_bundle
from glassnet.series import Series
from glassnet.showing import run_html

CURVES_S = 0.1  # between two sendings of curves
NETWORK_S = 0.5  # and of arrays, which are larger
SEEN = ("test", "validation", "train")  # the split whose example is shown: the first there is


class LiveRun:
    """A run as it is watched. Shown by a notebook, it is a widget that follows the run; what is
    kept of it, for where there is no kernel, is the run's static figure.

    Args:
        run: a `Run`.
        digit: which example the network is shown, of the test split if there is one.

    Attributes:
        widget: the anywidget, for whoever composes it with others.

    Raises:
        Missing: anywidget is not installed, or there is no module to draw with.
        IndexError: there is no such example.
    """

    def __init__(self, run: Any, digit: int = 0) -> None:
        self.run, self.digit = run, digit
        self._seen, self._example = Seen(run.network, run.dataset.classes), _example(run, digit)
        self._losses, self._tested = Series(), Series()
        self._accuracies = Series()
        self._state, self._reason = "waiting", ""
        self._next = self._next_arrays = 0.0
        self._handle: Any = None  # of the output it stands in
        for evaluation in run.evaluations:
            self._note(evaluation)
        self.widget = make(
            "run",
            network=self._seen.told,
            example=self._seen.example(self._example),
            **self._curves(),
            **self._arrays(),
        )

    def hear(self, event: Event | None) -> None:
        """Called by the run with each event, and with None when nobody goes on with it."""
        if event is None:
            self._state = "ended" if self._state == "ended" else "resting"
        else:
            self._state = "going"
            self._note(event)
        now = time.monotonic()
        if now >= self._next or self._state != "going":
            self._send(now)
        if event is None and self._handle is not None:
            data, about = self._bundle()
            self._handle.update(data, metadata=about, raw=True)

    def close(self) -> None:
        """Follow no more; what is shown stays."""
        if self.hear in self.run.listeners:
            self.run.listeners.remove(self.hear)

    def _note(self, event: Event) -> None:
        if isinstance(event, Step):
            if math.isfinite(event.loss):
                self._losses.add(event.step, event.loss, 0)
        elif isinstance(event, Evaluation) and event.split == self._split:
            self._tested.add(event.step, event.loss, 0)
            self._accuracies.add(event.step, event.accuracy, 0)
        elif isinstance(event, Stop):
            self._state, self._reason = "ended", event.reason

    @property
    def _split(self) -> str:
        """What it is measured on."""
        return "test" if len(self.run.dataset.test) else "validation"

    def _send(self, now: float) -> None:
        """Send what has changed: once for all, for a message has a price of its own."""
        with self.widget.hold_sync():
            traits = self._curves()
            if now >= self._next_arrays or self._state != "going":
                traits |= self._arrays()
            for name, value in traits.items():
                setattr(self.widget, name, value)
        self._next = now + CURVES_S
        if "arrays" in traits:
            self._next_arrays = now + NETWORK_S

    def _curves(self) -> dict[str, Any]:
        run = self.run
        progress = {
            "state": self._state,
            "reason": self._reason,
            "step": run.step,
            "steps": run.learner.horizon,
            "epoch": run.epoch,
            "epochs": run.epochs,
            "split": self._split,
            "data": run.dataset.name,
        }
        losses, tested, right = map(_points, (self._losses, self._tested, self._accuracies))
        measured = [(*one, rate) for one, (_, rate) in zip(tested, right, strict=True)]
        return {
            "progress": progress,
            "losses": np.array(losses, "<f8").tobytes(),
            "tested": np.array(measured, "<f8").tobytes(),
        }

    def _arrays(self) -> dict[str, Any]:
        return {"arrays": self._seen.arrays(self._example)}

    # What a notebook shows -------------------------------------------------------------------

    def _bundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return mime_bundle(self.widget, {"text/html": run_html(self.run), "text/plain": repr(self)})

    def _ipython_display_(self) -> None:
        """Into an output that can be updated: its static figure is the last, not the first."""
        display = import_module("IPython.display").display
        data, about = self._bundle()
        self._handle = display(data, metadata=about, raw=True, display_id=True)

    def _display_(self) -> Any:
        """The same for marimo, which draws widgets itself."""
        return self.widget

    def __repr__(self) -> str:
        return f"<LiveRun of {self.run!r}>"


def watch(run: Any, digit: int = 0) -> LiveRun:
    """A figure that follows a run: put it at the end of a cell, or `display` it, before or while
    the run goes on, in this cell or a later one.

        gn.notebook.watch(run)

    Asked for twice, it is the same.

    Args:
        digit: which example the network is shown, of the test split if there is one.

    Raises:
        Missing: anywidget is not installed, or there is no module to draw with.
        IndexError: there is no such example.
    """
    known = [getattr(hear, "__self__", None) for hear in run.listeners]
    for one in known:
        if isinstance(one, LiveRun) and one.digit == digit:
            return one
    live = LiveRun(run, digit)
    run.listeners.append(live.hear)
    return live


def _points(series: Series) -> list[tuple[int, float]]:
    return series.since(-1)[1]


def _example(run: Any, digit: int) -> Example:
    splits = {"train": run.learner.split, **run.dataset.splits()}
    name = next(name for name in SEEN if name in splits and len(splits[name]))
    split = splits[name]
    image = np.asarray(split.images[digit : digit + 1])
    if digit < 0 or not len(image):
        raise IndexError(f"digit {digit}: the {name} split has {len(split)}")
    x = image / 255 if image.dtype == np.uint8 else image
    words = f"{name.capitalize()} digit {digit:,}"
    return Example(x.reshape(1, *run.network.shape), int(split.labels[digit]), words)
