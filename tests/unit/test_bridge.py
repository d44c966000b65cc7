"""The pages' Python session: what it answers to every command, natively and under Pyodide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from glassnet_bridge import Session

SMALL = {
    "layers": [
        {"type": "dense", "units": 4, "activation": "sigmoid"},
        {"type": "dense", "units": 10, "activation": "sigmoid"},
    ],
    "batch": 5,
    "epochs": 2,
    "evaluate_every": 4,
}


def piece(split: str, start: int, count: int, total: int) -> dict[str, Any]:
    """A `data` message with easily told images: example i has every pixel i mod 251."""
    index = np.arange(start, start + count)
    images = np.repeat((index % 251).astype(np.uint8), 28 * 28)
    labels = (index % 10).astype(np.uint8)
    return {
        "type": "data",
        "name": "mnist",
        "split": split,
        "start": start,
        "count": count,
        "total": total,
        "rows": 28,
        "columns": 28,
        "images": images.tobytes(),
        "labels": labels.tobytes(),
    }


def frame_of(session: Session) -> dict[str, Any]:
    """The next frame, of a session that has a run."""
    frame = session.frame()
    assert frame is not None
    return frame


class Clock:
    """A clock that moves by a millisecond whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(clock=Clock())
    assert session.handle({"type": "configure", "config": SMALL}) is None
    for message in (piece("train", 0, 40, 40), piece("test", 0, 20, 20)):
        assert session.handle(message) is None
    yield session


def drive(session: Session, slices: int = 10_000) -> list[dict[str, Any]]:
    """Let the session work until it has nothing left to do; returns a frame after each slice."""
    frames = []
    for _ in range(slices):
        if not session.busy:
            break
        assert session.advance(3) is None
        frames.append(frame_of(session))
    assert not session.busy
    return frames


def losses(frames: list[dict[str, Any]]) -> list[tuple[float, float]]:
    flat = np.concatenate([frame["losses"] for frame in frames])
    return [(step, loss) for step, loss in flat.reshape(-1, 2)]


def test_no_frame_before_the_data_is_known() -> None:
    session = Session()
    assert session.frame() is None
    assert session.handle(piece("train", 0, 10, 40)) is None
    assert session.frame() is None
    assert session.handle(piece("test", 0, 10, 20)) is None
    assert frame_of(session)["data"]["count"] == {"train": 10, "test": 10}


def test_training_waits_for_the_last_piece() -> None:
    session = Session(clock=Clock())
    session.handle({"type": "configure", "config": SMALL})
    session.handle(piece("train", 0, 30, 40))
    session.handle(piece("test", 0, 20, 20))
    session.handle({"type": "start"})
    assert frame_of(session)["state"] == "running"
    assert not session.busy
    session.handle(piece("train", 30, 10, 40))
    assert session.busy


def test_a_run_goes_to_its_end(session: Session) -> None:
    session.handle({"type": "start"})
    frames = drive(session)
    last = frames[-1]
    assert last["state"] == "finished"
    assert (last["step"], last["epoch"], last["batches"]) == (16, 2, 8)
    assert last["stopped"]
    assert [step for step, _ in losses(frames)] == list(range(1, 17))
    evaluations = [entry for frame in frames for entry in frame["evaluations"]]
    assert {entry["split"] for entry in evaluations} == {"test"}
    assert all(entry["count"] == 20 and 0 <= entry["accuracy"] <= 1 for entry in evaluations)
    assert {4, 8, 12, 16} <= {entry["step"] for entry in evaluations}


def test_the_same_seed_gives_the_same_losses(session: Session) -> None:
    session.handle({"type": "start"})
    first = losses(drive(session))
    session.handle({"type": "reset"})
    assert frame_of(session)["step"] == 0
    session.handle({"type": "start"})
    assert losses(drive(session)) == first
    session.handle({"type": "configure", "config": SMALL | {"seed": 2}})
    session.handle({"type": "start"})
    assert losses(drive(session)) != first


def test_steps_are_counted_and_end_in_a_pause(session: Session) -> None:
    session.handle({"type": "step", "steps": 3})
    assert drive(session)[-1]["step"] == 3
    assert frame_of(session)["state"] == "paused"
    session.handle({"type": "step", "steps": 1})
    assert drive(session)[-1]["step"] == 4


def test_steps_asked_for_meanwhile_are_added(session: Session) -> None:
    session.handle({"type": "step", "steps": 3})
    session.handle({"type": "step", "steps": 2})
    assert drive(session)[-1]["step"] == 5


def test_pause_keeps_and_start_goes_on(session: Session) -> None:
    session.handle({"type": "start"})
    session.advance(3)
    session.handle({"type": "pause"})
    step = frame_of(session)["step"]
    assert not session.busy
    session.handle({"type": "start"})
    assert drive(session)[-1]["step"] == 16 > step > 0


def test_a_frame_carries_only_what_is_watched(session: Session) -> None:
    session.handle({"type": "watch", "watch": {"digit": None, "weights": False}})
    frame = frame_of(session)
    assert frame["activity"] is None
    assert frame["weights"] is None
    watch = {"digit": {"split": "test", "index": 7}, "weights": True}
    session.handle({"type": "watch", "watch": watch})
    frame = frame_of(session)
    assert frame["activity"]["label"] == 7
    np.testing.assert_allclose(frame["activity"]["input"], 7 / 255, rtol=1e-6)
    assert [len(layer) for layer in frame["activity"]["activations"]] == [4, 10]
    assert [entry["shape"] for entry in frame["weights"]] == [[4, 784], [10, 4]]
    assert [len(entry["bias"]) for entry in frame["weights"]] == [4, 10]


def test_a_drawn_digit_is_read_too(session: Session) -> None:
    pixels = np.linspace(0, 1, 784, dtype=np.float32)
    session.handle({"type": "watch", "watch": {"digit": {"pixels": pixels}, "weights": False}})
    activity = frame_of(session)["activity"]
    assert activity["label"] is None
    np.testing.assert_array_equal(activity["input"], pixels)


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros(783, np.float32), "expected 784 pixels, got 783"),
        (np.zeros(0, np.float32), "expected 784 pixels, got 0"),
        (np.full(784, 1.5, np.float32), "from 0 to 1"),
        (np.full(784, np.nan, np.float32), "from 0 to 1"),
    ],
)
def test_a_drawing_of_the_wrong_shape_is_refused_and_the_digit_before_stays(
    session: Session, pixels: np.ndarray, message: str
) -> None:
    before = {"digit": {"split": "train", "index": 4}, "weights": False}
    session.handle({"type": "watch", "watch": before})
    failure = session.handle(
        {"type": "watch", "watch": {"digit": {"pixels": pixels}, "weights": False}}
    )
    assert failure is not None
    assert message in failure["message"]
    assert frame_of(session)["activity"]["label"] == 4


def test_watching_does_not_disturb_training(session: Session) -> None:
    session.handle({"type": "start"})
    undisturbed = losses(drive(session))
    session.handle({"type": "reset"})
    session.handle(
        {"type": "watch", "watch": {"digit": {"split": "test", "index": 3}, "weights": True}}
    )
    session.handle({"type": "start"})
    seen = []
    while session.busy:
        session.advance(0)
        seen += [frame_of(session), frame_of(session)]
    assert losses(seen) == undisturbed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"split": "dev"}, "train or test"),
        ({"start": 38}, "do not fit"),
        ({"images": b"123"}, "3 pixel bytes"),
        ({"labels": bytes([200] * 5)}, "label 200"),
        ({"total": 41}, "shape"),
    ],
)
def test_a_piece_that_does_not_fit_is_refused(
    session: Session, changes: dict[str, Any], reason: str
) -> None:
    failure = session.handle(piece("train", 0, 5, 40) | changes)
    assert failure is not None
    assert failure["code"] == "E-DATA"
    assert reason in failure["message"]
    assert not failure["fatal"]
    assert session.handle({"type": "start"}) is None  # and the session goes on


def test_a_bad_configuration_names_its_field_and_changes_nothing(session: Session) -> None:
    before = frame_of(session)["config"]
    failure = session.handle({"type": "configure", "config": SMALL | {"batch": 0}})
    assert failure is not None
    assert failure["code"] == "E-CONFIG"
    assert failure["field"] == "batch"
    assert "Traceback" in failure["traceback"]
    assert frame_of(session)["config"] == before


def test_divergence_ends_the_run_and_says_so(session: Session) -> None:
    wild = {
        "layers": [{"type": "dense", "units": 10, "activation": "identity"}],
        "optimizer": {"type": "sgd", "lr": 1e6},
        "epochs": 100,
    }
    assert session.handle({"type": "configure", "config": SMALL | wild}) is None
    session.handle({"type": "start"})
    for _ in range(1000):
        if not session.busy:
            break
        session.advance(3)
    frame = frame_of(session)
    assert frame["state"] == "finished"
    assert "layers.0" in frame["stopped"] or "loss" in frame["stopped"]


def test_an_unknown_command_is_our_fault_and_says_so(session: Session) -> None:
    failure = session.handle({"type": "dance"})
    assert failure is not None
    assert failure["code"] == "E-PYTHON"
    assert "report" in failure["advice"]
