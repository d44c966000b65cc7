"""Pictures of arrays for notebooks: plain HTML, without a line of JavaScript.

Signed numbers run from orange (negative) through grey to blue (positive), symmetric about zero, so
that no colour lies; what has no negative number, as an image of ink, runs from white to black.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.looking import as_grid, grid_shape

NEGATIVE, MIDDLE, POSITIVE = (194, 90, 0), (242, 243, 245), (11, 99, 168)
SIDE = 96  # a picture's longer side on the page, in CSS pixels
MOST = 40_000  # numbers in one picture; of larger arrays, the first units

Bytes = NDArray[np.uint8]


class Html(str):
    """Text that is HTML already."""


def png(pixels: Bytes) -> bytes:
    """A PNG file of uint8 (height, width, 3). (PNG specification, third edition, 2025)"""
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows.tobytes())) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


def coloured(values: NDArray[Any]) -> Bytes:
    """uint8 (height, width, 3) for (height, width); what is not finite, red."""
    values = np.asarray(values, np.float64)
    finite = np.isfinite(values)
    limit = float(np.abs(values[finite]).max(initial=0)) or 1.0
    part = np.where(finite, values, 0)[..., np.newaxis] / limit
    end = np.where(part < 0, NEGATIVE, POSITIVE) if (part < 0).any() else (0, 0, 0)
    middle = MIDDLE if (part < 0).any() else (255, 255, 255)
    mixed = middle + np.abs(part) * (np.asarray(end) - middle)
    mixed[~finite] = (200, 0, 60)
    return mixed.round().astype(np.uint8)


def picture(array: Any) -> Html:
    """An array as an image: a matrix (units, inputs) as one tile a unit, images (n, height, width,
    channels) as one tile a channel, and a row of numbers as the grid most nearly square."""
    values = np.asarray(array, np.float64)
    if values.size == 0:
        return Html("empty")
    if values.size == 1:
        return Html(f"{values.item():.6g}")
    grid = tiles(values)
    height, width = grid.shape
    scale = SIDE / max(height, width)
    data = base64.b64encode(png(coloured(grid))).decode()
    limit = float(np.abs(values).max())
    return Html(
        f'<img alt="{escape("×".join(map(str, values.shape)))} numbers up to {limit:.3g}" '
        f'title="±{limit:.3g}" style="image-rendering:pixelated" '
        f'width="{max(8, round(width * scale))}" height="{max(8, round(height * scale))}" '
        f'src="data:image/png;base64,{data}">'
    )


def tiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The tiles of an array, laid out as one matrix; zeros between them."""
    if values.ndim == 1 or (values.ndim == 2 and len(values) == 1):
        parts = [np.nan_to_num(as_grid(values), nan=0.0)]
    elif values.ndim == 2:
        units = max(1, MOST // values.shape[1])
        parts = [np.nan_to_num(as_grid(row), nan=0.0) for row in values[:units]]
    else:
        images = np.moveaxis(values.reshape(-1, *values.shape[-3:]), -1, 1)
        if values.ndim == 3:  # (n, height, width), without channels
            images = values[np.newaxis]
        parts = [*images.reshape(-1, *images.shape[-2:])]
        parts = parts[: max(1, MOST // parts[0].size)]
    rows, columns = grid_shape(len(parts))
    height, width = parts[0].shape
    gap = int(len(parts) > 1)
    whole = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap))
    for i, part in enumerate(parts):
        down, across = (i // columns) * (height + gap), (i % columns) * (width + gap)
        whole[down : down + height, across : across + width] = part
    return whole


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """An HTML table; what is not `Html` is escaped."""
    cell = '<td style="text-align:left;vertical-align:middle">'
    body = "".join(
        "<tr>" + "".join(f"{cell}{_inside(value)}</td>" for value in row) + "</tr>" for row in rows
    )
    head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def curve(points: Sequence[tuple[float, float]], words: str) -> Html:
    """A line through points (x, y), y from 0 to 1, as an SVG picture."""
    if len(points) < 2:
        return Html("")
    last = points[-1][0] or 1
    line = " ".join(f"{300 * x / last:.1f},{100 - 100 * y:.1f}" for x, y in points)
    return Html(
        f'<svg role="img" aria-label="{escape(words)}" viewBox="-2 -2 304 104" width="304" '
        f'height="104"><rect width="300" height="100" fill="none" stroke="#888" '
        f'stroke-width="0.5"/><polyline points="{line}" fill="none" stroke="#0b63a8"/></svg>'
    )


def _inside(value: object) -> str:
    return str(value) if isinstance(value, Html) else escape(str(value))


def network_html(network: Any) -> str:
    """A `Network`: every layer, with its weights as a picture."""
    rows: list[tuple[object, ...]] = [("input", "", "×".join(map(str, network.shape)), "")]
    for i, (layer, shape) in enumerate(zip(network.layers, network.shapes[1:], strict=True)):
        arrays = {n: a for n, a in network.parameters().items() if n.startswith(f"layers.{i}.")}
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        image = picture(next(iter(arrays.values()))) if arrays else ""
        rows.append((repr(layer), shapes, "×".join(map(str, shape)), image))
    told = f"<p>loss: {escape(network.loss.name)}, engine: {escape(network.engine.name)}</p>"
    return table(("layer", "parameters", "output", "weights"), rows) + told


def run_html(run: Any) -> str:
    """A `Run`: how far it is, and how well it did on the way."""
    rows: list[tuple[object, ...]] = [
        ("data", f"{run.dataset.name}, {len(run.learner.split):,} examples"),
        ("optimiser", repr(run.optimizer)),
        ("steps taken", f"{run.step:,} of {run.learner.horizon:,}"),
    ]
    for split in dict.fromkeys(one.split for one in run.evaluations):
        told = [one for one in run.evaluations if one.split == split]
        last = f"{split}: {told[-1].accuracy:.2%} right, loss {told[-1].loss:.4f}"
        points = [(float(one.step), one.accuracy) for one in told]
        rows.append((last, curve(points, f"accuracy by step; {last}")))
    return table(("run", ""), rows)
