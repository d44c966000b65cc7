"""IDX, the format MNIST is published in: a tiny header, then the array, big-endian.

    two zero bytes | type | number of dimensions | each dimension as uint32 | the values

Source: the page of Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits",
section "The IDX file format".

A file from anywhere may be damaged or hostile, so the header is believed only after it agrees with
the number of bytes that follow, and nothing is unpacked before its size is known to be bounded.
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
LIMIT = 128 << 20  # bytes of values; the 60,000 training images take 47 million
MAX_DIMENSIONS = 4
GZIP_MAGIC = b"\x1f\x8b"
DEFLATE_MAX_RATIO = 1032  # no deflate stream grows by more: https://zlib.net/zlib_tech.html
CHUNK = 1 << 20
FEED = 1 << 16  # packed bytes unpacked at once: what is left of them is copied


def read_idx(
    path: str | Path, *, shape: tuple[int | None, ...] | None = None, limit: int = LIMIT
) -> NDArray[Any]:
    """The array of an IDX file, plain or gzip (told by its first bytes, not by its name).

    Args:
        path: the file.
        shape: what the header must say, None where any size will do: `(None, 28, 28)`.
        limit: the most bytes of values that will be read into memory.

    Returns:
        A C-contiguous array in this machine's byte order, of the type the header names.

    Raises:
        DataError: the file is missing, larger than the limit, not IDX, truncated or damaged.
    """
    path = Path(path)
    return parse_idx(read_bytes(path, limit + CHUNK), name=path.name, shape=shape, limit=limit)


def parse_idx(
    data: bytes,
    *,
    name: str = "IDX data",
    shape: tuple[int | None, ...] | None = None,
    limit: int = LIMIT,
) -> NDArray[Any]:
    """As `read_idx`, from the file's bytes; `name` is what messages call it."""
    opened = IdxFile(io.BytesIO(data), len(data), name, shape=shape, limit=limit)
    return opened.take(opened.shape[0])


class IdxFile:
    """An IDX file that is read piece by piece: an array larger than what one has room for.

    Args:
        file: the file, plain or gzip, of which `size` bytes are left.
        name: what messages call it.
        shape, limit: as of `read_idx`; but no more memory is taken than is asked for.

    Attributes:
        shape, dtype: of the whole array, as the header says.

    Raises:
        DataError: as `read_idx`, as far as the header can tell; the rest is found by `take`.
    """

    def __init__(
        self,
        file: BinaryIO,
        size: int,
        name: str,
        *,
        shape: tuple[int | None, ...] | None = None,
        limit: int = LIMIT,
    ) -> None:
        self._source = _Source(file, size, name)
        self.dtype, self.shape = _parse_header(self._source, name)
        self._left = self.shape[0]
        if shape is not None and not _fits(self.shape, shape):
            wanted = "x".join("any" if size is None else str(size) for size in shape)
            raise DataError(
                f"{name}: expected {wanted} values, the header says {_times(self.shape)}"
            )
        # A side of nothing makes an array of nothing, but numpy multiplies the others all the same.
        reach = math.prod(side or 1 for side in self.shape) * self.dtype.itemsize
        if reach > limit:
            raise DataError(
                f"{name}: the header says {_times(self.shape)} values, {reach:,} bytes; "
                f"the limit is {limit:,}"
            )
        # Python's integers cannot overflow.
        self._source.expect(math.prod(self.shape) * self.dtype.itemsize)

    def take(self, rows: int) -> NDArray[Any]:
        """The next `rows` of the array, of which so many must be left. With the last of them it is
        known that all of the file is sound.

        Raises:
            DataError: the file is truncated or damaged, or goes on.
        """
        shape = (rows, *self.shape[1:])
        self._left -= rows
        data = self._source.exactly(math.prod(shape) * self.dtype.itemsize)
        if not self._left:
            self._source.end()
        values = np.frombuffer(data, self.dtype).reshape(shape)
        if self.dtype.kind == "f" and not np.isfinite(values).all():
            raise DataError(f"{self._source.name}: values that are NaN or infinite")
        return values.astype(self.dtype.newbyteorder("="), copy=False)


def write_idx(path: str | Path, array: NDArray[Any]) -> None:
    """Write an array as IDX; gzip (without a time stamp, so reproducibly) if named `*.gz`.

    Raises:
        DataError: IDX has no such type, or not so many dimensions.
    """
    path = Path(path)
    data = format_idx(array)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def format_idx(array: NDArray[Any]) -> bytes:
    """The bytes of an IDX file (not compressed) that holds the array. Errors as `write_idx`."""
    return idx_header(array) + big_endian(array).tobytes()


def idx_header(array: NDArray[Any]) -> bytes:
    """The bytes that come before the values. Errors as `write_idx`."""
    native = array.dtype.newbyteorder("=")
    code = next((code for code, text in TYPES.items() if native == np.dtype(text[1:])), None)
    if code is None:
        raise DataError(f"IDX has no type for {array.dtype}")
    if not 1 <= array.ndim <= MAX_DIMENSIONS:
        raise DataError(f"IDX arrays here have 1 to {MAX_DIMENSIONS} dimensions, not {array.ndim}")
    return struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)


def big_endian(array: NDArray[Any]) -> NDArray[Any]:
    """The values as IDX stores them; not copied if they are single bytes."""
    return np.ascontiguousarray(array, array.dtype.newbyteorder(">"))


def read_bytes(path: Path, limit: int) -> bytes:
    """A file's bytes, unless there are more than `limit`.

    Raises:
        DataError: it cannot be read, or is larger.
    """
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{path}: not a regular file")
        size = path.stat().st_size
        if size > limit:
            raise DataError(f"{path}: {size:,} bytes; the limit is {limit:,}")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # a ValueError of names that no file can have
        raise DataError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


class _Source:
    """The bytes of a file in order, decompressed only as far as they are asked for."""

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self.name = name
        self.file = file
        self.start = file.read(len(GZIP_MAGIC))
        self.unfed = size  # bytes that are not given out yet, or fed to the inflater
        self.inflater = zlib.decompressobj(wbits=31) if self.start == GZIP_MAGIC else None
        self.given, self.expected = 0, 0  # of the values

    def raw(self, count: int) -> bytes:
        """The file's next bytes as they lie there."""
        part, self.start = self.start[:count], self.start[count:]
        if len(part) < count:
            part += self.file.read(count - len(part))
        self.unfed -= len(part)
        return part

    def read(self, count: int) -> bytes:
        """The next bytes, at most `count`, fewer only at the end."""
        if self.inflater is None:
            return self.raw(count)
        parts: list[bytes] = []
        while count > 0 and not self.inflater.eof:
            feed = self.inflater.unconsumed_tail or self.raw(FEED)
            try:
                parts.append(self.inflater.decompress(feed, count))
            except zlib.error as error:
                raise DataError(f"{self.name}: damaged gzip data ({error})") from error
            count -= len(parts[-1])
            if not feed and not parts[-1]:  # nothing goes in any more, and nothing comes out
                break
        return b"".join(parts)

    def expect(self, count: int) -> None:
        """What follows are `count` bytes of values: known to be too few before any is unpacked."""
        self.expected = count
        left = self.unfed
        if self.inflater is not None:
            left += len(self.inflater.unconsumed_tail)
            left = left * DEFLATE_MAX_RATIO + 1024  # and what is pending in the inflater
        if count > left:
            raise DataError(f"{self.name}: truncated: {count:,} bytes of values expected")

    def exactly(self, count: int) -> bytearray:
        """The next `count` bytes of the values."""
        values = bytearray(count)
        filled = 0
        while filled < count:
            part = self.read(min(CHUNK, count - filled))
            if not part:
                packed = "truncated gzip data" if self._is_cut() else "truncated"
                found = self.given + filled
                raise DataError(
                    f"{self.name}: {packed}: {found:,} of {self.expected:,} bytes of values"
                )
            values[filled : filled + len(part)] = part
            filled += len(part)
        self.given += count
        return values

    def end(self) -> None:
        """Check that nothing follows, checksum included."""
        if self.read(1):
            raise DataError(
                f"{self.name}: more bytes than the {self.expected:,} the header announces"
            )
        if self._is_cut():
            raise DataError(f"{self.name}: truncated gzip data")
        if self.inflater is not None and (self.inflater.unused_data or self.unfed > 0):
            raise DataError(f"{self.name}: more bytes after the end of the gzip data")

    def _is_cut(self) -> bool:
        """Whether gzip data have been read to where they stop, which is not their end."""
        return self.inflater is not None and not self.inflater.eof


def _parse_header(source: _Source, name: str) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The type and shape that the header announces."""
    magic = source.read(4)
    if len(magic) < 4:
        raise DataError(f"{name}: too short for an IDX header")
    zeros, code, dimensions = struct.unpack(">HBB", magic)
    if zeros != 0:
        raise DataError(f"{name}: not an IDX file: it starts with {magic!r}{_mistake(magic)}")
    if code not in TYPES:
        raise DataError(f"{name}: IDX type 0x{code:02x} does not exist")
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise DataError(f"{name}: {dimensions} dimensions, expected 1 to {MAX_DIMENSIONS}")
    sizes = source.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError(f"{name}: the header is truncated")
    return np.dtype(TYPES[code]), struct.unpack(f">{dimensions}I", sizes)


def _mistake(start: bytes) -> str:
    """Two things that get saved under a data file's name so often that they deserve words."""
    if start[:1] == b"<":
        return " (a web page was saved instead of the file)"
    if start == b"vers":
        return " (a Git LFS pointer was saved instead of the file)"
    return ""


def _fits(found: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(found) == len(wanted) and all(
        want is None or have == want for have, want in zip(found, wanted, strict=True)
    )


def _times(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))
