"""Ten classes in ten colours: told apart by all eyes, and seen on their ground."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from support.colours import EYES, ciede2000, contrast, lab, tokens

LEAST = {"light": [18, 14, 15, 15], "dark": [19, 16, 13, 13]}  # as EYES
CONFUSED = [(4, 9), (3, 5), (7, 9)]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def colours(scheme: str) -> list[str]:
    return [tokens(f"class-{label}")[scheme == "dark"] for label in range(10)]


def test_the_formula_gives_its_authors_numbers() -> None:
    """Pairs 1, 7, 17 and 25 of their table."""
    for one, other, wanted in [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]:
        assert ciede2000(np.array(one), np.array(other)) == pytest.approx(wanted, abs=1e-4)


def test_every_eye_tells_the_classes_apart(scheme: str) -> None:
    for eye, least in zip(EYES, LEAST[scheme], strict=True):
        seen = [lab(colour, eye) for colour in colours(scheme)]
        distances = {
            (i, j): ciede2000(seen[i], seen[j]) for i, j in combinations(range(len(seen)), 2)
        }
        worst = min(distances, key=lambda pair: distances[pair])
        assert distances[worst] >= least - 0.5, (eye, worst, distances[worst])
        if eye == "normal":
            assert min(distances[pair] for pair in CONFUSED) >= 20


def test_a_class_is_seen_on_its_ground(scheme: str) -> None:
    for ground in ("page", "pixel-zero"):
        for label, colour in enumerate(colours(scheme)):
            assert contrast(colour, tokens(ground)[scheme == "dark"]) >= 3, (ground, label)
