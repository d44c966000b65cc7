"""Training through the real worker: what is shown is what Python computed, and it learns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from support.after import answered, frames
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, Trainer, until


def test_it_learns_to_read(
    trainer: Trainer, record_property: Callable[[str, object], None]
) -> None:
    trainer.page.evaluate("() => { window.longTasks = []; }")
    trainer.train(2001)  # the evaluation after step 2,000 is then complete
    record_property("long_tasks_ms", trainer.page.evaluate("() => window.longTasks"))
    early = [one for one in trainer.evaluations() if one["step"] <= 2000]
    assert max(one["accuracy"] for one in early) >= 0.85
    assert [one["step"] for one in early] == [500, 1000, 2000]
    assert len({one["count"] for one in early}) == 1, "all test digits, always"


def test_the_same_seed_gives_the_same_losses(
    trainer: Trainer, server: SiteServer, open_page: OpenPage
) -> None:
    def losses() -> list[float]:
        trainer.step(25)
        return trainer.losses()

    first = losses()
    trainer.press("reset")
    until(lambda: trainer.frame()["step"] == 0)
    assert losses() == first
    assert len(first) == 25
    other = Trainer(open_page(server.url + "train.html?seed=2"))
    other.wait_for_network()
    other.step(3)
    assert other.losses() != first[:3]


def test_pause_holds_and_start_goes_on(trainer: Trainer) -> None:
    trainer.train(100)
    step = trainer.frame()["step"]
    assert trainer.status().startswith("Paused at")
    answered(trainer.page, "document.querySelector('glass-train').training")
    frames(trainer.page)
    assert trainer.frame()["step"] == step
    trainer.train(step + 50)
    assert trainer.frame()["run"] == 1 or trainer.frame()["step"] > step


def test_an_epoch_is_every_training_digit_once(server: SiteServer, open_page: OpenPage) -> None:
    trainer = Trainer(open_page(server.url + "train.html?batch=1000"))
    trainer.wait_for_network()
    trainer.press("epoch")
    batches = -(-trainer.frame()["train"] // 1000)
    until(lambda: trainer.frame()["state"] == "paused", BOOT)
    assert trainer.frame()["step"] == batches
    assert trainer.status() == "Paused after epoch 1. Start goes on from here."


def test_tiles_show_the_weights(trainer: Trainer) -> None:
    """Each pixel of a tile is its weight's colour: orange below zero, blue above, by the range."""
    trainer.step(1)
    shown = trainer.page.evaluate(
        """async () => {
            const figure = document.querySelector('glass-train').shadowRoot;
            const network = figure.querySelector('glass-network');
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const tiles = network.shadowRoot.querySelector('glass-tiles');
            const { tile, frame, gap, across } = tiles.grid;
            const context = tiles.shadowRoot.querySelector('canvas').getContext('2d');
            const pitch = tile + 2 * frame + gap;
            const read = (unit) => [...context.getImageData(
              (unit % across) * pitch + frame, Math.floor(unit / across) * pitch + frame, tile, tile,
            ).data];
            return { tile, range: tiles.range, weights: [...network.frame.arrays['layers.0.weight'].data],
              tiles: [0, 7, 35].map((unit) => [unit, read(unit)]) };
        }"""
    )
    tile = shown["tile"]
    assert tile % 28 == 0, "at this width a weight is a whole number of pixels"
    weights = np.array(shown["weights"]).reshape(36, 28, 28)
    negative, zero, positive = np.array([[194, 90, 0], [242, 243, 245], [11, 99, 168]], float)
    for unit, data in shown["tiles"]:
        share = np.clip(weights[unit] / shown["range"], -1, 1)[..., None]
        expected = zero + np.abs(share) * (np.where(share < 0, negative, positive) - zero)
        pixels = np.array(data, float).reshape(tile, tile, 4)[:: tile // 28, :: tile // 28, :3]
        assert np.abs(pixels - expected).max() <= 2


def test_the_words_say_what_the_bars_show(trainer: Trainer) -> None:
    trainer.step(1)
    outputs = trainer.frame()["outputs"]
    best = int(np.argmax(outputs))
    said = trainer.page.locator("glass-network .say").inner_text()
    assert said.startswith(f"The network reads this as {best} (")
    cells = trainer.page.locator("glass-outputs [role=row] > :nth-child(2)").all_inner_texts()
    assert cells == [f"{value:.2f}" for value in outputs]


def test_the_digit_looked_at_changes_while_training(trainer: Trainer) -> None:
    trainer.press("start")
    until(lambda: trainer.frame()["step"] > 20)
    before = trainer.frame()["outputs"]
    trainer.page.get_by_role("button", name="The digit after").click()
    until(lambda: trainer.page.evaluate("() => location.search") == "?digit=1")
    label = "glass-outputs [role=row]:has(.true) [role=rowheader]"
    wall = "document.querySelector('glass-train').shadowRoot.querySelector('glass-strip')"
    second = trainer.page.evaluate(f"() => String({wall}.digits.labels[1])")
    until(lambda: trainer.page.locator(label).inner_text() == second)
    assert trainer.frame()["outputs"] != before
    assert trainer.frame()["state"] == "running"


def test_settings_apply_at_once_before_the_first_step_and_wait_for_reset_after_it(
    trainer: Trainer,
) -> None:
    rate = trainer.page.get_by_label("Learning rate")
    rate.fill("0.5")
    rate.press("Enter")
    until(lambda: trainer.frame()["config"]["optimizer"]["lr"] == 0.5)
    trainer.step(2)
    rate.fill("2")
    rate.press("Enter")
    trainer.page.get_by_text("Changed. Reset starts again with it").wait_for()
    trainer.step(1)
    assert trainer.frame()["config"]["optimizer"]["lr"] == 0.5
    assert trainer.frame()["step"] == 3
    trainer.press("reset")
    until(
        lambda: trainer.frame()["config"]["optimizer"]["lr"] == 2 and trainer.frame()["step"] == 0
    )


def test_a_refused_value_is_named_at_its_field_and_changes_nothing(trainer: Trainer) -> None:
    batch = trainer.page.get_by_label("Batch")
    batch.fill("0")
    batch.press("Enter")
    trainer.page.get_by_text("Batch has to be a whole number from 1 to 1,000,000,000").wait_for()
    assert trainer.frame()["config"]["batch"] == 10
    batch.fill("20")
    batch.press("Enter")
    until(lambda: trainer.frame()["config"]["batch"] == 20)
    trainer.page.get_by_text("has to be").wait_for(state="detached")


def test_what_python_refuses_is_told_with_its_traceback(
    server: SiteServer, open_page: OpenPage
) -> None:
    """The page's own bounds are narrower; past them, Python's validator has the last word."""
    trainer = Trainer(open_page(server.url + "train.html"))
    trainer.wait_for_network()
    trainer.step(1)
    trainer.page.evaluate(
        """() => { const figure = document.querySelector('glass-train');
          figure.settings.get = new Proxy(figure.settings.get, { apply: (get, self, [name]) =>
            name === 'rate' ? 1e38 : Reflect.apply(get, self, [name]) });
          figure.settings.set('seed', '7'); }"""
    )
    trainer.press("reset")
    failure = trainer.page.locator("glass-status .failure")
    failure.wait_for()
    assert "E-CONFIG" in failure.inner_text()
    assert "lr" in failure.inner_text()
    failure.locator("summary").click()
    assert "ConfigError" in failure.locator("pre").inner_text()
    trainer.step(1)
    assert trainer.frame()["step"] == 2, "the run before goes on"
