"""What the page of letters asks of Python: trained and measured as the package does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.adaline import Adaline, features, for_glyphs
from glassnet.data.glyphs import Glyph, our_letters
from glassnet_bridge.adaline import STEPS, VERSIONS
from unit.hosting import Page

WHOLE, DAMAGED = our_letters()
FLAT = "\n".join(["#" * 8] * 8)


def texts(glyphs: list[Glyph]) -> dict[str, str]:
    return {glyph.file: str(glyph) for glyph in glyphs}


def opened(page: Page, **what: Any) -> Any:
    asked: dict[str, Any] = {"letters": texts(WHOLE), "trials": texts(DAMAGED), "weights": {}}
    return page.ask("adaline_open", adaline="a", **{**asked, **what})


def trained(page: Page, passes: int = 10_000, rate: float = 0.01) -> Any:
    what = {"rate": rate, "passes": passes, "milliseconds": 1e9}
    return page.ask("adaline_train", adaline="a", **what)


@pytest.fixture
def page() -> Page:
    page = Page(digits=False)
    opened(page)
    return page


@pytest.fixture(scope="module")
def native() -> tuple[Adaline, list[float]]:
    """What the package itself makes of its letters."""
    model = for_glyphs(WHOLE)
    return model, [epoch.mse for epoch in model.train(WHOLE)]


def test_it_begins_with_nothing(page: Page) -> None:
    told = opened(page)
    assert told["classes"] == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert told["weights"].shape == (26 * 65,) and not told["weights"].any()


def test_training_is_the_packages(page: Page, native: tuple[Adaline, list[float]]) -> None:
    model, errors = native
    first = trained(page, passes=7)
    assert first["errors"].tolist() == errors[:7] and not first["reached"]
    last = trained(page)
    assert last["errors"].tolist() == errors[7:] and last["reached"]
    np.testing.assert_array_equal(last["weights"], model.weights.reshape(-1))


def test_a_slice_ends_when_its_time_is_over(page: Page) -> None:
    """The clock of these tests moves on by a millisecond whenever it is read."""
    told = page.ask("adaline_train", adaline="a", rate=0.01, passes=10_000, milliseconds=4.5)
    assert len(told["errors"]) == 5


def test_one_letter(page: Page) -> None:
    trained(page, passes=3)
    model = for_glyphs(WHOLE)
    list(model.train(WHOLE, epochs=3))
    drawn = Glyph("R", "R", DAMAGED[0].pixels)
    (epoch,) = model.train([drawn], rate=0.005, epochs=1)
    cells = drawn.pixels.reshape(-1)
    told = page.ask("adaline_letter", adaline="a", rate=0.005, label="R", cells=cells)
    assert told["error"] == epoch.mse
    np.testing.assert_array_equal(told["weights"], model.weights.reshape(-1))


def test_weights_come_back_by_class(page: Page) -> None:
    weights = trained(page, passes=5)["weights"].reshape(26, 65)
    kept = {label: weights["ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(label)] for label in "ZKA"}
    told = opened(page, letters={"A.txt": FLAT, "Ä.txt": FLAT, "Z.txt": FLAT}, weights=kept)
    assert told["classes"] == ["A", "Ä", "Z"]
    rows = told["weights"].reshape(3, 65)
    np.testing.assert_array_equal(rows, [weights[0], np.zeros(65), weights[25]])


def test_what_diverges_changes_nothing(page: Page) -> None:
    before = trained(page, passes=2)["weights"]
    refusal = page.refused("adaline_train", adaline="a", rate=0.5, passes=5000, milliseconds=1e9)
    assert refusal["code"] == "E-DIVERGED"
    after = trained(page, passes=1, rate=1e-300)["weights"]
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-12)


def test_measured_as_the_package_does(page: Page, native: tuple[Adaline, list[float]]) -> None:
    model, _ = native
    untrained = page.ask("adaline_measure", adaline="a", flips=4, seed=0)
    assert untrained["whole"] == {"count": 31, "right": 2}  # all are taken for A
    trained(page)
    told = page.ask("adaline_measure", adaline="a", flips=8, seed=3)
    assert told["whole"] == {"count": 31, "right": 31}
    assert told["damaged"] == {"count": 30, "right": 30}
    assert told["curve"]["cells"] == list(STEPS)
    right = told["curve"]["right"]
    assert told["flipped"] == {"cells": 8, "count": 310, "right": right[STEPS.index(8)]}
    assert right[0] == 31 * VERSIONS
    assert right == sorted(right, reverse=True) and right[-1] < right[0] / 2
    wrong = sum(one["times"] for one in told["confused"])
    assert 0 < wrong <= 31 * VERSIONS - right[STEPS.index(8)]
    for one in told["confused"]:
        drawn = Glyph("", one["label"], one["cells"].reshape(8, 8))
        assert model.predict(drawn).label == one["answer"] != one["label"]
        originals = [glyph for glyph in WHOLE if glyph.label == one["label"]]
        assert 8 in [int((glyph.pixels != drawn.pixels).sum()) for glyph in originals]


def test_all_confusions_are_counted(page: Page) -> None:
    """Few enough to be told whole, they are those that are not right."""
    trained(page)
    told = page.ask("adaline_measure", adaline="a", flips=3, seed=0)
    assert 0 < sum(one["times"] for one in told["confused"]) == 310 - told["flipped"]["right"]


def test_trials_of_other_classes_are_left_out(page: Page) -> None:
    opened(page, letters={"Ö.txt": FLAT})
    told = page.ask("adaline_measure", adaline="a", flips=1, seed=0)
    assert told["damaged"] == {"count": 0, "right": 0}
    assert told["whole"] == {"count": 1, "right": 1}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"letters": {"A.txt": FLAT[:-1] + "x"}}, "A.txt, line 8, column 8: expected"),
        ({"letters": {}}, "at least one"),
        ({"weights": {"A": np.zeros(64)}}, "weights of A: expected 65"),
        ({"weights": {"A": np.full(65, np.nan)}}, "weights of A: expected 65"),
    ],
)
def test_what_cannot_be_opened_leaves_all_as_it_was(
    page: Page, what: dict[str, Any], words: str
) -> None:
    before = trained(page, passes=1)["weights"]
    asked: dict[str, Any] = {"letters": texts(WHOLE), "trials": {}, "weights": {}}
    refusal = page.refused("adaline_open", adaline="a", **{**asked, **what})
    assert refusal["code"] == "E-DATA" and words in refusal["message"]
    assert (trained(page, passes=1)["weights"] != before).any()


@pytest.mark.parametrize("cells", [np.zeros(63, np.uint8), np.full(64, 2, np.uint8)])
def test_a_drawing_is_checked(page: Page, cells: Any) -> None:
    refusal = page.refused("adaline_letter", adaline="a", rate=0.01, label="A", cells=cells)
    assert "64 times 0 or 1" in refusal["message"]


def test_other_names_are_other_adalines(page: Page) -> None:
    trained(page, passes=1)
    asked: dict[str, Any] = {"letters": texts(WHOLE), "trials": {}, "weights": {}}
    assert not page.ask("adaline_open", adaline="b", **asked)["weights"].any()
    assert page.ask("adaline_close", adaline="a") is None
    refusal = page.refused("adaline_measure", adaline="a", flips=1, seed=0)
    assert "no Adaline is called “a”; known: b" in refusal["message"]
    assert page.ask("adaline_close", adaline="a") is None


def test_scores_are_weights_times_features(page: Page, native: tuple[Adaline, list[float]]) -> None:
    """What the page adds up itself is what the package answers."""
    weights = trained(page)["weights"].reshape(26, 65)
    for glyph in DAMAGED:
        scores = weights @ features(glyph)
        assert scores.max() == native[0].predict(glyph).score
