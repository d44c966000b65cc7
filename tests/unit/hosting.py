"""A page's end of the pages' Python host, for tests: it asks, watches and is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet_bridge import Host

SMALL: dict[str, Any] = {
    "layers": [
        {"type": "dense", "units": 4, "activation": "sigmoid"},
        {"type": "dense", "units": 10, "activation": "sigmoid"},
    ],
    "batch": 5,
    "epochs": 2,
    "evaluate_every": 4,
    "evaluate_spacing": 0,
}
CONV: dict[str, Any] = {
    **SMALL,
    "layers": [
        {"type": "conv2d", "filters": 3, "size": 5, "stride": 2},
        {"type": "batch_norm"},
        {"type": "max_pool2d", "size": 2},
        {"type": "dropout", "rate": 0.25},
        {"type": "flatten"},
        {"type": "dense", "units": 10, "activation": "softmax"},
    ],
    "loss": "cross_entropy",
    "optimizer": {"type": "momentum", "lr": 0.05},
}
TRAIN, TEST = 40, 20


def piece(split: str, start: int, count: int, total: int) -> dict[str, Any]:
    """What a `data` request says, with easily told images: example i has every pixel i mod 251."""
    index = np.arange(start, start + count)
    images = np.repeat((index % 251).astype(np.uint8), 28 * 28)
    labels = (index % 10).astype(np.uint8)
    place = {"set": "digits", "name": "mnist", "split": split, "start": start, "count": count}
    size = {"total": total, "rows": 28, "columns": 28}
    return {**place, **size, "images": images.tobytes(), "labels": labels.tobytes()}


def dataset() -> Dataset:
    """The same digits as a data set."""
    splits = {}
    for split, count in (("train", TRAIN), ("test", TEST)):
        message = piece(split, 0, count, count)
        images = np.frombuffer(message["images"], np.uint8).reshape(count, 28, 28)
        splits[split] = Split(images, np.frombuffer(message["labels"], np.uint8))
    return Dataset("mnist", [str(k) for k in range(10)], splits["train"], splits["test"])


class Clock:
    """A clock that moves on by so much whenever it is read."""

    def __init__(self, seconds: float = 0.001) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


class Page:
    """Asks a host, acknowledges the frames of all readers but the hidden ones, keeps them."""

    def __init__(
        self,
        clock: Any = None,
        digits: bool = True,
        announce: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.host = Host(clock or Clock(), announce)
        self.frames: dict[str, list[dict[str, Any]]] = {}
        self.hidden: set[str] = set()
        self.trouble: list[dict[str, Any]] = []
        if digits:
            self.ask("data", **piece("train", 0, TRAIN, TRAIN))
            self.ask("data", **piece("test", 0, TEST, TEST))

    def ask(self, kind: str, **what: Any) -> Any:
        """The answer to a request that must be carried out."""
        answer = self.host.handle({"type": kind, **what})
        assert "failure" not in answer, answer["failure"]["traceback"]
        return answer["value"]

    def refused(self, kind: str, **what: Any) -> dict[str, Any]:
        """Why a request is not carried out."""
        answer = self.host.handle({"type": kind, **what})
        assert "value" not in answer, answer
        failure: dict[str, Any] = answer["failure"]
        assert not failure["fatal"]
        return failure

    def create(self, run: str = "run", **what: Any) -> Any:
        """A run of `SMALL`, unless `config` says otherwise; watched by a reader of its name."""
        description = self.ask("create", run=run, **{"set": "digits", "config": SMALL, **what})
        if run not in self.frames:
            self.watch(run)
        return description

    def watch(
        self, run: str, arrays: Sequence[str] = (), digit: Any = None, reader: str = ""
    ) -> None:
        self.frames.setdefault(reader or run, [])
        self.ask("watch", reader=reader or run, run=run, arrays=list(arrays), digit=digit)

    def look(self) -> None:
        """Take what is to be seen now."""
        for told in self.host.frames() or []:
            if "frame" not in told:
                self.trouble.append(told)
                continue
            reader, frame = told["reader"], told["frame"]
            self.frames[reader].append(frame)
            if reader not in self.hidden:
                self.host.acknowledge(reader, frame["id"])

    def drive(self, slices: int = 100_000, milliseconds: float = 3) -> None:
        """Let the host work until it has nothing left to do, or for so many slices."""
        for _ in range(slices):
            if not self.host.busy:
                break
            self.trouble += self.host.advance(milliseconds) or []
            self.look()
        self.look()

    def train(self, run: str = "run", steps: int | None = None) -> None:
        """Take so many steps, or go on to the end."""
        if steps is None:
            self.ask("start", run=run)
        else:
            self.ask("step", run=run, steps=steps)
        self.drive()

    def last(self, reader: str = "run") -> dict[str, Any]:
        """The newest frame."""
        self.look()
        return self.frames[reader][-1]

    def losses(self, reader: str = "run", generation: int | None = None) -> list[Any]:
        """Every (step, loss) that a reader was told of its run's newest generation."""
        frames = self.frames[reader]
        wanted = generation or frames[-1]["generation"]
        told = [frame["losses"] for frame in frames if frame["generation"] == wanted]
        return [(int(step), loss) for step, loss, _ in np.concatenate(told).reshape(-1, 3)]

    def arrays(self, *names: str, run: str = "run", digit: Any = None) -> dict[str, NDArray[Any]]:
        """Arrays of a run, in their shapes."""
        found = self.ask("arrays", run=run, digit=digit, arrays=list(names))
        return {name: one["data"].reshape(one["shape"]) for name, one in found.items()}
