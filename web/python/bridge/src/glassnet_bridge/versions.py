"""What computes here, for the page to say and for bug reports to carry along."""

from __future__ import annotations

import platform

import numpy as np

import glassnet
from glassnet_bridge.simd import build


def here() -> dict[str, str]:
    """Versions by name; `simd` is the kernel's build, or `numpy` where the browser takes none."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "glassnet": glassnet.__version__,
        "simd": build(),
    }
