"""The messages that an ONNX model is made of, as bytes.

Field numbers and values are those of onnx.proto (github.com/onnx/onnx, "onnx/onnx.proto"), whose
messages these functions are named after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.export.protobuf import data, integer, real, text

FLOAT, INT64 = 1, 7  # TensorProto.DataType
REAL, WHOLE, WORD, WHOLES = 1, 2, 3, 7  # AttributeProto.AttributeType: FLOAT, INT, STRING, INTS

Attribute = float | int | str | Sequence[int]


def model(graph: bytes, ir: int, opset: int, producer: tuple[str, str], about: str) -> bytes:
    """ModelProto. ir: the version of the format itself; opset: that of the operators; producer:
    name and version; about: a sentence."""
    operators = text(1, "") + integer(2, opset)  # OperatorSetIdProto
    return b"".join(
        [
            integer(1, ir),
            text(2, producer[0]),
            text(3, producer[1]),
            text(6, about),
            data(7, graph),
            data(8, operators),
        ]
    )


def metadata(entries: Mapping[str, str]) -> bytes:
    """The metadata of a ModelProto, to be put behind it."""
    return b"".join(data(14, text(1, key) + text(2, value)) for key, value in entries.items())


def graph(
    name: str,
    nodes: Iterable[bytes],
    tensors: Iterable[bytes],
    inputs: bytes,
    outputs: bytes,
) -> bytes:
    """GraphProto, of nodes in the order in which they are computed."""
    return b"".join(
        [
            *(data(1, node) for node in nodes),
            text(2, name),
            *(data(5, tensor) for tensor in tensors),
            data(11, inputs),
            data(12, outputs),
        ]
    )


def node(
    op: str,
    name: str,
    inputs: Sequence[str],
    output: str,
    attributes: Mapping[str, Attribute],
) -> bytes:
    """NodeProto of one output."""
    return b"".join(
        [
            *(text(1, tensor) for tensor in inputs),
            text(2, output),
            text(3, name),
            text(4, op),
            *(data(5, attribute(key, value)) for key, value in attributes.items()),
        ]
    )


def attribute(name: str, value: Attribute) -> bytes:
    """AttributeProto."""
    match value:
        case float():
            held, kind = real(2, value), REAL
        case int():
            held, kind = integer(3, value), WHOLE
        case str():
            held, kind = text(4, value), WORD
        case _:
            held, kind = b"".join(integer(8, part) for part in value), WHOLES
    return text(1, name) + held + integer(20, kind)


def tensor(name: str, array: NDArray[Any]) -> bytes:
    """TensorProto of whole numbers (int64), or of floats: written as float32."""
    whole = array.dtype.kind == "i"
    values = np.ascontiguousarray(array, "<i8" if whole else "<f4")
    sizes = b"".join(integer(1, size) for size in array.shape)
    kind = integer(2, INT64 if whole else FLOAT)
    return sizes + kind + text(8, name) + data(9, values.tobytes())


def value(name: str, sizes: Sequence[int | str], about: str) -> bytes:
    """ValueInfoProto of a float32 tensor; a size that is a word may be any."""
    dimensions = b"".join(
        data(1, integer(1, size) if isinstance(size, int) else text(2, size)) for size in sizes
    )
    kind = data(1, integer(1, FLOAT) + data(2, dimensions))  # TypeProto.tensor_type
    return text(1, name) + data(2, kind) + text(3, about)
