"""Training and testing on chosen digits: in a page's runs, and in their files."""

from __future__ import annotations

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
from unit.hosting import SMALL, Page, dataset, piece
from unit.small import bars
from unit.test_run_files import reopen, saved, write

TRAIN = np.array([1, 4, 7, 11, 14, 17, 21, 24, 27, 31, 34, 37], np.uint32)  # labels 1, 4 and 7
TEST = np.array([0, 4, 14], np.uint32)
ROWS = {"train": TRAIN, "test": TEST}


@pytest.fixture
def page() -> Page:
    """A page with a run on those digits."""
    page = Page()
    page.create(chosen=ROWS)
    return page


def chosen_run(**changes: Any) -> Run:
    """The same run without a page."""
    config = RunConfig.from_json({**SMALL, **changes})
    return Run.from_config(config, dataset().choose(train=TRAIN, test=TEST))


def chosen_of(page: Page) -> Any:
    """What the run's description says of the choice."""
    page.look()
    told = [frame["description"] for frame in page.frames["run"] if frame["description"]]
    return told[-1]["data"]["chosen"]


def test_a_run_trains_on_the_chosen_digits_alone(page: Page) -> None:
    page.train()
    description = page.frames["run"][0]["description"]
    assert description["batches"] == 3  # of five, five and two
    events = list(chosen_run(engine=description["engine"]).events())
    assert page.losses() == [(e.step, e.loss) for e in events if isinstance(e, Step)]
    evaluations = [one for frame in page.frames["run"] for one in frame["evaluations"]]
    assert {one["count"] for one in evaluations} == {3}


def test_a_description_says_what_is_chosen(page: Page) -> None:
    chosen = chosen_of(page)
    assert chosen["train"] == {
        "count": 12,
        "classes": [0, 4, 0, 0, 4, 0, 0, 4, 0, 0],
    }
    assert chosen["test"]["classes"] == [1, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    page.create()
    assert chosen_of(page) == {}


def test_digits_may_be_chosen_before_they_are_here() -> None:
    """The copies made while they were blank are made again; what was asked for is not forgotten."""
    page = Page(digits=False)
    page.ask("data", **piece("train", 0, 30, 40))
    page.ask("data", **piece("test", 0, 20, 20))
    page.create(chosen=ROWS)
    assert chosen_of(page)["train"]["classes"] is None
    page.ask("step", run="run", steps=2)
    page.ask("data", **piece("train", 30, 10, 40))
    assert chosen_of(page)["train"]["classes"] == [0, 4, 0, 0, 4, 0, 0, 4, 0, 0]
    page.drive()
    config = page.host._runs["run"].run.config
    steps = [e for e in chosen_run(engine=config.engine).events() if isinstance(e, Step)]
    assert page.losses() == [(e.step, e.loss) for e in steps[:2]]


def test_a_choice_stays_with_reset_and_goes_with_create(page: Page) -> None:
    page.ask("reset", run="run")
    assert chosen_of(page)["train"]["count"] == 12
    page.create(chosen={"test": TEST})
    assert set(chosen_of(page)) == {"test"}
    assert page.create()["batches"] == 8


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"train": np.array([3, 40], np.uint32)}, "3 to 40 are chosen, of 40"),
        ({"train": np.array([3, 2], np.uint32)}, "larger than the one before"),
        ({"test": np.array([], np.uint32)}, "mnist, test, rows: none is chosen"),
        ({"train": TRAIN[:3]}, "batch: at most 3"),
        ({"dev": TRAIN}, "no split is called “dev”"),
    ],
)
def test_a_choice_that_cannot_be_made_leaves_the_run_before(
    chosen: Mapping[str, Any], words: str
) -> None:
    page = Page()
    page.create()
    page.train(steps=2)
    failure = page.refused("create", run="run", set="digits", config=SMALL, chosen=chosen)
    assert words in failure["message"]
    assert page.last()["step"] == 2
    assert page.ask("reset", run="run")["batches"] == 8


def test_one_digit_can_be_learnt(page: Page) -> None:
    page.create(config={**SMALL, "batch": 1, "epochs": 40}, chosen={"train": TRAIN[:1]})
    page.train()
    told = page.losses()
    assert len(told) == 40
    assert told[-1][1] < told[0][1]


def test_runs_with_choices_of_their_own_share_a_set(page: Page) -> None:
    page.create("other", chosen={"train": TRAIN[::-1][:6][::-1]})
    page.create("whole")
    assert [page.host._runs[name].run.steps_per_epoch for name in ("run", "other", "whole")] == [
        3,
        2,
        8,
    ]


def test_a_fork_and_a_raised_run_keep_the_choice(page: Page) -> None:
    page.train(steps=4)
    forked = page.ask("fork", **{"run": "run", "as": "twin"})
    state = page.ask("state", run="run")["state"]
    raised = page.ask("restore", run="again", set="digits", state=state)
    assert forked["data"]["chosen"] == raised["data"]["chosen"] == chosen_of(page)


def test_a_saved_run_keeps_its_choice(page: Page) -> None:
    page.train(steps=4)
    files = saved(page)
    page.train()
    rest = page.losses()[4:]
    page.create()
    opened = reopen(page, files)
    assert page.last()["step"] == 4
    assert chosen_of(page)["train"]["count"] == 12
    np.testing.assert_array_equal(opened["chosen"]["train"], TRAIN)
    np.testing.assert_array_equal(opened["chosen"]["test"], TEST)
    page.train()
    assert page.losses() == rest


def test_a_run_on_everything_opens_over_a_choice() -> None:
    page = Page()
    page.create()
    page.train(steps=4)
    files = saved(page)
    page.create(chosen=ROWS)
    assert reopen(page, files, chosen=ROWS)["chosen"] == {}
    assert page.ask("reset", run="run")["batches"] == 8


def test_weights_alone_go_on_with_the_choice_of_the_page() -> None:
    page = Page()
    page.create()
    page.train(steps=4)
    files = {WEIGHTS: saved(page)[WEIGHTS]}
    opened = reopen(page, files, chosen=ROWS)
    assert opened["description"]["data"]["chosen"]["test"]["count"] == 3
    assert set(opened["chosen"]) == {"train", "test"}


def test_the_command_lines_files_tell_the_choice(page: Page, tmp_path: Path) -> None:
    page.train(steps=4)
    write(saved(page), tmp_path)
    run, _ = read_run(tmp_path / CHECKPOINT, dataset())
    np.testing.assert_array_equal(run.dataset.chosen["train"], TRAIN)
    first, _ = read_runlog(tmp_path / LOG)
    assert first["data"]["counts"] == {"train": 12, "test": 3}
    assert first["data"]["chosen"] == ["test", "train"]


def test_other_data_is_refused_with_the_choice_named(page: Page, tmp_path: Path) -> None:
    write(saved(page), tmp_path)
    whole = dataset()
    small = Dataset(whole.name, whole.classes, whole.train[:30], whole.test)
    with pytest.raises(StorageError, match=r"choice of examples.*mnist, train.*1 to 37 .* of 30"):
        read_run(tmp_path / CHECKPOINT, small)
    with pytest.raises(StorageError, match="its own choice of the whole data"):
        read_run(tmp_path / CHECKPOINT, whole.choose(train=TRAIN))
    turned = Dataset(whole.name, whole.classes, rolled(whole.train), whole.test)
    with pytest.raises(StorageError, match="the run was trained on"):
        read_run(tmp_path / CHECKPOINT, turned)


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
        Run.restore({**arrays, name: rows}, document, dataset())


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
