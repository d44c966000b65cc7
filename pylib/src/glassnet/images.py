"""Images as a network takes them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import ShapeError


def as_examples(images: Any, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Images as a network's input, (n, *shape) of floats in a C-contiguous array; bytes are
    divided by 255. Raises ShapeError if they have other sizes."""
    x = np.asarray(images)
    inputs = math.prod(shape)
    if x.ndim < 2 or math.prod(x.shape[1:]) != inputs:
        raise ShapeError("images", f"examples of {inputs} numbers", f"shape {x.shape}")
    x = x / np.asarray(255, dtype) if x.dtype == np.uint8 else x
    return np.ascontiguousarray(x, dtype).reshape(len(x), *shape)
