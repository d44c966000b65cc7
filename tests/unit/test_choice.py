"""Training and testing on chosen digits: in a page's session, and in the files of its runs."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.errors import StorageError
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS, read_run
from glassnet.storage import read_runlog
from glassnet.training import Run, Step
from glassnet_bridge import Session
from unit.small import bars
from unit.test_bridge import SMALL, Clock, drive, frame_of, losses, piece, session
from unit.test_run_files import reopen, saved, small_dataset, written

__all__ = ["session"]  # the fixture

TRAIN = np.array([1, 4, 7, 11, 14, 17, 21, 24, 27, 31, 34, 37], np.uint32)  # labels 1, 4 and 7
TEST = np.array([0, 4, 14], np.uint32)


def configure(session: Session, **changes: Any) -> Any:
    rows = {"train": TRAIN, "test": TEST}
    message = {"type": "configure", "config": SMALL, "chosen": rows, **changes}
    return session.handle(message)


def chosen_run(**changes: Any) -> Run:
    """The same run without a session."""
    config = RunConfig.from_json({**SMALL, **changes})
    return Run.from_config(config, small_dataset().choose(train=TRAIN, test=TEST))


def test_a_session_trains_on_the_chosen_digits_alone(session: Session) -> None:
    assert configure(session) is None
    frame = frame_of(session)
    assert frame["batches"] == 3  # of five, five and two
    session.handle({"type": "start"})
    frames = drive(session)
    events = list(chosen_run(engine=frame["config"]["engine"]).events())
    assert losses(frames) == [(e.step, e.loss) for e in events if isinstance(e, Step)]
    evaluations = [one for frame in frames for one in frame["evaluations"]]
    assert {one["count"] for one in evaluations} == {3}


def test_a_frame_says_what_is_chosen(session: Session) -> None:
    assert frame_of(session)["data"]["chosen"] == {}
    configure(session)
    chosen = frame_of(session)["data"]["chosen"]
    assert chosen["train"] == {
        "count": 12,
        "crc": zlib.crc32(TRAIN.astype("<u4").tobytes()),
        "classes": [0, 4, 0, 0, 4, 0, 0, 4, 0, 0],
    }
    assert chosen["test"]["classes"] == [1, 0, 0, 0, 2, 0, 0, 0, 0, 0]


def test_digits_may_be_chosen_before_they_are_here() -> None:
    """The copies made while they were blank are made again; what was asked for is not forgotten."""
    session = Session(clock=Clock())
    configure(session)
    session.handle(piece("train", 0, 30, 40))
    session.handle(piece("test", 0, 20, 20))
    assert frame_of(session)["data"]["chosen"]["train"]["classes"] is None
    session.handle({"type": "step", "steps": 2})
    session.handle(piece("train", 30, 10, 40))
    assert frame_of(session)["data"]["chosen"]["train"]["classes"] == [0, 4, 0, 0, 4, 0, 0, 4, 0, 0]
    told = losses(drive(session))
    engine = frame_of(session)["config"]["engine"]
    steps = [e for e in chosen_run(engine=engine).events() if isinstance(e, Step)]
    assert told == [(e.step, e.loss) for e in steps[:2]]


def test_a_choice_stays_with_reset_and_goes_with_configure(session: Session) -> None:
    configure(session)
    session.handle({"type": "reset"})
    assert frame_of(session)["data"]["chosen"]["train"]["count"] == 12
    configure(session, chosen={"test": TEST})
    assert set(frame_of(session)["data"]["chosen"]) == {"test"}
    configure(session, chosen={})
    assert frame_of(session)["batches"] == 8


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chosen": {"train": np.array([3, 40], np.uint32)}}, "3 to 40 are chosen, of 40"),
        ({"chosen": {"train": np.array([3, 2], np.uint32)}}, "larger than the one before"),
        ({"chosen": {"test": np.array([], np.uint32)}}, "mnist, test, rows: none is chosen"),
        ({"chosen": {"train": TRAIN[:3]}}, "batch: at most 3"),
    ],
)
def test_a_choice_that_cannot_be_made_leaves_the_run_before(
    session: Session, changes: Mapping[str, Any], words: str
) -> None:
    session.handle({"type": "step", "steps": 2})
    drive(session)
    failure = configure(session, **changes)
    assert failure is not None
    assert words in failure["message"]
    assert frame_of(session)["step"] == 2
    session.handle({"type": "reset"})
    assert frame_of(session)["batches"] == 8


def test_one_digit_can_be_learnt(session: Session) -> None:
    config = {**SMALL, "batch": 1, "epochs": 40}
    assert configure(session, config=config, chosen={"train": TRAIN[:1]}) is None
    session.handle({"type": "start"})
    told = losses(drive(session))
    assert len(told) == 40
    assert told[-1][1] < told[0][1]


def test_a_saved_run_keeps_its_choice(session: Session) -> None:
    configure(session)
    session.handle({"type": "step", "steps": 4})
    drive(session)
    files = saved(session)
    session.handle({"type": "start"})
    rest = losses(drive(session))
    configure(session, chosen={})
    frame = reopen(session, files)
    assert frame["step"] == 4
    assert frame["data"]["chosen"]["train"]["count"] == 12
    answer = session.answer()
    assert answer is not None
    np.testing.assert_array_equal(answer["chosen"]["train"], TRAIN)
    np.testing.assert_array_equal(answer["chosen"]["test"], TEST)
    session.handle({"type": "start"})
    assert losses(drive(session)) == rest


def test_a_run_on_everything_opens_over_a_choice(session: Session) -> None:
    session.handle({"type": "step", "steps": 4})
    drive(session)
    files = saved(session)
    configure(session)
    frame = reopen(session, files)
    assert frame["data"]["chosen"] == {}
    assert session.answer() == {"chosen": {}}
    session.handle({"type": "reset"})
    assert frame_of(session)["batches"] == 8


def test_weights_alone_go_on_with_the_choice_of_the_page(session: Session) -> None:
    session.handle({"type": "step", "steps": 4})
    drive(session)
    files = {WEIGHTS: saved(session)[WEIGHTS]}
    configure(session)
    assert reopen(session, files)["data"]["chosen"]["test"]["count"] == 3


def test_the_command_lines_files_tell_the_choice(session: Session, tmp_path: Path) -> None:
    configure(session)
    session.handle({"type": "step", "steps": 4})
    drive(session)
    folder = written(session, tmp_path)
    run, _ = read_run(folder / CHECKPOINT, small_dataset())
    np.testing.assert_array_equal(run.dataset.chosen["train"], TRAIN)
    first, _ = read_runlog(folder / LOG)
    assert first["data"]["counts"] == {"train": 12, "test": 3}
    assert first["data"]["chosen"] == ["test", "train"]


def test_other_data_is_refused_with_the_choice_named(session: Session, tmp_path: Path) -> None:
    configure(session)
    folder = written(session, tmp_path)
    whole = small_dataset()
    small = Dataset(whole.name, whole.classes, whole.train[:30], whole.test)
    with pytest.raises(StorageError, match=r"choice of examples.*mnist, train.*1 to 37 .* of 30"):
        read_run(folder / CHECKPOINT, small)
    with pytest.raises(StorageError, match="its own choice of the whole data"):
        read_run(folder / CHECKPOINT, whole.choose(train=TRAIN))
    turned = Dataset(whole.name, whole.classes, rolled(whole.train), whole.test)
    with pytest.raises(StorageError, match="the run was trained on"):
        read_run(folder / CHECKPOINT, turned)


def rolled(split: Split) -> Split:
    return Split(split.images, np.roll(split.labels, 1))


@pytest.mark.parametrize(
    ("name", "rows", "words"),
    [
        ("chosen.validation", np.array([1], np.uint32), "unknown parts: validation"),
        ("chosen.train", np.array([0.5], np.float32), "expected integers"),
        ("chosen.train", np.array([[1, 2]], np.uint32), "expected integers"),
        ("chosen.train", np.array([], np.uint32), "none is chosen"),
        ("chosen.train", np.array([2, 2], np.uint32), "larger than the one before"),
        ("chosen.train", np.array([2**32 - 1], np.uint32), "of 40 from 0"),
    ],
)
def test_a_hostile_choice_in_a_file_is_refused(name: str, rows: Any, words: str) -> None:
    arrays, document = chosen_run().state()
    with pytest.raises(StorageError, match=words):
        Run.restore({**arrays, name: rows}, document, small_dataset())


def test_validation_is_held_out_of_the_choice() -> None:
    config = RunConfig.from_json(
        {**SMALL, "layers": [{"type": "dense", "units": 4, "activation": "sigmoid"}], "batch": 2,
         "validation": 3}
    )  # fmt: skip
    data = bars()
    run = Run.from_config(config, data.choose(train=np.arange(0, len(data.train), 2)))
    again = Run.restore(*run.state(), data)
    assert again.dataset.validation is not None
    np.testing.assert_array_equal(again.dataset.validation.images, data.train.images[::2][-3:])
