"""A drawing that an address spells, as ink: the same arithmetic as web/data/strokes.js and ink.js,
so that a picture shows, byte for byte, what the figure shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 112  # units of the paper's side
RADIUS = 5  # of the pen, in units
STEP = 3  # the most that one letter moves
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"


def points(word: str) -> list[tuple[int, int]]:
    """One stroke: (x, y) in units of the paper."""
    start = 0
    for letter in word[:3]:
        start = start * len(LETTERS) + LETTERS.index(letter)
    y, x = divmod(start % SIDE**2, SIDE)
    found = [(x, y)]
    for letter in word[3:]:
        down, across = divmod(LETTERS.index(letter), 2 * STEP + 1)
        x = min(SIDE - 1, max(0, x + across - STEP))
        y = min(SIDE - 1, max(0, y + down - STEP))
        found.append((x, y))
    return found


def ink(drawing: str) -> NDArray[np.uint8]:
    """What a round pen covers of each unit of the paper, 0 to 255: (SIDE, SIDE)."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    covered = np.zeros((SIDE, SIDE))
    for word in drawing.split("."):
        stroke = points(word)
        for (x, y), (to_x, to_y) in zip([stroke[0], *stroke[:-1]], stroke, strict=True):
            across, down = to_x - x, to_y - y
            squared = across**2 + down**2
            along = ((columns - x) * across + (rows - y) * down) / squared if squared else 0.0
            nearest = np.clip(along, 0, 1)
            away = np.sqrt((columns - x - nearest * across) ** 2 + (rows - y - nearest * down) ** 2)
            # Halves go up, as in JavaScript.
            part = np.floor(255 * np.clip(RADIUS + 0.5 - away, 0, 1) + 0.5)
            covered = np.maximum(covered, part)
    return covered.astype(np.uint8)
