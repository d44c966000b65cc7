"""As much of protobuf's wire format as a model needs: fields one after another, each with a number.

A message is the bytes of its fields. A field is a key, which is its number and the kind of what
follows, and then a whole number, four bytes, or so many bytes. Nothing else is in there: no names,
no types. (protobuf.dev, "Encoding".)
"""

from __future__ import annotations

import struct

VARINT, BYTES, FOUR = 0, 2, 5  # kinds of what follows a key


def varint(value: int) -> bytes:
    """A whole number, seven bits a byte, lowest first; a negative one as the 64 bits it has."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def integer(field: int, value: int) -> bytes:
    """A field that holds a whole number of at most 64 bits, or one of a list's."""
    return varint(field << 3 | VARINT) + varint(value)


def real(field: int, value: float) -> bytes:
    """A field that holds a float32."""
    return varint(field << 3 | FOUR) + struct.pack("<f", value)


def data(field: int, value: bytes) -> bytes:
    """A field that holds bytes: those of a message, too."""
    return varint(field << 3 | BYTES) + varint(len(value)) + value


def text(field: int, value: str) -> bytes:
    """A field that holds a string."""
    return data(field, value.encode())
