"""Adaline: the delta rule, step by step, against the same rule written out in plain numbers."""

from __future__ import annotations

import numpy as np
import pytest

from glassnet.adaline import Adaline, features, for_glyphs
from glassnet.data.glyphs import Glyph, our_letters
from glassnet.errors import ConfigError, DataError, DivergedError


def glyph(label: str, seed: int, file: str = "") -> Glyph:
    pixels = np.random.default_rng(seed).integers(0, 2, (8, 8), np.uint8)
    return Glyph(file or f"{label}.txt", label, pixels)


def test_features_are_the_bias_and_signs() -> None:
    pixels = np.zeros((8, 8), np.uint8)
    pixels[0, 1] = 1
    assert features(Glyph("A", "A", pixels)).tolist() == [1.0, -1.0, 1.0] + [-1.0] * 62


def test_one_epoch_is_the_delta_rule_number_by_number() -> None:
    letters = [glyph("A", 1), glyph("B", 2), glyph("A", 3, "A.2.txt")]
    model = for_glyphs(letters)
    epoch = next(iter(model.train(letters, rate=0.01, epochs=1)))

    weights = {label: [0.0] * 65 for label in "AB"}
    squares = 0.0
    for letter in letters:
        x = [1.0] + [1.0 if pixel else -1.0 for pixel in letter.pixels.ravel().tolist()]
        for label, w in weights.items():
            t = 1.0 if label == letter.label else -1.0
            e = t - sum(a * b for a, b in zip(w, x, strict=True))
            squares += e * e
            for i in range(65):
                w[i] += 2 * 0.01 * e * x[i]
    np.testing.assert_allclose(model.weights, [weights["A"], weights["B"]], rtol=0, atol=1e-12)
    assert epoch.mse == pytest.approx(squares / 3, rel=1e-12)
    assert epoch.number == 1


def test_several_files_of_one_class_train_one_neuron() -> None:
    letters = [glyph("A", 1), glyph("A", 2, "A.2.txt"), glyph("B", 3)]
    model = for_glyphs(letters)
    assert model.classes == ["A", "B"] and model.weights.shape == (2, 65)
    *_, last = model.train(letters)
    assert last.mse <= 1e-6
    for letter in letters:
        answer = model.predict(letter)
        assert answer.label == letter.label
        assert answer.score == pytest.approx(1, abs=0.01)


def test_it_stops_at_the_target_or_the_last_epoch() -> None:
    letters = [glyph("A", 1), glyph("B", 2)]
    epochs = list(for_glyphs(letters).train(letters, target=1e-3))
    assert epochs[-1].mse <= 1e-3 < epochs[-2].mse
    assert [epoch.number for epoch in epochs] == list(range(1, len(epochs) + 1))
    assert len(list(for_glyphs(letters).train(letters, target=0, epochs=7))) == 7


def test_all_our_damaged_letters_are_recognised() -> None:
    whole, damaged = our_letters()
    model = for_glyphs(whole)
    *_, last = model.train(whole)
    assert last.mse <= 1e-6 and last.number < 1000
    wrong = [trial.file for trial in damaged if model.predict(trial).label != trial.label]
    assert wrong == []


def test_untrained_it_knows_nothing() -> None:
    """So that the recognition above is due to the training."""
    whole, damaged = our_letters()
    model = for_glyphs(whole)
    assert sum(model.predict(trial).label == trial.label for trial in damaged) <= 2


def test_too_large_a_rate_diverges_by_name() -> None:
    letters = [glyph("A", 1), glyph("B", 2)]
    with pytest.raises(DivergedError, match="mean squared error"):
        list(for_glyphs(letters).train(letters, rate=1.0))


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"rate": 0.0}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"target": -1.0}, "target"),
        ({"target": float("inf")}, "target"),
        ({"epochs": 0}, "epochs"),
    ],
)
def test_settings_are_checked(settings: dict[str, float], field: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        next(iter(Adaline("AB").train([glyph("A", 1)], **settings)))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_class_without_a_neuron_is_refused() -> None:
    with pytest.raises(DataError, match=r"C\.txt: there is no neuron for class 'C'"):
        next(iter(Adaline("AB").train([glyph("C", 1)])))
