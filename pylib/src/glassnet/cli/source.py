"""Where a command's data comes from: `--data FOLDER`, or the folder that GLASSNET_DATA names."""

from __future__ import annotations

import argparse
import os

from glassnet.data.catalog import CATALOG
from glassnet.data.dataset import Dataset
from glassnet.data.folder import load
from glassnet.errors import ConfigError

VARIABLE = "GLASSNET_DATA"


def add_data_flags(parser: argparse.ArgumentParser) -> None:
    """`--data` and `--dataset`."""
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help=f"where the IDX files or Kaggle's train.csv are (${VARIABLE})",
    )
    parser.add_argument(
        "--dataset", choices=CATALOG, help="which data set it must be (found by checksums)"
    )


def data_path(args: argparse.Namespace) -> str:
    """The folder, or file, that the user means.

    Raises:
        ConfigError: none was named.
    """
    if args.data == "":
        raise ConfigError("data", "which folder? its name is empty")
    path: str | None = args.data or os.environ.get(VARIABLE)
    if not path:
        raise ConfigError("data", f"which folder? --data, or the variable {VARIABLE}, says it")
    return path


def load_data(args: argparse.Namespace) -> Dataset:
    """The data set that the flags name. Errors as `glassnet.data.folder.load`, and ConfigError."""
    return load(data_path(args), args.dataset)


def describe(data: Dataset) -> str:
    """A data set in a line."""
    counts = ", ".join(f"{count:,} {name}" for name, count in data.counts().items())
    rows, columns = data.shape
    return f"{data.name}: {counts}; {len(data.classes)} classes of {rows}x{columns} images"
