"""Other people's libraries, from the locked package.json beside this file, bundled as workers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from make import node, stamp
from make.console import run
from make.settings import Settings

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
BUILT = MODULES / ".glassnet"  # goes with what it was made of

ALL = frozenset({"W1", "W2", "W3"})
DENSE = frozenset({"W1", "W2"})
# Their names in the results: the worker's source, what it takes, and the package that it measures.
PEERS = {
    "tfjs": ("tfjs", ALL, "@tensorflow/tfjs-core"),
    "jax-js": ("jax", ALL, "@jax-js/jax"),
    "convnetjs": ("convnet", ALL, "convnetjs"),
    "brain.js": ("brain", DENSE, "brain.js"),
}


def obtain(settings: Settings) -> dict[str, bytes | Path]:
    """Install and bundle what is not there yet; returns the files to be served, by name."""
    program = node.find(settings)
    sources = sorted((HERE / "peers").glob("*.js"))
    key = stamp.digest(HERE / "package.json", HERE / "package-lock.json", *sources)
    done = BUILT / "stamp"
    if not done.exists() or done.read_text(encoding="utf-8") != key:
        cache: list[str | Path] = ["--cache", settings.cache / "npm"]
        network = "--offline" if settings.offline else "--prefer-offline"
        run([*program.npm, "ci", "--ignore-scripts", *cache, network], cwd=HERE, env=program.env)
        entries = [f"peers/{source}.js" for source, _, _ in PEERS.values()]
        options = ["--bundle", "--format=esm", "--minify", f"--outdir={BUILT}", "--log-level=error"]
        options += ["--define:global=globalThis", "--platform=browser"]
        run([node.tool("esbuild"), *entries, *options], cwd=HERE, env=program.env)
        for part in (MODULES / "@tensorflow/tfjs-backend-wasm/dist").glob("*.wasm"):
            shutil.copy(part, BUILT)
        done.write_text(key, encoding="utf-8")
    return {f"bench/peers/{file.name}": file for file in BUILT.iterdir() if file != done}


def versions() -> dict[str, str]:
    """The installed packages' versions, by the peers' names."""
    return {
        name: json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))[
            "version"
        ]
        for name, (_, _, package) in PEERS.items()
    }
