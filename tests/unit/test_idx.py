"""IDX: what is written is read back, by us and by `struct`; what is wrong is named."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassnet.data.idx import IdxFile, format_idx, parse_idx, read_idx, write_idx
from glassnet.errors import DataError
from unit import oracles

DTYPES = st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"])


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    dtype = np.dtype(draw(DTYPES))
    elements = hnp.from_dtype(dtype, allow_nan=False, allow_infinity=False)
    shape = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
    return draw(hnp.arrays(dtype, shape, elements=elements))


@given(arrays(), st.booleans())
def test_what_is_written_is_read_back(array: np.ndarray, packed: bool) -> None:
    data = gzip.compress(format_idx(array)) if packed else format_idx(array)
    back = parse_idx(data)
    assert back.dtype == array.dtype and back.flags.c_contiguous
    assert back.shape == array.shape and (back == array).all()
    truth = oracles.idx(data)
    assert truth is not None and truth.shape == array.shape and (truth == array).all()


def test_the_bytes_are_the_formats() -> None:
    array = np.array([[1, 2], [3, 4]], np.int16)
    expected = b"\x00\x00\x0b\x02" + struct.pack(">II", 2, 2) + struct.pack(">4h", 1, 2, 3, 4)
    assert format_idx(array) == expected


def test_files_are_told_by_their_bytes_and_packed_reproducibly(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    write_idx(tmp_path / "a.gz", array)
    write_idx(tmp_path / "b.gz", array)
    write_idx(tmp_path / "plain", array)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    (tmp_path / "a.gz").rename(tmp_path / "misnamed")
    for name in ("misnamed", "b.gz", "plain"):
        assert (read_idx(tmp_path / name, shape=(None, 2, 2)) == array).all()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x00\x00\x08", "too short for an IDX header"),
        (b"<!doctype html>", "a web page was saved"),
        (b"version https://git-lfs", "a Git LFS pointer was saved"),
        (b"\x00\x00\x07\x01\x00\x00\x00\x00", "IDX type 0x07 does not exist"),
        (b"\x00\x00\x08\x05" + bytes(20), "5 dimensions, expected 1 to 4"),
        (b"\x00\x00\x08\x02\x00\x00\x00\x01", "the header is truncated"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x03ab", "truncated"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x01ab", "more bytes than the 1 the header announces"),
        (b"\x00\x00\x08\x01\x7f\xff\xff\xffab", "the limit is 134,217,728"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x01" + struct.pack(">f", np.nan), "NaN or infinite"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, message: str, packed: bool) -> None:
    with pytest.raises(DataError, match=message) as refusal:
        parse_idx(gzip.compress(data) if packed else data, name="labels.idx")
    assert str(refusal.value).startswith("labels.idx: ")


def test_another_shape_than_asked_for_is_refused() -> None:
    data = format_idx(np.zeros((2, 3), np.uint8))
    assert parse_idx(data, shape=(None, 3)).shape == (2, 3)
    with pytest.raises(DataError, match="expected anyx4 values, the header says 2x3"):
        parse_idx(data, shape=(None, 4))
    with pytest.raises(DataError, match="expected any values"):
        parse_idx(data, shape=(None,))


@pytest.mark.parametrize("place", [10, -8, -1])
def test_damaged_gzip_is_refused(place: int) -> None:
    data = bytearray(gzip.compress(format_idx(np.arange(200, dtype=np.uint8))))
    data[place] ^= 0xFF
    with pytest.raises(DataError):
        parse_idx(bytes(data))


def test_no_gzip_is_unpacked_beyond_what_it_announces() -> None:
    """More data than announced, or a second member, is not looked at: one byte is enough."""
    data = format_idx(np.zeros(10, np.uint8))
    with pytest.raises(DataError, match="more bytes than the 10"):
        parse_idx(gzip.compress(data + bytes(1 << 20)))
    with pytest.raises(DataError, match="after the end of the gzip data"):
        parse_idx(gzip.compress(data) * 2)


def test_gunzipping_looks_at_each_byte_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an inflater leaves of its input is copied: it must not be the rest of the file."""
    inflater, fed = zlib.decompressobj, []

    class Counting:
        def __init__(self, wbits: int) -> None:
            self.inflater = inflater(wbits)

        def decompress(self, data: bytes, most: int) -> bytes:
            fed.append(len(data))
            return self.inflater.decompress(data, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self.inflater, name)

    monkeypatch.setattr("zlib.decompressobj", Counting)
    noise = np.random.default_rng(0).integers(0, 256, 6 << 20).astype(np.uint8)
    for array in (noise, noise // 64, np.zeros(6 << 20, np.uint8)):
        fed.clear()
        data = gzip.compress(format_idx(array), 1)
        assert (parse_idx(data) == array).all()
        assert sum(fed) < 1.5 * len(data) + (1 << 20)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_truncated_gzip_is_called_truncated(kept: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, 3 << 20).astype(np.uint8)
    data = gzip.compress(format_idx(noise), 1)
    with pytest.raises(DataError, match="truncated gzip data"):
        parse_idx(data[: int(kept * len(data))])
    with pytest.raises(DataError, match="truncated gzip data"):
        parse_idx(data[:-1])


@pytest.mark.parametrize("packed", [False, True])
def test_piece_by_piece_it_is_the_same_array(packed: bool) -> None:
    array = np.random.default_rng(3).integers(-99, 99, (1000, 7, 5)).astype(np.int32)
    data = format_idx(array)
    data = gzip.compress(data) if packed else data
    opened = IdxFile(io.BytesIO(data), len(data), "a", shape=(None, 7, 5))
    assert opened.shape == (1000, 7, 5)
    parts = [opened.take(rows) for rows in (1, 0, 400, 599)]
    assert (np.concatenate(parts) == array).all()


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_wrong_is_told_with_the_piece_it_is_in(packed: bool) -> None:
    array = np.random.default_rng(3).integers(0, 255, (1000, 999)).astype(np.uint8)
    data = format_idx(array)
    data = gzip.compress(data) if packed else data
    words = "truncated gzip data" if packed else "truncated: 999,000 bytes"
    with pytest.raises(DataError, match=words):
        cut = IdxFile(io.BytesIO(data[:-1]), len(data) - 1, "a")
        assert (cut.take(900) == array[:900]).all()
        cut.take(100)
    longer = IdxFile(io.BytesIO(data + b"?"), len(data) + 1, "a")
    assert (longer.take(999) == array[:999]).all()
    with pytest.raises(DataError, match="a: more bytes"):
        longer.take(1)
    shrunk = IdxFile(io.BytesIO(data[:-9000]), len(data), "a")  # while it was read
    shrunk.take(900)
    with pytest.raises(DataError, match=r"truncated.*: 990,\d+ of 999,000 bytes of values"):
        shrunk.take(100)


@pytest.mark.parametrize("shape", [(0xFFFFFFFF, 0xFFFFFFFF, 0), (0, 1 << 31, 1 << 31, 1 << 31)])
def test_a_shape_with_a_zero_may_not_be_endless_beside_it(shape: tuple[int, ...]) -> None:
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    with pytest.raises(DataError, match="the limit is 134,217,728"):
        parse_idx(header)
    assert parse_idx(struct.pack(">HBB3I", 0, 8, 3, 0, 28, 28)).shape == (0, 28, 28)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="absent: No such file"):
        read_idx(tmp_path / "absent")
    with pytest.raises(DataError, match="not a regular file"):
        read_idx(tmp_path)
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    with pytest.raises(DataError, match="3,145,728 bytes; the limit is"):
        read_idx(tmp_path / "large", limit=1 << 20)


@pytest.mark.parametrize("array", [np.zeros(3, np.uint16), np.zeros(3, bool), np.array(3, "u1")])
def test_what_idx_cannot_hold_is_not_written(array: np.ndarray) -> None:
    with pytest.raises(DataError, match="IDX"):
        format_idx(array)
