"""A run leaves a page as the command line's files, and comes back from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.data.dataset import Dataset, Split
from glassnet.errors import (
    ConfigError,
    DataError,
    DivergedError,
    GlassnetError,
    ShapeError,
    StorageError,
)
from glassnet.query import QueryError
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS, RunFolder, read_run
from glassnet.storage import read_runlog
from glassnet_bridge import Session
from glassnet_bridge.failure import describe
from glassnet_bridge.run_files import FOLDER, NAMES
from unit.test_bridge import SMALL, drive, frame_of, losses, piece, session

__all__ = ["session"]  # the fixture


def saved(session: Session) -> dict[str, bytes]:
    """The files of a session's run, as its page gets them."""
    assert session.handle({"type": "save"}) is None
    answer = session.answer()
    assert answer is not None
    return dict(answer["files"])


def reopen(session: Session, files: dict[str, bytes]) -> dict[str, Any]:
    assert session.handle({"type": "open", "files": files}) is None
    return frame_of(session)


def test_a_run_goes_on_as_if_it_had_never_been_saved(session: Session) -> None:
    session.handle({"type": "step", "steps": 6})
    drive(session)
    files = saved(session)
    session.handle({"type": "start"})
    rest = losses(drive(session))
    session.handle({"type": "reset"})
    frame = reopen(session, files)
    assert (frame["state"], frame["step"]) == ("paused", 6)
    session.handle({"type": "start"})
    assert losses(drive(session)) == rest


def test_the_log_fills_the_curves(session: Session) -> None:
    session.handle({"type": "start"})
    frames = drive(session)
    told = [entry["step"] for frame in frames for entry in frame["evaluations"]]
    files = saved(session)
    session.handle({"type": "reset"})
    frame = reopen(session, files)
    assert [entry["step"] for entry in frame["evaluations"]] == told
    assert [step for step, _ in losses([frame])] == [10]  # of the steps every tenth is logged
    assert saved(session)[LOG].splitlines()[1:] == files[LOG].splitlines()[1:]


def test_weights_alone_begin_a_new_run(session: Session) -> None:
    session.handle({"type": "step", "steps": 6})
    weights = drive(session)[-1]["weights"]
    files = {WEIGHTS: saved(session)[WEIGHTS]}
    session.handle({"type": "reset"})
    frame = reopen(session, files)
    assert (frame["state"], frame["step"]) == ("idle", 0)
    for mine, theirs in zip(frame["weights"], weights, strict=True):
        np.testing.assert_array_equal(mine["weight"], theirs["weight"])


def test_the_command_line_reads_what_a_page_wrote(session: Session, tmp_path: Path) -> None:
    session.handle({"type": "step", "steps": 12})
    drive(session)
    files = saved(session)
    assert set(files) == set(NAMES)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    dataset = small_dataset()
    run, length = read_run(tmp_path / CHECKPOINT, dataset)
    assert (run.step, run.config.engine) == (12, "numpy")
    assert length == len(files[LOG])
    first, events = read_runlog(tmp_path / LOG)
    assert first["config"]["batch"] == SMALL["batch"]
    assert {event["event"] for event in events} >= {"step", "evaluation", "epochend"}


def test_a_page_reads_what_the_command_line_wrote(session: Session, tmp_path: Path) -> None:
    session.handle({"type": "step", "steps": 3})
    drive(session)
    run, _ = read_run(written(session, tmp_path) / CHECKPOINT, small_dataset())
    for event in run.events():
        if event.step == 9:
            break
    with RunFolder(tmp_path / "native") as folder:
        folder.begin(run)
        folder.save(run)
    files = {path.name: path.read_bytes() for path in (tmp_path / "native").iterdir()}
    assert reopen(session, files)["step"] == 9


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "got no file"),
        ({"notes.txt": b"hello"}, "got notes.txt"),
        ({CHECKPOINT: b"hello"}, "too short"),
        ({"../../evil.safetensors": b"\0" * 64}, "evil.safetensors"),
        ({"__proto__": b"a", "constructor": b"b"}, "got __proto__, constructor"),
        ({"..": b"", ".": b"", "": b"", "/": b""}, "expected"),
        ({"x" * 5000: b"", "a\0b": b"", "\ud800": b""}, "expected"),
        ({"\ud800\0" + "ü" * 400 + ".safetensors": b"\0" * 64}, "header"),
    ],
)
def test_what_is_no_run_is_refused_and_nothing_is_lost(
    session: Session, files: dict[str, bytes], reason: str
) -> None:
    session.handle({"type": "step", "steps": 2})
    drive(session)
    failure = session.handle({"type": "open", "files": files})
    assert failure is not None
    assert failure["code"] == "E-STORAGE"
    assert reason in failure["message"]
    assert frame_of(session)["step"] == 2
    assert not FOLDER.exists()


def test_a_damaged_checkpoint_is_refused(session: Session) -> None:
    session.handle({"type": "step", "steps": 2})
    drive(session)
    data = saved(session)[CHECKPOINT]
    failure = session.handle({"type": "open", "files": {CHECKPOINT: data[:-4]}})
    assert failure is not None
    assert CHECKPOINT in failure["message"]


def written(session: Session, folder: Path) -> Path:
    for name, data in saved(session).items():
        (folder / name).write_bytes(data)
    return folder


def small_dataset() -> Dataset:
    """The digits of the fixture's pieces."""
    splits = {}
    for split, count in (("train", 40), ("test", 20)):
        message = piece(split, 0, count, count)
        images = np.frombuffer(message["images"], np.uint8).reshape(count, 28, 28)
        splits[split] = Split(images, np.frombuffer(message["labels"], np.uint8))
    return Dataset("mnist", [str(k) for k in range(10)], splits["train"], splits["test"])


def test_what_pyodide_leaves_as_it_is_can_be_opened(session: Session) -> None:
    """An object with a key `constructor` stays a proxy, which tells its entries as pairs."""

    class Proxy:
        def __init__(self, files: dict[str, bytes]) -> None:
            self.files = files

        def object_entries(self) -> list[list[Any]]:
            return [[name, data] for name, data in self.files.items()]

    session.handle({"type": "step", "steps": 2})
    drive(session)
    files: Any = Proxy({"constructor": b"", "__proto__": b"", **saved(session)})
    assert reopen(session, files)["step"] == 2


def test_every_error_of_ours_tells_its_own_code() -> None:
    kinds: list[type[GlassnetError]] = [GlassnetError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {kind.code for kind in kinds}
    assert len(kinds) >= 7 and len(codes) == len(kinds), "one code for each class"
    examples = [
        ConfigError("lr", "too high"),
        DataError("no"),
        DivergedError("loss", 3),
        QueryError("no", 2),
        ShapeError("dense", 1, 2),
        StorageError("no"),
    ]
    assert [describe(error)["code"] for error in examples] == [error.code for error in examples]
    assert describe(ValueError("no"))["code"] == "E-PYTHON"
