"""The hues of axes: read as text on their grounds, told apart from each other and from signs."""

from __future__ import annotations

from itertools import combinations

import pytest

from support.colours import EYES, ciede2000, contrast, lab, tokens

AXES = ["batch", "pixel", "row", "column", "channel", "hidden", "class"]
LEAST = {"light": [20, 13, 12, 19], "dark": [19, 12, 12, 13]}  # as EYES
SIGNED = 17  # at least so far from what orange and blue say, for eyes that see all colours


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def hues(scheme: str) -> dict[str, str]:
    return {axis: tokens(f"axis-{axis}")[scheme == "dark"] for axis in AXES}


@pytest.mark.parametrize("ground", ["page", "panel"])
def test_the_name_of_an_axis_can_be_read(ground: str, scheme: str) -> None:
    for axis, hue in hues(scheme).items():
        assert contrast(hue, tokens(ground)[scheme == "dark"]) >= 4.5, axis


def test_every_eye_tells_axes_apart(scheme: str) -> None:
    for eye, least in zip(EYES, LEAST[scheme], strict=True):
        for one, other in combinations(hues(scheme).items(), 2):
            distance = ciede2000(lab(one[1], eye), lab(other[1], eye))
            assert distance >= least - 0.5, (eye, one, other, distance)


def test_no_axis_looks_like_a_sign(scheme: str) -> None:
    for axis, hue in hues(scheme).items():
        for sign in ("negative", "positive"):
            other = tokens(sign)[scheme == "dark"]
            assert ciede2000(lab(hue, "normal"), lab(other, "normal")) >= SIGNED, (axis, sign)
