"""The letters in the pages are the package's."""

from __future__ import annotations

from glassnet.data.glyphs import our_letters, parse_glyph
from make import letters


def test_the_pages_have_the_packages_letters() -> None:
    told = letters.read()
    for kind, glyphs in zip(("whole", "damaged"), our_letters(), strict=True):
        assert list(told[kind]) == [glyph.file for glyph in glyphs]
        for glyph in glyphs:
            assert str(parse_glyph(told[kind][glyph.file], glyph.file)) == str(glyph)
