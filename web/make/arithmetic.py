"""The engine with which the build computes what it ships: the kernel's plain build. It is as quick
as the machine's own numpy, and does not round differently from one machine to the next, as relaxed
SIMD may and the BLAS of every processor does."""

from __future__ import annotations

from glassnet.engines import ENGINES, Engine
from glassnet_bridge.simd import SimdEngine
from glassnet_bridge.simd_kernel import load

ENGINE = "simd"


def exact() -> Engine:
    """The engine, put into glassnet's table as ENGINE as well.

    Raises:
        RuntimeError: this is not the interpreter that `interpreter.py` starts, or its Node has no
            SIMD. Nothing else is taken in its place: the result would be another one.
    """
    kernel = load(("simd128",))
    if kernel is None:
        raise RuntimeError("The kernel does not run here; this program is for web/make/run.mjs.")
    ENGINES[ENGINE] = lambda: SimdEngine(kernel)
    return SimdEngine(kernel)
