"""Readers written a second time, plainly and without any of the package's code: what they accept,
and with which values, is what the package's readers must accept.  `None` is a refusal."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import re
import struct
import warnings
import zlib
from typing import Any

import numpy as np

Arrays = dict[str, Any]


def idx(data: bytes) -> Any:
    """An IDX file, by `struct`."""
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error, struct.error):
            return None
    formats = {8: "B", 9: "b", 11: "h", 12: "i", 13: "f", 14: "d"}
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in formats or not 1 <= data[3] <= 4:
        return None
    start = 4 + 4 * data[3]
    if len(data) < start:
        return None
    shape = struct.unpack(f">{data[3]}I", data[4:start])
    count = math.prod(shape)
    if len(data) - start != count * struct.calcsize(">" + formats[data[2]]):
        return None
    if math.prod(size or 1 for size in shape) > 1 << 31:
        return None  # nothing is in it, but no array can have such a shape
    values = struct.unpack(f">{count}{formats[data[2]]}", data[start:])
    if not all(math.isfinite(value) for value in values):
        return None
    return np.array(values).reshape(shape)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands, repeated keys and all."""


def safetensors(data: bytes) -> Arrays | None:
    """A safetensors file: every byte of the values must be claimed exactly once."""
    letters = {"F64": "d", "F32": "f", "I64": "q", "I32": "i", "U64": "Q", "U32": "I", "U8": "B"}
    if len(data) < 8:
        return None
    (length,) = struct.unpack("<Q", data[:8])
    text, values = data[8 : 8 + length], data[8 + length :]
    if length > 1 << 20 or len(text) != length or not text.startswith(b"{") or _deep(text):
        return None
    try:
        pairs = json.loads(text.decode(), object_pairs_hook=_Pairs, parse_int=_natural)
    except (ValueError, RecursionError):
        return None
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        return None
    claims = [0] * len(values)
    borders, empty = {0}, set()
    arrays: Arrays = {}
    for name, entry in pairs:
        if not isinstance(entry, _Pairs):
            return None
        parts = dict(entry)
        if name == "__metadata__":
            strings = [text for pair in entry for text in pair]
            if len(parts) != len(entry) or not all(isinstance(text, str) for text in strings):
                return None
            if re.search("[\ud800-\udfff]", "".join(strings)):
                return None
            continue
        if sorted(key for key, _ in entry) != ["data_offsets", "dtype", "shape"]:
            return None
        code, shape, offsets = parts["dtype"], parts["shape"], parts["data_offsets"]
        if not isinstance(code, str) or code not in letters:
            return None
        if not all(
            type(part) is list and all(type(number) is int for number in part)
            for part in (shape, offsets)
        ):
            return None
        if len(shape) > 8 or len(offsets) != 2 or not offsets[0] <= offsets[1] <= len(values):
            return None
        begin, end = offsets
        count = math.prod(shape)
        if end - begin != count * struct.calcsize("<" + letters[code]):
            return None
        for place in range(begin, end):
            claims[place] += 1
        if count:
            borders.add(end)
        else:
            empty.add(begin)
        if math.prod(size or 1 for size in shape) > 1 << 31:
            return None  # nothing is in it, but no array can have such a shape
        numbers = struct.unpack(f"<{count}{letters[code]}", values[begin:end])
        if not all(math.isfinite(number) for number in numbers):
            return None
        if len(name) > 200 or not re.fullmatch(r"[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*", name):
            return None
        arrays[name] = np.array(numbers).reshape(shape)
    if len(arrays) > 1024 or any(count != 1 for count in claims) or not empty <= borders:
        return None
    return arrays


def _deep(data: bytes) -> bool:
    """Whether a reader that recurses would end a browser's interpreter: no valid file is so."""
    return max(data.count(b"["), data.count(b"{")) > 1000 and data.count(b"]") < 1000


def _natural(text: str) -> int:
    if not text.isdigit():
        raise ValueError(text)
    return int(text)


def npz(data: bytes) -> Arrays | None:
    """An npz file, by numpy itself."""
    if _deep(data):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        return arrays if all(np.isfinite(array).all() for array in arrays.values()) else None
    except Exception:  # numpy promises no particular one
        return None


def digits_csv(data: bytes) -> list[list[int]] | None:
    """A CSV file of digits by the standard library's reader: rows of numbers, header dropped."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("latin-1"), newline=""), strict=True))
    except csv.Error:
        return None
    if rows and rows[0] and not re.fullmatch("[0-9]+", rows[0][0]):
        labelled = rows[0][0].strip(' "').lower() == "label"
        columns = len(rows.pop(0))
    else:
        columns = len(rows[0]) if rows else 0
        labelled = math.isqrt(max(columns - 1, 0)) ** 2 == columns - 1
    pixels = columns - labelled
    if not rows or pixels < 4 or math.isqrt(pixels) ** 2 != pixels:
        return None
    for row in rows:
        if len(row) != columns:
            return None
        if any(not re.fullmatch("[0-9]{1,3}", text) or int(text) > 255 for text in row):
            return None
    return [[int(text) for text in row] for row in rows]
