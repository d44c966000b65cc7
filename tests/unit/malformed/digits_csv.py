"""Damaged files of digits as text."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from unit.malformed.mutations import mutated


def files(count: int, seed: int = 4) -> Iterator[bytes]:
    """Damaged files of digits as text."""
    rng = np.random.default_rng(seed)
    rows = [[int(rng.integers(10)), *rng.integers(0, 256, 9).tolist()] for _ in range(5)]
    body = "".join(",".join(map(str, row)) + "\n" for row in rows)
    header = "label," + ",".join(f"pixel{i}" for i in range(9)) + "\n"
    pixels = "".join(",".join(map(str, row[1:])) + "\n" for row in rows)
    valid = [text.encode() for text in (header + body, body, pixels, header[6:] + pixels)]
    valid.append(valid[0].replace(b"\n", b"\r\n"))
    attacks = [
        b"",
        b"\n",
        b"\n\n\n",
        b"label\n1\n",
        b"label,pixel0\n1,2\n",
        header.encode(),
        b"<!doctype html>\n<title>404</title>\n",
        b"\x00" * 1000,
        b"\xff\xfe" + valid[0],
        b"\xef\xbb\xbf" + valid[0],
        (header + "1,2,3,4,5,6,7,8,9,256\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,-1\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,1.5\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,nan\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,1e2\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9, 1\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,٣\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,0001\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9,10,11\n").encode(),
        (header + "1,2,3,4,5,6,7,8,9\n10,").encode(),
        (header + "\n" + body).encode(),
        b"1," * (2 << 20),
        b"1" * (3 << 20),
        b"," * 785 + b"\n",
    ]
    return mutated(valid, attacks, [_csv_field], count, seed)


def _csv_field(rng: random.Random, file: bytes) -> bytes:
    fields = file.split(b",")
    fields[rng.randrange(len(fields))] = rng.choice(
        (
            b"",
            b"256",
            b"999",
            b"-1",
            b"1.0",
            b"7",
            b"255",
            b"007",
            b"1\n",
            b"\n",
            b"x",
            b'"1"',
            b" 5",
        )
    )
    return b",".join(fields)
