"""Glyphs: text files to letters, anyone's folder to a training set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glassnet.data.glyphs import classes_of, load_glyphs, our_letters, parse_glyph
from glassnet.errors import DataError

DIAGONAL = "\n".join("." * i + "#" + "." * (7 - i) for i in range(8)) + "\n"


def test_a_glyph_is_read_row_by_row() -> None:
    glyph = parse_glyph(DIAGONAL, "X.slanted.txt")
    assert (glyph.pixels == np.eye(8)).all() and glyph.pixels.dtype == np.uint8
    assert (glyph.label, glyph.file) == ("X", "X.slanted.txt")
    assert str(glyph) + "\n" == DIAGONAL


@pytest.mark.parametrize(
    "text", [DIAGONAL.replace("\n", "\r\n"), "\n\n" + DIAGONAL, DIAGONAL.replace("#", "# ")]
)
def test_white_space_is_passed_over(text: str) -> None:
    assert (parse_glyph(text, "X").pixels == np.eye(8)).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "got rows of nothing"),
        (DIAGONAL[:-2], "got rows of 8, 8, 8, 8, 8, 8, 8, 7"),
        (DIAGONAL + "........\n", "got rows of 8, 8, 8, 8, 8, 8, 8, 8, 8"),
        ("................\n" * 4, "got rows of 16, 16, 16, 16"),
        (DIAGONAL.replace("...#....", "...X...."), "line 4, column 4: .* got 'X'"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as refusal:
        parse_glyph(text, "X.txt")
    assert str(refusal.value).startswith("X.txt")


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("B.txt", "A.2", "A.1", "b.txt", ".hidden"):
        (tmp_path / name).write_text(DIAGONAL, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    glyphs = load_glyphs(tmp_path)
    assert [glyph.file for glyph in glyphs] == ["A.1", "A.2", "B.txt", "b.txt"]
    assert classes_of(glyphs) == ["A", "B", "b"]


def test_what_is_no_folder_of_glyphs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no glyphs in it"):
        load_glyphs(tmp_path)
    with pytest.raises(DataError, match="absent: No such file"):
        load_glyphs(tmp_path / "absent")
    (tmp_path / "A").write_bytes(b"\xff\xfe" * 10)
    with pytest.raises(DataError, match="A: not a text file"):
        load_glyphs(tmp_path)
    (tmp_path / "A").write_text(DIAGONAL + " " * 5000, encoding="utf-8")
    with pytest.raises(DataError, match=r"A: .*a glyph has at most 4,096"):
        load_glyphs(tmp_path)


def test_our_letters_are_the_alphabet_and_really_damaged() -> None:
    whole, damaged = our_letters()
    alphabet = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    assert classes_of(whole) == classes_of(damaged) == alphabet
    assert len(whole) > len(alphabet), "some class has several files"
    pictures = [str(glyph) for glyph in whole + damaged]
    assert len(set(pictures)) == len(pictures)
    for glyph in damaged:
        own = [other.pixels for other in whole if other.label == glyph.label]
        changed = min(np.count_nonzero(glyph.pixels != pixels) for pixels in own)
        assert 2 <= changed <= 8, glyph.file
