"""npz, numpy's own archive of arrays: a zip file with one `.npy` file for each.

    npy:  \\x93NUMPY | version | length of the header | header | values

The header is text that looks like a Python dictionary.  `numpy.load` evaluates it, unpickles
arrays of objects if told to, and unpacks whatever size an archive claims; so it is not used here.
This reader takes the one form of header that numpy writes, by a regular expression, and unpacks
nothing before it knows how much there will be.

Sources: numpy's `numpy.lib.format`; PKWARE's APPNOTE.TXT for zip.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

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

TYPES = {"<f8", "<f4", "<i8", "<i4", "<u8", "<u4", "|u1"}
MAX_HEADER = 1024
ENTRY = 512  # bytes an array may take in the zip's directory
SUFFIX = ".npy"
END = struct.Struct("<4s4H2LH")  # the zip's last record, up to the comment
HEADER = re.compile(
    rb"\{'descr': '([<|][a-z]\d)', 'fortran_order': (True|False), "
    rb"'shape': \((|\d{1,10},|\d{1,10}(?:, \d{1,10}){1,7})\), \} *\n"
)
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    struct.error,
)


def parse_npz(data: bytes, *, limits: Limits = WEIGHTS_LIMITS, name: str = "npz data") -> Arrays:
    """The arrays of an npz file, compressed or not.

    Args:
        data: the file's bytes.
        limits: the most it may hold, unpacked.
        name: what messages call it.

    Returns:
        The arrays by name, C-contiguous and in this machine's byte order.

    Raises:
        StorageError: the file is damaged, hostile, holds Python objects or other files.
    """
    try:
        _check_end(data, limits)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            return {
                entry.filename.removesuffix(SUFFIX): _parse_npy(
                    _read(archive, entry), entry.filename, limits
                )
                for entry in entries
            }
    except StorageError as error:
        raise StorageError(f"{name}: {error}") from error.__cause__
    except ZIP_ERRORS as error:
        raise StorageError(f"{name}: damaged: {str(error)[:200]}") from error


def format_npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of an npz file; `numpy.load` reads it.

    Raises:
        StorageError: a name, type or value that this package's own reader would refuse.
    """
    stored: Arrays = {}
    for name, array in arrays.items():
        check_name(name)
        check_finite(name, array)
        stored[name] = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        stored[name] = stored[name].reshape(array.shape)
        if stored[name].dtype.str not in TYPES:
            raise StorageError(f"{name}: npz files of ours do not hold {array.dtype}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: weights hardly shrink
        for name, array in stored.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + SUFFIX), member.getvalue())  # dated 1980
    return buffer.getvalue()


def _check_end(data: bytes, limits: Limits) -> None:
    """Look at the zip's last record before `zipfile` does: it would read any number of entries."""
    if len(data) < END.size or data[:4] != b"PK\x03\x04":
        raise StorageError("not an npz file (a zip of arrays)")
    signature, _, _, _, count, size, offset, comment = END.unpack(data[-END.size :])
    if signature != b"PK\x05\x06" or comment:
        raise StorageError("truncated, or something follows the zip")
    if count > limits.tensors or size > limits.tensors * ENTRY:
        raise StorageError(f"{count:,} files in it; the limit is {limits.tensors}")
    if offset + size + END.size != len(data):
        raise StorageError("the zip's directory is not where it should be")


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise StorageError("a name is there twice")
    for entry in entries:
        check_name(entry.filename.removesuffix(SUFFIX))
        if not entry.filename.endswith(SUFFIX):
            raise StorageError(f"{entry.filename}: not an array (.npy)")
        if entry.flag_bits & 0x1:
            raise StorageError(f"{entry.filename}: encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise StorageError(f"{entry.filename}: compressed in a way numpy does not write")
    total = sum(entry.file_size for entry in entries)
    if total > limits.values + len(entries) * MAX_HEADER:
        raise StorageError(f"{total:,} bytes unpacked; the limit is {limits.values:,}")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One file of the archive, as long as it says: `archive.read` would unpack all there is."""
    with archive.open(entry) as member:
        return member.read(entry.file_size)


def _parse_npy(data: bytes, name: str, limits: Limits) -> NDArray[Any]:
    """The array of one `.npy` file."""
    if data[:6] != b"\x93NUMPY":
        raise StorageError(f"{name}: not an array in numpy's format")
    lengths = {b"\x01\x00": "<H", b"\x02\x00": "<I", b"\x03\x00": "<I"}
    layout = lengths.get(data[6:8])
    if layout is None:
        raise StorageError(f"{name}: unknown version {data[6:8]!r} of numpy's format")
    start = 8 + struct.calcsize(layout)
    if len(data) < start:
        raise StorageError(f"{name}: truncated")
    (length,) = struct.unpack(layout, data[8:start])
    if length > MAX_HEADER:
        raise StorageError(f"{name}: a header of {length:,} bytes; the limit is {MAX_HEADER:,}")
    found = HEADER.fullmatch(data[start : start + length])
    if found is None or found[1].decode() not in TYPES:
        raise StorageError(
            f"{name}: expected an array of {', '.join(sorted(TYPES))}; the header says "
            f"{data[start : start + min(length, 120)]!r}"
        )
    dtype = np.dtype(found[1].decode())
    shape = check_shape(name, [int(size) for size in re.findall(rb"\d+", found[3])])
    values = memoryview(data)[start + length :]
    size = count_bytes(name, shape, dtype.itemsize, limits.values)
    if len(values) != size:
        raise StorageError(f"{name}: {len(values):,} bytes of values; the shape takes {size:,}")
    array = np.frombuffer(values, dtype).reshape(shape, order="F" if found[2] == b"True" else "C")
    check_finite(name, array)
    return array.astype(dtype.newbyteorder("="), order="C")
