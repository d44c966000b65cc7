"""One sitting's numbers, as text for people (Markdown) and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import promises
from bench.markdown import table
from bench.peers import PEERS
from bench.race import PYTORCH, Result
from bench.sections import SECTIONS
from bench.workloads import JUDGED
from unit.alike import BATCH

RESULTS = Path(__file__).with_name("RESULTS.md")

_HEAD = """# How fast it is

Written by `python3 build.py bench`, never by hand (`--peers` adds other people's libraries). All
numbers are of one sitting on one machine, in headless Chromium where no other browser is named:
compare them with each other, not with another table's."""
_SPEED = """## Training: seconds for 60,000 digits

Median of {rounds} rounds that take turns (fastest to slowest). Every round begins with the same
weights and sees the same batches in the same order; only its steps are timed, after a warm-up.
Beneath: share of {judged:,} test digits read rightly after one round. `numpy` and `simd` are our
engines in the page's worker; `native` is the same package under CPython, one thread of OpenBLAS."""
_PEERS = """The peers run in workers, too, get their images as floats in that order beforehand, and
are used as their guides show: jax-js waits for each (jitted) step, TensorFlow.js minimises over
variables on WebAssembly with SIMD (W3 on plain JavaScript: its WebAssembly cannot train
convolutions), ConvNetJS updates by batch, brain.js after every example (W2: ReLU throughout and
squared error, the nearest that it has; no convolutions)."""
_LOSSES = """## Losses: simd's beside numpy's

The largest relative difference of the batch losses in the first {steps} steps on MNIST, batches of
{batch}, one small network for each type of layer, activation, loss and optimiser.
`tests/unit/alike.py` has the networks and the learning rates."""
_PYTORCH = """`pytorch` is PyTorch natively, one thread, as its tutorials use it (`nn.Sequential`,
`torch.optim`, float tensors made beforehand), from the same weights in the same order; its losses
beside numpy's, above, say that it does the same work."""


def text(found: dict[str, Any]) -> str:
    """The whole report."""
    machine, versions = found["machine"], found["versions"]
    parts = [
        _HEAD,
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; load at the "
        f"beginning {machine['load']}. " + ", ".join(f"{k} {v}" for k, v in versions.items()) + ".",
        "## Promises",
        table(
            ["", "promised", "measured", "kept"],
            [promise.row() for promise in promises.check(found)],
        ),
    ]
    if found["results"]:
        parts += _speed(found["results"])
    if "losses" in found:
        parts += _losses(found["losses"])
    for name, section in SECTIONS.items():
        if name in found:
            parts += section(found[name])
    return "\n\n".join(parts) + "\n"


def _speed(results: list[Result]) -> list[str]:
    names = list(dict.fromkeys(name for result in results for name in result.rounds))
    rounds = len(results[0].rounds["simd"])
    rows = [[f"`{name}`", *(_cell(result, name) for result in results)] for name in names]
    failed = [
        f"{name} gave up on {result.workload.name}: {why}"
        for result in results
        for name, why in result.failed.items()
    ]
    workloads = [f"- **{one.workload.name}** {one.workload.text}" for one in results]
    peers = [_PEERS] if set(names) & set(PEERS) else []
    peers += [_PYTORCH] if PYTORCH in names else []
    return [
        _SPEED.format(rounds=rounds, judged=JUDGED),
        "\n".join(workloads),
        table(["", *(result.workload.name for result in results)], rows),
        *peers,
        *failed,
    ]


def _cell(result: Result, name: str) -> str:
    if name not in result.rounds:
        return "–"
    times, median = result.rounds[name], result.seconds[name]
    spread = f"({min(times):.3g} to {max(times):.3g})"
    return f"**{median:.3g}** {spread}<br>{result.accuracy[name]:.1%}"


def _losses(losses: dict[str, Any]) -> list[str]:
    browsers = losses["browsers"]
    names = next(iter(browsers.values()))
    rows = [[name, *(f"{found[name]:.1e}" for found in browsers.values())] for name in names]
    return [_LOSSES.format(steps=losses["steps"], batch=BATCH), table(["", *browsers], rows)]


def as_json(found: dict[str, Any]) -> str:
    """{"machine", "versions", "W1": {engine: seconds for 60,000 digits}, ..., and the rest}."""
    results: list[Result] = found["results"]
    by_name = {result.workload.name: result for result in results}
    document: dict[str, Any] = {
        "machine": found["machine"],
        "versions": found["versions"],
        **{name: result.seconds for name, result in by_name.items()},
        "rounds": {name: result.rounds for name, result in by_name.items()},
        "accuracy": {name: result.accuracy for name, result in by_name.items()},
        "loss difference": {
            name: {
                other: result.difference("numpy", other)
                for other in ("simd", PYTORCH)
                if other in result.losses
            }
            for name, result in by_name.items()
        },
        "failed": {name: result.failed for name, result in by_name.items() if result.failed},
        **{name: found[name] for name in ("losses", *SECTIONS) if name in found},
        "promises": [
            {**asdict(promise), "kept": promise.kept} for promise in promises.check(found)
        ],
    }
    return json.dumps(document, indent=2) + "\n"
