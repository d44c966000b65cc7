"""Weights and checkpoints as files: read within bounds, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from glassnet.errors import StorageError
from glassnet.storage.json import parse_json
from glassnet.storage.limits import CHECKPOINT_LIMITS, WEIGHTS_LIMITS, Arrays, Limits
from glassnet.storage.npz import format_npz, parse_npz
from glassnet.storage.safetensors import (
    MAX_HEADER,
    format_safetensors,
    parse_metadata,
    parse_safetensors,
)

Json = dict[str, Any]

SAFETENSORS, NPZ = ".safetensors", ".npz"
FORMAT = "glassnet"  # the metadata's key under which ours is kept, as JSON
CHECKPOINT_VERSION = 1


def save_weights(
    path: str | Path, arrays: Mapping[str, NDArray[Any]], meta: Json | None = None
) -> None:
    """Write a network's parameters; the suffix, `.safetensors` or `.npz`, is the format.

    Args:
        path: the file; replaced if it is there, and only once the new one is whole.
        arrays: such as `network.parameters()`.
        meta: anything JSON can hold, such as the configuration; npz has no room for it.

    Raises:
        StorageError: another suffix, more than `load_weights` would read, a value that is not
            finite, or the file cannot be written.
    """
    path = Path(path)
    _check_arrays(path.name, arrays, WEIGHTS_LIMITS)
    if path.suffix == SAFETENSORS:
        metadata = {} if meta is None else {FORMAT: _format_meta(meta)}
        write_file(path, format_safetensors(arrays, metadata))
    elif path.suffix == NPZ:
        write_file(path, format_npz(arrays))
    else:
        raise StorageError(f"{path}: expected a name ending in {SAFETENSORS} or {NPZ}")


def load_weights(path: str | Path, *, limits: Limits = WEIGHTS_LIMITS) -> tuple[Arrays, Json]:
    """The arrays of a file that `save_weights`, or another program, wrote; and its `meta`.

    The format is told by the file's first bytes.  `meta` is empty where there is none of ours.

    Raises:
        StorageError: the file is missing, too large, damaged or hostile.
    """
    path = Path(path)
    data = _read(path, limits)
    if data[:2] == b"PK":
        return parse_npz(data, limits=limits, name=path.name), {}
    arrays, metadata = parse_safetensors(data, limits=limits, name=path.name)
    return arrays, _parse_meta(metadata.get(FORMAT, "{}"), path.name)


def save_checkpoint(path: str | Path, arrays: Mapping[str, NDArray[Any]], meta: Json) -> None:
    """Write a run's whole state, as `Run.state()` gives it. Errors as `save_weights`."""
    write_file(path, format_checkpoint(arrays, meta, name=Path(path).name))


def load_checkpoint(path: str | Path, *, limits: Limits = CHECKPOINT_LIMITS) -> tuple[Arrays, Json]:
    """What `save_checkpoint` wrote, for `Run.restore`.

    Raises:
        StorageError: as `load_weights`; or the file holds weights alone, or is of another version.
    """
    path = Path(path)
    return parse_checkpoint(_read(path, limits), limits=limits, name=path.name)


def format_checkpoint(
    arrays: Mapping[str, NDArray[Any]], meta: Json, *, name: str = "checkpoint"
) -> bytes:
    """The bytes of a checkpoint; `name`: what messages call it. Errors as `save_checkpoint`."""
    _check_arrays(name, arrays, CHECKPOINT_LIMITS)
    document = {"checkpoint": CHECKPOINT_VERSION, "state": meta}
    return format_safetensors(arrays, {FORMAT: _format_meta(document)})


def parse_checkpoint(
    data: bytes, *, limits: Limits = CHECKPOINT_LIMITS, name: str = "checkpoint"
) -> tuple[Arrays, Json]:
    """What `format_checkpoint` made. Errors as `load_checkpoint`."""
    arrays, metadata = parse_safetensors(data, limits=limits, name=name)
    document = _parse_meta(metadata.get(FORMAT, "{}"), name)
    version, state = document.get("checkpoint"), document.get("state")
    if version != CHECKPOINT_VERSION or not isinstance(state, dict):
        raise StorageError(
            f"{name}: expected a checkpoint of version {CHECKPOINT_VERSION}, "
            f"got {'none' if version is None else str(version)[:20]}"
        )
    return arrays, state


def is_checkpoint(path: str | Path) -> bool:
    """Whether a file calls itself a checkpoint, of whatever version; its arrays are not looked at.

    Raises:
        StorageError: the file is missing, or is neither a checkpoint nor weights.
    """
    path = Path(path)
    data = _read(path, CHECKPOINT_LIMITS)
    if data[:2] == b"PK":
        return False
    metadata = parse_metadata(data, name=path.name)
    return "checkpoint" in _parse_meta(metadata.get(FORMAT, "{}"), path.name)


def _check_arrays(name: str, arrays: Mapping[str, NDArray[Any]], limits: Limits) -> None:
    try:
        limits.check_arrays(arrays)
    except StorageError as error:
        raise StorageError(f"{name}: {error}") from None


def _read(path: Path, limits: Limits) -> bytes:
    """A file's bytes, unless there are more than its limits can need."""
    most = limits.values + MAX_HEADER + limits.tensors * 2048
    try:
        if path.exists() and not path.is_file():
            raise StorageError(f"{path}: not a regular file")
        if path.stat().st_size > most:
            raise StorageError(f"{path}: larger than the limit of {most:,} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # a ValueError of names that no file can have
        raise StorageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def write_file(path: str | Path, data: bytes) -> None:
    """Write beside the file, then put it in its place: a crash leaves the old one whole.

    Raises:
        StorageError: it cannot be written.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except (OSError, ValueError) as error:
        with contextlib.suppress(OSError, ValueError):
            beside.unlink()
        raise StorageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _format_meta(meta: Json) -> str:
    try:
        return json.dumps(meta, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StorageError(f"metadata: {error}") from error


def _parse_meta(text: str, name: str) -> Json:
    try:
        meta = parse_json(text)
    except ValueError as error:
        raise StorageError(f"{name}: its metadata is not JSON: {str(error)[:200]}") from error
    if not isinstance(meta, dict):
        raise StorageError(f"{name}: its metadata is not a JSON object")
    return meta
