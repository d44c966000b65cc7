"""What the project promises of its speed, and whether a sitting's numbers keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import large
from bench.browse import MOVES
from bench.peers import PEERS
from bench.race import PYTORCH, Result
from bench.start import PROMISED, VISITS
from bench.through import share


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


FASTER = {"W1": (7.0, 1.15, 5.0, 1.0), "W2": (7.0, 1.6, 2.0, 1.0), "W3": (8.0, None, 20.0, 1.5)}
LOSSES = 1e-5
SAME_WORK = 1e-3  # of PyTorch's losses: it adds in other orders, and rounds elsewhere
SAME_ACCURACY = 0.5  # points, after a round of up to 2,000 steps


def check(found: dict[str, Any]) -> list[Promise]:
    """Every promise that this sitting has numbers for."""
    promises = [promise for result in found["results"] for promise in _race(result)]
    checks: dict[str, Callable[[Any], Iterator[Promise]]] = {
        "losses": _losses,
        "start": _start,
        "frames": _frames,
        "page": _page,
        "browse": _browse,
        "network": _network,
        "post": _post,
        "large": _large,
    }
    for name, promised in checks.items():
        if name in found:
            promises += promised(found[name])
    return promises


def _race(result: Result) -> Iterator[Promise]:
    name, seconds = result.workload.name, result.seconds
    numpy, native, peers, pytorch = FASTER[name]
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
    steps = len(result.losses["simd"])
    text = f"{name}: losses of simd and numpy, first {steps} steps, relative difference"
    yield Promise(text, result.difference("numpy", "simd"), LOSSES, "", True)
    apart = 100 * abs(result.accuracy["simd"] - result.accuracy["numpy"])
    text = f"{name}: accuracy of simd and numpy after a round, apart"
    yield Promise(text, apart, SAME_ACCURACY, " points", True)
    if PYTORCH in seconds:
        text = f"{name}: simd, in the browser, against PyTorch, native"
        yield Promise(text, seconds[PYTORCH] / simd, pytorch, "×", False)
        text = f"{name}: losses of PyTorch and numpy, first {steps} steps, relative difference"
        yield Promise(text, result.difference("numpy", PYTORCH), SAME_WORK, "", True)


def _losses(losses: dict[str, Any]) -> Iterator[Promise]:
    for browser, differences in losses["browsers"].items():
        worst = max(differences, key=lambda name: differences[name])
        text = f"{browser}: losses of simd and numpy, all layer types, the furthest apart ({worst})"
        yield Promise(text, differences[worst], LOSSES, "", True)


def _start(sittings: list[dict[str, Any]]) -> Iterator[Promise]:
    """Of this machine and a fast line; what slower ones bring is told, and not promised."""
    for sitting in [one for one in sittings if one["way"] == "start"]:
        browser = sitting["browser"]
        for visit in VISITS:
            site, plain = sitting[visit]["site"], sitting[visit]["plain"]
            text = f"{browser}, {visit}: interactive figure after navigation"
            yield Promise(text, site["interactive figure"], 1.0, " s", True)
            text = f"{browser}, {visit}: first training step, to plain Pyodide's"
            yield Promise(text, site["first step"] / plain["first step"], PROMISED, "×", True)
        wire = sitting["bytes"]["cold"]
        ratio = wire["site"]["python"] / wire["plain"]["python"]
        yield Promise(f"{browser}: Python's bytes, to plain Pyodide's", ratio, 1.0, "×", True)
        text = f"{browser}: bytes of the interactive figure, without Python"
        yield Promise(text, wire["site"]["figure"] / 1000, 350, " KB", True)


def _frames(frames: dict[str, Any]) -> Iterator[Promise]:
    for when in ("loading", "training"):
        tasks = frames[f"tasks over 50 ms, {when}"]
        yield Promise(f"longest task of the page, {when}", max([0, *tasks]), 50, " ms", True)
    yield Promise(
        f"heap growth over {frames['steps']:,} steps", frames["heap growth"], 5, " MB", True
    )


def _page(page: dict[str, Any]) -> Iterator[Promise]:
    rate = median(page["page"]) / median(page["engine"])
    yield Promise("W1 through the page, to the engine's own rate", rate, 0.6, "×", False)
    yield Promise("measuring accuracy, of the page's training time", share(page), 0.2, "×", True)


def _browse(browse: dict[str, Any]) -> Iterator[Promise]:
    for name, limit in [("first digits", 500.0), ("all digits", 5000.0)]:
        yield Promise(f"wall: {name} after navigation", median(browse[name]), limit, " ms", True)
    yield Promise("wall: its map in colours", median(browse["map"]), 5000.0, " ms", True)
    for name in MOVES:
        moved = browse[name]
        yield Promise(f"wall: {name}, median frame", moved["median"], 17, " ms", True)
        text = f"wall: {name}, 95th percentile of frames"
        yield Promise(text, moved["95th percentile"], 33, " ms", True)
        yield Promise(
            f"wall: {name}, longest task", max([0, *moved["long tasks"]]), 50, " ms", True
        )
    for text, times in browse["words"].items():
        yield Promise(f"wall: words, “{text}”", median(times), 50, " ms", True)
    for name in ("Python over columns", "over all pixels"):
        text = f"wall: {name.removeprefix('Python ')}, by Python"
        yield Promise(text, median(browse[name]), 300, " ms", True)
    for name in ("no Python", "Python and all pixels"):
        if (megabytes := browse[f"memory, {name}"]) is not None:
            yield Promise(f"wall: memory, {name}", megabytes, 300, " MB", True)


def _network(found: dict[str, Any]) -> Iterator[Promise]:
    yield Promise(
        "network: its picture, before Python", median(found["picture"]), 1000, " ms", True
    )
    yield Promise("network: bytes of that", found["bytes"] / 1000, 350, " KB", True)
    for name, times in found["pointing"].items():
        yield Promise(f"network: {name}, a number told", median(times), 50, " ms", True)
    for name, learning in found["learning"].items():
        text = f"network: {name}, pictures a second while it learns"
        yield Promise(text, learning["pictures"], 10, "", False)
        text = f"network: {name}, input waits meanwhile, at the most"
        yield Promise(text, learning["longest"], 100, " ms", True)


def _post(found: dict[str, Any]) -> Iterator[Promise]:
    for name, times in found["alive"].items():
        yield Promise(f"post: {name} lives", median(times), 1000, " ms", True)
        text = f"post: {name}, bytes before it is touched"
        yield Promise(text, found["bytes"][name] / 1000, 150, " KB", True)
    figures, pictures = (found["scrolled"][name]["median"] for name in ("figures", "pictures"))
    text = "post: ten figures, a picture while it scrolls, of one without them"
    yield Promise(text, figures / pictures, 1.1, "", True)


def _large(found: dict[str, Any]) -> Iterator[Promise]:
    if found["memory"] is not None:
        yield Promise("largest set: memory", found["memory"], 1000, " MB", True)
    for name in large.MOVES:
        moved = found[name]
        yield Promise(f"largest set: {name}, median frame", moved["median"], 17, " ms", True)
        text = f"largest set: {name}, 95th percentile of frames"
        yield Promise(text, moved["95th percentile"], 33, " ms", True)
