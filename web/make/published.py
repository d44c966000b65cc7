"""Other published data sets, each built into the site by its name: `build.py data --set NAME`.

Their files have no mirrors here, for we have no sha256 to pin them by: they are fetched by hand.
The package's catalog knows their names, their classes and how they lie in their files, and its
reader checks them; here they are packed as MNIST is (shards.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from glassnet.data.catalog import CATALOG, KNOWN, ROLES, Source
from glassnet.data.dataset import Bytes
from glassnet.data.folder import File, find_files, identify, numbers, open_images, read_file
from glassnet.data.idx import IdxFile
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
    """A split that is read from its file as it is packed, once and in order, each digit turned
    upright: the largest set has 638 MB of pixels."""

    labels: Bytes
    images: IdxFile
    transposed: bool

    @property
    def count(self) -> int:
        return len(self.labels)

    def raw(self, start: int, stop: int) -> bytes:
        pixels = self.images.take(stop - start)
        upright = pixels.transpose(0, 2, 1) if self.transposed else pixels
        return self.labels[start:stop].tobytes() + upright.tobytes()


def add(name: str, folder: Path | None, chosen: Settings, program: Node) -> Path:
    """Pack a set into `_site/data/NAME-HASH/`; returns that folder.

    Args:
        name: one of NAMES.
        folder: where its four files are, gzipped or not; None for the one in the cache.

    Raises:
        BuildError: there is no such set, or a file is missing, damaged or of another set.
    """
    with opened(name, folder, chosen.cache) as digits:
        path, files = shards.write(
            digits, SITE / "data", lambda raw: gzipped(program, raw, shards.LEVEL)
        )
    sets.keep(name, digits.title, path, files)
    return path.parent


@contextmanager
def opened(name: str, folder: Path | None, cache: Path) -> Iterator[Digits[Stored]]:
    """A set, to be packed out of its four files. Arguments and errors as of `add`."""
    if name not in NAMES:
        raise BuildError(
            f"no data set {name!r} can be added; there are {', '.join(NAMES)}.\n"
            "MNIST is always in the site."
        )
    source = CATALOG[name]
    try:
        with ExitStack() as stack:
            yield _digits(source, folder or cache / name, stack)
    except DataError as error:
        home = _ORIGINS[name.partition("-")[0]][1]
        raise BuildError(
            f"{error}\n{source.title} is read from {', '.join(source.files)}, each as it is or as"
            f" .gz. They are published by {home}: fetch them by hand, and name their folder with"
            f" --from, or put them into {cache / name}."
        ) from error


def _digits(source: Source, folder: Path, stack: ExitStack) -> Digits[Stored]:
    """The labels read, the images' files opened; what can be checked by now is."""
    paths = find_files(folder, source)
    labels = [read_file(paths[k], ROLES[k], source) for k in (1, 3)]
    found = identify(labels)
    if found and found.name != source.name:
        raise DataError(f"{folder}: expected {source.title}, but the labels are {found.title}’s")
    parts = []
    for k, file in zip((0, 2), labels, strict=True):
        images = stack.enter_context(open_images(paths[k], ROLES[k], source))
        part = Stored(numbers(file, source), images, source.transposed)
        if images.shape[0] != part.count:
            raise DataError(f"{file.path}: {part.count} labels for {images.shape[0]} images")
        if not part.count:
            raise DataError(f"{paths[k]}: no images in it")
        parts.append(part)
    train, test = parts
    counts = f"{train.count:,} training and {test.count:,} test images"
    say(f"{source.title}: {counts}; {proof(labels, source)}")
    by = _ORIGINS[source.name.partition("-")[0]][0]
    return Digits(source.title, by, False, train, test, source.name, source.classes)


def proof(labels: list[File], source: Source) -> str:
    """What is known of where the files come from."""
    if not source.md5:
        return "no checksum of single files is published to compare with"
    if all(file.verdict(source) == "published" for file in labels):
        return "the checksums of its labels are those of the files as published"
    return (
        "NOT known to be the set as published: the checksums that are known are those of the .gz"
        " files, and its labels are in others, or were packed anew"
    )
