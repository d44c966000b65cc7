"""A drawn digit, brought to the size and place MNIST's digits have.

The makers of MNIST fitted each digit into a box of 20 by 20 pixels, keeping its proportions, and
then moved it so that its centre of mass came to the centre of a field of 28 by 28.  A network that
learnt from those reads a drawing well only if the drawing is treated alike.

Sources: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits"; and the
digits themselves, which say where that centre is and that they were moved by whole pixels: over
the 60,000 training images the centre of mass lies at row and column 14.0 (counted from 0) on
average, and hardly ever more than half a pixel from it.  All but a few of 10,000 test digits go
through here unchanged.

The pages have the same in JavaScript (web/data/drawn.js), for drawings that are read before Python
has arrived; a test holds the two to the same bytes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Bytes
from glassnet.errors import DataError

FIELD = 28  # pixels of the result's sides
BOX = 20  # pixels the longer side of the digit becomes
CENTRE = 14  # row and column of the centre of mass
MAX_SIDE = 4096
HALF = 0.5 + 1e-9  # what is added before rounding down

Floats = NDArray[np.float64]


def normalise(drawing: NDArray[np.uint8] | NDArray[np.floating]) -> Bytes:
    """The drawing as MNIST would have it.

    Args:
        drawing: ink on paper, of any size up to 4096 x 4096: uint8 0 to 255, or float 0 to 1.

    Returns:
        uint8 (28, 28).

    Raises:
        DataError: not two-dimensional, too large, not finite or out of range, or nothing drawn.
    """
    ink = _check(drawing)
    rows = np.flatnonzero((ink > 0).any(axis=1))
    columns = np.flatnonzero((ink > 0).any(axis=0))
    if not rows.size:
        raise DataError("nothing is drawn")
    digit = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    scale = BOX / max(digit.shape)
    height, width = (max(1, _nearest(side * scale)) for side in digit.shape)
    digit = _resampling(digit.shape[0], height) @ digit @ _resampling(digit.shape[1], width).T
    return _place(digit)


def _check(drawing: NDArray[np.uint8] | NDArray[np.floating]) -> Floats:
    """The drawing as float64 from 0 (paper) to 1 (ink)."""
    if drawing.ndim != 2 or not all(1 <= side <= MAX_SIDE for side in drawing.shape):
        raise DataError(
            f"drawing: expected rows and columns, 1 to {MAX_SIDE} of each, got {drawing.shape}"
        )
    if drawing.dtype == np.uint8:
        return drawing / 255
    if drawing.dtype.kind != "f":
        raise DataError(f"drawing: expected uint8 or float pixels, got {drawing.dtype}")
    if not ((drawing >= 0) & (drawing <= 1)).all():  # false for NaN as well
        raise DataError("drawing: expected float pixels from 0 to 1")
    return drawing.astype(np.float64)


def _resampling(size: int, wanted: int) -> Floats:
    """The matrix (wanted, size) that stretches or shrinks a line of pixels.

    Each new pixel is a weighted mean of the old ones around its centre.  The weights fall off as a
    triangle two pixels wide, of the larger kind: bilinear interpolation when stretching, smoothing
    over everything that a new pixel covers when shrinking.
    """
    step = size / wanted
    centres = (np.arange(wanted)[:, None] + 0.5) * step
    distance = np.abs(centres - (np.arange(size) + 0.5)) / max(step, 1.0)
    weights: Floats = np.maximum(0.0, 1.0 - distance)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def _place(digit: Floats) -> Bytes:
    """Put a digit on an empty field, its centre of mass at the centre, all of it inside."""
    field = np.zeros((FIELD, FIELD))
    corner = []
    for axis, side in enumerate(digit.shape):
        mass = digit.sum(axis=1 - axis)
        centre = float(mass @ np.arange(side) / mass.sum())
        corner.append(min(max(_nearest(CENTRE - centre), 0), FIELD - side))
    top, left = corner
    field[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return np.floor(field * 255 + HALF).clip(0, 255).astype(np.uint8)


def _nearest(value: float) -> int:
    """The nearest whole number.

    Halves go up, even those that a sum in floating point has left a little too small: so the
    result does not depend on the order in which a machine, or another language, adds.
    """
    return math.floor(value + HALF)
