"""The recorded run: what our package computed, read back to the last bit kept, shown as what it is."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from glassnet.config import RunConfig
from glassnet.training import Run
from make.facts import read
from support.after import NEVER_IDLE, requested
from support.server import Answer, SiteServer
from support.trainer import OpenPage, Serve, Trainer, until

BUDGET = 350_000  # bytes until the figure can be used, compressed, Python excluded

# When the network has drawn a recorded frame, in milliseconds since the navigation began.
FIRST_NETWORK = """
addEventListener('DOMContentLoaded', () => {
  const look = () => {
    const network = document.querySelector('glass-train')?.shadowRoot?.querySelector('glass-forward');
    const canvas = network?.shadowRoot?.querySelector('glass-tiles')?.shadowRoot?.querySelector('canvas');
    const data = network?.frame?.arrays.x && canvas?.width && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    if (data && data.some((value) => value > 0)) window.firstNetwork = performance.now();
    else requestAnimationFrame(look);
  };
  look();
});
"""


@pytest.fixture(scope="module")
def recording(site: Path) -> Any:
    """recording.json, its numbers by piece, and packed; read without any code of ours."""
    folder = next(site.glob("recording-*"))
    document = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
    packed = {
        piece: (folder / told["file"]).read_bytes() for piece, told in document["numbers"].items()
    }
    return document, {piece: gzip.decompress(data) for piece, data in packed.items()}, packed


def parameter(document: dict[str, Any], raw: dict[str, bytes], name: str) -> Any:
    """One parameter at all snapshots, (snapshots, ...), as float64."""
    array = next(one for one in document["arrays"] if one["name"] == name)
    kind = np.dtype(array["type"]).newbyteorder("<")

    def added(piece: str, count: int) -> Any:
        shape = (count, *array["shape"])
        start = array["offsets"][piece]
        return np.frombuffer(raw[piece], kind, int(np.prod(shape)), start).reshape(shape)

    (first,), (end,) = added("first", 1), added("end", 1)
    between = added("between", len(document["snapshots"]) - 2)
    whole = np.cumsum([first, *between], axis=0, dtype=kind)
    return np.stack([*whole, end]) * array["scale"], array["scale"]


def kept_losses(document: dict[str, Any], raw: dict[str, bytes], count: int) -> Any:
    """The losses of the first steps."""
    return np.frombuffer(raw["losses"], "<i2", count) * document["losses"]["scale"]


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    opened = open_page(viewport={"width": 1280, "height": 900})
    opened.add_init_script(NEVER_IDLE + FIRST_NETWORK)
    return opened


SHOWN = """() => {
  const root = document.querySelector('glass-train').shadowRoot;
  const { frame } = root.querySelector('glass-forward');
  const { steps, evaluations } = root.querySelector('glass-curve').history;
  return frame && { step: frame.step, label: frame.label, outputs: [...frame.arrays['layers.1.a']?.data ?? []],
    weight: [...frame.arrays['layers.0.weight'].data], last: steps.at(-1) ?? 0, evaluations: evaluations.map(({ step }) => step) };
}"""
GO = """(at) => document.querySelector('glass-train').shadowRoot.querySelector('glass-replay').replay.go(at)"""


def boxes(page: Page) -> Any:
    """Where the figures are."""
    names = ["glass-strip", "glass-tiles", "glass-outputs", "glass-curve .loss"]
    return [page.locator(name).first.bounding_box() for name in names]


def shown(page: Page) -> Any:
    until(lambda: page.evaluate("() => window.firstNetwork ?? 0"))
    return page.evaluate(SHOWN)


def at_step(page: Page, step: int) -> bool:
    return bool(page.evaluate(SHOWN)["step"] == step)


def answers(page: Page, expected: Any) -> bool:
    return bool(np.allclose(page.evaluate(SHOWN)["outputs"], expected, atol=1e-4))


def test_it_is_what_our_package_computes(site: Path, recording: Any) -> None:
    """Taken again on numpy, the first steps give the losses of the build's own engine but for
    rounding, and the same weights, within half a unit."""
    document, raw, _ = recording
    run = Run.from_config(
        RunConfig.from_json(document["config"]), read(next(site.glob("data/*/index.json")))
    )
    losses = [run.learner.step()[0] for _ in range(250)]
    half = document["losses"]["scale"] / 2
    assert np.allclose(kept_losses(document, raw, 250), losses, rtol=1e-4, atol=half)
    at = document["snapshots"].index(250)
    for name, array in run.network.parameters().items():
        kept, scale = parameter(document, raw, name)
        assert np.abs(kept[at] - array).max() <= 0.51 * scale, name


def test_it_is_the_run_that_the_page_would_start(recording: Any) -> None:
    document = recording[0]
    assert RunConfig.from_json(document["config"]) == RunConfig()
    assert document["snapshots"][0] == 0
    assert document["evaluations"][-1]["step"] == document["snapshots"][-1]
    assert document["evaluations"][-1]["accuracy"] > 0.9
    assert 0 < document["rounding"]["largest"] < 0.05


def test_the_page_reads_every_snapshot_as_it_was_written(
    server: SiteServer, page: Page, recording: Any
) -> None:
    document, raw, _ = recording
    weights, scale = parameter(document, raw, "layers.0.weight")
    page.goto(server.url + "train.html")
    shown(page)
    for at, step in enumerate(document["snapshots"]):
        page.evaluate(GO, at)
        until(partial(at_step, page, step))
        found = page.evaluate(SHOWN)
        assert found["last"] == step
        assert found["evaluations"] == [
            one["step"] for one in document["evaluations"] if one["step"] <= step
        ]
        assert np.allclose(found["weight"], weights[at].reshape(-1), atol=scale / 1000)


def test_answers_are_those_of_the_recorded_network(
    server: SiteServer, page: Page, recording: Any, site: Path
) -> None:
    """The forward pass in JavaScript agrees with numpy's, digit by digit, as they are chosen."""
    document, raw, _ = recording
    w1, b1, w2, b2 = (
        parameter(document, raw, f"layers.{layer}.{kind}")[0][-1]
        for layer in (0, 1)
        for kind in ("weight", "bias")
    )
    test = read(next(site.glob("data/*/index.json"))).test
    page.goto(server.url + "train.html")
    shown(page)
    page.evaluate(GO, len(document["snapshots"]) - 1)
    for index in (0, 1, 8, 399):
        page.evaluate(
            "(n) => document.querySelector('glass-train').settings.set('digit', String(n))", index
        )
        x = test.images[index].reshape(-1) / 255
        hidden = 1 / (1 + np.exp(-(w1 @ x + b1)))
        expected = 1 / (1 + np.exp(-(w2 @ hidden + b2)))
        until(partial(answers, page, expected))
        assert page.evaluate(SHOWN)["label"] == test.labels[index]


def test_it_comes_first_and_fits_the_budget(
    server: SiteServer, page: Page, site: Path, record_property: Callable[[str, object], None]
) -> None:
    asked = len(server.requested)
    page.goto(server.url + "train.html")
    shown(page)
    record_property("interactive_ms", page.evaluate("() => window.firstNetwork"))
    until(lambda: page.evaluate("() => window.idle"))  # it has all that it gets by itself
    loaded = requested(page, server)[asked:]
    files = {file.lstrip("/").split("?")[0] or "index.html" for file in loaded}
    loud = (".wasm", ".tar.gz", ".zip.gz", ".mjs")
    assert not [file for file in files if file.endswith(loud) or "worker" in file]
    sizes = {}
    for file in files:
        data = (site / file).read_bytes()
        sizes[file] = len(data) if file.endswith(".gz") else len(gzip.compress(data, 6))
    record_property("interactive_bytes", sum(sizes.values()))
    assert any("recording" in file for file in sizes)
    assert sum(sizes.values()) < BUDGET, sizes


def test_it_plays_and_can_be_held(server: SiteServer, page: Page, recording: Any) -> None:
    page.clock.install()
    page.goto(server.url + "train.html")
    first = shown(page)["step"]
    until(lambda: page.evaluate(SHOWN)["step"] > first)
    page.get_by_role("button", name="Hold the recording").click()
    held = page.evaluate(SHOWN)["step"]
    assert held in recording[0]["snapshots"]
    page.clock.run_for(10_000)
    assert page.evaluate(SHOWN)["step"] == held
    slider = page.get_by_role("slider", name="Recorded step")
    slider.press("End")
    until(lambda: page.evaluate(SHOWN)["step"] == 6000)
    assert slider.get_attribute("aria-valuetext") == "step 6,000 of 6,000"
    until(lambda: Trainer(page).status().startswith("Recorded run, step 6,000 of 6,000."), 30)
    slider.press("ArrowLeft")
    until(lambda: page.evaluate(SHOWN)["step"] == 4500)


def test_reduced_motion_is_shown_the_end(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    page.clock.install()
    page.add_init_script(NEVER_IDLE)
    page.goto(server.url + "train.html")
    until(lambda: (page.evaluate(SHOWN) or {}).get("step") == 6000)
    page.clock.run_for(10_000)
    assert page.evaluate(SHOWN)["step"] == 6000


@pytest.mark.parametrize("query", ["?rate=1", "?batch=20", "?seed=2"])
def test_other_settings_are_not_dressed_up_as_the_recorded_ones(
    server: SiteServer, page: Page, query: str
) -> None:
    page.goto(server.url + "train.html" + query)
    until(lambda: Trainer(page).status().startswith("Untrained"))
    assert page.evaluate(SHOWN) is None
    assert not page.locator("glass-replay").is_visible()


def test_start_replaces_it_where_it_stands(server: SiteServer, page: Page, recording: Any) -> None:
    """The picture stays while Python comes; then the real run takes its place, and nothing moves."""
    page.goto(server.url + "train.html")
    shown(page)
    page.evaluate(GO, 15)
    until(lambda: page.evaluate(SHOWN)["step"] == 6000)
    trainer = Trainer(page)
    before = boxes(page)
    trainer.press("step")
    assert page.evaluate(SHOWN)["step"] == 6000
    until(lambda: trainer.frame()["step"] == 1, 90)
    assert page.evaluate(SHOWN)["step"] == 1
    assert boxes(page) == before
    assert not page.locator("glass-replay").is_visible()
    # The live run is the recorded one over again, with the recorded curve as a ghost to follow.
    (first,) = kept_losses(recording[0], recording[1], 1)
    half = recording[0]["losses"]["scale"] / 2
    assert trainer.losses() == [pytest.approx(first, rel=1e-5, abs=1.01 * half)]
    ghost = "document.querySelector('glass-train').shadowRoot.querySelector('glass-curve').ghost"
    assert page.evaluate(f"() => {ghost}.steps.at(-1)") == 6000


def test_an_idle_python_changes_nothing_in_the_picture(
    server: SiteServer, open_page: OpenPage
) -> None:
    page = open_page(server.url + "train.html")
    trainer = Trainer(page)
    trainer.wait_for_network()
    assert "Until then: the recorded run" in trainer.status()
    assert page.evaluate(SHOWN)["weight"] != []
    assert trainer.frame()["step"] == 0
    page.evaluate(GO, 15)
    until(lambda: page.evaluate(SHOWN)["step"] == 6000)


def test_a_damaged_recording_is_told_and_the_rest_works(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    numbers = next(site.glob("recording-*/between.bin.gz"))
    data = bytearray(numbers.read_bytes())
    data[len(data) // 2] ^= 1
    broken = serve({numbers.relative_to(site).as_posix(): Answer(bytes(data))})
    page = open_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(broken.url + "train.html")
    failure = page.locator("glass-status .failure")
    failure.wait_for()
    assert "between.bin.gz is damaged" in failure.inner_text()
    Trainer(page).wait_for_digits()
    assert page.evaluate(SHOWN) is None


def test_the_checksum_is_of_the_file(recording: Any) -> None:
    document, raw, packed = recording
    for piece, told in document["numbers"].items():
        assert hashlib.sha256(packed[piece]).hexdigest() == told["sha256"]
        assert len(raw[piece]) == told["unpacked"]
        assert Path(told["file"]).name == told["file"]
