"""A program that the build runs: paints what each canonical figure shows, in both themes. It runs
in the visitors' own interpreter (interpreter.py), with the data set at /data, the shipped networks
at /model and /conv, their recorded steps at /step and /conv_step, and the recorded run at
/recording. /rows/rows.json tells the figures: of each its name, the page it is from, and its state.
The pictures of a row are put into /out/NAME, as light.png and dark.png.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.data.drawn import normalise
from glassnet.model import load_model
from glassnet.network import Network
from make.embed import drawn, sheets
from make.facts import ORDER, flat, read
from make.preview import pictures
from make.preview.paint import Floats, Sheet, colours

THEMES = ("light", "dark")
WEB = Path("/repository/web")
HIDDEN, LAST = "layers.0.weight", "layers.1.weight"
WORD = re.compile(r"(wrong)|(conf|loss|ink)>([\d.]+)")
COLUMNS = {"conf": "confidence"}  # what words call otherwise
WINDOWS = (0, 2)  # layers of the conv net whose maps are shown: before each pooling

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Site:
    """What the figures show, each read once. root: the folder that has all others; web: of the
    sources."""

    root: Path
    web: Path

    @cached_property
    def data(self) -> Dataset:
        return read(self.root / "data" / "index.json")

    @cached_property
    def examples(self) -> list[NDArray[np.uint8]]:
        """The first test digit of each class."""
        test = self.data.test
        first = [int(np.flatnonzero(test.labels == k)[0]) for k in range(len(self.data.classes))]
        return [test.images[k] for k in first]

    @cached_property
    def recorded(self) -> pictures.Recorded:
        return pictures.run(self.root / "recording", self.data)

    @cached_property
    def lanes(self) -> list[dict[str, Any]]:
        """Of the recorded race."""
        path = self.web / "data" / "recorded-race.json"
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["lanes"]
        return found

    @cached_property
    def columns(self) -> Columns:
        """What the shipped network makes of every digit, by name: test digits come first."""
        folder = self.root / "model"
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))["facts"]
        raw = gzip.decompress((folder / facts["file"]).read_bytes())
        count = sum(split["count"] for split in facts["splits"])
        return {
            one["name"]: np.frombuffer(
                raw, np.dtype(one["type"]).newbyteorder("<"), count * one["width"], one["offset"]
            )
            for one in facts["columns"]
        }

    @cached_property
    def whole(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """All images and labels, in the order of the columns."""
        splits = [self.data.splits()[name] for name in ORDER]
        images = np.concatenate([split.images for split in splits])
        return images, np.concatenate([split.labels for split in splits])

    @cached_property
    def drawing(self) -> str:
        """What the first page has on its paper."""
        path = self.web / "figures" / "home" / "glass-home.js"
        found = re.search(r"^const THREE = '([A-Za-w.]+)';", path.read_text(encoding="utf-8"), re.M)
        if not found:
            raise ValueError(f"{path.name} no longer says what is drawn on its paper.")
        return found[1]

    def shipped(self, name: str) -> Network:
        told = json.loads((self.root / name / "model.json").read_text(encoding="utf-8"))
        return load_model(self.root / name / told["weights"]["file"]).network

    def opening(self, name: str) -> int:
        """The test digit that a network opens on: the one of its recorded step."""
        path = self.root / name / "step.json"
        digit = json.loads(path.read_text(encoding="utf-8"))["digit"]
        assert digit["split"] == "test"
        return int(digit["index"])


def main(site: Site, rows: Path, folder: Path) -> None:
    inks = {theme: colours(site.web / "styles" / "tokens.css", theme) for theme in THEMES}
    for row in json.loads(rows.read_text(encoding="utf-8")):
        (folder / row["name"]).mkdir()
        for theme, ink in inks.items():
            sheet = painted(site, row["figure"], row["state"], ink)
            (folder / row["name"] / f"{theme}.png").write_bytes(sheet.png())


def painted(site: Site, figure: str, state: dict[str, str], ink: sheets.Ink) -> Sheet:
    """What a figure shows in a state."""
    if figure == "race":
        return pictures.race(site.lanes, ink)
    if figure == "browse":
        if state["shape"] == "neighbours":
            points = site.columns["map"].reshape(-1, 2).astype(np.float32) / np.float32(32767)
            return pictures.browse(points, site.data, ink)
        return sheets.in_rows(site.whole[0][found(site, state)], ink)
    if figure == "network":
        if state.get("model") == "conv":
            return conv(site, site.opening("conv_step"), ink)
        digit = int(state["digit"]) if "digit" in state else site.opening("step")
        network = site.shipped("model")
        weights = np.array(network.parameters()[HIDDEN])
        return sheets.network(at_work(site, network, weights, digit), site.examples, ink)
    return of_recording(site, figure, state, ink)


def of_recording(site: Site, figure: str, state: dict[str, str], ink: sheets.Ink) -> Sheet:
    """The recorded run where it comes to rest, which is where it stands for a reader who wants no
    motion."""
    recorded = site.recorded
    shots = recorded.parameters
    end = max(shots)
    network = recorded.network
    for name, array in network.parameters().items():
        array[...] = shots[end][name]
    changed = figure == "home" or state.get("view") == "changed"
    tiles = pictures.changed(recorded, end) if changed else shots[end][HIDDEN]
    if figure == "home":
        paper = drawn.ink(site.drawing)
        return sheets.network(at_work(site, network, tiles, None, paper), site.examples, ink)
    at = at_work(site, network, tiles, int(state.get("digit", "0")))
    return sheets.train(at, recorded.losses, site.examples, ink)


def at_work(
    site: Site,
    network: Network,
    tiles: Floats,
    digit: int | None,
    paper: NDArray[np.uint8] | None = None,
) -> sheets.AtWork:
    """A network at work on a test digit, or on a drawing. tiles: what is shown of its units."""
    test = site.data.test
    image = test.images[digit] if digit is not None else normalise(np.asarray(paper))
    hidden, outputs = (np.asarray(a[0]) for a in network.activations(flat(image[None])))
    return sheets.AtWork(
        digit=image if paper is None else paper,
        label=None if digit is None else int(test.labels[digit]),
        tiles=tiles,
        range=pictures.limit(np.asarray(network.parameters()[HIDDEN])),
        hidden=hidden,
        last=np.array(network.parameters()[LAST]),
        outputs=outputs,
    )


def conv(site: Site, digit: int, ink: sheets.Ink) -> Sheet:
    test = site.data.test
    answers = site.shipped("conv").activations(test.images[digit][None].astype(np.float32) / 255)
    maps = [np.asarray(answers[layer][0]) for layer in WINDOWS]
    label = int(test.labels[digit])
    outputs = np.asarray(answers[-1][0])
    return sheets.conv(test.images[digit], label, maps, outputs, site.examples, ink)


def found(site: Site, state: dict[str, str]) -> NDArray[np.int64]:
    """Digits as the page finds and sorts them (web/data/words.js, sorting.js): equal ones keep the
    order of the file."""
    labels, columns = site.whole[1], site.columns
    keep = np.ones(len(labels), bool)
    for word in state.get("find", "").split():
        wrong, name, least = WORD.fullmatch(word).groups()  # type: ignore[union-attr]
        if wrong:
            keep &= columns["prediction"] != labels
        else:
            keep &= columns[COLUMNS.get(name, name)].astype(np.float64) > float(least)
    ids = np.flatnonzero(keep)
    keys = columns[state["sort"]][ids]
    return ids[np.argsort(-keys if state["down"] == "on" else keys, kind="stable")]


if __name__ == "__main__":
    main(Site(Path("/"), WEB), Path("/rows/rows.json"), Path("/out"))
