"""What the project promises of its speed, and whether a sitting's numbers keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.peers import PEERS
from bench.race import Result


@dataclass(frozen=True)
class Promise:
    """One promise. measured and limit are in `unit`; most: the limit is an upper one."""

    text: str
    measured: float
    limit: float
    unit: str
    most: bool

    @property
    def kept(self) -> bool:
        return self.measured <= self.limit if self.most else self.measured >= self.limit

    def row(self) -> list[str]:
        """Cells of a table's row."""
        bound = "at most" if self.most else "at least"
        figures = [f"{bound} {self.limit:g}{self.unit}", f"{self.measured:.3g}{self.unit}"]
        return [self.text, *figures, "yes" if self.kept else "**no**"]


FASTER = {"W1": (7.0, 1.15, 5.0), "W2": (7.0, 1.6, 2.0), "W3": (8.0, None, 20.0)}
LOSSES = 1e-5


def check(found: dict[str, Any]) -> list[Promise]:
    """Every promise that this sitting has numbers for."""
    promises = [promise for result in found["results"] for promise in _race(result)]
    if "losses" in found:
        promises += _losses(found["losses"])
    if "start" in found:
        promises += _start(found["start"])
    if "frames" in found:
        promises += _frames(found["frames"])
    return promises


def _race(result: Result) -> Iterator[Promise]:
    name, seconds = result.workload.name, result.seconds
    numpy, native, peers = FASTER[name]
    simd = seconds["simd"]
    yield Promise(
        f"{name}: simd against numpy, both here", seconds["numpy"] / simd, numpy, "×", False
    )
    if native:
        yield Promise(
            f"{name}: simd's time to native's", simd / seconds["native"], native, "×", True
        )
    if raced := {peer: seconds[peer] for peer in PEERS if peer in seconds}:
        best = min(raced, key=lambda peer: raced[peer])
        text = f"{name}: simd against the fastest peer ({best})"
        yield Promise(text, raced[best] / simd, peers, "×", False)
    difference = result.difference("numpy", "simd")
    if difference is not None:
        steps = len(result.losses["simd"])
        text = f"{name}: losses of simd and numpy, first {steps} steps, relative difference"
        yield Promise(text, difference, LOSSES, "", True)


def _losses(losses: dict[str, Any]) -> Iterator[Promise]:
    for browser, differences in losses["browsers"].items():
        worst = max(differences, key=lambda name: differences[name])
        text = f"{browser}: losses of simd and numpy, all layer types, the furthest apart ({worst})"
        yield Promise(text, differences[worst], LOSSES, "", True)


def _start(start: dict[str, Any]) -> Iterator[Promise]:
    for visit in ("cold", "warm"):
        site, plain = start[visit]["site"], start[visit]["plain"]
        text = f"{visit}: interactive figure after navigation"
        yield Promise(text, site["interactive figure"], 1.0, " s", True)
        ratio = site["first step"] / plain["first step"]
        yield Promise(f"{visit}: first training step, to plain Pyodide's", ratio, 0.4, "×", True)
    wire = start["bytes"]
    ratio = wire["site"]["python"] / wire["plain"]["python"]
    yield Promise("Python's bytes, to plain Pyodide's", ratio, 1.0, "×", True)
    text = "bytes of the interactive figure, without Python"
    yield Promise(text, wire["site"]["figure"] / 1000, 350, " KB", True)


def _frames(frames: dict[str, Any]) -> Iterator[Promise]:
    for when in ("loading", "training"):
        tasks = frames[f"tasks over 50 ms, {when}"]
        yield Promise(f"longest task of the page, {when}", max([0, *tasks]), 50, " ms", True)
    yield Promise(
        f"heap growth over {frames['steps']:,} steps", frames["heap growth"], 5, " MB", True
    )
