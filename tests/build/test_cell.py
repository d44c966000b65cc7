"""What the network page says of a cell is true: its formula comes to the number that the package
computed, its text can be worked out by anybody, and its sources and uses are each other's mirror.

Steps are traced by the package, natively, and explained by the page's own modules, in Node.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest

from glassnet.tracing import trace
from glassnet.training import Run
from support.script import told
from unit.small import dense, run

X = np.linspace(0, 1, 36, dtype=np.float32).reshape(6, 6)[:, ::-1].copy()
CONV = {"type": "conv2d", "filters": 3, "size": 3}
SGD = {"optimizer": {"type": "sgd", "lr": 0.5}}
CROSS: dict[str, Any] = {"loss": "cross_entropy", **SGD}
SETTINGS: dict[str, dict[str, Any]] = {
    "dense": {"layers": [dense(5), dense(4)], **SGD},
    "softmax": {"layers": [dense(6, "tanh"), dense(4, "softmax")], **CROSS},
    "conv": {"layers": [CONV, {"type": "max_pool2d"}, dense(4, "softmax")], **CROSS},
    "deep conv": {
        "layers": [
            {**CONV, "padding": 2, "stride": 2},
            {"type": "conv2d", "filters": 2, "size": 2, "activation": "gelu"},
            {"type": "average_pool2d", "size": 2, "stride": 1},
            {"type": "flatten"},
            dense(4, "sigmoid"),
        ],
        "loss": "binary_cross_entropy",
        "optimizer": {"type": "nesterov", "lr": 0.2},
    },
    "normed": {
        "layers": [
            {**CONV, "activation": "identity"},
            {"type": "batch_norm"},
            {"type": "activation", "activation": "leaky_relu"},
            {"type": "max_pool2d", "size": 3, "stride": 1},
            {"type": "dropout", "rate": 0.3},
            dense(4, "identity"),
            {"type": "activation", "activation": "softmax"},
        ],
        "loss": "cross_entropy",
        "optimizer": {"type": "momentum", "lr": 0.2, "l2": 0.1},
    },
    "plain softmax": {
        "layers": [dense(4, "relu"), dense(4, "softmax")],
        "optimizer": {"type": "rmsprop", "lr": 0.01},
    },
}
# What only the package can know: chance, what was before, and rules that count the steps.
UNSAID = ["x", "y", "mask", "running_mean", "running_var", "velocity", "square"]

PROGRAM = """
import { readFile } from 'node:fs/promises';
const { described } = await import(web + 'data/architecture.js');
const { line, madeFrom, feeds } = await import(web + 'models/cell.js');
const nothing = { parts: [], terms: [], groups: [], opened: null, sum: null, value: null };
const floats = (values) => Float32Array.from(values, (value) => value ?? NaN);
const pairs = (cells) => cells.flatMap(({ name, at }) => [...at].map((i) => `${name}@${i}`));
const found = [];
for (const path of given) {
  const { config, shape, parameters, quantities: list } = JSON.parse(await readFile(path));
  const layers = described(config.layers, shape);
  for (const [name, values] of Object.entries(parameters)) parameters[name] = floats(values);
  for (const one of list) one.data = floats(one.data);
  const quantities = new Map(list.map((one) => [one.name, one]));
  const step = { quantities, parameters, layers, config };
  const before = Object.entries(parameters).map(([name, data]) => ({ name, data }));
  const told = [];
  for (const one of [...list, ...before]) {
    const { name, phase = 'before' } = one;
    for (let at = 0; at < one.data.length; at++) {
      const { terms, ...said } = one.phase ? line(one, at, step, layers) : nothing;
      const from = one.phase ? madeFrom(one, at, step, layers) : [];
      const to = feeds(one, at, step, layers);
      const products = terms.map((term) => term.value);
      const keys = terms.flatMap((term) => term.keys.filter(Boolean));
      told.push({ name, phase, at, ...said, products, keys, from: pairs(from), to: pairs(to) });
    }
  }
  found.push(told);
}
console.log(JSON.stringify(found));
"""


def started(**settings: Any) -> Run:
    """A run after three steps, so that nothing in it is at its first value."""
    made = run(**settings)
    for _ in zip(range(3), made.events(), strict=False):
        pass
    return made


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """For each network, everything that is said of every cell of its step."""
    paths = []
    for name, settings in SETTINGS.items():
        made = started(**settings)
        step = trace(made.network, X, 2, made.optimizer)
        given = {
            "config": made.config.to_json(),
            "shape": made.network.shape,
            "parameters": {k: v.ravel().tolist() for k, v in made.network.parameters().items()},
            "quantities": [
                {"name": q.name, "symbol": q.symbol, "phase": q.phase, "layer": q.layer,
                 "shape": q.shape, "formula": q.formula, "data": q.array.ravel().tolist()}
                for q in step
            ],
        }  # fmt: skip
        path = tmp_path_factory.getbasetemp() / f"{name}.json"
        path.write_text(json.dumps(given), encoding="utf-8")
        paths.append(path)
    return dict(zip(SETTINGS, told(PROGRAM, *map(str, paths)), strict=True))


def unsaid(cell: dict[str, Any]) -> bool:
    penalised = cell["phase"] == "update" and cell["name"].endswith("gradient")
    return cell["phase"] == "before" or cell["name"].split(".")[-1] in UNSAID or penalised


@pytest.mark.parametrize("name", SETTINGS)
def test_every_line_comes_to_the_number_shown(
    name: str, cells: dict[str, list[dict[str, Any]]]
) -> None:
    for cell in cells[name]:
        if not unsaid(cell):
            assert cell["sum"] is not None, cell
            assert cell["sum"] == pytest.approx(cell["value"], abs=1e-5, rel=1e-5), cell


POWER = re.compile(r"·10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def worked_out(text: str) -> float:
    """What somebody gets who types it into a calculator."""
    text = re.sub(r" \([\d,]+ more\)", "", text)
    text = POWER.sub(lambda m: f"e{'-' if m[1] else ''}{m[2].translate(DIGITS)}", text)
    text = text.replace("1[", "float(").replace("]", ")").replace("²", "**2")
    text = text.replace("·", "*").replace("−", "-").replace("√", "sqrt").replace("ln", "log")
    names = {name: getattr(math, name) for name in ("sqrt", "log", "exp", "tanh")}
    return float(eval(text, {**names, "max": max, "float": float}))


@pytest.mark.parametrize("name", SETTINGS)
def test_its_text_comes_to_it_too(name: str, cells: dict[str, list[dict[str, Any]]]) -> None:
    """As far as four digits of each number go."""
    for cell in cells[name]:
        if unsaid(cell):
            continue
        _, *middle, last = "".join(part["text"] for part in cell["parts"]).split(" = ")
        for text in middle:
            assert worked_out(text) == pytest.approx(worked_out(last), abs=4e-3, rel=4e-3), cell


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_written_is_what_it_was_made_from(
    name: str, cells: dict[str, list[dict[str, Any]]]
) -> None:
    for cell in cells[name]:
        own = f"{cell['name']}@{cell['at']}"
        keys = {part["key"] for part in cell["parts"] if "key" in part} - {own}
        assert keys | set(cell["keys"]) <= {own, *cell["from"]}, cell


@pytest.mark.parametrize("name", SETTINGS)
def test_sources_and_uses_mirror_each_other(
    name: str, cells: dict[str, list[dict[str, Any]]]
) -> None:
    made, fed = set(), set()
    latest = {cell["name"]: cell["phase"] for cell in cells[name] if cell["phase"] != "before"}
    for cell in cells[name]:
        key = f"{cell['name']}@{cell['at']}"
        if latest.get(cell["name"]) == cell["phase"]:  # of two of one name, a step has the later
            assert len(cell["from"]) == len(set(cell["from"])), cell
            made |= {(source, key) for source in cell["from"]}
        fed |= {(key, use) for use in cell["to"]}
    assert made == fed
    assert made


def test_a_convolution_is_told_by_channels(cells: dict[str, list[dict[str, Any]]]) -> None:
    for cell in cells["deep conv"]:
        if cell["name"] == "layers.1.z":
            sums = [0.0, 0.0, 0.0]
            pairs = zip(cell["keys"][::2], cell["keys"][1::2], strict=True)
            for product, (_, seen) in zip(cell["products"], pairs, strict=True):
                sums[int(seen.split("@")[1]) % 3] += product
            assert [group["group"] for group in cell["groups"]] == [0, 1, 2]
            assert [group["value"] for group in cell["groups"]] == pytest.approx(sums, abs=1e-9)
        elif cell["name"] == "layers.0.z":
            assert len(cell["groups"]) == 1


def test_products_are_told_from_the_largest(cells: dict[str, list[dict[str, Any]]]) -> None:
    for cell in cells["conv"]:
        sizes = [abs(value) for value in cell["products"]]
        assert sizes == sorted(sizes, reverse=True)
        if cell["name"] == "layers.0.z":
            assert len(sizes) == 9


def test_softmax_is_opened(cells: dict[str, list[dict[str, Any]]]) -> None:
    """Logits, exponentials, shares."""
    values = {(cell["name"], cell["at"]): cell["value"] for cell in cells["softmax"]}
    for cell in cells["softmax"]:
        if cell["name"] == "layers.1.a":
            logits = np.array([values["layers.1.z", k] for k in range(4)])
            powers = np.exp(logits - logits.max())
            opened = cell["opened"]
            np.testing.assert_allclose(opened["logits"], logits)
            np.testing.assert_allclose(opened["exponentials"], powers, rtol=1e-6)
            np.testing.assert_allclose(opened["shares"], powers / powers.sum(), rtol=1e-6)
            assert opened["shares"][cell["at"]] == pytest.approx(cell["value"], abs=1e-6)
        else:
            assert cell["opened"] is None
