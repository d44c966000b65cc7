"""The digit looked at, of either split or drawn, before Python is there and when it has come."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from support.after import NEVER_IDLE, requested
from support.axe import faults
from support.insider import Insider
from support.paper import FOUR, SEVEN, Paper, outputs_of
from support.server import Answer, SiteServer
from support.trainer import OpenPage, Serve, Trainer, until


class Training:
    """The training split as it is shipped, read without any code of ours."""

    def __init__(self, site: Path) -> None:
        self.folder = next(site.glob("data/mnist-*"))
        split = json.loads((self.folder / "index.json").read_text(encoding="utf-8"))["splits"][
            "train"
        ]
        self.shards: list[dict[str, Any]] = split["shards"]
        self.count = int(split["count"])

    def shard(self, index: int) -> dict[str, Any]:
        return next(one for one in self.shards if one["start"] + one["count"] > index)

    def digit(self, index: int) -> tuple[NDArray[np.uint8], int]:
        """Its pixels (28, 28), and its label."""
        shard = self.shard(index)
        packed = (self.folder / shard["file"]).read_bytes()
        data = np.frombuffer(gzip.decompress(packed), np.uint8)
        count, at = shard["count"], index - shard["start"]
        return data[count:].reshape(count, 28, 28)[at], int(data[at])


@pytest.fixture(scope="module")
def training(site: Path) -> Training:
    return Training(site)


def field(paper: Paper, name: str = "Training digit") -> str:
    return paper.page.get_by_label(name, exact=True).input_value()


def until_shown(paper: Paper, pixels: NDArray[np.uint8]) -> None:
    until(lambda: (paper.pixels() == pixels).all())


# Before Python --------------------------------------------------------------------------------


@pytest.fixture
def paper(open_page: OpenPage) -> Paper:
    """A page on which no Python comes by itself, the recorded run standing at its end."""
    page = open_page(reduced_motion="reduce")
    page.add_init_script(NEVER_IDLE)
    return Paper(Trainer(page))


def test_a_training_digit_costs_its_own_shard_and_nothing_else(
    server: SiteServer, paper: Paper, training: Training
) -> None:
    index = training.shards[3]["start"] + 5
    pixels, label = training.digit(index)
    asked = len(server.requested)
    paper.page.goto(f"{server.url}train.html?split=train&digit={index}")
    until_shown(paper, pixels)
    activity = paper.until_read()
    assert activity["label"] == label
    np.testing.assert_allclose(activity["outputs"], outputs_of(activity), atol=1e-5)
    paper.page.get_by_role("img", name=f"Training digit {index:,}, a {label}").wait_for()
    assert field(paper) == str(index)
    until(lambda: paper.page.evaluate("() => window.idle"))  # it has all that it gets by itself
    files = requested(paper.page, server)[asked:]
    shards = sorted(Path(file).name for file in files if "data/" in file)
    assert shards == [
        "index.json",
        "test-00.bin.gz",
        "test-01.bin.gz",
        training.shard(index)["file"],
    ]
    assert faults(paper.page) == []


def test_before_and_after_stay_within_the_split(
    server: SiteServer, paper: Paper, training: Training
) -> None:
    last = training.shards[1]["start"] - 1  # the next one is in another shard
    paper.page.goto(f"{server.url}train.html?split=train&digit={last}")
    until_shown(paper, training.digit(last)[0])
    paper.page.get_by_role("button", name="The digit after").click()
    until_shown(paper, training.digit(last + 1)[0])
    assert field(paper) == str(last + 1)
    paper.page.get_by_role("button", name="The digit before").click()
    until_shown(paper, training.digit(last)[0])
    wanted = f"?digit={last}&split=train"
    until(lambda: paper.page.evaluate("() => location.search") == wanted)


def test_the_splits_ends_are_the_fields_bounds(
    server: SiteServer, paper: Paper, training: Training
) -> None:
    end = training.count - 1
    paper.page.goto(f"{server.url}train.html?split=train&digit={end}")
    until_shown(paper, training.digit(end)[0])
    paper.page.get_by_role("button", name="The digit after").click()
    assert field(paper) == str(end)
    number = paper.page.get_by_label("Training digit", exact=True)
    number.fill(str(training.count))
    number.press("Enter")
    fault = f"Training digit has to be a whole number from 0 to {end:,}"
    paper.page.get_by_text(fault).wait_for()
    until_shown(paper, training.digit(end)[0])


def test_the_split_is_chosen_under_the_digit(
    server: SiteServer, paper: Paper, training: Training
) -> None:
    paper.page.goto(f"{server.url}train.html?digit=7")
    paper.trainer.wait_for_digits()
    split = paper.page.get_by_label("Split")
    split.select_option("Training")
    until_shown(paper, training.digit(7)[0])
    split.select_option("Test")
    paper.page.get_by_role("img", name="Test digit 7, a ").wait_for()
    until(lambda: paper.page.evaluate("() => location.search") == "?digit=7")
    split.select_option("Training")
    until_shown(paper, training.digit(7)[0])
    paper.page.locator("glass-strip [role=listbox]").click(position={"x": 14, "y": 14})
    paper.page.get_by_role("img", name="Test digit 0, a ").wait_for()
    assert split.input_value() == "test", "the wall has test digits"


def test_a_split_that_has_not_so_many_begins_at_its_first(
    server: SiteServer, paper: Paper, training: Training
) -> None:
    end = training.count - 1
    paper.page.goto(f"{server.url}train.html?split=train&digit={end}")
    until_shown(paper, training.digit(end)[0])
    paper.page.get_by_label("Split").select_option("Test")
    until(lambda: field(paper, "Test digit") == "0")
    assert paper.page.locator("glass-status .notes").count() == 0
    paper.page.goto(f"{server.url}train.html?digit={end}")  # the same by an address is noted
    note = paper.page.locator("glass-status .notes li")
    note.wait_for()
    assert "test digits, so 0 is used" in note.inner_text()


def test_a_shard_that_does_not_come_is_told_and_tried_again(
    serve: Serve, site: Path, paper: Paper, training: Training, problems: list[str]
) -> None:
    index = training.shards[2]["start"]
    file = (training.folder / training.shard(index)["file"]).relative_to(site).as_posix()
    broken = serve({file: Answer(status=404)})
    paper.page.goto(f"{broken.url}train.html?split=train&digit={index}")
    paper.page.locator("glass-status .failure").wait_for()
    assert "E-NET-404" in paper.page.locator("glass-status .failure").inner_text()
    assert paper.said() == "This digit has not arrived yet."
    broken.overlay.clear()
    paper.page.get_by_role("button", name="Try again").click()
    until_shown(paper, training.digit(index)[0])
    problems.clear()  # the 404, which the console reports


def test_look_inside_leads_there_from_the_wall_of_all(
    server: SiteServer, paper: Paper, training: Training
) -> None:
    paper.page.goto(f"{server.url}browse.html?digit=train-123&panel=digit")
    paper.page.get_by_role("link", name="Look inside").click()
    paper.page.wait_for_url("**/network.html?digit=123&split=train")
    insider = Insider(paper.page)
    insider.wait_for_step()
    shown = "return [...(inside.looked.look.value.pixels ?? [])]"
    until(lambda: insider.ask(shown) == training.digit(123)[0].reshape(-1).tolist())


# With Python ----------------------------------------------------------------------------------


def test_python_reads_training_digits(trainer: Trainer, training: Training) -> None:
    paper = Paper(trainer)
    trainer.step(1)  # from here on the picture is Python's
    trainer.page.get_by_label("Split").select_option("Training")
    for index in (0, training.count - 1):
        pixels, label = training.digit(index)
        number = trainer.page.get_by_label("Training digit", exact=True)
        number.fill(str(index))
        number.press("Enter")
        until_shown(paper, pixels)
        activity = paper.until_read()
        assert activity["label"] == label
        np.testing.assert_allclose(activity["outputs"], outputs_of(activity), atol=1e-5)


def test_python_reads_drawings_at_rest_and_while_it_trains(trainer: Trainer) -> None:
    paper = Paper(trainer)
    trainer.step(1)
    paper.take()
    until(lambda: paper.activity() is None)
    curve = "document.querySelector('glass-train').shadowRoot.querySelector('glass-curve')"
    drawn = trainer.page.evaluate(f"() => {curve}.version")
    paper.draw(SEVEN)
    activity = paper.until_read()
    assert activity["label"] is None
    assert trainer.page.evaluate(f"() => {curve}.version") == drawn > 0, "it has no reason to"
    np.testing.assert_allclose(activity["outputs"], outputs_of(activity), atol=1e-5)
    seven = paper.pixels()
    trainer.press("start")
    until(lambda: trainer.frame()["step"] > 50)
    paper.draw(FOUR)
    until(lambda: (paper.pixels() != seven).any())
    assert trainer.frame()["state"] == "running"
    trainer.press("pause")
    until(lambda: trainer.frame()["state"] == "paused")
    activity = paper.until_read()
    np.testing.assert_allclose(activity["outputs"], outputs_of(activity), atol=1e-5)
    paper.page.locator("glass-paper").get_by_role("button", name="Clear").click()
    until(lambda: "empty" in paper.said())


def test_a_trained_network_reads_drawings(trainer: Trainer) -> None:
    paper = Paper(trainer)
    trainer.train(2500)
    paper.take()
    paper.draw(SEVEN)
    until(lambda: paper.said().startswith("The network reads this as 7 ("))
    paper.page.locator("glass-paper").get_by_role("button", name="Clear").click()
    paper.draw(FOUR)
    until(lambda: paper.said().startswith("The network reads this as 4 ("))


@pytest.mark.parametrize("kind", ["drawing", "training digit"])
def test_nothing_jumps_when_python_takes_over(
    server: SiteServer, open_page: OpenPage, training: Training, kind: str
) -> None:
    """The digit stays what it was, from the recorded run's picture to the first step's."""
    code = "BPhMUaUaaihhihhiaaUTUTllmlrmlsllsllsllsllsllmlrmlrml"
    query = f"drawing={code}" if kind == "drawing" else "split=train&digit=4321"
    paper = Paper(Trainer(open_page(f"{server.url}train.html?{query}")))
    until(lambda: paper.pixels().any())
    before = paper.pixels()
    place = (
        "(one) => [one.getBoundingClientRect().top + scrollY, one.getBoundingClientRect().height]"
    )
    digit = paper.page.locator("glass-digit")
    top = digit.evaluate(place)
    paper.trainer.wait_for_network()
    assert digit.evaluate(place) == top
    paper.trainer.step(1)
    assert digit.evaluate(place)[1] == top[1]
    assert (paper.pixels() == before).all()
    activity = paper.until_read()
    expected = None if kind == "drawing" else training.digit(4321)[1]
    assert activity["label"] == expected
    np.testing.assert_allclose(activity["outputs"], outputs_of(activity), atol=1e-5)
