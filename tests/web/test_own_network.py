"""A visitor's own network reads the wall of all digits: the run of another page, or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from support.insider import Insider
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, Trainer, until
from support.wall import Wall, upload

if TYPE_CHECKING:
    from playwright.sync_api import Page

VIEW = {"width": 1280, "height": 800}
COLUMNS = """(() => {
  const { label, prediction, confidence, loss, test } = collection.columns.value;
  return [label, prediction, confidence, loss, test].map((one) => [...one]);
})()"""


def readings(wall: Wall) -> list[np.ndarray]:
    return [np.array(column) for column in wall.value(COLUMNS)]


def trained(page: Page, steps: int) -> Trainer:
    trainer = Trainer(page)
    trainer.wait_for_network()
    trainer.train(steps)
    return trainer


def is_read(wall: Wall) -> bool:
    return bool(wall.value("collection.reader.readings.value !== null"))


def test_see_my_own_networks_mistakes(server: SiteServer, open_page: OpenPage) -> None:
    """In one action: 'See all'. The run goes on meanwhile; what Python measured is what is read."""
    page = open_page(server.url + "train.html", viewport=VIEW)
    trainer = trained(page, 2001)
    accuracy = {one["step"]: one["accuracy"] for one in trainer.evaluations()}
    trainer.press("reset")
    until(lambda: trainer.frame()["step"] == 0)
    page.evaluate("() => document.querySelector('glass-train').training.step(2000)")
    until(lambda: trainer.frame()["step"] == 2000, 60)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="See all").click()
    wall = Wall(opened.value).wait()
    until(lambda: is_read(wall), BOOT)
    label, prediction, confidence, _, test = readings(wall)
    right = (label == prediction)[test == 1].mean()
    assert abs(right - accuracy[2000]) < 1e-3  # float32 sums in another order may turn one or two
    wanted = np.flatnonzero((label != prediction) & (test == 1))
    until(lambda: sorted(wall.found) == wanted.tolist())
    assert (np.diff(confidence[wall.found]) <= 0).all()
    assert trainer.frame()["step"] == 2000  # the other page is as it was
    wall.page.get_by_label("Read by").select_option("shipped")
    until(lambda: sorted(wall.found) != wanted.tolist())
    wall.page.close()


def test_weights_can_be_dropped(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "train.html", viewport=VIEW)
    trainer = trained(page, 300)
    page.evaluate("() => document.querySelector('glass-train').training.save()")
    saved = "document.querySelector('glass-train').training.files.value"
    until(lambda: page.evaluate(f"() => {saved} !== null"), 30)
    data = bytes(page.evaluate(f"() => [...{saved}.files['weights.safetensors']]"))
    wall = Wall(open_page(server.url + "browse.html?panel=help", viewport=VIEW)).wait()
    before = readings(wall)[1]
    with wall.page.expect_file_chooser() as chooser:
        wall.page.get_by_role("button", name="choose files").click()
    chooser.value.set_files([upload("weights.safetensors", data)])  # type: ignore[arg-type]
    until(lambda: is_read(wall), BOOT)
    label, prediction, confidence, loss, _ = readings(wall)
    assert 0.5 < (label == prediction).mean() < 0.97
    assert (prediction != before).any()
    wall.value("(collection.choose(7), collection.settings.set('panel', 'digit'))")
    wall.panel.get_by_role("heading", name=f"What your network reads: {prediction[7]}").wait_for()
    outputs = [float(text) for text in wall.panel.locator("tbody td:last-child").all_inner_texts()]
    assert abs(max(outputs) - confidence[7]) < 1e-3
    wanted = np.eye(10)[label[7]]
    assert abs(0.5 * ((np.array(outputs) - wanted) ** 2).sum() - loss[7]) < 5e-3
    assert trainer.frame()["step"] >= 300


def test_a_file_that_is_none_is_refused(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html?panel=help", viewport=VIEW)).wait()
    head = b'{"__metadata__":{"config":"{\\"layers\\":[{\\"type\\":\\"dense\\",\\"units\\":10,\\"activation\\":\\"sigmoid\\"}],\\"loss\\":\\"mse\\"}"}}'
    whole = [len(text).to_bytes(8, "little") + text for text in (b"{}", b"abcd", head)]
    for data in (b"", b"\x08", b"\xff" * 64, *whole):
        with wall.page.expect_file_chooser() as chooser:
            wall.page.get_by_role("button", name="choose files").click()
        chooser.value.set_files([upload("mine.safetensors", data)])  # type: ignore[arg-type]
        alert = wall.page.locator("glass-browse .refusal")
        alert.wait_for()
        assert "mine.safetensors" in alert.inner_text(), data
        if data is whole[-1]:
            assert "layers.0.weight is not 10 × 784 numbers" in alert.inner_text()
        alert.get_by_role("button", name="Close").click()
    assert wall.value("collection.settings.get('network')") == "shipped"


def test_a_link_without_a_run_says_so(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html?network=run&find=wrong", viewport=VIEW)).wait()
    note = wall.page.get_by_text("No run of yours is kept")
    note.wait_for()
    assert len(wall.found) > 100  # of the shipped network


def test_look_inside_the_network_that_gave_the_answer(
    server: SiteServer, open_page: OpenPage
) -> None:
    """The shipped one's readings lead to the shipped network: the same outputs, out of Python. So do
    links of before, to the training page."""
    wall = Wall(open_page(server.url + "browse.html?digit=test-115&panel=digit", viewport=VIEW))
    wall.wait()
    rows = wall.panel.locator("tbody td:last-child")
    until(lambda: rows.count() == 10)
    told = [float(text) for text in rows.all_inner_texts()]
    link = str(wall.panel.get_by_role("link", name="Look inside").get_attribute("href"))
    insider = Insider(open_page(link, viewport=VIEW))
    insider.wait_for_python()
    found = insider.ask("return [...inside.outputs.value]")
    np.testing.assert_allclose(found, told, atol=2e-3)
    trainer = Trainer(open_page(f"{server.url}train.html?digit=115&open=shipped", viewport=VIEW))
    until(lambda: trainer.frame()["run"] == 2 and len(trainer.frame()["outputs"]) == 10, BOOT)
    np.testing.assert_allclose(trainer.frame()["outputs"], told, atol=2e-3)
    value = trainer.page.locator("glass-curve .value").first
    until(lambda: value.inner_text().startswith("9"))  # it was measured
