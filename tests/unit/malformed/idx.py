"""Damaged IDX files, plain and gzip."""

from __future__ import annotations

import functools
import gzip
import io
import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np

from unit.malformed.mutations import mutated

HUGE = (0, 1, 255, 256, 1000, 2**16, 2**31 - 1, 2**31, 2**32 - 1)


def files(count: int, seed: int = 1) -> Iterator[bytes]:
    """Damaged IDX files, plain and gzip."""
    rng = np.random.default_rng(seed)
    arrays = [
        rng.integers(0, 256, (3, 4, 4), np.uint8),
        rng.integers(0, 10, 7, np.uint8),
        rng.integers(-9, 9, (2, 3)).astype(">i4"),
        rng.random((2, 2)).astype(">f4"),
        rng.random(3).astype(">f8"),
    ]
    codes = {"u1": 8, "i4": 12, "f4": 13, "f8": 14}
    plain = [
        bytes([0, 0, codes[array.dtype.str[1:]], array.ndim])
        + struct.pack(f">{array.ndim}I", *array.shape)
        + array.tobytes()
        for array in arrays
    ]
    packed = [gzip.compress(file, mtime=0) for file in plain]
    attacks = [
        b"",
        b"<!doctype html><title>404</title>",
        b"version https://git-lfs.github.com/spec/v1\n",
        b"\x00\x00\x08\x03" + struct.pack(">3I", 2**31, 28, 28),
        b"\x00\x00\x0e\x04" + struct.pack(">4I", *[2**32 - 1] * 4),
        b"\x00\x00\x08\x03" + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 0),
        b"\x00\x00\x08\x00",
        b"\x00\x00\x01\x01\x00\x00\x00\x02ab",  # a type that does not exist
        b"\x00\x00\x08\xff" + bytes(255 * 4),
        b"\x00\x00\x0d\x01\x00\x00\x00\x01" + struct.pack(">f", float("nan")),
        b"\x00\x00\x0e\x01\x00\x00\x00\x01" + struct.pack(">d", float("inf")),
        *bombs(),
    ]
    return mutated(plain + packed, attacks, [_idx_sizes], count, seed)


@functools.cache
def bombs() -> tuple[bytes, ...]:
    """Small gzip files that unpack to 300 MB: announced or not, and two that lie about it."""
    return (
        _gzip_zeros(b"", 300),
        _gzip_zeros(b"\x00\x00\x08\x01" + struct.pack(">I", 300 << 20), 300),
        _gzip_zeros(b"\x00\x00\x08\x01" + struct.pack(">I", 60 << 20), 80),
        _gzip_zeros(b"\x00\x00\x08\x01" + struct.pack(">I", 60 << 20), 80)[:50_000],
    )


def _gzip_zeros(start: bytes, megabytes: int) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
        file.write(start)
        for _ in range(megabytes):
            file.write(bytes(1 << 20))
    return buffer.getvalue()


def _idx_sizes(rng: random.Random, file: bytes) -> bytes:
    """Another size of a dimension, or another type or number of dimensions."""
    if file[:2] == b"\x1f\x8b":
        try:
            return gzip.compress(_idx_sizes(rng, gzip.decompress(file)), mtime=0)
        except (OSError, EOFError, zlib.error, struct.error):
            return file  # damaged already
    changed = bytearray(file)
    if len(changed) >= 8:
        if rng.random() < 0.3:
            changed[rng.choice((2, 3))] = rng.choice((0, 1, 2, 3, 4, 8, 9, 11, 12, 13, 14, 255))
        else:
            place = 4 + 4 * rng.randrange(max(1, min(changed[3], (len(changed) - 4) // 4)))
            changed[place : place + 4] = struct.pack(">I", rng.choice(HUGE))
    return bytes(changed)
