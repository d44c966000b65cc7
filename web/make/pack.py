"""A program that the build runs: compresses the files in /raw into /packed, names unchanged.

It runs in the visitors' own interpreter (interpreter.py), for the bytes that zlib makes differ from
one of its versions to the next. `make.pack LEVEL`."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

if __name__ == "__main__":
    for file in Path("/raw").iterdir():
        packed = gzip.compress(file.read_bytes(), compresslevel=int(sys.argv[1]), mtime=0)
        Path("/packed", file.name).write_bytes(packed)
