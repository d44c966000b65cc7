"""A program that the build runs: paints a picture for each page from what the page itself shows. It
runs in the visitors' own interpreter (interpreter.py), with the data set at /data, the shipped
model at /model and the recorded run at /recording, and puts `NAME.png` into /out.

    home    a test digit, the recorded network's weights, its ten outputs
    train   what it learns of that, while it does, and its loss
    browse  the map of all digits in the colours of their labels
    race    what each engine did of the recorded race, at one scale
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.network import Network
from glassnet.training import Run
from make.facts import ORDER, flat, read
from make.preview.paint import (
    HEIGHT,
    WIDTH,
    Colour,
    Floats,
    Picture,
    Sheet,
    colours,
    enlarged,
    shaded,
    signed,
)

WEB = Path("/repository/web")
TIMES = (125, 1000, 6000)  # steps of the recorded run that are shown: all of them snapshots
MOVING = 0.99  # of the average that lies on the losses
CELL = 20  # pixels that a digit of the map has for itself
INK = 5  # shades of each class
CLASSES = 10  # that have a colour of their own
ENGINES = {"python": "negative", "numpy": "ink", "simd": "positive"}  # as on the page


@dataclass(frozen=True)
class Recorded:
    """The recorded run. parameters: by step and by name. losses: of every step."""

    network: Network
    parameters: dict[int, dict[str, Floats]]
    losses: Floats


def main(data: Path, model: Path, recording: Path, folder: Path) -> None:
    ink = colours(WEB / "styles" / "tokens.css")
    dataset = read(data / "index.json")
    recorded = run(recording, dataset)
    lanes = json.loads((WEB / "data" / "recorded-race.json").read_text(encoding="utf-8"))["lanes"]
    sheets = {
        "home": home(recorded, dataset, ink),
        "train": train(recorded, ink),
        "browse": browse(place(model), dataset, ink),
        "race": race(lanes, ink),
    }
    for name, sheet in sheets.items():
        (folder / f"{name}.png").write_bytes(sheet.png())


def run(folder: Path, dataset: Dataset) -> Recorded:
    """What record.py wrote, read again."""
    told = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
    raw = {
        piece: gzip.decompress((folder / told["numbers"][piece]["file"]).read_bytes())
        for piece in ("first", "between", "end", "losses")
    }
    count = len(told["snapshots"])
    shots: list[dict[str, Floats]] = [{} for _ in range(count)]
    for array in told["arrays"]:
        kind, size = np.dtype(array["type"]), int(np.prod(array["shape"]))
        added = {
            piece: np.frombuffer(
                raw[piece], kind.newbyteorder("<"), some * size, array["offsets"][piece]
            ).reshape(some, *array["shape"])
            for piece, some in (("first", 1), ("between", count - 2), ("end", 1))
        }
        whole = np.cumsum([*added["first"], *added["between"]], axis=0, dtype=kind)
        whole = np.concatenate([whole, added["end"]])
        for shot, values in zip(shots, whole, strict=True):
            shot[array["name"]] = values * np.float32(array["scale"])
    losses = np.frombuffer(raw["losses"], "<i2", told["snapshots"][-1]) * np.float32(
        told["losses"]["scale"]
    )
    network = Run.from_config(RunConfig.from_json(told["config"]), dataset).network
    return Recorded(network, dict(zip(told["snapshots"], shots, strict=True)), losses)


def place(folder: Path) -> Floats:
    """The map's column of what facts.py wrote, (digits, 2), from -1 to 1."""
    facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))["facts"]
    column = next(one for one in facts["columns"] if one["name"] == "map")
    raw = gzip.decompress((folder / facts["file"]).read_bytes())
    count = sum(split["count"] for split in facts["splits"])
    points = np.frombuffer(raw, "<i2", 2 * count, column["offset"]).reshape(count, 2)
    return points.astype(np.float32) / np.float32(32767)


def home(recorded: Recorded, dataset: Dataset, ink: dict[str, Colour]) -> Sheet:
    """The first test digit goes in; in the middle is what training has made of each unit's weights;
    the outputs are bars, each beside a digit of its class."""
    sheet = Sheet(ink["page"])
    images, labels = dataset.test.images, dataset.test.labels
    last = TIMES[-1]
    for name, array in recorded.network.parameters().items():
        array[...] = recorded.parameters[last][name]
    outputs = recorded.network.activations(flat(images[:1]))[-1][0]
    sheet.paste(enlarged(written(images[0], ink), 10), 30, 175)
    change = changed(recorded, last)
    tiles(sheet, change, limit(change), 3, 342, 45, ink)
    pitch = (HEIGHT - 2 * 45) // len(outputs)
    for label, output in enumerate(outputs):
        y = 45 + label * pitch + (pitch - 56) // 2
        example = images[int(np.flatnonzero(labels == label)[0])]
        sheet.paste(enlarged(written(example, ink), 2), 914, y)
        sheet.rectangle(982, y + 16, 170, 24, ink["zero"])
        sheet.rectangle(982, y + 16, round(170 * float(output)), 24, ink["positive"])
    return sheet


def train(recorded: Recorded, ink: dict[str, Colour]) -> Sheet:
    """What training has changed of the weights, at three times and at one scale; below it the loss:
    each step's, and the average that moves with them."""
    sheet = Sheet(ink["page"])
    changes = [changed(recorded, step) for step in TIMES]
    for column, change in enumerate(changes):
        tiles(sheet, change, limit(changes[-1]), 2, 48 + column * 374, 40, ink)
    descent(sheet, recorded.losses, (48, WIDTH - 96), HEIGHT - 40, 150, ink)
    return sheet


def descent(
    sheet: Sheet,
    losses: Floats,
    across: tuple[int, int],
    floor: int,
    tall: int,
    ink: dict[str, Colour],
) -> None:
    """The loss, each step's, and the average that moves with them. across: the left edge, and how
    wide it is; floor: where zero is; tall: the largest average above it; all in pixels."""
    left, width = across
    columns = np.arange(left, left + width)
    steps = np.arange(width) * len(losses) // width
    smooth = averaged(losses)
    scale = np.float32(tall / smooth[steps].max())
    faint = tuple(shaded(np.array(0.25, np.float32), ink["page"], ink["muted"]).tolist())
    sheet.line(columns, floor - scale * losses[steps], faint, 1)
    sheet.line(columns, floor - scale * smooth[steps], ink["positive"], 4)
    sheet.rectangle(left, floor, width, 2, ink["muted"])


def changed(recorded: Recorded, step: int) -> Floats:
    """What the first steps of training have added to the hidden units' weights."""
    shots = recorded.parameters
    return shots[step]["layers.0.weight"] - shots[0]["layers.0.weight"]


def averaged(losses: Floats) -> Floats:
    """The moving average of the losses until each, as the page's curves have it."""
    average, weight, found = 0.0, 0.0, np.empty_like(losses)
    for at, loss in enumerate(losses):
        average = MOVING * average + (1 - MOVING) * float(loss)
        weight = MOVING * weight + (1 - MOVING)
        found[at] = average / weight
    return found


def browse(points: Floats, dataset: Dataset, ink: dict[str, Colour]) -> Sheet:
    """The map, drawn out to fill the sheet; in each of its cells the digit that is nearest to the
    cell's middle, for all of them would be a blot."""
    sheet = Sheet(ink["page"])
    images = np.concatenate([dataset.splits()[name].images for name in ORDER])
    labels = np.concatenate([dataset.splits()[name].labels for name in ORDER])
    where = (points + 1) / 2 * (WIDTH / CELL - 1, HEIGHT / CELL - 1)
    cells = np.round(where).astype(np.int64)
    apart = np.square(where - cells).sum(axis=1)
    taken: set[tuple[int, int]] = set()
    for digit in np.argsort(apart, kind="stable"):
        column, row = (int(one) for one in cells[digit])
        if (column, row) not in taken:
            taken.add((column, row))
            hue = ink[f"class-{labels[digit] % CLASSES}"]
            share = np.sqrt(middle(images[digit]))  # a little ink shows its hue
            sheet.paste(shaded(share, ink["page"], hue, INK), column * CELL, row * CELL + 5)
    return sheet


def middle(pixels: NDArray[np.uint8]) -> Floats:
    """The part of a digit where its ink is, from 0 to 1: MNIST leaves a margin around it."""
    margin = (len(pixels) - CELL) // 2
    part = pixels[margin : margin + CELL, margin : margin + CELL]
    return part.astype(np.float32) / np.float32(255)


def race(lanes: list[dict[str, Any]], ink: dict[str, Colour]) -> Sheet:
    """Digits a second, a bar an engine."""
    sheet = Sheet(ink["page"])
    speeds = [lane["steps"][-1] / lane["seconds"][-1] for lane in lanes]
    for row, (lane, speed) in enumerate(zip(lanes, speeds, strict=True)):
        colour = ink[ENGINES[lane["engine"]]]
        y = 79 + 180 * row
        sheet.word(lane["engine"].upper(), 64, y, 5, colour)
        sheet.rectangle(64, y + 56, WIDTH - 128, 56, ink["zero"])
        sheet.rectangle(64, y + 56, round((WIDTH - 128) * speed / max(speeds)), 56, colour)
    return sheet


def tiles(
    sheet: Sheet, weights: Floats, limit: float, times: int, x: int, y: int, ink: dict[str, Colour]
) -> None:
    """Each unit's incoming weights as an image, six in a row."""
    pitch = 28 * times + 2 * times
    for unit, row in enumerate(weights):
        left, top = x + unit % 6 * pitch, y + unit // 6 * pitch
        sheet.paste(enlarged(signed(row.reshape(28, 28), limit, ink), times), left, top)


def limit(weights: Floats) -> float:
    """The size that 99 of 100 weights stay below: a few large ones would make all others pale."""
    return float(np.percentile(np.abs(weights), 99))


def written(pixels: NDArray[np.uint8], ink: dict[str, Colour]) -> Picture:
    """A digit as it is on paper."""
    share = pixels.astype(np.float32) / np.float32(255)
    return shaded(share, ink["pixel-zero"], ink["pixel-one"])


if __name__ == "__main__":
    main(Path("/data"), Path("/model"), Path("/recording"), Path("/out"))
