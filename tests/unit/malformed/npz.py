"""Damaged npz files."""

from __future__ import annotations

import functools
import io
import pickle
import random
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np

from unit.malformed.mutations import mutated


def npz_file(members: dict[str, bytes], compress: bool = False) -> bytes:
    """A zip of any files."""
    buffer = io.BytesIO()
    way = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", way) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, way)
    return buffer.getvalue()


def npy_file(header: bytes | str, values: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A `.npy` file with any header."""
    text = header.encode() if isinstance(header, str) else header
    length = struct.pack("<H" if version == b"\x01\x00" else "<I", len(text) & 0xFFFF)
    return b"\x93NUMPY" + version + length + text + values


class _Planted:
    """Unpickling this would say so."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("import builtins; builtins.pwned = True",)


def files(count: int, seed: int = 3) -> Iterator[bytes]:
    """Damaged npz files."""
    rng = np.random.default_rng(seed)
    arrays = {"layers.0.weight": rng.random((3, 4)).astype("<f4"), "n": np.arange(5)}
    stored, packed, single = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.savez(stored, **arrays)  # type: ignore[arg-type]
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    np.savez(single, f=np.asfortranarray(rng.random((2, 3))))
    valid = [stored.getvalue(), packed.getvalue(), single.getvalue()]

    def header(descr: str, shape: str) -> str:
        return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"

    one = npy_file(header("'<f4'", "(1,)"), bytes(4))
    nan = npy_file(header("'<f4'", "(1,)"), struct.pack("<f", float("nan")))
    objects = io.BytesIO()
    np.save(objects, np.array([_Planted()], object), allow_pickle=True)
    twice = npz_file({"a.npy": one, "b.npy": one}).replace(b"b.npy", b"a.npy")
    attacks = [
        npz_file({"a.npy": objects.getvalue()}),
        npz_file({"a.npy": pickle.dumps(_Planted())}),
        npz_file({"a.npy": nan}),
        npz_file({"../../etc/x.npy": one}),
        npz_file({"/x.npy": one}),
        npz_file({"a/b.npy": one}),
        npz_file({"a.txt": one}),
        npz_file({".npy": one}),
        npz_file({f"a{i}.npy": one for i in range(2000)}),
        npz_file({"a.npy": npy_file(header("'<f4'", "(300000000,)"), bytes(4))}),
        npz_file({"a.npy": npy_file(header("'<f4'", "(70000, 70000)"), bytes(4))}),
        npz_file({"a.npy": npy_file(header("'<f4'", "(-1,)"), bytes(4))}),
        npz_file({"a.npy": npy_file(header("'|V2000000000'", "(1,)"), bytes(4))}),
        npz_file({"a.npy": npy_file(header("'|O'", "(1,)"), bytes(4))}),
        npz_file({"a.npy": npy_file(header("[('x', '<f4')]", "(1,)"), bytes(4))}),
        npz_file({"a.npy": npy_file("[" * 9000, bytes(4))}),
        npz_file({"a.npy": npy_file("__import__('os')", bytes(4))}),
        npz_file({"a.npy": npy_file(header("'<f4'", "(1,)"), bytes(4), b"\x09\x00")}),
        npz_file({"a.npy": b"\x93NUMPY\x02\x00\xff\xff\xff\xff"}),
        npz_file({"a.npy": b""}),
        twice,
        *bombs(),
        b"PK\x05\x06" + bytes(18),
        b"<!doctype html><title>404</title>",
        one,
        pickle.dumps({"a": [1.0]}),
    ]
    return mutated(valid, attacks, [_npz_fields], count, seed)


@functools.cache
def bombs() -> tuple[bytes, ...]:
    """Zips of some hundred kilobytes that unpack to 200 MB, honest about it and lying."""
    size = 200 << 20
    honest = _zip_zeros(["a.npy"], size)
    lying = honest.replace(struct.pack("<I", size), struct.pack("<I", 1 << 20))
    return honest, lying, _zip_zeros([f"a{i}.npy" for i in range(10)], size // 10)


def _zip_zeros(names: list[str], size: int) -> bytes:
    """A zip of arrays of zeros, each of `size` bytes with its header."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            start = npy_file(
                f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({size - 128},), }}"
            )
            start = start[:8] + struct.pack("<H", 118) + start[10:].ljust(117) + b"\n"
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as member:
                member.write(start)
                for begin in range(128, size, 1 << 20):
                    member.write(bytes(min(1 << 20, size - begin)))
    return buffer.getvalue()


def _npz_fields(rng: random.Random, file: bytes) -> bytes:
    """A size, count, offset, flag or method in one of the zip's records changed."""
    records = [(b"PK\x03\x04", 30), (b"PK\x01\x02", 46), (b"PK\x05\x06", 22)]
    signature, length = rng.choice(records)
    place = file.find(signature)
    if place < 0 or len(file) < place + length:
        return file
    changed = bytearray(file)
    field = place + 4 + 2 * rng.randrange((length - 4) // 2)
    value = rng.choice((0, 1, 8, 9, 12, 99, 255, 256, 65535, rng.randrange(65536)))
    changed[field : field + 2] = struct.pack("<H", value)
    return bytes(changed)
