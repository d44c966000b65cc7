"""Networks to be taken elsewhere: every layer and every activation, on images and on rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.network import Network
from unit.small import dense, network

Row = tuple[tuple[int, ...], list[dict[str, Any]]]  # of an example's shape, and layers

TOLERANCE = 1e-5
LAST = dense(4, "softmax")
COLOUR, GREY = (6, 7, 2), (6, 7)


def conv(filters: int = 3, size: int = 2, **options: Any) -> dict[str, Any]:
    return {"type": "conv2d", "filters": filters, "size": size, "activation": "tanh", **options}


def only(kind: str, **options: Any) -> dict[str, Any]:
    return {"type": kind, **options}


ROWS: dict[str, Row] = {
    "dense on an image": (COLOUR, [dense(5, "tanh"), LAST]),
    "dense on a row": ((6,), [dense(5, "tanh"), LAST]),
    "conv2d, dense": (GREY, [conv(), LAST]),
    "conv2d, stride and padding": (COLOUR, [conv(4, 3, stride=2, padding=1), conv(), LAST]),
    "max_pool2d": (COLOUR, [conv(), only("max_pool2d", size=3, stride=2), LAST]),
    "max_pool2d, first": (GREY, [only("max_pool2d"), LAST]),
    "average_pool2d": (COLOUR, [only("average_pool2d"), conv(), LAST]),
    "average_pool2d, stride": (GREY, [only("average_pool2d", size=3, stride=1), LAST]),
    "flatten, first": (COLOUR, [only("flatten"), LAST]),
    "flatten, batch_norm": (COLOUR, [conv(), only("flatten"), only("batch_norm"), LAST]),
    "flatten, last": ((3, 3, 2), [conv(2, 3, padding=1), only("max_pool2d"), only("flatten")]),
    "flatten of places, last": ((2, 3), [conv(2, 1), only("flatten")]),
    "dropout": (COLOUR, [only("dropout", rate=0.3), conv(), only("dropout"), LAST]),
    "batch_norm on images": (COLOUR, [only("batch_norm"), conv(), only("batch_norm"), LAST]),
    "batch_norm on rows": (COLOUR, [dense(5), only("batch_norm", momentum=0.3), LAST]),
    "batch_norm on columns": (GREY, [only("batch_norm"), conv(), LAST]),
    "nothing at all": ((4,), [only("activation", activation="identity")]),
    **{f"{name} after dense": ((6,), [dense(5, name), LAST]) for name in ACTIVATIONS},
    **{f"{name} after conv2d": (GREY, [conv(activation=name), LAST]) for name in ACTIVATIONS},
    **{
        f"{name} alone": (COLOUR, [only("activation", activation=name), conv(), LAST])
        for name in ACTIVATIONS
    },
}


def made(row: Row, engine: Any = None) -> Network:
    """The network, with numbers in all of its arrays that are nobody's defaults."""
    net, rng = network(row[1], row[0], "mse", engine), np.random.default_rng(3)
    for name, array in {**net.parameters(), **net.memory()}.items():
        low = 0.5 if "var" in name else -1.0
        net.engine.load(rng.uniform(low, 1, np.shape(array)).astype(np.float32), array)
    return net


def batch(row: Row, count: int = 5) -> NDArray[np.float32]:
    """Examples of either sign, for there activations differ."""
    rng = np.random.default_rng(4)
    return rng.standard_normal((count, *row[0])).astype(np.float32)


def answers(net: Network, x: NDArray[np.float32]) -> NDArray[Any]:
    return net.activations(x)[-1]
