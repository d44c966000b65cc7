"""Training through the real worker: what is shown is what Python computed, and it learns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from glassnet.config import RunConfig
from glassnet.training import Run
from make.facts import read
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
            const network = figure.querySelector('glass-forward');
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
    said = trainer.page.locator("glass-forward .say").inner_text()
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


def test_how_far_it_is_is_said_once(trainer: Trainer) -> None:
    """Beside the bar; the sentence tells how well it reads. Two counts would contradict each other."""
    trainer.press("start")
    until(lambda: trainer.frame()["step"] > 600 and trainer.status().startswith("Training: "), 60)
    said = trainer.status()
    assert "batch" not in said and "epoch" not in said
    assert said.endswith("of the test digits right.")
    trainer.press("pause")
    until(lambda: trainer.frame()["state"] == "paused")


def test_a_pace_that_one_can_follow(trainer: Trainer) -> None:
    """Thirty steps a second, as told; a change counts at once, and Pause holds."""
    slider = trainer.page.get_by_label("Speed")
    slider.fill("1")
    trainer.press("start")
    until(lambda: trainer.frame()["step"] > 0)
    taken, seconds = trainer.page.evaluate(
        """async () => {
          const { run } = document.querySelector('glass-train').training;
          const [first, begin] = [run.frame.value.step, performance.now()];
          while (run.frame.value.step < first + 45) await new Promise((done) => setTimeout(done, 20));
          return [run.frame.value.step - first, (performance.now() - begin) / 1000];
        }"""
    )
    assert taken <= 30 * seconds + 30  # never faster than that, but for what was owed
    assert trainer.frame()["state"] == "running"
    begin = trainer.frame()["step"]
    assert trainer.status().startswith("Training")
    slider.fill("6")  # flat out
    until(lambda: trainer.frame()["step"] > begin + 500, 30)
    slider.fill("0")
    until(lambda: "10 steps" in trainer.page.locator("glass-speed label").inner_text())
    frames(trainer.page)
    trainer.press("pause")
    until(lambda: trainer.frame()["state"] == "paused")
    step = trainer.frame()["step"]
    answered(trainer.page, "document.querySelector('glass-train').training")
    trainer.page.wait_for_timeout(400)
    assert trainer.frame()["step"] == step


def test_what_training_changed(trainer: Trainer, site: Path) -> None:
    """The weights less those that the package makes of the same seed, natively."""
    trainer.step(1)
    trainer.page.get_by_role("button", name="What training changed").click()
    shown, now, first = trainer.page.evaluate(
        """async () => {
          const { training, shadowRoot } = document.querySelector('glass-train');
          while (!training.first.weights.value) await new Promise((done) => setTimeout(done, 20));
          const network = shadowRoot.querySelector('glass-forward');
          await network.updateComplete;
          await new Promise(requestAnimationFrame);
          const { values } = network.shadowRoot.querySelector('glass-tiles');
          const name = 'layers.0.weight';
          return [values, network.frame.arrays[name].data, training.first.weights.value[name]].map((one) => [...one]);
        }"""
    )
    config = RunConfig.from_json({**trainer.frame()["config"], "engine": "numpy"})
    run = Run.from_config(config, read(next(site.glob("data/mnist-*/index.json"))))
    wanted = np.asarray(run.network.parameters()["layers.0.weight"]).ravel()
    np.testing.assert_array_equal(np.array(first, np.float32), wanted)
    change = np.array(now, np.float32) - np.array(first, np.float32)
    np.testing.assert_array_equal(np.array(shown, np.float32), change)
    assert 0 < np.abs(change).max() < 1
    trainer.press("reset")
    until(lambda: trainer.frame()["step"] == 0)
    trainer.page.get_by_role("button", name="Weights").click()


def test_the_score_is_the_networks_own(trainer: Trainer) -> None:
    """Of the first thousand test digits as many are wrong as the weights on the screen say."""
    trainer.train(1500)
    told = trainer.page.evaluate(
        """async () => {
          const { training } = document.querySelector('glass-train');
          const { score, run } = training;
          const end = performance.now() + 20_000;
          while (score.told.value?.step !== run.frame.value.step && performance.now() < end) await new Promise((done) => setTimeout(done, 20));
          const { arrays } = run.frame.value;
          const { images, labels } = training.supply.digits.value;
          return { told: score.told.value, step: run.frame.value.step, images: [...images.subarray(0, 784000)], labels: [...labels.subarray(0, 1000)],
            arrays: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, [...data]])) };
        }"""
    )
    x = np.array(told["images"]).reshape(1000, 784) / 255
    for layer in (0, 1):
        bias = np.array(told["arrays"][f"layers.{layer}.bias"])
        weight = np.array(told["arrays"][f"layers.{layer}.weight"]).reshape(len(bias), -1)
        x = 1 / (1 + np.exp(-(x @ weight.T + bias)))
    answers, labels = x.argmax(axis=1), np.array(told["labels"])
    wrong = {one["index"]: (one["label"], one["answer"]) for one in told["told"]["wrong"]}
    assert told["told"]["step"] == told["step"]
    wanted = {int(i): (int(labels[i]), int(answers[i])) for i in np.flatnonzero(answers != labels)}
    assert wrong == wanted
    row = trainer.page.locator("glass-score p").inner_text()
    assert row.split()[0] == str(len(wanted))
    first = trainer.page.locator("glass-score glass-thumb").last
    first.locator("button").click()
    until(lambda: "digit=" in str(trainer.page.evaluate("() => location.href")))


def test_both_charts_are_read_together(trainer: Trainer) -> None:
    trainer.train(1200)
    for name in ("accuracy", "loss"):
        box = trainer.page.locator(f"glass-curve .{name} .u-over").bounding_box()
        assert box
        trainer.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 20)
        trainer.page.mouse.move(5, 5)  # off it: what the keyboard read there is forgotten, too
        until(lambda: "Point at" in trainer.page.locator("glass-curve .read").inner_text())
        trainer.page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 20, steps=3)
        until(lambda: "average loss" in trainer.page.locator("glass-curve .read").inner_text())
        words = trainer.page.locator("glass-curve .read").inner_text()
        assert "test digits at step" in words and "of the batches right" in words, words


def test_lines_into_the_output_that_is_asked_for(trainer: Trainer) -> None:
    trainer.step(1)
    trainer.page.locator("glass-outputs").get_by_role("button", name="4", exact=True).click()
    until(lambda: "output 4" in trainer.page.locator("glass-legend .lines").inner_text())
    trainer.page.locator("glass-outputs").get_by_role("button", name="4", exact=True).click()
    until(lambda: "largest" in trainer.page.locator("glass-legend .lines").inner_text())


def test_it_is_whole_in_a_common_window(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "train.html", viewport={"width": 1280, "height": 800})
    Trainer(page).wait_for_network()
    for name in ("glass-controls", "glass-forward", "glass-curve", "glass-score"):
        box = page.locator(name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 801, (name, box)


def test_the_skip_link_leads_to_the_network(trainer: Trainer) -> None:
    trainer.page.locator(".skip").focus()
    trainer.page.keyboard.press("Enter")
    focused = "() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e?.ariaLabel ?? ''; }"
    until(lambda: str(trainer.page.evaluate(focused)).startswith("Hidden unit"))


def test_nothing_leaks_beside_the_sticky_bar(server: SiteServer, open_page: OpenPage) -> None:
    """On a phone outlines of what scrolls below it reach beyond its text: it covers them."""
    page = open_page(server.url + "train.html", viewport={"width": 360, "height": 740})
    Trainer(page).wait_for_digits()
    box = page.locator("glass-controls").bounding_box()
    assert box
    assert box["x"] <= 1 and box["x"] + box["width"] >= 359
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_the_unit_pointed_at_is_large_with_its_sum(trainer: Trainer) -> None:
    """Weights times digit, added up, and the bias: the numbers that come to its activation."""
    trainer.step(1)
    trainer.page.locator("glass-tiles button").nth(7).hover()
    large = trainer.page.locator("glass-unit[large]")
    large.wait_for()
    assert large.locator("canvas").first.bounding_box()["width"] == 224  # type: ignore[index]
    words = large.locator(".sum").inner_text().replace("−", "-").split()
    weights, bias, x, activation = trainer.page.evaluate(
        """() => {
          const { arrays } = document.querySelector('glass-train').training.run.frame.value;
          const { data } = arrays['layers.0.weight'];
          return [[...data.subarray(7 * 784, 8 * 784)], arrays['layers.0.bias'].data[7], [...arrays.x.data], arrays['layers.0.a'].data[7]];
        }"""
    )
    total = float(np.dot(weights, x))
    numbers = [float(word) for word in words if word.lstrip("-").replace(".", "").isdigit()]
    assert abs(numbers[0] - total) < 0.006
    assert abs(numbers[-2] - (total + bias)) < 0.006
    assert abs(numbers[-1] - 1 / (1 + np.exp(-(total + bias)))) < 0.006
    assert abs(numbers[-1] - activation) < 0.006
    trainer.page.mouse.move(5, 5)
    large.wait_for(state="detached")
