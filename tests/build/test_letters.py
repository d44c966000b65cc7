"""The letters in the pages are the package's."""

from __future__ import annotations

import base64

import numpy as np

from glassnet.adaline import for_glyphs
from glassnet.data.glyphs import our_letters, parse_glyph
from make import learn_letters, letters


def test_the_pages_have_the_packages_letters() -> None:
    told = letters.read()
    for kind, glyphs in zip(("whole", "damaged"), our_letters(), strict=True):
        assert list(told[kind]) == [glyph.file for glyph in glyphs]
        for glyph in glyphs:
            assert str(parse_glyph(told[kind][glyph.file], glyph.file)) == str(glyph)


def test_what_is_recorded_is_what_the_package_learns() -> None:
    told = learn_letters.learned()
    whole, damaged = our_letters()
    model = for_glyphs(whole)
    errors = [epoch.mse for epoch in model.train(whole)]
    np.testing.assert_allclose(told["errors"], errors, rtol=1e-3)
    weights = np.frombuffer(base64.b64decode(told["weights"]), "<f4")
    np.testing.assert_array_equal(weights, model.weights.reshape(-1).astype(np.float32))
    assert told["measured"]["damaged"] == {"count": len(damaged), "right": len(damaged)}
    assert told["measured"]["flipped"]["cells"] == learn_letters.FLIPS
    assert {len(one["cells"]) for one in told["measured"]["confused"]} == {64}
