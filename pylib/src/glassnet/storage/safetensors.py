"""safetensors: arrays by name in one file that nothing is executed from.

    length of the header, uint64 | header, JSON | the values of all tensors, little-endian

where the header gives for each name its type, its shape, and where its values begin and end:

    {"layers.0.weight": {"dtype": "F32", "shape": [36, 784], "data_offsets": [0, 112896]},
     "__metadata__": {"any": "strings"}}

Source: https://github.com/huggingface/safetensors, "Format".  This reader is stricter than the
format: fewer types, fewer tensors, plain names, and no NaN.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import StorageError
from glassnet.storage.limits import (
    WEIGHTS_LIMITS,
    Arrays,
    Limits,
    check_finite,
    check_name,
    check_shape,
    count_bytes,
)
from glassnet.storage.nesting import check_nesting

TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "I64": "<i8",
    "I32": "<i4",
    "U64": "<u8",
    "U32": "<u4",
    "U8": "<u1",
}
METADATA = "__metadata__"
MAX_HEADER = 1 << 20


def parse_safetensors(
    data: bytes, *, limits: Limits = WEIGHTS_LIMITS, name: str = "safetensors data"
) -> tuple[Arrays, dict[str, str]]:
    """The arrays and the metadata of a safetensors file.

    Args:
        data: the file's bytes.
        limits: the most it may hold.
        name: what messages call it.

    Returns:
        The arrays by name, in the order of their values, C-contiguous and in this machine's byte
        order; and the metadata.

    Raises:
        StorageError: the file is damaged, hostile, or holds something else.
    """
    try:
        header, values = _split(data)
        metadata = _metadata(header.pop(METADATA, {}))
        return _tensors(header, values, limits), metadata
    except StorageError as error:
        raise StorageError(f"{name}: {error}") from error.__cause__


def parse_metadata(data: bytes, *, name: str = "safetensors data") -> dict[str, str]:
    """The metadata alone. Raises StorageError where the header is damaged."""
    try:
        return _metadata(_split(data)[0].get(METADATA, {}))
    except StorageError as error:
        raise StorageError(f"{name}: {error}") from error.__cause__


def format_safetensors(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The bytes of a safetensors file: the same arrays and metadata give the same bytes.

    Raises:
        StorageError: a name, type or value that this package's own reader would refuse.
    """
    codes = {np.dtype(text): code for code, text in TYPES.items()}
    header: dict[str, object] = {METADATA: dict(metadata)} if metadata else {}
    _metadata(dict(metadata))
    parts: list[bytes] = []
    end = 0
    for name, array in arrays.items():
        check_name(name)
        check_finite(name, array)
        stored = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
        if stored.dtype not in codes:
            raise StorageError(f"{name}: safetensors files of ours do not hold {array.dtype}")
        header[name] = {
            "dtype": codes[stored.dtype],
            "shape": list(array.shape),
            "data_offsets": [end, end + stored.nbytes],
        }
        parts.append(stored.tobytes())
        end += stored.nbytes
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the values then start aligned
    if len(text) > MAX_HEADER:
        raise StorageError(f"a header of {len(text):,} bytes; the limit is {MAX_HEADER:,}")
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def _split(data: bytes) -> tuple[dict[str, Any], memoryview]:
    """The header, read, and the bytes after it."""
    if len(data) < 8:
        raise StorageError("too short for a safetensors file")
    length = int.from_bytes(data[:8], "little")
    if length > MAX_HEADER:
        raise StorageError(
            f"not a safetensors file: a header of {length:,} bytes; the limit is {MAX_HEADER:,}"
        )
    if length > len(data) - 8:
        raise StorageError(f"truncated: the header should have {length:,} bytes")
    text = data[8 : 8 + length]
    if text[:1] != b"{":
        raise StorageError("the header is not a JSON object")
    header = _parse_json(text)
    if not isinstance(header, dict):
        raise StorageError("the header is not a JSON object")
    return header, memoryview(data)[8 + length :]


def _parse_json(text: bytes) -> object:
    """JSON without what JSON readers disagree on: repeated keys, NaN, -0."""
    try:
        return json.loads(
            check_nesting(text.decode("utf-8")),
            object_pairs_hook=_without_repeats,
            parse_int=_whole,
            parse_constant=_no_constant,
        )
    except ValueError as error:
        raise StorageError(f"the header is not JSON: {str(error)[:200]}") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is there twice")
    return result


def _whole(text: str) -> int:
    if text.startswith("-"):
        raise ValueError(f"{text[:20]} is negative")
    return int(text)


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _metadata(metadata: object) -> dict[str, str]:
    if not isinstance(metadata, dict) or not all(
        isinstance(key, str) and isinstance(value, str) for key, value in metadata.items()
    ):
        raise StorageError(f"{METADATA}: expected strings by name")
    try:
        "".join([*metadata.keys(), *metadata.values()]).encode()
    except UnicodeEncodeError as error:
        raise StorageError(f"{METADATA}: half of a surrogate pair") from error
    return metadata


def _tensors(header: dict[str, Any], values: memoryview, limits: Limits) -> Arrays:
    """The arrays; together they must cover the values exactly, without gap or overlap."""
    limits.check(len(header), len(values))
    entries = sorted(
        (_offsets(name, entry), name, entry["dtype"], entry["shape"])
        for name, entry in header.items()
    )
    arrays: Arrays = {}
    position = 0
    for (begin, end), name, code, sizes in entries:
        dtype = np.dtype(TYPES[code])
        shape = check_shape(name, sizes)
        if begin != position:
            raise StorageError(f"{name}: values begin at byte {begin}, expected {position}")
        if end - begin != count_bytes(name, shape, dtype.itemsize, limits.values):
            raise StorageError(f"{name}: {end - begin:,} bytes for {code} of shape {list(shape)}")
        if end > len(values):
            raise StorageError(f"{name}: truncated: values end at byte {end}")
        array = np.frombuffer(values[begin:end], dtype).reshape(shape)
        check_finite(name, array)
        arrays[name] = array.astype(dtype.newbyteorder("="))  # a copy: aligned, and writable
        position = end
    if position != len(values):
        raise StorageError(f"{len(values) - position:,} bytes after the last tensor's values")
    return arrays


def _offsets(name: str, entry: object) -> tuple[int, int]:
    """Where a tensor's values begin and end; the entry's other parts are checked for presence."""
    check_name(name)
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise StorageError(f"{name}: expected dtype, shape and data_offsets")
    if not isinstance(entry["dtype"], str) or entry["dtype"] not in TYPES:
        raise StorageError(f"{name}: type {str(entry['dtype'])[:40]!r}; known: {', '.join(TYPES)}")
    offsets = entry["data_offsets"]
    if not isinstance(offsets, list) or [type(offset) for offset in offsets] != [int, int]:
        raise StorageError(f"{name}: data_offsets are not two whole numbers")
    begin, end = offsets
    if not 0 <= begin <= end:
        raise StorageError(f"{name}: data_offsets {str(offsets)[:60]} are out of order")
    return begin, end
