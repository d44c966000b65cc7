"""The network page: every number is what the package computes natively, and leads to its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page

import glassnet
from bench import digits
from glassnet.model import load_model
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import make
from support.after import NEVER_IDLE, frames
from support.axe import faults
from support.insider import Insider
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, until

PACKAGE = Path(glassnet.__file__).parent
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
DIGITS = [3, 18, 90, 247, 340, 495, 582, 717, 844, 961]  # ten, of all kinds


@pytest.fixture(scope="module")
def shared(browser: Browser, server: SiteServer) -> Iterator[Insider]:
    """network.html with Python started; and nothing has gone wrong in it at the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url + "network.html")
    insider = Insider(page)
    insider.wait_for_python()
    yield insider
    context.close()
    assert problems == []


@pytest.fixture
def insider(shared: Insider) -> Insider:
    """The shared page as it opens."""
    shared.ask("inside.player.pause(); inside.edits.value = []; inside.disturbed.value = null;")
    shared.ask("inside.settings.fromQuery('?digit=259')")
    until(
        lambda: shared.ask(
            "return inside.subject.shown.value?.network.layers.length === 2 && inside.subject.shown.value.recorded !== null"
        )
    )
    shared.wait_for_python()
    return shared


def said(where: Locator, words: str) -> bool:
    return words in where.inner_text()


def told(insider: Insider, words: str) -> bool:
    return words in insider.text("glass-network")


def native(site: Path, model: str) -> Any:
    """The shipped network as the package reads it, with a new optimiser."""
    folder = next(site.glob(f"{model}-*"))
    document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    loaded = load_model(folder / "weights.safetensors")
    optimizer = make(OPTIMIZERS, document["config"]["optimizer"], "optimizer")
    loaded.network.attach(optimizer)
    return loaded.network, optimizer


@pytest.mark.parametrize("model", ["dense", "conv"])
def test_every_number_is_the_package_s(insider: Insider, site: Path, model: str) -> None:
    """For ten digits, every array of the step, and so every unit's activation, sum, delta, gradient
    and update; and the products that a unit's sum is opened into."""
    network, optimizer = native(site, "model" if model == "dense" else "conv")
    images, labels = digits.read(site)["test"]
    if model != "dense":
        insider.look_into(model)
    for index in DIGITS:
        insider.choose("test", index)
        insider.wait_for_python()
        expected = glassnet.trace(network, images[index], int(labels[index]), optimizer)
        shown = insider.arrays()
        assert list(shown) == [one.name for one in expected]
        for one in expected:
            scale = max(1.0, float(np.abs(one.array).max()))
            found = shown[one.name]
            assert found.shape == one.array.shape, one.name
            assert np.abs(found - one.array).max() <= 1e-5 * scale, (index, one.name)


def test_a_number_s_formula_comes_to_it(insider: Insider, site: Path) -> None:
    """Of every hidden unit: the card's terms and bias add up to its sum, and the text says it."""
    network, optimizer = native(site, "model")
    images, labels = digits.read(site)["test"]
    expected = glassnet.trace(network, images[259], int(labels[259]), optimizer).named("layers.0.z")
    for unit in range(36):
        insider.pick("layers.0.z", unit)
        frames(insider.page)
        told = insider.ask(
            """const card = figure.shadowRoot.querySelector('glass-number');
            return [card.shadowRoot.querySelector('.value').innerText, card.shadowRoot.querySelectorAll('.terms tbody tr').length]"""
        )
        assert float(told[0].replace("−", "-")) == pytest.approx(
            expected.array[0, unit], rel=1e-5, abs=1e-5
        )
        assert told[1] == 6
    assert insider.ask("return inside.unit.value") == {"layer": 0, "unit": 35}


def test_the_line_shown_is_the_line_that_computed_it(insider: Insider) -> None:
    """In its file, and the page of the source has the same line."""
    quantities = insider.ask(
        "return inside.step.value.quantities.map(({ name, sources }) => ({ name, sources }))"
    )
    assert sum(bool(one["sources"]) for one in quantities) > 8
    for one in quantities:
        if not one["sources"]:
            continue
        insider.set("stop", one["name"])
        source = one["sources"][-1]
        line = (
            (PACKAGE / source["file"]).read_text(encoding="utf-8").splitlines()[source["line"] - 1]
        )
        card = insider.page.locator("glass-stop glass-source")
        marked = card.locator("pre .it")
        until(partial(said, marked, line.strip()))
        link = card.locator("a").get_attribute("href")
        assert link is not None
        assert link.endswith(f"source/{source['file'].removesuffix('.py')}.html#L{source['line']}")


def test_it_is_true_before_python(server: SiteServer, open_page: OpenPage, site: Path) -> None:
    """A recorded step on a misread digit; of another digit the way forward, and nothing else."""
    asked = len(server.requested)
    page = open_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(server.url + "network.html")
    insider = Insider(page)
    until(lambda: insider.source() == "recorded")
    network, optimizer = native(site, "model")
    images, labels = digits.read(site)["test"]
    index = insider.ask("return inside.looked.look.value.index")
    assert network.predict(images[index : index + 1]).argmax() != labels[index]
    for one in glassnet.trace(network, images[index], int(labels[index]), optimizer):
        scale = max(1.0, float(np.abs(one.array).max()))
        assert np.abs(insider.arrays()[one.name] - one.array).max() <= 1e-5 * scale, one.name
    answers = network.activations(images[7:8])
    insider.ask("inside.looked.choose('test', 7)")
    until(lambda: insider.source() == "forward")
    shown = insider.arrays()
    assert np.abs(shown["layers.1.a"] - answers[-1]).max() <= 1e-5
    assert set(insider.names()) == {"x", "layers.0.a", "layers.1.a"}
    insider.ask("inside.picked.value = { name: 'layers.1.a', at: 3 }")
    until(lambda: "class 3" in page.locator("glass-number h3").inner_text())
    written = page.locator("glass-number glass-formula").evaluate(
        "(it) => it.shadowRoot.textContent"
    )
    assert "=" in written
    assert "NaN" not in written  # the sum that it is made from comes with Python
    assert not [
        name for name in server.requested[asked:] if "worker-" in name or name.endswith(".wasm")
    ]


def test_steps_by_keys_and_back(insider: Insider) -> None:
    """Full stop and comma step; what is ahead is not shown; every stop is an address."""
    insider.page.locator("h1").evaluate("(node) => node.focus()")
    insider.set("stop", "layers.0.z")
    names = insider.names()
    at = names.index("layers.0.z")
    insider.page.keyboard.press(".")
    assert insider.stop() == names[at + 1]
    insider.page.keyboard.press(",")
    insider.page.keyboard.press(",")
    assert insider.stop() == names[at - 1]
    known = insider.ask("return [...inside.known.value.keys()]")
    assert known == names[:at]
    insider.set("stop", "delta")
    until(lambda: "stop=delta" in insider.page.evaluate("() => location.search"))
    assert insider.stop().endswith(".delta")
    insider.page.locator("glass-stops [data-command=next]").click()
    assert insider.names().index(insider.stop()) > names.index("loss")


@pytest.mark.parametrize(
    "query", ["stop=layers.last.a", "stop=weight.gradient&unit=12", "model=conv&stop=s"]
)
def test_a_stop_is_an_address(server: SiteServer, open_page: OpenPage, query: str) -> None:
    page = open_page(f"{server.url}network.html?{query}")
    insider = Insider(page)
    insider.wait_for_step()
    wanted = query.partition("stop=")[2].split("&")[0].replace("layers.last", "layers.1")
    until(lambda: insider.stop().endswith(wanted))
    if "unit" in query:
        assert insider.ask("return inside.unit.value.unit") == 12


@pytest.mark.parametrize(
    "query", ["digit=40000", "digit=99999", "model=fresh", "model=recorded&at=3"]
)
def test_there_is_always_a_digit(server: SiteServer, open_page: OpenPage, query: str) -> None:
    page = open_page(f"{server.url}network.html?{query}")
    insider = Insider(page)
    until(
        lambda: insider.source() != "" and insider.ask("return inside.outputs.value !== null"), BOOT
    )
    if "digit" in query:
        until(lambda: "so one that it misreads is used" in insider.text("glass-status"))


def test_a_pinned_digit(insider: Insider, site: Path) -> None:
    """Shown instead of the one looked at, with its own class; or subtracted from it, number by number."""
    network, _ = native(site, "model")
    images, labels = digits.read(site)["test"]
    insider.set("pin", "test-7")
    insider.set("compare", "pinned")
    insider.wait_for_python()
    answers = network.activations(images[[7, 259]])
    until(lambda: insider.ask("return inside.pin.example.value !== null"))
    insider.wait_for_python()
    assert np.abs(insider.ask("return [...inside.outputs.value]") - answers[-1][0]).max() <= 1e-5
    assert insider.ask("return inside.label.value") == labels[7]
    insider.set("compare", "difference")
    insider.set("stop", "layers.0.a")
    insider.wait_for_python()
    frames(insider.page)
    shown = insider.ask(
        """const layer = figure.shadowRoot.querySelector('glass-anatomy').shadowRoot.querySelector('glass-layer');
        return [...layer.shadowRoot.querySelectorAll('glass-sheet')[1].values]"""
    )
    assert np.abs(np.array(shown) - (answers[0][1] - answers[0][0])).max() <= 1e-5


def test_what_is_pointed_at_lights_up_what_it_was_made_from(insider: Insider) -> None:
    """Exactly: of a sum its row of weights and all that came in; of a place of a map its window."""
    insider.pick("layers.0.z", 5)
    frames(insider.page)
    marks = "const { from } = figure.shadowRoot.querySelector('glass-anatomy').marks; return Object.fromEntries([...from].map(([name, cells]) => [name, [...cells].sort((a, b) => a - b)]))"
    made = insider.ask(marks)
    assert made["layers.0.weight"] == list(range(5 * 784, 6 * 784))
    assert made["x"] == list(range(784))
    assert made["layers.0.bias"] == [5]
    insider.look_into("conv")
    insider.choose("test", 340)
    insider.wait_for_python()
    layer = insider.ask(
        "const { output, options } = inside.network.value.layers[0]; return { output, options }"
    )
    rows, columns, filters = layer["output"]
    size, padding = layer["options"]["size"], layer["options"]["padding"]
    row, column, channel = rows // 2, columns // 2, 3
    insider.pick("layers.0.a", (row * columns + column) * filters + channel)
    frames(insider.page)
    made = insider.ask(marks)
    window = [
        (row - padding + i) * 28 + column - padding + j for i in range(size) for j in range(size)
    ]
    assert made["x"] == window
    assert made["layers.0.weight"] == list(
        range(channel * size * size, (channel + 1) * size * size)
    )


def test_the_picture_is_of_the_numbers(insider: Insider, site: Path) -> None:
    """Each cell of a tile has the colour of its weight: of the ramp from orange over nothing to blue."""
    insider.page.emulate_media(color_scheme="light")
    insider.set("stop", "layers.0.a")
    frames(insider.page)
    network, _ = native(site, "model")
    weights = network.parameters()["layers.0.weight"].reshape(36, 28, 28)
    cells = [
        (unit, row, column) for unit in (0, 7, 35) for row in (3, 14, 22) for column in (5, 14, 20)
    ]
    told = insider.ask(
        """const layer = figure.shadowRoot.querySelector('glass-anatomy').shadowRoot.querySelector('glass-layer');
        const sheet = layer.shadowRoot.querySelector('glass-sheet');
        const canvas = sheet.shadowRoot.querySelector('.base');
        const own = canvas.getBoundingClientRect();
        const scale = canvas.width / own.width;
        const context = canvas.getContext('2d');
        const frame = 3;
        const colours = argument.map(([unit, row, column]) => {
          const box = sheet.tile(unit);
          const side = (box.width - 2 * frame) / 28;
          const [x, y] = [box.left - own.left + frame + (column + 0.5) * side, box.top - own.top + frame + (row + 0.5) * side];
          return [...context.getImageData(Math.floor(x * scale), Math.floor(y * scale), 1, 1).data].slice(0, 3);
        });
        return { colours, range: sheet.range }""",
        [list(cell) for cell in cells],
    )
    ends = {True: (0xC2, 0x5A, 0x00), False: (0x0B, 0x63, 0xA8)}
    for (unit, row, column), colour in zip(cells, told["colours"], strict=True):
        value = float(weights[unit, row, column])
        share = min(1.0, abs(value) / told["range"])
        wanted = [
            zero + (end - zero) * share
            for zero, end in zip((0xF2, 0xF3, 0xF5), ends[value < 0], strict=True)
        ]
        assert colour == pytest.approx(wanted, abs=3), (unit, row, column, value)


def test_why_is_exact_where_all_is_linear(insider: Insider, site: Path) -> None:
    """Template times digit plus constant is the logit, to 1e-5 of it; sigmoids are told apart."""
    insider.look_into("conv")
    insider.panel("why")
    for index in DIGITS[:3]:
        insider.choose("test", index)
        insider.wait_for_python()
        told = "return inside.inquiries.map.of(`${inside.inquiries.subject.value} ${inside.inquiries.round.value} ${inside.key.value}`)"
        until(partial(insider.ask, f"{told} !== null"), BOOT)
        answer = insider.ask(
            "const told = inside.inquiries.map.told.value.answer;"
            "return { exact: told.exact, templates: [...told.templates.data], constants: [...told.constants], logits: [...told.logits] }"
        )
        assert answer["exact"] is True
        pixels = digits.read(site)["test"][0][index].reshape(-1) / 255.0
        logits = np.array(answer["templates"]).reshape(10, 784) @ pixels + np.array(
            answer["constants"]
        )
        assert np.abs(logits - answer["logits"]).max() <= 1e-5 * max(
            1, np.abs(answer["logits"]).max()
        )
        network, _ = native(site, "conv")
        image = digits.read(site)["test"][0][index]
        z = glassnet.trace(network, image, 0).named(f"layers.{len(network.layers) - 1}.z").array[0]
        assert np.abs(z - answer["logits"]).max() <= 1e-4
    assert "=" in insider.text("glass-why")
    insider.look_into("dense")
    insider.choose("test", 259)
    insider.wait_for_python()
    until(lambda: "sigmoid" in insider.text("glass-why"), BOOT)


def test_a_unit_is_switched_off_and_on_again(insider: Insider, site: Path) -> None:
    """The outputs are those of a network without it; undone, all is as it was."""
    before = insider.ask("return [...inside.outputs.value]")
    insider.ask("inside.edits.value = [{ kind: 'off', layer: 0, unit: 4 }]")
    until(lambda: insider.ask("return inside.inquiries.edited.value !== null"), BOOT)
    insider.wait_for_python()
    network, _ = native(site, "model")
    network.parameters()["layers.1.weight"][:, 4] = 0
    image = digits.read(site)["test"][0][259]
    expected = network.predict(image[np.newaxis])[0]
    assert (
        np.abs(np.array(insider.ask("return [...inside.outputs.value]")) - expected).max() <= 1e-5
    )
    told = insider.ask(
        "const { count, before, after } = inside.inquiries.edited.value; return { count, before, after }"
    )
    assert told["count"] == 1000
    assert (
        told["before"]["right"] != told["after"]["right"]
        or told["before"]["loss"] != told["after"]["loss"]
    )
    insider.ask("inside.edits.value = []")
    until(lambda: insider.ask("return inside.inquiries.edited.value === null"), BOOT)
    insider.wait_for_python()
    assert insider.ask("return [...inside.outputs.value]") == pytest.approx(before, abs=1e-6)


def test_it_learns_while_one_looks(insider: Insider) -> None:
    """A fresh network of ReLUs: real steps, and what it answers follows."""
    insider.set("model", "fresh")
    until(
        lambda: insider.ask("return inside.subject.shown.value?.name === 'a fresh network'"), BOOT
    )
    insider.wait_for_python()
    first = insider.ask("return [...inside.outputs.value]")
    insider.panel("train")
    insider.page.locator("glass-schooling [data-command=school]").click()
    until(
        lambda: (
            (insider.ask("return inside.inquiries.schooling.value.rights.at(-1)?.right") or 0) > 0.6
        ),
        BOOT,
    )
    insider.page.locator("glass-schooling [data-command=school]").click()
    until(lambda: not insider.ask("return inside.inquiries.training.value"))
    assert insider.ask("return [...inside.outputs.value]") != first
    insider.wait_for_python()
    trained = insider.arrays()["layers.0.a"]
    weights = insider.ask("return [...inside.network.value.arrays['layers.0.weight']]")
    pixels = insider.ask("return [...inside.input.value]")
    bias = insider.ask("return [...inside.network.value.arrays['layers.0.bias']]")
    z = np.array(weights).reshape(36, 784) @ np.array(pixels) + np.array(bias)
    assert np.abs(trained[0] - np.maximum(z, 0)).max() <= 1e-4


def test_activations_are_those_of_just_now(insider: Insider) -> None:
    """While it trains, what is drawn of each layer follows, and not the outputs alone."""
    insider.look_into("fresh")
    until(
        lambda: insider.ask("return inside.subject.shown.value?.name === 'a fresh network'"), BOOT
    )
    insider.wait_for_python()
    insider.set("stop", "layers.0.a")
    drawn = """const layer = figure.shadowRoot.querySelector('glass-anatomy').shadowRoot.querySelector('glass-layer');
      return [...layer.shadowRoot.querySelectorAll('glass-sheet')[1].values ?? []]"""
    frames(insider.page)
    before = insider.ask(drawn)
    insider.ask("void inside.inquiries.train()")
    until(lambda: insider.ask("return inside.inquiries.schooling.value.step") > 50, BOOT)
    seen: set[tuple[float, ...]] = set()

    def several() -> bool:
        seen.add(tuple(insider.ask(drawn)))
        return len(seen) > 3

    until(several)
    assert insider.ask("return inside.inquiries.training.value")
    assert tuple(before) not in seen
    insider.ask("inside.inquiries.rest()")
    until(lambda: not insider.ask("return inside.inquiries.training.value"))


def test_what_was_learnt_and_changed_outlives_a_python_that_dies(insider: Insider) -> None:
    insider.look_into("fresh")
    until(
        lambda: insider.ask("return inside.subject.shown.value?.name === 'a fresh network'"), BOOT
    )
    insider.wait_for_python()
    insider.ask("void inside.inquiries.train()")
    until(lambda: insider.ask("return inside.inquiries.schooling.value.step") > 50, BOOT)
    insider.ask("inside.inquiries.rest()")
    until(lambda: not insider.ask("return inside.inquiries.training.value"))
    insider.ask("inside.edits.value = [{ kind: 'off', layer: 0, unit: 4 }]")
    until(lambda: insider.ask("return inside.inquiries.edited.value !== null"), BOOT)
    insider.wait_for_python()
    before = insider.arrays()
    insider.ask("inside.inquiries.lost(); inside.examined.value = 0; return void 0")
    insider.ask("inside.examined.value = inside.interpreter.life")
    until(lambda: insider.ask("return inside.inquiries.round.value > 1"), BOOT)
    insider.wait_for_python()
    after = insider.arrays()
    for name in ("layers.0.a", "layers.1.a", "layers.0.weight.gradient"):
        assert np.abs(after[name] - before[name]).max() <= 1e-6, name


def test_what_is_no_network_is_refused(insider: Insider, tmp_path: Path) -> None:
    """Named, and what was on the screen stays."""
    for name, data in [("broken.safetensors", b"nothing"), ("weights.bin", b"\0" * 64)]:
        path = tmp_path / name
        path.write_bytes(data)
        insider.set("model", "file")
        insider.page.locator("glass-choose input[type=file]").set_input_files(path)
        until(partial(told, insider, name))
        insider.ask("inside.interpreter.failures.value = []")
    insider.set("model", "dense")
    until(lambda: insider.source() != "")


def test_it_asks_before_it_tells(insider: Insider) -> None:
    """Predict, then reveal: the stop is not shown before the answer, and a tally is kept."""
    insider.set("predict", "on")
    names = insider.names()
    insider.set("stop", names[names.index("layers.1.a") - 1])
    insider.page.locator("glass-stops [data-command=next]").click()
    assert insider.stop() != "layers.1.a"
    assert "layers.1.a" not in insider.ask("return [...inside.known.value.keys()]")
    reads = insider.ask("return inside.outputs.value.indexOf(Math.max(...inside.outputs.value))")
    insider.page.locator("glass-predict").get_by_role("button", name=str(reads), exact=True).click()
    assert insider.stop() == "layers.1.a"
    assert insider.ask("return inside.predict.tally.value") == {"right": 1, "of": 1}
    insider.set("stop", names[names.index("layers.0.weight") - 1])
    insider.page.locator("glass-stops [data-command=next]").click()
    insider.page.locator("glass-predict").get_by_role("button", name="rise").click()
    assert insider.ask("return inside.predict.tally.value.of") == 2


def test_a_moment_of_the_recorded_run(insider: Insider) -> None:
    """Another moment has other weights; compared with one, what is shown is the difference."""
    insider.look_into("recorded")
    last = insider.ask("return [...inside.network.value.arrays['layers.0.weight']]")
    insider.set("at", "2")
    until(lambda: insider.ask("return [...inside.network.value.arrays['layers.0.weight']]") != last)
    insider.set("against", "0")
    first = insider.ask(
        "return [...inside.subject.recording.value.parameters(0)['layers.0.weight']]"
    )
    until(lambda: insider.ask("return inside.less.value !== null"))
    now = insider.ask("return [...inside.network.value.arrays['layers.0.weight']]")
    frames(insider.page)
    shown = insider.ask(
        """const layer = figure.shadowRoot.querySelector('glass-anatomy').shadowRoot.querySelector('glass-layer');
        return [...layer.shadowRoot.querySelector('glass-sheet').values]"""
    )
    assert shown == pytest.approx(np.array(now) - np.array(first), abs=1e-6)


def test_the_next_mistake(insider: Insider, site: Path) -> None:
    network, _ = native(site, "model")
    images, labels = digits.read(site)["test"]
    insider.page.locator("[data-command=mistake]").click()
    until(lambda: insider.ask("return inside.looked.look.value.index") != 259)
    index = insider.ask("return inside.looked.look.value.index")
    read = network.predict(images[260 : index + 1]).argmax(axis=1)
    assert (read[:-1] == labels[260:index]).all()
    assert read[-1] != labels[index]


def test_it_plays_to_its_end_and_stands_still(insider: Insider) -> None:
    last = len(insider.names()) - 1
    insider.ask("inside.go(argument)", last - 1)
    insider.page.locator("glass-stops [data-command=play]").click()
    until(lambda: insider.ask("return inside.stop.value") == last)
    until(lambda: not insider.ask("return inside.player.playing.value"))
    until(lambda: "this digit" in insider.text("glass-verdict"))
    rows = insider.ask("return inside.step.value.verdict.rows")
    assert {row["of"] for row in rows} == {"digit", "batch", "test"}
    assert (
        next(row for row in rows if row["of"] == "digit")["after"]
        < next(row for row in rows if row["of"] == "digit")["before"]
    )


def looked_at(page: Page) -> list[str]:
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        frames(page)
        found += [f"{scheme}: {fault}" for fault in faults(page)]
    return found


def test_axe_finds_nothing(insider: Insider) -> None:
    """At two stops, with each panel open, in both themes, and on a phone, which scrolls one way."""
    page = insider.page
    try:
        for panel in ("unit", "array", "why", "disturb", "edit", "layers", "active", "train"):
            insider.panel(panel)
            frames(page)
            assert looked_at(page) == [], panel
        insider.set("stop", "weight.gradient")
        page.set_viewport_size({"width": 360, "height": 800})
        frames(page)
        assert looked_at(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})
