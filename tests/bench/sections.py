"""The report's sections on what is measured in whole pages, each a list of paragraphs."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

from bench.browse import MOVES
from bench.large import MOVES as LARGE_MOVES
from bench.markdown import table
from bench.start import PROMISED, VISITS
from bench.through import share
from bench.visitors import WAYS

Found = dict[str, Any]

_START = """## Start: seconds from navigation

*plain* is Pyodide as its guide has it (`loadPyodide`, `loadPackage('numpy')`, import, one step), in
a worker, from the same server, with the same digits. On our page a visitor in a hurry presses Start
as soon as there is such a button, and picks another digit as soon as the figure stands. Cold is a
fresh browser profile, warm the next visit. A milestone is noted after the picture that shows it,
where it can be seen; `tests/bench/pages/watch.js` says what each one is, and
`tests/web/test_milestones.py` takes each away. A first step has been counted by Python in this very
run, and the weights after it are drawn; plain Pyodide's has been taken, and nothing is drawn."""
_OURS = """The site's own start, step by step (a worker's marks among them, where the browser lets
us ask it):"""
_SLOWER = """A loop ran {page:.1f} times slower there in the page and {worker:.1f} times in a worker,
measured just before."""


def start(sittings: list[Found]) -> list[str]:
    """All ways of coming, in all browsers."""
    parts = [_START]
    for sitting in sittings:
        way = WAYS[sitting["way"]]
        rounds = len(sitting["rounds"]["cold"]["site"]["first step"])
        parts.append(f"### {sitting['browser']}: {way.text}")
        if sitting["slower"]:
            parts.append(_SLOWER.format(**sitting["slower"]))
        parts.append(f"Medians of {rounds} rounds that take turns (fastest to slowest).")
        parts.append(table(["", *_COLUMNS, "site to plain"], _beside(sitting)))
        parts += [_OURS, table(["", *VISITS], _own(sitting)), _bytes(sitting["bytes"])]
    return parts


_PLACES = [(visit, name) for visit in VISITS for name in ("site", "plain")]
_COLUMNS = [f"{visit}, {name}" for visit, name in _PLACES]


def _beside(sitting: Found) -> list[list[str]]:
    """What both pages have, or promise."""
    rows = []
    for milestone in ("first digits", "interactive figure", "first step"):
        cells = [_spread(sitting["rounds"][visit][name].get(milestone)) for visit, name in _PLACES]
        ratios = [
            f"{sitting[visit]['site'][milestone] / sitting[visit]['plain'][milestone]:.2f} {visit}"
            for visit in VISITS
            if milestone in sitting[visit]["plain"]
        ]
        rows.append([milestone, *cells, ", ".join(ratios)])
    rows[-1][-1] += f" (promised here: {PROMISED})" if sitting["way"] == "start" else ""
    return rows


def _own(sitting: Found) -> list[list[str]]:
    """Every milestone of the site, in the order of a cold visit."""
    cold = sitting["cold"]["site"]
    names = sorted({*cold, *sitting["warm"]["site"]}, key=lambda name: cold.get(name, 0.0))
    return [
        [name, *(_seconds(sitting[visit]["site"].get(name)) for visit in VISITS)] for name in names
    ]


def _spread(times: list[float] | None) -> str:
    if not times:
        return ""
    return f"**{median(times):.2f}** ({min(times):.2f} to {max(times):.2f})"


def _seconds(time: float | None) -> str:
    return "" if time is None else f"{time:.2f}"


def _bytes(wire: Found) -> str:
    site, plain = wire["cold"]["site"], wire["cold"]["plain"]
    return (
        "Bytes over the wire until the first step, gzipped where that makes them fewer: Python "
        f"{site['python'] / 1e6:.2f} MB (plain {plain['python'] / 1e6:.2f}); before Python, first "
        f"digits included, {site['figure'] / 1e3:.0f} KB; everything with all digits "
        f"{site['everything'] / 1e6:.1f} MB (plain {plain['everything'] / 1e6:.1f}). Warm: "
        f"{wire['warm']['site']['everything'] / 1e3:.0f} KB "
        f"(plain {wire['warm']['plain']['everything'] / 1e3:.0f})."
    )


def frames(found: Found) -> list[str]:
    process = found["process growth"]
    grown = "" if process is None else (
        f"; all of the page's process, Python's included, {process:+.1f} MB "
        f"on {found['process']:.0f}"
    )  # fmt: skip
    tasks = {when: found[f"tasks over 50 ms, {when}"] for when in ("loading", "training")}
    told = ", ".join(f"{len(long)} while {when}" for when, long in tasks.items())
    return [
        "## While training: the page's main thread",
        f"{found['steps']:,} steps of Python's on `{found['engine']}`, all else as a visitor has "
        f"it: {found['frames']:,} frames, median {found['median frame']:.1f} ms, 95th percentile "
        f"{found['95th percentile']:.1f} ms, longest {found['longest frame']:.0f} ms. "
        f"Tasks over 50 ms: {told}. "
        f"JavaScript heap {found['heap growth']:+.2f} MB on {found['heap']:.1f}{grown}.",
    ]


def page(found: Found) -> list[str]:
    rates = {
        name: f"{median(found[name]):,.0f} ({min(found[name]):,.0f} to {max(found[name]):,.0f})"
        for name in ("page", "engine", "hardly measuring")
    }
    last = found["last"]
    told = "" if last["told"] is None else f" (Python itself tells of {last['told']:.0%})"
    return [
        "## Through the page: W1, flat out",
        f"Digits a second over {last['steps']:,} steps, drawn {last['pictures']} times and measured "
        f"{last['evaluations']} times ({last['digits']:,} test digits read): **{rates['page']}**. "
        f"The engine alone, in turns with it: {rates['engine']}. The same page tested on ten digits "
        f"alone: {rates['hardly measuring']}; so {share(found):.0%} of the page's time goes into "
        f"measuring{told}. Medians of {len(found['page'])} rounds (slowest to fastest).",
    ]


def moves(found: Found, names: list[str]) -> str:
    """A table of frames."""
    rows = [
        [
            name,
            f"{found[name]['frames']:,}",
            *(f"{found[name][key]:.1f}" for key in ("median", "95th percentile", "longest")),
            ", ".join(f"{task:.0f}" for task in found[name]["long tasks"]) or "none",
        ]
        for name in names
    ]
    head = ["frames while moving", "frames", "median", "95 %", "longest", "tasks > 50"]
    return table(head, rows)


def large(found: Found) -> list[str]:
    tasks = ", ".join(f"{task:.0f}" for task in found["long tasks"]) or "none"
    memory = "the system does not tell" if found["memory"] is None else f"{found['memory']:.0f} MB"
    return [
        "## The largest set",
        f"A stand-in for EMNIST `byclass`, made of MNIST: {found['images']:,} images of 28 × 28, four "
        f"plain IDX files from this machine's disk. On the wall after {found['seconds']:.1f} s; memory "
        f"of the page's process at the most: {memory}; tasks of the page over 50 ms meanwhile, in ms: "
        f"{tasks}. The twelve images most like one, of all: {found['nearest'] / 1000:.1f} s.",
        moves(found, LARGE_MOVES),
    ]


def browse(found: Found) -> list[str]:
    asked = {f"words, “{text}”": times for text, times in found["words"].items()}
    asked |= {
        "Python's first answer, its start included": [found["first answer"]],
        "an expression over columns": found["Python over columns"],
        "an expression over all pixels": found["over all pixels"],
        "principal components of all digits, Python's part": [found["principal components"]],
        "first digits": found["first digits"],
        "all digits": found["all digits"],
        "the map of all digits, in colours": found["map"],
        "longest task while loading": found["long tasks, loading"],
    }
    rows = [
        [name, f"**{median(times):.0f}** ({min(times):.0f} to {max(times):.0f})"]
        for name, times in asked.items()
    ]
    memory = [
        f"{name} {megabytes:.0f} MB"
        for name in ("no Python", "Python and all pixels")
        if (megabytes := found[f"memory, {name}"]) is not None
    ]
    return [
        "## The wall of all digits",
        "Milliseconds, cold, 1280 × 800. What is drawn is read off the wall: all 70,000 places have "
        f"ink, which goes with the files' ink by a correlation of {found['likeness']:.2f} (4 × 4 "
        "pixels a digit, no more); moving changed the picture on every leg; every count that was "
        "found is the right one.",
        table(["", "median (fastest to slowest)"], rows),
        moves(found, MOVES),
        f"Memory of the page's process: {'; '.join(memory) or 'the system does not tell it'}.",
    ]


def network(found: Found) -> list[str]:
    rows = [
        [
            name,
            f"**{median(times):.0f}** ({min(times):.0f} to {max(times):.0f})",
            *(f"{found['learning'][name][what]:,.0f}" for what in ("pictures", "steps", "longest")),
        ]
        for name, times in found["pointing"].items()
    ]
    picture = found["picture"]
    return [
        "## The network page",
        f"Its picture, weights and outputs, stands **{median(picture):.0f}** ms after navigation "
        f"({min(picture):.0f} to {max(picture):.0f}); {found['bytes'] / 1000:.0f} KB over the wire by "
        "then, Python's parts apart. Pointing at a number: milliseconds until its formula stands "
        "there. While the network learns: pictures and steps a second, and milliseconds that the "
        "page kept anybody waiting, at the most.",
        table(["", "pointing", "pictures", "steps", "waiting"], rows),
    ]


def post(found: Found) -> list[str]:
    rows = [
        [
            name,
            f"**{median(times):.0f}** ({min(times):.0f} to {max(times):.0f})",
            f"{size / 1000:.0f}",
        ]
        for (name, times), size in zip(found["alive"].items(), found["bytes"].values(), strict=True)
    ]
    scroll = found["scrolled"]
    first, second = (median(steps) for steps in zip(*found["steps"], strict=True))
    return [
        "## Figures in a post",
        "Milliseconds from when a figure comes near the screen until it lives, and KB over the wire "
        "that it has fetched then, untouched; pictures of the post apart. "
        f"A figure's first training step takes {first:.0f} ms from pressing Step, the second "
        f"figure's {second:.0f} ms: its Python is there. While a wheel takes a post with ten figures "
        f"from its head to its foot, there are {scroll['figures']['median']:.1f} ms between its "
        f"pictures (95 % at most {scroll['figures']['late']:.1f}); {scroll['pictures']['median']:.1f} "
        f"({scroll['pictures']['late']:.1f}) with their pictures alone.",
        table(["", "lives after", "KB"], rows),
    ]


SECTIONS: dict[str, Callable[[Any], list[str]]] = {
    "start": start,
    "frames": frames,
    "page": page,
    "browse": browse,
    "network": network,
    "post": post,
    "large": large,
}
