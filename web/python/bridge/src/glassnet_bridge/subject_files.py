"""A network in a file that somebody brings: one of ours, or a clear refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glassnet.config import RunConfig
from glassnet.errors import ConfigError, StorageError
from glassnet.layers import Shape
from glassnet.model import check_arrays, outline
from glassnet.storage import CHECKPOINT_LIMITS, Arrays, parse_npz, parse_safetensors
from glassnet.storage.json import parse_json

Json = dict[str, Any]

ADVICE = "open that network here first, and then this file"
DIGITS = [28, 28]  # of MNIST: what a file's network is for, if nothing says it


def read_network(
    data: bytes, name: str, config: Mapping[str, Any] | None = None, shape: Any = None
) -> tuple[RunConfig, Shape, Arrays]:
    """The network in a file: a model, a checkpoint, or arrays alone.

    Args:
        name: what messages call the file.
        config, shape: what to take arrays for that are alone, as those of every npz file.

    Raises:
        StorageError: it is neither safetensors nor npz, damaged, or of something else.
    """
    arrays, told = read_arrays(data, name)
    config, shape = told.get("config", config), told.get("shape", shape)
    if config is None:
        words = "weights alone, and no word of what network they belong to"
        raise StorageError(f"{name}: {words}: {ADVICE}")
    if shape is None:
        shape = DIGITS
    if not isinstance(shape, list) or not all(type(size) is int and size > 0 for size in shape):
        raise StorageError(f"{name}: its metadata is damaged (shape)")
    try:
        read = RunConfig.from_saved(config)
    except ConfigError as error:
        raise StorageError(f"{name}: {error}") from error
    if told.get("checkpoint"):  # also holds what the optimiser remembers
        wanted = outline(read, tuple(shape))
        arrays = {key: array for key, array in arrays.items() if key in wanted}
    check_arrays(read, tuple(shape), arrays, name)
    return read, tuple(shape), arrays


def read_arrays(data: bytes, name: str) -> tuple[Arrays, Json]:
    """A file's arrays and what it tells of their network. Raises StorageError."""
    if data[:2] == b"PK":
        return parse_npz(data, name=name), {}
    arrays, metadata = parse_safetensors(data, limits=CHECKPOINT_LIMITS, name=name)
    try:
        if "glassnet" in metadata:
            document = dict(parse_json(metadata["glassnet"]))
            if "checkpoint" in document:
                return arrays, {"checkpoint": True, "config": document["state"]["run"]["config"]}
            return arrays, {key: document[key] for key in ("config", "shape")}
        if "config" in metadata:  # the network that the site ships
            return arrays, {"config": parse_json(metadata["config"])}
    except (ValueError, TypeError, KeyError) as error:
        raise StorageError(f"{name}: its metadata is damaged: {str(error)[:200]}") from error
    return arrays, {}
