"""The kernel: C in web/engines/simd becomes two WebAssembly modules, which are committed.

They are ours, small, and the same bytes on every machine; whoever changes the C builds them anew
by `build.py kernel`, and nobody else has to download a compiler of 100 MB. Each module carries the
sha256 of what it was built from, so that a forgotten build is noticed.

A module is a shared library as Emscripten links them (a "dylink.0" section, position-independent
code), and so an ordinary extension module for Pyodide's CPython.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import stamp, venv
from .console import run, say
from .settings import BRIDGE, MAKE, WEB, Settings

SOURCE = WEB / "engines" / "simd"
BUILT = BRIDGE / "src" / "glassnet_bridge" / "kernel"
LOCKED = MAKE / "kernel.txt"

# What every browser with SIMD has had for years; relaxed SIMD is younger.
FEATURES = "mvp+simd128+bulk_memory+mutable_globals+nontrapping_fptoint+sign_ext"
BUILDS = {"simd128": FEATURES, "relaxed": f"{FEATURES}+relaxed_simd"}

COMPILE = ["-target", "wasm32-emscripten", "-std=c17", "-O3", "-fPIC", "-fvisibility=hidden"]
COMPILE += ["-fno-builtin", "-ffp-contract=off"]  # no libc; a*b+c is fused only where we say so
COMPILE += ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
LINK = ["--shared", "--experimental-pic", "--no-entry", "--strip-all", "--export=PyInit_kernel"]
LINK += ["--unresolved-symbols=import-dynamic"]  # what CPython has is found when we are loaded

SECTION = "glassnet.source"


def make(settings: Settings) -> None:
    """Build the modules where the bridge has them."""
    venv.install(LOCKED, settings)
    BUILT.mkdir(exist_ok=True)
    for name, data in build(settings.cache).items():
        path = BUILT / f"{name}.wasm"
        path.write_bytes(data)
        say(f"{path.relative_to(WEB.parent)}: {len(data):,} bytes")


def build(cache: Path) -> dict[str, bytes]:
    """Compile and link; the modules' bytes by name. Zig is taken from this environment."""
    sources = sorted(path.name for path in SOURCE.glob("*.c"))
    zig = [sys.executable, "-m", "ziglang"]
    env = {"ZIG_GLOBAL_CACHE_DIR": str(cache / "zig"), "ZIG_LOCAL_CACHE_DIR": str(cache / "zig")}
    modules = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for build, features in BUILDS.items():
            objects = [folder / f"{build}-{source}.o" for source in sources]
            for source, target in zip(sources, objects, strict=True):
                flags = [*COMPILE, f"-mcpu={features}"]
                run([*zig, "cc", *flags, "-c", source, "-o", target], cwd=SOURCE, env=env)
            linked = folder / f"{build}.wasm"
            run([*zig, "wasm-ld", *LINK, *objects, "-o", linked], env=env)
            modules[build] = linked.read_bytes() + custom_section(SECTION, source_digest().encode())
    return modules


def source_digest() -> str:
    """A sha256 over the C, the flags and the compiler's version."""
    code = sorted([*SOURCE.glob("*.c"), *SOURCE.glob("*.h")])
    return stamp.digest(*code, " ".join([*COMPILE, *LINK, *BUILDS.values()]), LOCKED)


def custom_section(name: str, payload: bytes) -> bytes:
    """A section that WebAssembly carries along and does not look at (specification, 5.5.3)."""
    content = leb128(len(name)) + name.encode() + payload
    return b"\0" + leb128(len(content)) + content


def leb128(number: int) -> bytes:
    """An unsigned number, seven bits a byte, the lowest first."""
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + leb128(rest) if rest else bytes([low])
