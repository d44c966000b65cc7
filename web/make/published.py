"""Other published data sets, each built into the site by its name: `build.py data --set NAME`.

Their files have no mirrors here, for we have no sha256 to pin them by: they are fetched by hand.
The package's catalog knows their names, their classes and how they lie in their files, and its
reader checks them; here they are packed as MNIST is (shards.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from glassnet.data.catalog import CATALOG, KNOWN, Source
from glassnet.data.dataset import Split
from glassnet.data.folder import File, as_stored, read_folder
from glassnet.errors import DataError

from . import sets, shards
from .console import BuildError, say
from .interpreter import gzipped
from .mnist import Digits
from .node import Node
from .settings import SITE, Settings

NAMES = [source.name for source in KNOWN if source.name != "mnist"]  # which is always there
# By the beginning of a set's name: whose it is, and where its files are published.
_ORIGINS = {
    "fashion": ("Xiao, Rasul and Vollgraf", "the project fashion-mnist of Zalando Research"),
    "kmnist": ("Clanuwat and others, CODH", "the project kmnist of ROIS-CODH"),
    "qmnist": ("Yadav and Bottou", "the project qmnist of Facebook Research"),
    "emnist": ("Cohen, Afshar, Tapson and van Schaik", "NIST’s page “The EMNIST Dataset”"),
}


@dataclass(frozen=True)
class Stored:
    """A split as it lies in its files; each digit is turned upright when it is packed."""

    split: Split
    transposed: bool

    @property
    def count(self) -> int:
        return len(self.split)

    def raw(self, start: int, stop: int) -> bytes:
        part = self.split[start:stop]
        images = part.images.transpose(0, 2, 1) if self.transposed else part.images
        return part.labels.tobytes() + images.tobytes()


def add(name: str, folder: Path | None, chosen: Settings, program: Node) -> Path:
    """Pack a set into `_site/data/NAME-HASH/`; returns that folder.

    Args:
        name: one of NAMES.
        folder: where its four files are, gzipped or not; None for the one in the cache.

    Raises:
        BuildError: there is no such set, or a file is missing, damaged or of another set.
    """
    digits = read(name, folder, chosen.cache)
    path, files = shards.write(
        digits, SITE / "data", lambda raw: gzipped(program, raw, shards.LEVEL)
    )
    sets.keep(name, digits.title, path, files)
    return path.parent


def read(name: str, folder: Path | None, cache: Path) -> Digits[Stored]:
    """A set from its four files. Arguments and errors as of `add`."""
    if name not in NAMES:
        raise BuildError(
            f"no data set {name!r} can be added; there are {', '.join(NAMES)}.\n"
            "MNIST is always in the site."
        )
    by, home = _ORIGINS[name.partition("-")[0]]
    folder = folder or cache / name
    try:
        source, files = read_folder(folder, name)
        train_images, train_labels, test_images, test_labels = files
        train = as_stored(train_images, train_labels, source)
        test = as_stored(test_images, test_labels, source)
    except DataError as error:
        names = ", ".join(CATALOG[name].files)
        raise BuildError(
            f"{error}\n{CATALOG[name].title} is read from {names}, each as it is or as .gz."
            f" They are published by {home}: fetch them by hand, and name their folder with --from,"
            f" or put them into {cache / name}."
        ) from error
    for part, split in (("training", train), ("test", test)):
        if not len(split):
            raise BuildError(f"{folder}: {source.title} has no {part} images in it")
    counts = f"{len(train):,} training and {len(test):,} test images"
    say(f"{source.title}: {counts}; {proof(files, source)}")
    return Digits(
        title=source.title,
        source=by,
        sample=False,
        train=Stored(train, source.transposed),
        test=Stored(test, source.transposed),
        name=source.name,
        classes=source.classes,
    )


def proof(files: list[File], source: Source) -> str:
    """What is known of where its files come from. (A file of another set has been refused.)"""
    verdicts = [file.verdict(source) for file in files]
    if all(verdict == "published" for verdict in verdicts):
        return "their checksums are those of the files as published"
    if not source.md5:
        return "no checksum of single files is published to compare with"
    return (
        "NOT known to be the files as published: the checksums that are known are those of the .gz"
        " files, and these are others, or were packed anew"
    )
