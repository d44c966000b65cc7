"""What the page looks at, and what it is then shown: the network at work on one digit, its weights.

The messages are `Watch`, `Activity` and `Frame.weights` of `web/python/protocol.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError
from glassnet.training import Run
from glassnet_bridge.arrival import Arrival


def checked(watch: Mapping[str, Any], arrival: Arrival) -> dict[str, Any]:
    """A page's watch, a drawing in it as an array of its own.

    Raises:
        DataError: the drawing is none that the network could be shown.
    """
    digit = watch["digit"]
    if digit is not None and "pixels" in digit:
        digit = {"pixels": as_pixels(digit["pixels"], arrival.area)}
    return {**watch, "digit": digit}


def activity(run: Run, digit: Mapping[str, Any] | None, arrival: Arrival) -> dict[str, Any] | None:
    """The network's answer to the watched digit, if that is here already."""
    if digit is None:
        return None
    label: int | None = None
    if "pixels" in digit:
        pixels = digit["pixels"]
    else:
        example = arrival.example(digit["split"], int(digit["index"]))
        if example is None:
            return None
        image, label = example
        pixels = image.reshape(-1).astype(np.float32) / np.float32(255)
    activations = run.network.activations(pixels[np.newaxis])
    return {
        "label": label,
        "input": pixels,
        "activations": [flat(activation) for activation in activations],
    }


def weights(run: Run) -> list[dict[str, Any]]:
    """Every layer's weights and biases, flat, with the weights' shape (units, inputs)."""
    parameters = run.network.parameters()
    return [
        {
            "weight": flat(weight),
            "bias": flat(parameters[name.removesuffix("weight") + "bias"]),
            "shape": list(weight.shape),
        }
        for name, weight in parameters.items()
        if name.endswith(".weight")
    ]


def as_pixels(buffer: Any, area: int | None) -> NDArray[np.float32]:
    """A copy of a page's Float32Array: a drawing of `area` pixels, if that is known, in 0 to 1.

    Raises:
        DataError: it is no such drawing.
    """
    pixels = np.frombuffer(
        buffer.to_bytes() if hasattr(buffer, "to_bytes") else buffer, np.float32
    ).copy()
    if area is not None and pixels.size != area:
        raise DataError(f"drawing: expected {area} pixels, got {pixels.size}")
    if not ((pixels >= 0) & (pixels <= 1)).all():  # false for NaN as well
        raise DataError("drawing: expected pixels from 0 to 1")
    return pixels


def flat(array: Any) -> NDArray[np.float32]:
    """An engine's array as one flat row, which crosses to JavaScript as one typed array."""
    return np.asarray(array, np.float32).reshape(-1)
