"""The data sets we know by name: their files, classes, and how to tell that the bytes are theirs.

A checksum is given only where its origin could be read:

* MNIST: sha256 of the *uncompressed* files, taken from the canonical files.
* Fashion-MNIST, KMNIST, QMNIST: md5 of the published `.gz` files, as torchvision lists them
  (`torchvision/datasets/mnist.py`).  A file that was unpacked, or packed anew, cannot be checked
  so, and is reported as "unknown", not as wrong.
* EMNIST: only the archive of all its files has a published md5 (the same source), so single files
  are always "unknown".

This file is the table; `folder.py` reads what it lists.  Nothing is ever downloaded.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

DIGITS = tuple(string.digits)
ROLES = ("train images", "train labels", "test images", "test labels")


@dataclass(frozen=True)
class Source:
    """One data set of the catalog.

    Attributes:
        name, title: as the command line and as people call it.
        classes: the classes' names, in the order of the labels.
        files: the four files' names without `.gz`, in the order of `ROLES`.
        sha256: of the four uncompressed files, or ().
        md5: of the four `.gz` files as published, or ().
        count: how many training and test images there must be, or None for any number.
        limit: the most bytes of pixels in a file.
        first_label: the label of the first class.
        transposed: whether the images are stored column by column.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    files: tuple[str, str, str, str]
    sha256: tuple[str, ...] = ()
    md5: tuple[str, ...] = ()
    count: tuple[int, int] | None = None
    limit: int = 128 << 20
    first_label: int = 0
    transposed: bool = False


_MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
# EMNIST merges the small letters that look like their capitals (its paper, arXiv 1702.05373).
_MERGED = DIGITS + tuple(string.ascii_uppercase) + tuple("abdefghnqrt")


def _emnist(part: str, classes: tuple[str, ...]) -> Source:
    start = f"emnist-{part}"
    return Source(
        start,
        f"EMNIST {part}",
        classes,
        (
            f"{start}-train-images-idx3-ubyte",
            f"{start}-train-labels-idx1-ubyte",
            f"{start}-test-images-idx3-ubyte",
            f"{start}-test-labels-idx1-ubyte",
        ),
        limit=600 << 20,  # `byclass` has 697,932 training images
        first_label=1 if part == "letters" else 0,
        transposed=True,
    )


KNOWN = (
    Source(
        "mnist",
        "MNIST",
        DIGITS,
        _MNIST_FILES,
        sha256=(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
        count=(60_000, 10_000),
    ),
    Source(
        "fashion-mnist",
        "Fashion-MNIST",
        (
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
        _MNIST_FILES,
        md5=(
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ),
        count=(60_000, 10_000),
    ),
    Source(
        "kmnist",
        "Kuzushiji-MNIST",
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        _MNIST_FILES,
        md5=(
            "bdb82020997e1d708af4cf47b453dcf7",
            "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7",
            "7320c461ea6c1c855c0b718fb2a4b134",
        ),
        count=(60_000, 10_000),
    ),
    Source(
        "qmnist",
        "QMNIST",
        DIGITS,
        (
            "qmnist-train-images-idx3-ubyte",
            "qmnist-train-labels-idx2-int",
            "qmnist-test-images-idx3-ubyte",
            "qmnist-test-labels-idx2-int",
        ),
        md5=(
            "ed72d4157d28c017586c42bc6afe6370",
            "0058f8dd561b90ffdd0f734c6a30e5e4",
            "1394631089c404de565df7b7aeaf9412",
            "5b5b05890a5e13444e108efe57b788aa",
        ),
        count=(60_000, 60_000),
    ),
    _emnist("byclass", (*DIGITS, *string.ascii_uppercase, *string.ascii_lowercase)),
    _emnist("bymerge", _MERGED),
    _emnist("balanced", _MERGED),
    _emnist("letters", tuple(string.ascii_uppercase)),
    _emnist("digits", DIGITS),
    _emnist("mnist", DIGITS),
)

# Any files with MNIST's names: what a folder of one's own data is read as.
ANONYMOUS = Source("idx", "IDX files", DIGITS, _MNIST_FILES)
CATALOG = {source.name: source for source in (*KNOWN, ANONYMOUS)}
