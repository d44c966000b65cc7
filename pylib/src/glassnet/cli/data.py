"""`glassnet data`: what a folder holds, whether it is whole and as published, and its digits."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from glassnet.cli.console import Console
from glassnet.cli.evaluate import choose_split
from glassnet.cli.source import add_data_flags, data_path, describe
from glassnet.data.catalog import KNOWN
from glassnet.data.dataset import Dataset
from glassnet.data.folder import load, read_folder
from glassnet.errors import ConfigError
from glassnet.terminal import beside, draw_image, titled

MEANING = {
    "published": "byte for byte as published",
    "unknown": "sound; no checksum to compare with",
    "changed": "NOT as published",
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet data`."""
    parser = commands.add_parser(
        "data",
        help="look at a data set",
        description="Tell what a folder holds, check it, and show its images.",
    )
    add_data_flags(parser)
    parser.add_argument("--list", action="store_true", help="the data sets known by name")
    parser.add_argument(
        "--show", type=int, action="append", default=[], metavar="INDEX", help="draw an image"
    )
    parser.add_argument("--split", default="train", help="of which part: train or test (train)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.set_defaults(run=data)


def data(args: argparse.Namespace, console: Console) -> int:
    """Check and tell. Returns the exit code: 1 if a file is not as published."""
    if args.list:
        for source in KNOWN:
            console.tell({"name": source.name, "title": source.title, "files": list(source.files)})
            console.say(f"{source.name:<16} {source.title}, {len(source.classes)} classes")
        return 0
    path = Path(data_path(args))
    files = [] if _is_csv(path) else _check_files(path, args, console)
    if any(file["verdict"] == "changed" for file in files):
        return 1
    found = load(path, args.dataset)
    counts = {
        name: np.bincount(split.labels, minlength=len(found.classes)).tolist()
        for name, split in {**found.splits(), "test": found.test}.items()
    }
    console.tell({"name": found.name, "files": files, "counts": counts})
    console.say(describe(found))
    console.say("\n" + " " * 14 + "".join(f"{name:>8}" for name in counts))
    for label, name in enumerate(found.classes):
        row = "".join(f"{count[label]:>8,}" for count in counts.values())
        console.say(f"{name:>14}{row}")
    _show(found, args, console)
    return 0


def _is_csv(path: Path) -> bool:
    return path.is_file() or (path / "train.csv").is_file()


def _check_files(path: Path, args: argparse.Namespace, console: Console) -> list[dict[str, object]]:
    """What each file is, told and returned."""
    source, files = read_folder(path, args.dataset)
    for file in files:
        shape = "x".join(map(str, file.array.shape))
        meaning = MEANING[file.verdict(source)]
        console.say(f"{file.role:<13} {shape:<12} {meaning}  {file.path}")
    return [
        {
            "role": file.role,
            "path": str(file.path),
            "shape": list(file.array.shape),
            "sha256": file.sha256,
            "verdict": file.verdict(source),
        }
        for file in files
    ]


def _show(found: Dataset, args: argparse.Namespace, console: Console) -> None:
    if not args.show:
        return
    split = choose_split(found, args.split)
    pictures = []
    for index in args.show:
        if not 0 <= index < len(split):
            raise ConfigError("show", f"expected 0 to {len(split) - 1}, got {index}")
        title = f"{args.split} {index}: {found.classes[split.labels[index]]}"
        pictures.append(titled(title, draw_image(split.images[index], console.depth)))
    console.say("\n" + beside(pictures, console.width))
