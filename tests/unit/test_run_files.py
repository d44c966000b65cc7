"""A run leaves a page as the command line's files, and comes back from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.browse.query import QueryError
from glassnet.config import RunConfig
from glassnet.errors import (
    ConfigError,
    DataError,
    DivergedError,
    GlassnetError,
    ShapeError,
    StorageError,
)
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS, RunFolder, read_run
from glassnet.storage import is_checkpoint, read_runlog
from glassnet.training import Run
from glassnet.training.evaluation import in_chunks
from glassnet_bridge.failure import Unknown, describe
from glassnet_bridge.run_files import FOLDER, NAMES
from unit.hosting import CONV, SMALL, Page, dataset


@pytest.fixture
def page() -> Page:
    page = Page()
    page.create()
    return page


def log_of(page: Page, reader: str = "run") -> list[Any]:
    """The lines of a run's log that its reader was told."""
    page.look()
    return [line for frame in page.frames[reader] for line in frame["log"]]


def saved(page: Page) -> dict[str, bytes]:
    """The files of a page's run, as it gets them; the page keeps the log."""
    answer = page.ask("save", run="run", log=log_of(page))
    assert answer["step"] == page.last()["step"]
    return dict(answer["files"])


def reopen(page: Page, files: dict[str, bytes], **what: Any) -> Any:
    return page.ask("open", run="run", set="digits", files=files, **what)


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
def test_a_run_goes_on_as_if_it_had_never_been_saved(config: dict[str, Any]) -> None:
    page = Page()
    page.create(config=config)
    page.train(steps=6)
    files = saved(page)
    page.train()
    rest = page.losses()[6:]
    opened = reopen(page, files)
    assert opened["description"]["generation"] == 2
    assert opened["chosen"] == {}
    assert (page.last()["state"], page.last()["step"]) == ("paused", 6)
    page.train()
    assert page.losses() == rest


def test_a_convolution_is_opened_and_looked_at_by_name() -> None:
    page = Page()
    page.create(config=CONV)
    page.train(steps=4)
    names = ["layers.0.weight", "layers.1.running_mean", "layers.0.a"]
    digit = {"split": "test", "index": 9}
    page.watch("run", names, digit)
    before = page.last()["arrays"]
    opened = reopen(page, saved(page))
    assert opened["description"]["layers"][0]["kind"] == "conv2d"
    after = page.last()["arrays"]
    assert set(after) == set(names)
    for name in names:
        np.testing.assert_array_equal(after[name]["data"], before[name]["data"])


def test_the_log_fills_the_curves(page: Page) -> None:
    page.train()
    log = log_of(page)
    told = [one for frame in page.frames["run"] for one in frame["evaluations"]]
    files = saved(page)
    opened = reopen(page, files)
    assert opened["evaluations"] == told
    assert opened["losses"].reshape(-1, 3)[:, 0].tolist() == [10]  # every tenth step is logged
    assert [line["event"] for line in opened["log"]] == [line["event"] for line in log]
    again = page.ask("save", run="run", log=opened["log"])["files"]
    assert again[LOG].splitlines()[1:] == files[LOG].splitlines()[1:]
    assert page.last()["losses"].size == 0  # a frame tells what comes after


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
def test_what_is_opened_is_measured(config: dict[str, Any], tmp_path: Path) -> None:
    """How well it reads is known at once, though its log tells of no evaluation where it stands."""
    page = Page()
    page.create(config=config)
    page.train(steps=5)
    files = saved(page)
    [measured] = reopen(page, {CHECKPOINT: files[CHECKPOINT]})["evaluations"]
    (tmp_path / CHECKPOINT).write_bytes(files[CHECKPOINT])
    run = read_run(tmp_path / CHECKPOINT, dataset(), engine="numpy")[0]
    right, losses = [], []
    for rows, outputs, loss in in_chunks(run.network, run.dataset.test):
        labels = run.dataset.test.labels[rows]
        right += (np.asarray(outputs).argmax(axis=1) == labels).tolist()
        losses += [loss] * len(labels)
    assert (measured["step"], measured["split"], measured["count"]) == (5, "test", len(right))
    assert measured["accuracy"] == np.mean(right)
    assert measured["loss"] == pytest.approx(float(np.mean(losses)), rel=1e-4)
    told = reopen(page, saved(page))["evaluations"]
    assert [one["step"] for one in told] == [4, 5]  # once it is in the log no other is made


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
def test_weights_alone_begin_a_new_run(config: dict[str, Any]) -> None:
    page = Page()
    page.create(config=config)
    page.train(steps=6)
    weights = page.arrays("layers.*.weight", "layers.*.running_var")
    reopen(page, {WEIGHTS: saved(page)[WEIGHTS]})
    assert (page.last()["state"], page.last()["step"]) == ("idle", 0)
    for name, array in page.arrays(*weights).items():
        np.testing.assert_array_equal(array, weights[name])


def test_the_command_line_reads_what_a_page_wrote(page: Page, tmp_path: Path) -> None:
    page.train(steps=12)
    files = saved(page)
    assert set(files) == set(NAMES)
    write(files, tmp_path)
    run, length = read_run(tmp_path / CHECKPOINT, dataset())
    assert (run.step, run.config.engine) == (12, "numpy")
    assert length == len(files[LOG])
    first, events = read_runlog(tmp_path / LOG)
    assert first["config"]["batch"] == SMALL["batch"]
    assert {event["event"] for event in events} >= {"step", "evaluation", "epochend"}


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
def test_a_page_reads_what_the_command_line_wrote(config: dict[str, Any], tmp_path: Path) -> None:
    run = Run.from_config(RunConfig.from_json(config), dataset())
    for event in run.events():
        if event.step == 9:
            break
    with RunFolder(tmp_path / "native") as folder:
        folder.begin(run)
        folder.save(run)
    page = Page()
    reopen(page, {path.name: path.read_bytes() for path in (tmp_path / "native").iterdir()})
    page.watch("run")
    assert page.last()["step"] == 9
    page.train(steps=2)
    assert page.last()["step"] == 11


def test_a_checkpoint_is_told_from_weights(page: Page, tmp_path: Path) -> None:
    page.train(steps=2)
    write(saved(page), tmp_path)
    assert is_checkpoint(tmp_path / CHECKPOINT)
    assert not is_checkpoint(tmp_path / WEIGHTS)
    files = {"a.safetensors": (tmp_path / CHECKPOINT).read_bytes()}
    reopen(page, files)
    assert page.last()["step"] == 2


def test_a_checkpoint_of_another_version_is_no_weights(page: Page) -> None:
    data = saved(page)[CHECKPOINT].replace(b'\\"checkpoint\\":1', b'\\"checkpoint\\":9')
    failure = page.refused("open", run="run", set="digits", files={"x.safetensors": data})
    assert "x.safetensors: expected a checkpoint of version 1, got 9" in failure["message"]


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
    page: Page, files: dict[str, bytes], reason: str
) -> None:
    page.train(steps=2)
    failure = page.refused("open", run="run", set="digits", files=files)
    assert failure["code"] == "E-STORAGE"
    assert reason in failure["message"]
    assert page.last()["step"] == 2
    assert not FOLDER.exists()


def test_a_damaged_checkpoint_is_refused(page: Page) -> None:
    page.train(steps=2)
    data = saved(page)[CHECKPOINT]
    failure = page.refused("open", run="run", set="digits", files={CHECKPOINT: data[:-4]})
    assert CHECKPOINT in failure["message"]


def write(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


def test_every_error_of_ours_tells_its_own_code() -> None:
    kinds: list[type[GlassnetError]] = [GlassnetError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {kind.code for kind in kinds}
    assert len(kinds) >= 8 and len(codes) == len(kinds), "one code for each class"
    examples = [
        ConfigError("lr", "too high"),
        DataError("no"),
        DivergedError("loss", 3),
        QueryError("no", 2),
        ShapeError("dense", 1, 2),
        StorageError("no"),
        Unknown("run", "x", ["y"]),
    ]
    assert [describe(error)["code"] for error in examples] == [error.code for error in examples]
    assert describe(ValueError("no"))["code"] == "E-PYTHON"
