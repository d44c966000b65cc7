"""Damaged safetensors files."""

from __future__ import annotations

import json
import pickle
import random
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

from unit.malformed.mutations import mutated


def safetensors_file(header: Any, values: bytes = b"") -> bytes:
    """A file with any header: an object, or its text."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + values


def _entry(dtype: Any, shape: Any, begin: Any, end: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def files(count: int, seed: int = 2) -> Iterator[bytes]:
    """Damaged safetensors files."""
    rng = np.random.default_rng(seed)
    weight, bias = rng.random((3, 4)).astype("<f4"), rng.random(3).astype("<f8")
    two = {"layers.0.weight": _entry("F32", [3, 4], 0, 48), "b": _entry("F64", [3], 48, 72)}
    both = weight.tobytes() + bias.tobytes()
    valid = [
        safetensors_file(two, both),
        safetensors_file({**two, "__metadata__": {"glassnet": "{}"}}, both),
        safetensors_file(json.dumps(two, separators=(",", ":")).encode() + b"   ", both),
        safetensors_file({"n": _entry("I64", [], 0, 8), "e": _entry("U8", [0, 5], 8, 8)}, bytes(8)),
        safetensors_file({}),
    ]
    four = bytes(4)
    nan = struct.pack("<f", float("nan"))
    entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
    attacks = [
        safetensors_file(f'{{"a":{entry},"a":{entry}}}'.encode(), four),  # a key twice
        safetensors_file(f'{{"a":{entry[:-1]},"shape":[1]}}}}'.encode(), four),  # inside, too
        safetensors_file({"a": _entry("F32", [1], 0, 4), "b": _entry("F32", [1], 0, 4)}, four),
        safetensors_file({"a": _entry("F32", [2], 0, 8), "b": _entry("F32", [1], 4, 8)}, bytes(8)),
        safetensors_file({"a": _entry("F32", [1], 4, 8)}, bytes(8)),  # a hole
        safetensors_file({"a": _entry("F32", [1], 0, 4)}, bytes(8)),  # a rest
        safetensors_file({"a": _entry("F32", [1], 0, 4)}, nan),
        safetensors_file({"a": _entry("F32", [2**32, 2**32], 0, 4)}, four),  # overflows 64 bits
        safetensors_file({"a": _entry("F32", [2**31 - 1] * 8, 0, 4)}, four),
        safetensors_file({"a": _entry("F32", [2**30, 2**30, 2**30, 0], 0, 0)}),
        safetensors_file({"a": _entry("F32", [1] * 9, 0, 4)}, four),
        safetensors_file({"a": _entry("F32", [-1], 0, 4)}, four),
        safetensors_file({"a": _entry("F32", [True], 0, 4)}, four),
        safetensors_file({"a": _entry("F32", [1.0], 0, 4)}, four),
        safetensors_file({"a": _entry("F32", "1", 0, 4)}, four),
        safetensors_file({"a": _entry("F32", [1], 0.0, 4)}, four),
        safetensors_file(f'{{"a":{entry.replace("[0,", "[-0,")}}}'.encode(), four),
        safetensors_file({"a": _entry("F32", [1], 4, 0)}, four),
        safetensors_file({"a": _entry("F32", [1], -4, 0)}, four),
        safetensors_file({"a": _entry("F32", [1], 0, 2**64)}, four),
        safetensors_file({"a": _entry("X99", [1], 0, 4)}, four),
        safetensors_file({"a": _entry(["F32"], [1], 0, 4)}, four),
        safetensors_file({"a": {"dtype": "F32", "shape": [1]}}, four),
        safetensors_file({"a": {**_entry("F32", [1], 0, 4), "more": 1}}, four),
        safetensors_file({"a": [1]}, four),
        safetensors_file({"../../etc/passwd": _entry("F32", [1], 0, 4)}, four),
        safetensors_file({"/a": _entry("F32", [1], 0, 4)}, four),
        safetensors_file({"": _entry("F32", [1], 0, 4)}, four),
        safetensors_file({"a\x00b": _entry("F32", [1], 0, 4)}, four),
        safetensors_file({"a" * 5000: _entry("F32", [1], 0, 4)}, four),
        safetensors_file({"__metadata__": {"a": 1}}),
        safetensors_file({"__metadata__": []}),
        safetensors_file(b'{"__metadata__":{"a":"\\ud800"}}'),
        safetensors_file({f"t{i}": _entry("F32", [0], 0, 0) for i in range(10_000)}),
        safetensors_file(b'{"a":' * 100_000),
        safetensors_file(b'{"a":' + b"[" * 500_000),
        safetensors_file(b'{"a":' + b"9" * 500_000 + b"}"),
        safetensors_file(b'{"a":NaN}'),
        safetensors_file(b"[]"),
        safetensors_file(b" {}"),
        safetensors_file(b"\xff{}"),
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 100_000_000) + b"{}",
        b"<!doctype html><title>404</title>",
        pickle.dumps({"a": [1.0]}),
    ]
    return mutated(valid, attacks, [_safetensors_header], count, seed)


def _safetensors_header(rng: random.Random, file: bytes) -> bytes:
    """The header changed, its length put right, the values left."""
    if len(file) < 8:
        return file
    (length,) = struct.unpack("<Q", file[:8])
    if length > len(file) - 8:
        return file
    text, values = file[8 : 8 + length], file[8 + length :]
    swaps = [
        (b"F32", rng.choice((b"F64", b"U8", b"BF16", b"I32", b"BOOL"))),
        (b"[3,", rng.choice((b"[4,", b"[-3,", b"[12,1,", b"[1e0,", b"[2147483648,"))),
        (b"48", rng.choice((b"40", b"44", b"56", b"0", b"-1", b"4.8e1"))),
        (b"72", rng.choice((b"64", b"80", b"18446744073709551615"))),
        (b'"b"', rng.choice((b'"layers.0.weight"', b'"../b"', b'"__metadata__"', b'"b.c-1"'))),
        (b"{", b"{ "),
        (b", ", b" ,\t"),
    ]
    old, new = rng.choice(swaps)
    text = text.replace(old, new, rng.choice((1, -1)))
    return struct.pack("<Q", len(text)) + text + values
