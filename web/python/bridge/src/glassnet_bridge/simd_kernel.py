"""The kernel: WebAssembly of our own (web/engines/simd/), loaded as any extension module is.

Two builds lie beside this file. The one with relaxed SIMD is faster where the processor multiplies
and adds in one go. A browser that does not know these instructions refuses to compile it, and the
plain one is tried; where that is refused, too, there is no kernel. Nothing fails then: the engine
is simply not there, and numpy computes.
"""

from __future__ import annotations

from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUILDS = ("relaxed", "simd128")  # the faster one first
FOLDER = Path(__file__).with_name("kernel")

Kernel = Any  # the module: its functions are described in web/engines/simd/module.c


def load(builds: tuple[str, ...] = BUILDS) -> Kernel | None:
    """The first build that this browser takes and that works; None if there is none."""
    for build in builds:
        kernel = load_build(build)
        if kernel is not None and works(kernel):
            return kernel
    return None


def load_build(build: str) -> Kernel | None:
    """One build as a module; None if this interpreter cannot load it."""
    path = str(FOLDER / f"{build}.wasm")
    loader = ExtensionFileLoader("kernel", path)
    spec = spec_from_file_location("kernel", path, loader=loader)
    assert spec is not None
    try:
        kernel = module_from_spec(spec)
    except ImportError:
        return None
    kernel.__dict__["build"] = build
    return kernel


def works(kernel: Kernel) -> bool:
    """Whether the kernel reads numpy's arrays rightly: it knows their layout, and that may change.

    A number is moved into the middle of an array; the sizes, types and flags have to be right for
    that, and arrays that it must not touch have to be refused.
    """
    kernel.meet(np.ndarray)
    a, b, out = floats(1, 2), floats(2, 2), floats(3, 2)
    a[:], b[:] = [[2, 3]], [[5, 1], [7, 2]]
    done = kernel.product(a, b, out[1:2], 0, 0, 1.0, 0.0)
    if done is None or out.tolist() != [[0, 0], [31, 8], [0, 0]]:
        return False
    frozen = floats(1, 2)
    frozen.flags.writeable = False
    other_order = np.zeros((1, 2), np.dtype(np.float32).newbyteorder())
    apart = floats(1, 4)[:, ::2]
    wrong = (np.zeros((1, 2)), other_order, apart, frozen, floats(2, 1), [[0.0, 0.0]], None)
    return all(kernel.product(a, b, out, 0, 0, 1.0, 0.0) is None for out in wrong)


def floats(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, np.float32)
