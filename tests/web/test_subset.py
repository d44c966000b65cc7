"""Digits selected on the wall are those that a network trains on, and those it is tested on."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.training import Evaluation, Run, Step
from support.after import NEVER_IDLE
from support.axe import faults
from support.server import SiteServer
from support.subset import rows_of, text
from support.trainer import BOOT, OpenPage, Trainer, until
from support.wall import Wall, idx, truth, upload

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


@pytest.fixture(scope="module")
def whole(site: Path) -> Dataset:
    """The page's digits."""
    images, labels = truth(site)
    tests = 10_000 if len(images) == 70_000 else len(images) // 5
    names = [str(digit) for digit in range(10)]
    return Dataset(
        "mnist", names, Split(images[tests:], labels[tests:]), Split(images[:tests], labels[:tests])
    )


def fragment(whole: Dataset, **rows: Any) -> str:
    sizes = {name: len(split) for name, split in whole.splits().items()}
    return "&".join(f"{name}={text(map(int, some), sizes[name])}" for name, some in rows.items())


def some(labels: NDArray[np.uint8], *classes: int, most: int) -> NDArray[np.uint32]:
    """The first digits of some classes."""
    return np.flatnonzero(np.isin(labels, classes))[:most].astype(np.uint32)


def chosen(page: Page) -> Locator:
    return page.locator("glass-chosen section")


def address(page: Page) -> str:
    """Where the page is; what Playwright knows of it is older."""
    return str(page.evaluate("() => location.href"))


def frame(trainer: Trainer) -> dict[str, Any]:
    found: dict[str, Any] = trainer.page.evaluate(
        """() => {
          const root = document.querySelector('glass-train').shadowRoot;
          const { frame } = root.querySelector('glass-controls');
          const { data, batches, config } = frame.description;
          return { data, batches, config };
        }"""
    )
    return found


def native(trainer: Trainer, data: Dataset) -> Run:
    """The page's run, in this process."""
    return Run.from_config(
        RunConfig.from_json({**frame(trainer)["config"], "engine": "numpy"}), data
    )


def opened(page: Page, url: str) -> Trainer:
    page.goto(url)
    trainer = Trainer(page)
    trainer.wait_for_network()
    return trainer


def test_from_the_wall_to_the_losses_by_keys_alone(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    """Select, follow the link, train: Python is given just these digits, before and after a reload."""
    page = open_page(server.url + "browse.html?find=4+9+index%3C400")
    wall = Wall(page).wait()
    wall.listbox.focus()
    for key in ["Home", "Shift+End"]:
        page.keyboard.press(key)
    ids = np.array(wall.value("[...collection.selected.value]"))
    assert ids.tolist() == wall.found
    tests = len(whole.test)
    rows = {"train": ids[ids >= tests] - tests, "test": ids[ids < tests]}
    both = page.get_by_role("link", name="Both")
    both.wait_for()
    assert page.get_by_role("link", name=f"Train on {len(rows['train'])}").count() == 1
    for _ in range(40):
        page.keyboard.press("Tab")
        if both.evaluate("link => link.matches(':focus')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/train.html#*")
    trainer = Trainer(page)
    trainer.wait_for_network()
    parts = dict(part.split("=") for part in address(page).split("#")[1].split("&"))
    assert {name: rows_of(part) for name, part in parts.items()} == {
        name: part.tolist() for name, part in rows.items()
    }
    data = whole.choose(**rows)
    counts = np.bincount(data.train.labels, minlength=10).tolist()
    until(lambda: frame(trainer)["data"]["chosen"]["train"]["classes"] == counts)
    until(lambda: "4s and 9s" in chosen(page).inner_text())
    words = chosen(page).inner_text()
    assert (
        f"Training on {len(data.train)} of {len(whole.train):,} training digits: 4s and 9s."
        in words
    )
    assert f"Tested on {len(data.test)} of {tests:,} test digits: 4s and 9s." in words
    trainer.step(25)
    losses = trainer.losses()
    run = native(trainer, data)
    steps = (event.loss for event in run.events() if isinstance(event, Step))
    np.testing.assert_allclose(losses, list(islice(steps, 25)), rtol=1e-4)
    page.reload()
    trainer.wait_for_network()
    trainer.step(25)
    assert trainer.losses() == losses


def test_a_hundred_chosen_digits_in_three_actions(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    page = open_page(server.url + "browse.html")
    wall = Wall(page).wait()
    wall.find("train index<100")
    wall.listbox.focus()
    page.keyboard.press("Control+a")
    page.get_by_role("link", name="Train on 100").click()
    page.wait_for_url("**/train.html#*")
    trainer = Trainer(page)
    trainer.wait_for_network()
    counts = np.bincount(whole.train.labels[:100], minlength=10).tolist()
    until(lambda: frame(trainer)["data"]["chosen"]["train"]["classes"] == counts)


def test_an_epoch_is_every_chosen_digit_once_and_accuracy_is_of_the_chosen_ones(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    rows = {
        "train": some(whole.train.labels, 3, 8, most=95),
        "test": some(whole.test.labels, 3, 8, most=40),
    }
    link = f"{server.url}train.html?seed=5#{fragment(whole, **rows)}"
    trainer = opened(open_page(), link)
    assert frame(trainer)["batches"] == 10
    trainer.press("epoch")
    until(lambda: trainer.frame()["state"] == "paused" and trainer.frame()["step"] == 10)
    trainer.press("epoch")  # the evaluation at the end of the first is told with the second
    until(lambda: trainer.frame()["step"] == 20)
    first = trainer.evaluations()[0]
    run = native(trainer, whole.choose(**rows))
    expected = next(event for event in run.events() if isinstance(event, Evaluation))
    assert (first["step"], first["count"]) == (10, 40)
    assert first["loss"] == pytest.approx(expected.loss, rel=1e-4)
    trainer.page.get_by_text("of 40 chosen test digits right").wait_for()


def test_nothing_recorded_is_shown_for_chosen_digits(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    page = open_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(f"{server.url}train.html#{fragment(whole, test=[1, 5, 9])}")
    trainer = Trainer(page)
    trainer.wait_for_digits()
    chosen(page).wait_for()
    until(lambda: trainer.status().startswith("Untrained: no run with these settings"))
    assert page.locator("glass-replay").is_hidden()
    words = chosen(page).inner_text()
    assert f"Training on all {len(whole.train):,} training digits." in words
    assert f"Tested on 3 of {len(whole.test):,} test digits." in words
    page.get_by_role("link", name="Use all digits").click()
    until(lambda: "Recorded run" in trainer.status())
    assert chosen(page).count() == 0


def test_leaving_the_choice_waits_for_reset_and_back_brings_it_back(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    link = f"{server.url}train.html#{fragment(whole, train=[0, 10, 20, 30])}"
    trainer = opened(open_page(), link)
    page = trainer.page
    trainer.step(2)
    page.get_by_role("link", name="Use all digits").click()
    until(lambda: address(page) == server.url + "train.html")
    page.get_by_text("Reset starts again with all digits.").wait_for()
    assert "Training on 4 of" in chosen(page).inner_text()
    assert trainer.frame()["step"] == 2
    trainer.press("reset")
    until(lambda: frame(trainer)["data"]["chosen"] == {})
    assert chosen(page).count() == 0
    page.go_back()
    until(lambda: frame(trainer)["batches"] == 1)  # at step 0 it counts at once
    assert address(page) == link


def test_the_skip_link_does_not_wipe_the_choice_out(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    page = open_page()
    page.add_init_script(NEVER_IDLE)
    link = f"{server.url}train.html#{fragment(whole, train=[4, 7])}"
    page.goto(link)
    chosen(page).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(lambda: address(page) == link)
    page.reload()
    chosen(page).wait_for()


@pytest.mark.parametrize("count", [1, 3])
def test_fewer_digits_than_a_batch_are_one_batch(
    server: SiteServer, open_page: OpenPage, whole: Dataset, count: int
) -> None:
    rows = some(whole.train.labels, 7, most=count)
    trainer = opened(open_page(), f"{server.url}train.html#{fragment(whole, train=rows)}")
    page = trainer.page
    assert frame(trainer)["config"]["batch"] == count
    page.get_by_text(
        f"A step takes {'the one digit' if count == 1 else 'all 3 of them'}"
    ).wait_for()
    assert page.get_by_label("Batch").input_value() == "10"
    trainer.step(12)
    losses = trainer.losses()
    assert losses[-1] < losses[0]
    assert frame(trainer)["config"]["epochs"] == 1000
    page.get_by_role("link", name="Use all digits").click()
    trainer.press("reset")
    until(lambda: frame(trainer)["config"]["batch"] == 10)


def test_a_bad_link_is_told_and_everything_is_used(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    page = open_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(server.url + "train.html#train=mnist.7.AAAA&test=<b>.1.x")
    trainer = Trainer(page)
    trainer.wait_for_digits()
    notes = page.locator("glass-status .notes li")
    notes.first.wait_for()
    said = notes.all_inner_texts()
    assert len(said) == 2
    assert said[0].endswith(f"All {len(whole.train):,} are trained on.")
    assert said[1].endswith(f"All {len(whole.test):,} are tested on.")
    until(lambda: "Recorded run" in trainer.status())
    assert chosen(page).count() == 0


def test_a_saved_run_brings_its_choice_along(
    server: SiteServer, open_page: OpenPage, whole: Dataset, tmp_path: Path
) -> None:
    from web.test_run_files_page import reopen, save

    rows = some(whole.train.labels, 2, 6, most=60)
    wanted = fragment(whole, train=rows, test=range(200))
    trainer = opened(open_page(), f"{server.url}train.html#{wanted}")
    trainer.step(3)
    files = save(trainer, tmp_path)
    trainer.step(2)
    losses = trainer.losses()
    other = opened(open_page(), server.url + "train.html")
    reopen(other, files)
    chosen(other.page).wait_for()
    assert "Training on 60 of" in chosen(other.page).inner_text()
    assert frame(other)["data"]["chosen"] == frame(trainer)["data"]["chosen"]
    parts = dict(part.split("=") for part in wanted.split("&"))
    until(lambda: "#train=" in address(other.page))
    found = dict(part.split("=") for part in address(other.page).split("#")[1].split("&"))
    assert {k: rows_of(v) for k, v in found.items()} == {k: rows_of(v) for k, v in parts.items()}
    other.step(2)
    assert other.losses()[-2:] == losses[-2:]
    other.press("reset")
    until(lambda: other.frame()["step"] == 0)
    assert frame(other)["data"]["chosen"] == frame(trainer)["data"]["chosen"]


def test_the_wall_shows_a_links_selection_and_keeps_it_in_the_address(
    server: SiteServer, open_page: OpenPage, whole: Dataset
) -> None:
    tests = len(whole.test)
    link = fragment(whole, train=[3, 5, 8], test=[0, 77])
    page = open_page(f"{server.url}browse.html#{link}")
    wall = Wall(page).wait()
    until(lambda: wall.value("collection.selected.value.length") == 5)
    assert wall.value("[...collection.selected.value]") == [0, 77, *(tests + n for n in (3, 5, 8))]
    wall.value(f"collection.select([{tests + 4}], 'add')")
    until(lambda: address(page).split("#")[1] != link)
    selected = address(page).split("#")[1].split("&")
    assert [rows_of(part.split("=")[1]) for part in selected] == [[3, 4, 5, 8], [0, 77]]
    wall.value("collection.select([])")
    until(lambda: "#" not in address(page))
    page.goto(f"{server.url}browse.html?find=7#train=mnist.1.x")
    page.get_by_text("The selected training digits of this link cannot be shown").wait_for()


def test_one_side_only_says_why(server: SiteServer, open_page: OpenPage, whole: Dataset) -> None:
    wall = Wall(open_page(server.url + "browse.html?find=test+3")).wait()
    wall.value("collection.select(collection.found.value.ids)")
    bar = wall.page.get_by_role("region", name="Selection")
    train = bar.get_by_role("button", name="Train on 0")
    assert train.get_attribute("aria-disabled") == "true"
    assert bar.get_by_text("No training digit is among them").is_visible()
    address = bar.get_by_role("link", name="Test on").get_attribute("href")
    assert address is not None
    assert address.startswith("train.html#test=mnist.")
    wall.value(f"collection.select([{len(whole.test)}])")
    bar.get_by_role("link", name="Train on 1").wait_for()
    assert bar.get_by_text("No test digit is among them").is_visible()
    wall.value(
        "collection.select(Array.from({ length: collection.about.value.count }, (_, id) => id))"
    )
    everything = bar.get_by_role("link", name="Both")
    assert everything.get_attribute("href") == "train.html"


def test_digits_of_ones_own_files_stay_in_their_page(
    server: SiteServer, open_page: OpenPage
) -> None:
    wall = Wall(open_page(server.url + "browse.html?panel=help")).wait()
    wall.value("collection.select([3, 4])")
    until(lambda: "#test=" in address(wall.page))
    files = [
        upload("train-images-idx3-ubyte", idx(np.ones((9, 28, 28), np.uint8))),
        upload("train-labels-idx1-ubyte", idx(np.arange(9, dtype=np.uint8))),
    ]
    with wall.page.expect_file_chooser() as chooser:
        wall.page.get_by_role("button", name="choose files").click()
    chooser.value.set_files(files)  # type: ignore[arg-type]
    until(lambda: wall.value("collection.about.value.name") == "own")
    wall.value("collection.select([1, 2])")
    bar = wall.page.get_by_role("region", name="Selection")
    bar.get_by_text("Your own files are in this page only").wait_for()
    assert bar.get_by_role("link").count() == 0
    until(lambda: "#" not in address(wall.page))


def test_in_firefox_too(firefox: Browser, server: SiteServer, whole: Dataset) -> None:
    page = firefox.new_page()
    page.goto(f"{server.url}browse.html#{fragment(whole, train=range(0, 900, 3), test=[8, 9])}")
    wall = Wall(page).wait()
    until(lambda: wall.value("collection.selected.value.length") == 302)
    page.get_by_role("link", name="Both").click()
    page.wait_for_url("**/train.html#*")
    until(lambda: page.evaluate("() => Boolean(document.querySelector('glass-train')?.chosen)"))
    trainer = Trainer(page)
    trainer.wait_for_network()
    assert {k: v["count"] for k, v in frame(trainer)["data"]["chosen"].items()} == {
        "train": 300,
        "test": 2,
    }
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(
    server: SiteServer, open_page: OpenPage, whole: Dataset, scheme: str
) -> None:
    link = fragment(whole, train=some(whole.train.labels, 1, 7, most=70), test=range(9))
    page = open_page(f"{server.url}browse.html?find=test#{link}", color_scheme=scheme)
    wall = Wall(page).wait()
    for width in [1280, 360]:
        page.set_viewport_size({"width": width, "height": 740})
        page.get_by_role("link", name="Both").wait_for()
        assert faults(page) == []
    wall.value("collection.select([1, 2])")
    page.get_by_text("No training digit is among them").wait_for()
    assert faults(page) == []
    trainer = opened(page, f"{server.url}train.html#{link}")
    trainer.step(1)
    for width in [1280, 360]:
        page.set_viewport_size({"width": width, "height": 740})
        assert faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    items = page.get_by_role("list", name="The chosen training digits by class").get_by_role(
        "listitem"
    )
    assert items.count() == 10
    until(lambda: trainer.status().startswith("Paused"), BOOT)
