"""The recorded step of each shipped network: what the package computes, read back to the last bit,
and refused by name where something about it is wrong."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.data.dataset import Dataset
from glassnet.model import Model, load_model
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import make
from glassnet.tracing import Trace, trace
from make.facts import read
from make.one_step import choose, moved
from support.script import told
from support.server import Answer, SiteServer

NETWORKS = {"dense": "model-*", "conv": "conv-*"}
BUDGET = {2: 60_000, 5: 120_000}  # bytes, by the number of layers

READ = """
import { readFile } from 'node:fs/promises';
const { readNetwork } = await import(web + 'data/network.js');
const { fetchStep } = await import(web + 'data/step.js');
const network = readNetwork(new Uint8Array(await readFile(given[0])), 'weights');
const found = [];
for (const url of given.slice(1)) {
  try {
    const { digit, quantities } = await fetchStep(url, network);
    const bits = ({ data }) => Buffer.from(data.buffer, 0, data.byteLength).toString('hex');
    found.push({ digit, quantities: quantities.map((one) => ({ ...one, data: bits(one) })) });
  } catch ({ name, code, message }) {
    found.push({ name, code, message });
  }
}
console.log(JSON.stringify({ found, config: network.config, shape: network.shape }));
"""


@dataclass(frozen=True)
class Recorded:
    """A network, and its step as it lies in the site, read without any code of ours."""

    weights: Path
    model: Model
    index: Path
    document: dict[str, Any]
    raw: bytes

    @property
    def packed(self) -> Path:
        """The file of the numbers."""
        return self.index.parent / str(self.document["numbers"]["file"])

    def array(self, row: dict[str, Any]) -> Any:
        """The numbers of a quantity, float32."""
        told, count = row["numbers"], int(np.prod(row["shape"]))
        if told["type"] == "float32":
            return np.frombuffer(self.raw, "<f4", count, told["offset"]).reshape(row["shape"])
        before = np.array(self.model.network.parameters()[told["beyond"]]).reshape(-1)
        grown = before.view("<i4") + np.frombuffer(self.raw, "<i4", count, told["offset"])
        return grown.view("<f4").reshape(row["shape"])


@pytest.fixture(scope="module", params=NETWORKS)
def recorded(site: Path, request: pytest.FixtureRequest) -> Recorded:
    folder = next(site.glob(NETWORKS[request.param]))
    described = json.loads((folder / "model.json").read_text(encoding="utf-8"))["weights"]
    weights = folder / described["file"]
    for index in site.glob("step-*/step.json"):
        document = json.loads(index.read_text(encoding="utf-8"))
        if document["weights"] == described["sha256"]:
            raw = gzip.decompress((index.parent / document["numbers"]["file"]).read_bytes())
            return Recorded(weights, load_model(weights), index, document, raw)
    raise AssertionError(f"no step of {folder.name}")


@pytest.fixture(scope="module")
def digits(site: Path) -> Dataset:
    return read(next(site.glob("data/mnist-*/index.json")))


@pytest.fixture(scope="module")
def traced(recorded: Recorded, digits: Dataset) -> Trace:
    """The same step, taken by this machine's numpy."""
    network, digit = recorded.model.network, recorded.document["digit"]
    optimizer = make(OPTIMIZERS, recorded.document["optimizer"]["config"])
    network.attach(optimizer)
    image = digits.test.images[digit["index"]]
    return trace(network, image, digit["label"], optimizer)


def test_it_is_the_step_that_the_package_takes(recorded: Recorded, traced: Trace) -> None:
    rows = recorded.document["quantities"]
    assert [row["name"] for row in rows] == [one.name for one in traced]
    for row, one in zip(rows, traced, strict=True):
        said = (row["symbol"], row["phase"], row["layer"], tuple(row["shape"]), row["formula"])
        assert said == (one.symbol, one.phase, one.layer, one.shape, one.formula)
        assert (row["tree"], row["details"]) == (one.tree, list(one.details)), one.name
        assert [source["line"] for source in row["sources"]] == [s.line for s in one.sources]
        found = recorded.array(row)
        np.testing.assert_allclose(found, one.array, atol=1e-5, rtol=1e-5, err_msg=one.name)
    updated = {row["name"] for row in rows if row["phase"] == "update"}
    assert updated == recorded.model.network.parameters().keys()
    assert recorded.document["optimizer"]["config"] == recorded.model.config.optimizer
    assert recorded.document["optimizer"]["state"] == "new"


def test_the_updated_weights_follow_from_what_is_recorded(recorded: Recorded) -> None:
    """To the last bit: θ − η g, in 32 bits, of the recorded gradient."""
    rows = {(row["name"], row["phase"]): row for row in recorded.document["quantities"]}
    rate = np.float32(recorded.model.config.optimizer["lr"])
    for name, before in recorded.model.network.parameters().items():
        g = recorded.array(rows[name + ".gradient", "backward"])
        after = recorded.array(rows[name, "update"])
        assert np.array_equal(after, before - rate * g), name
        assert not np.array_equal(after, before), name


def test_the_digit_is_a_misread_one_that_the_page_has_first(
    recorded: Recorded, digits: Dataset, site: Path
) -> None:
    index = json.loads(next(site.glob("data/mnist-*/index.json")).read_text(encoding="utf-8"))
    first, second = (shard["count"] for shard in index["splits"]["test"]["shards"][:2])
    digit = recorded.document["digit"]
    assert digit["label"] == digits.test.labels[digit["index"]]
    outputs = recorded.model.network.predict(digits.test.images[: first + second])
    wrong = outputs.argmax(axis=1) != digits.test.labels[: first + second]
    count = first if wrong[:first].any() else first + second
    assert digit["split"] == "test" and digit["index"] < count
    wrong, sure = wrong[:count], outputs[:count].max(axis=1)
    assert sure[digit["index"]] == (sure[wrong].max() if wrong.any() else sure.min())
    assert wrong[digit["index"]] or not wrong.any()


def test_where_nothing_is_misread_it_is_the_least_sure_one(
    recorded: Recorded, digits: Dataset
) -> None:
    outputs = recorded.model.network.predict(digits.test.images[:400])
    right = np.flatnonzero(outputs.argmax(axis=1) == digits.test.labels[:400])
    some = digits.test.take(right)
    least = int(outputs[right].max(axis=1).argmin())
    assert choose(recorded.model, some, (50, len(right))) == least


def test_javascript_reads_every_bit(recorded: Recorded, server: SiteServer, site: Path) -> None:
    url = server.url + recorded.index.relative_to(site).as_posix()
    answer = told(READ, str(recorded.weights), url)
    assert answer["config"] == recorded.model.config.to_json()
    assert tuple(answer["shape"]) == recorded.model.network.shape
    (found,) = answer["found"]
    assert found["digit"] == recorded.document["digit"]
    for one, row in zip(found["quantities"], recorded.document["quantities"], strict=True):
        assert one.pop("data") == recorded.array(row).tobytes().hex(), row["name"]
        assert one == {key: value for key, value in row.items() if key != "numbers"}


def test_it_is_small(recorded: Recorded) -> None:
    told = gzip.compress(recorded.index.read_bytes(), 6)
    assert recorded.packed.stat().st_size + len(told) < BUDGET[len(recorded.model.network.layers)]


def test_bits_come_back_whatever_the_numbers() -> None:
    rng = np.random.default_rng(3)
    bits = rng.integers(-(2**31), 2**31, (2, 500), np.int64).astype("<i4")
    before, after = bits.view("<f4")
    assert np.array_equal(bits[0] + moved(before, after), bits[1])
    assert not moved(before, before).any()


Change = Callable[[dict[str, Any]], None]


def put(*path: Any) -> Change:
    """Sets a field of the document: the last of `path` is its new value."""

    def change(document: dict[str, Any]) -> None:
        *way, key, value = path
        place: Any = document
        for part in way:
            place = place[part]
        place[key] = value

    return change


WRONG: dict[str, tuple[Change, str]] = {
    "version": (put("version", 2), "step.json: version is not"),
    "digit": (put("digit", "index", -1), "step.json: digit is not"),
    "split": (put("digit", "split", "validation"), "step.json: digit is not"),
    "file": (put("numbers", "file", None), "step.json: numbers does not name a file"),
    "nothing": (put("quantities", []), "step.json: quantities is not a list"),
    "name": (put("quantities", 2, "name", 7), "step.json: quantities[2].name is not a text"),
    "row": (put("quantities", 1, None), "step.json: quantities[1].name is not a text"),
    "phase": (put("quantities", 3, "phase", "later"), "quantities[3].phase is not one of forward"),
    "layer": (put("quantities", 2, "layer", 9), "quantities[2].layer is not a layer"),
    "shape": (put("quantities", 2, "shape", [1, -36]), "quantities[2].shape is not a list"),
    "tree": (put("quantities", 0, "tree", "x"), "quantities[0].tree is not a list"),
    "long": (put("quantities", 2, "shape", [10**7]), "is not the place of 10,000,000 numbers"),
    "odd": (put("quantities", 2, "numbers", "offset", 3), "quantities[2].numbers is not the place"),
    "type": (put("quantities", 2, "numbers", "type", "int8"), "type is not float32 or int32"),
    "beyond": (
        lambda document: document["quantities"][-1]["numbers"].update(beyond="layers.9.bias"),
        "numbers.beyond is not an array of the network with 10 numbers",
    ),
}  # fmt: skip


def test_what_is_wrong_is_named(recorded: Recorded, serve: Any, site: Path) -> None:
    name = recorded.index.relative_to(site).as_posix()
    overlay, urls = {}, []
    for case, (change, _) in WRONG.items():
        document = copy.deepcopy(recorded.document)
        change(document)
        file = f"{Path(name).parent}/{case}/step.json"
        document["numbers"]["file"] = document["numbers"]["file"] and "../step.bin.gz"
        overlay[file] = Answer(json.dumps(document).encode())
        urls.append(file)
    server = serve(overlay)
    found = told(READ, str(recorded.weights), *(server.url + url for url in urls))["found"]
    for (case, (_, words)), answer in zip(WRONG.items(), found, strict=True):
        assert answer.get("name") == "LoadError" and answer["code"] == "E-STEP", case
        assert words in answer["message"], case


def test_a_damaged_file_is_named(recorded: Recorded, serve: Any, site: Path) -> None:
    data = bytearray(recorded.packed.read_bytes())
    data[len(data) // 2] ^= 1
    numbers, index = (
        path.relative_to(site).as_posix() for path in (recorded.packed, recorded.index)
    )
    text = recorded.index.read_bytes().replace(b'"version":1', b'"version":3')
    sum_of = hashlib.sha256(recorded.index.read_bytes()).hexdigest()
    server = serve({numbers: Answer(bytes(data)), f"b/{index}": Answer(text)})
    checked = f"b/{index}#bytes={len(text)}&sha256={sum_of}"
    found = told(READ, str(recorded.weights), server.url + index, server.url + checked)["found"]
    assert [one["code"] for one in found] == ["E-CHECKSUM", "E-CHECKSUM"]
    assert "step.bin.gz is damaged" in found[0]["message"]
    assert "step.json is damaged" in found[1]["message"]
