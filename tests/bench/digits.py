"""The digits of the built site, as arrays: every contender learns from these."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Part = tuple[Bytes, Bytes]


def read(site: Path) -> dict[str, Part]:
    """Images uint8 (n, 28, 28) and labels uint8 (n,) of "train" and "test"."""
    place = index(site)
    splits = json.loads(place.read_text(encoding="utf-8"))["splits"]
    return {name: _split(place.parent, split["shards"]) for name, split in splits.items()}


def index(site: Path) -> Path:
    """The file that lists the shards; of several builds' the newest."""
    return max(site.glob("data/mnist-*/index.json"), key=lambda path: path.stat().st_mtime)


def _split(folder: Path, shards: list[dict[str, Any]]) -> Part:
    images, labels = [], []
    for shard in shards:
        raw = np.frombuffer(gzip.decompress((folder / shard["file"]).read_bytes()), np.uint8)
        labels.append(raw[: shard["count"]])
        images.append(raw[shard["count"] :].reshape(-1, 28, 28))
    return np.concatenate(images), np.concatenate(labels)
