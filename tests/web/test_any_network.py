"""Every network that the package builds can be opened in train.html, trained on and looked at."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.run_folder import RunFolder
from glassnet.training import Run
from make.facts import read
from support.axe import faults
from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OPTIMIZER = {"type": "adam", "lr": 0.002}


def dense(units: int, activation: str = "relu") -> dict[str, Any]:
    return {"type": "dense", "units": units, "activation": activation}


def conv(filters: int, size: int = 3, **more: Any) -> dict[str, Any]:
    return {"type": "conv2d", "filters": filters, "size": size, **more}


LAST = dense(10, "softmax")
NETWORKS: dict[str, dict[str, Any]] = {
    "convolutional": {"layers": [conv(6, 5), {"type": "max_pool2d"}, conv(8), LAST]},
    "normalised": {
        "layers": [
            conv(5, 3, stride=2, activation="identity"),
            {"type": "batch_norm"},
            {"type": "activation", "activation": "gelu"},
            {"type": "average_pool2d", "size": 2},
            {"type": "flatten"},
            {"type": "dropout", "rate": 0.2},
            LAST,
        ]
    },
    "wide": {"layers": [dense(300, "tanh"), dense(40), LAST]},
    "deep": {"layers": [*(dense(20) for _ in range(6)), LAST]},
    "single": {"layers": [dense(10, "sigmoid")], "loss": "mse"},
    "unbounded": {"layers": [dense(12, "leaky_relu"), dense(10, "identity")], "loss": "mse"},
}
TILES = {
    "convolutional": 6,
    "normalised": 5,
    "wide": 100,
    "deep": 20,
    "single": 10,
    "unbounded": 12,
}

SHOWN = """() => {
  const network = document.querySelector('glass-train').shadowRoot.querySelector('glass-forward');
  const root = network.shadowRoot;
  const drawn = (canvas) => { const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size; };
  return {
    step: network.frame?.step,
    arrays: Object.fromEntries(Object.entries(network.frame?.arrays ?? {}).map(([name, { shape, data }]) => [name, { shape, data: [...data] }])),
    tiles: root.querySelector('glass-tiles').shadowRoot.querySelectorAll('button').length,
    colours: [...root.querySelectorAll('glass-tiles')].map((one) => drawn(one.shadowRoot.querySelector('canvas'))),
    units: [...root.querySelector('glass-unit').shadowRoot.querySelectorAll('canvas')].map(drawn),
    options: [...root.querySelector('glass-legend').shadowRoot.querySelectorAll('option')].map((one) => one.textContent),
    legend: root.querySelector('glass-legend').shadowRoot.textContent, said: root.querySelector('.say').textContent,
    edges: drawn(root.querySelector('.edges')),
  };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, server: SiteServer) -> Iterator[Trainer]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.goto(server.url + "train.html")
    trainer = Trainer(tab)
    trainer.wait_for_network()
    yield trainer
    context.close()
    assert problems == []


@pytest.fixture(scope="module")
def dataset(site: Path) -> Any:
    return read(next(site.glob("data/*/index.json")))


def saved(dataset: Any, folder: Path, more: dict[str, Any]) -> tuple[Run, list[Path]]:
    """A run of a few steps, in the files of the command line."""
    config = {"loss": "cross_entropy", "optimizer": OPTIMIZER, "initializer": "he_normal", **more}
    run = Run.from_config(RunConfig.from_json(config), dataset)
    for _ in range(3):
        run.learner.step()
    with RunFolder(folder) as kept:
        kept.begin(run)
        kept.save(run)
    return run, [folder / "checkpoint.safetensors", folder / "log.jsonl"]


def opened(trainer: Trainer, files: list[Path]) -> None:
    before = trainer.frame()["run"]
    trainer.page.locator("glass-files details").evaluate("(details) => { details.open = true; }")
    trainer.page.locator("glass-files input[type=file]").set_input_files(files)
    until(lambda: trainer.frame()["run"] > before, 30)


def shown(trainer: Trainer) -> Any:
    settle = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    trainer.page.evaluate(settle)
    return trainer.page.evaluate(SHOWN)


def is_looked_at(trainer: Trainer, layer: int) -> bool:
    return f"layers.{layer}.a" in shown(trainer)["arrays"]


@pytest.mark.parametrize("name", NETWORKS)
def test_it_is_opened_trained_on_and_looked_at(
    page: Trainer, dataset: Any, tmp_path: Path, name: str
) -> None:
    run, files = saved(dataset, tmp_path / "run", NETWORKS[name])
    opened(page, files)
    assert page.frame()["step"] == 3
    until(lambda: "layers.0.a" in shown(page)["arrays"])
    found = shown(page)
    assert found["tiles"] == TILES[name]
    assert all(colours > 8 for colours in [*found["colours"], *found["units"]]), found["colours"]
    # What is drawn is what the package computes.
    x = dataset.test.images[:1].reshape(1, -1).astype(np.float32) / 255
    answers = run.network.activations(x)
    for i, answer in enumerate(answers):
        if f"layers.{i}.a" in found["arrays"]:
            told = found["arrays"][f"layers.{i}.a"]
            np.testing.assert_allclose(told["data"], answer.reshape(-1), atol=1e-4)
    assert page.status().startswith("Paused")
    page.step(2)
    assert page.frame()["step"] == 5
    assert shown(page)["said"].startswith("The network reads this as ")
    for option in found["options"]:
        page.page.locator("glass-legend select").select_option(label=option)
        number = int(option.partition(":")[0]) - 1
        until(partial(is_looked_at, page, number))
        assert shown(page)["colours"][0] > 8, option
    page.press("reset")
    until(lambda: page.frame()["step"] == 0)
    assert len(page.frame()["config"]["layers"]) == len(NETWORKS[name]["layers"])


def test_many_units_are_folded_and_it_is_said(page: Trainer, dataset: Any, tmp_path: Path) -> None:
    opened(page, saved(dataset, tmp_path / "run", NETWORKS["wide"])[1])
    until(lambda: "the first 100 of 300 units are drawn" in shown(page)["legend"])
    assert shown(page)["options"] == ["1: dense, 300", "2: dense, 40", "3: dense, 10"]
    page.page.locator("glass-legend select").select_option("1")
    until(lambda: shown(page)["tiles"] == 40)
    until(lambda: shown(page)["edges"] > 1)  # the outputs follow upon these


def test_axe_finds_nothing_serious(page: Trainer, dataset: Any, tmp_path: Path) -> None:
    opened(page, saved(dataset, tmp_path / "run", NETWORKS["convolutional"])[1])
    until(lambda: shown(page)["tiles"] == 6)
    heading = page.page.locator("glass-card h2", has_text="The network")
    assert "28×28 → 24×24×6 convolution → 12×12×6 max pool → 10×10×8 convolution" in (
        heading.inner_text()
    )
    assert faults(page.page) == []


@pytest.mark.parametrize(("width", "row"), [(360, 4), (700, 8)])
def test_a_convolutions_maps_are_small_where_there_is_little_room(
    server: SiteServer, open_page: OpenPage, width: int, row: int
) -> None:
    """Drawn as large as can be, each layer took a screen: the figure was 6,000 pixels high."""
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(server.url + "embed/network-conv/")
    maps = page.locator("glass-layer").first.locator("glass-sheet").nth(1)
    places = "(sheet) => [0, 1, 2, 3, 4, 5, 6, 7].map((k) => Math.round(sheet.tile(k).y))"
    until(lambda: maps.count() == 1 and maps.evaluate("(sheet) => sheet.tile(0).width") < 100)
    tops: list[int] = maps.evaluate(places)
    assert tops.count(tops[0]) == row
    assert page.evaluate("() => document.documentElement.scrollHeight") < 3600
