"""Chosen digits as text: the page's code against another, and against whatever a link may say."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from make.settings import WEB
from support.server import Answer
from support.subset import gaps, packed, rows_of, text
from support.trainer import OpenPage, Serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

WHOLE = {"name": "mnist", "counts": {"train": 60_000, "test": 10_000}}
RNG = np.random.default_rng(3)
CHOICES = {
    "the first": [0],
    "the last": [59_999],
    "both ends": [0, 59_999],
    "gaps around a byte": [0, 127, 254, 255, 383, 512, 16_767, 33_152],
    "every other": list(range(0, 60_000, 2)),
    "a random half": np.flatnonzero(RNG.random(60_000) < 0.5).tolist(),
    "a few": sorted(RNG.choice(60_000, 37, replace=False).tolist()),
    "all": list(range(60_000)),
}


@pytest.fixture
def page(serve: Serve, open_page: OpenPage) -> Page:
    """A blank page that can import the module as it is."""
    overlay = {
        "probe.html": Answer(
            b"<!doctype html><link rel=icon href=data:,>", headers=typed("text/html")
        ),
        "probe.js": Answer(
            (WEB / "data" / "subset.js").read_bytes(), headers=typed("text/javascript")
        ),
    }
    opened: Page = open_page(serve(overlay).url + "probe.html")
    return opened


def typed(kind: str) -> dict[str, str]:
    return {"Content-Type": f"{kind}; charset=utf-8"}


def read(page: Page, fragment: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """async ([fragment, whole]) => {
          const { readSubset } = await import('/probe.js');
          const { subset, faults } = await readSubset(fragment, whole);
          const plain = Object.entries(subset).map(([split, rows]) => [split, [...rows]]);
          return { subset: Object.fromEntries(plain), faults };
        }""",
        [fragment, WHOLE],
    )
    return found


def write(page: Page, **rows: list[int]) -> str:
    written: str = page.evaluate(
        """async ([rows, whole]) => {
          const { writeSubset } = await import('/probe.js');
          const typed = Object.entries(rows).map(([split, list]) => [split, Uint32Array.from(list)]);
          return writeSubset(Object.fromEntries(typed), whole);
        }""",
        [rows, WHOLE],
    )
    return written


def test_what_another_program_wrote_is_read(page: Page) -> None:
    for name, rows in CHOICES.items():
        assert read(page, f"train={text(rows)}") == {"subset": {"train": rows}, "faults": {}}, name


def test_another_program_reads_what_the_page_wrote(page: Page) -> None:
    for name, rows in CHOICES.items():
        split, value = write(page, train=rows).split("=")
        assert (split, value.split(".")[:2]) == ("train", ["mnist", "60000"])
        assert rows_of(value) == rows, name
    assert len(write(page, train=CHOICES["a random half"])) < 14_000
    assert len(write(page, train=CHOICES["all"])) < 200


def test_both_splits_and_none(page: Page) -> None:
    both = write(page, train=[4, 9], test=[17])
    assert read(page, both) == {"subset": {"train": [4, 9], "test": [17]}, "faults": {}}
    assert write(page) == write(page, train=[]) == ""
    for nothing in ["", "main", "utm_source=x&__proto__=1"]:
        assert read(page, nothing) == {"subset": {}, "faults": {}}


BOMB = packed(bytes(80_000_000))
BAD = {
    "empty": ("", "damaged or cut short"),
    "no code": ("mnist.60000.", "damaged or cut short"),
    "no size": ("mnist.eJw", "damaged or cut short"),
    "no base64": ("mnist.60000.e+/=", "damaged or cut short"),
    "an odd length": ("mnist.60000.e", "damaged or cut short"),
    "not zlib": ("mnist.60000.AAAAAAAA", "damaged or cut short"),
    "cut short": (text(CHOICES["a few"])[:-3], "damaged or cut short"),
    "something behind it": (text([1, 2]) + "AAAA", "damaged or cut short"),
    "the last number unfinished": (packed(b"\x01\x80"), "damaged or cut short"),
    "a number without end": (packed(b"\x80" * 40 + b"\x01"), "damaged or cut short"),
    "a bomb": (BOMB, "damaged or cut short"),
    "none": (packed(b""), "none is chosen"),
    "one too far": (text([59_998, 60_000]), "there is no digit 60,000"),
    "too many": (packed(bytes(60_001)), "there is no digit 60,000"),
    "far too far": (packed(b"\xff\xff\xff\xff\x7f"), "there is no digit"),
    "another set": (text([1], name="kmnist"), "of the data set “kmnist”, and this is mnist"),
    "a name like a page": (text([1], name="<img src=x>"), "of the data set “<img src=x>”"),
    "another size": (text([1], total=8000), "of 8,000 digits, and there are 60,000 here"),
    "far too long": ("mnist.60000." + "A" * 400_000, "too long"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_text_is_refused_in_words_and_the_other_split_still_counts(
    page: Page, name: str
) -> None:
    value, words = BAD[name]
    found = read(page, f"test={text([3, 5], total=10_000)}&train={value}")
    assert found["subset"] == {"test": [3, 5]}
    assert set(found["faults"]) == {"train"}
    assert words in found["faults"]["train"]
    assert len(found["faults"]["train"]) < 120


def test_a_bomb_is_one() -> None:
    assert len(BOMB) < 180_000, "it has to come past the limit of characters to be one"


def test_four_hundred_damaged_texts_are_refused_or_valid(page: Page) -> None:
    """No damage makes indices that are not rising or not there; and nothing is thrown."""
    chance = random.Random(5)
    letters = string.ascii_letters + string.digits + "-_.%&=\0é"
    good = text(CHOICES["a few"])
    damages: list[Callable[[str], str]] = [
        lambda one: one[: chance.randrange(len(one))],
        lambda one: replaced(one, chance.randrange(len(one)), chance.choice(letters)),
        lambda one: one + chance.choice(letters),
        lambda one: packed(bytes(chance.randrange(256) for _ in range(chance.randint(1, 30)))),
        lambda one: packed(replaced_byte(gaps(CHOICES["a few"]), chance)),
    ]
    refused = 0
    for _ in range(400):
        value = chance.choice(damages)(good)
        found = read(page, f"train={value}")
        rows = found["subset"].get("train")
        refused += rows is None
        if rows is not None:
            assert 0 < len(rows) <= 60_000
            assert (np.diff(rows) > 0).all(), value
            assert 0 <= rows[0] <= rows[-1] < 60_000
    assert 100 < refused < 400


def replaced(one: str, at: int, letter: str) -> str:
    return one[:at] + letter + one[at + 1 :]


def replaced_byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
