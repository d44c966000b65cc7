"""What the sweep page asks of Python: which runs a sweep has, what came of one, and a sweep as the
file that the command line goes on with.

The runs themselves are made as any others are, each by a Python of the page's; this module is
brought by the first request. The requests are those of `web/python/protocol-sweep.js`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.following.look import look as look_at
from glassnet.following.run import FollowedRun
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS
from glassnet.storage.runlog import format_line, parse_runlog
from glassnet.sweeping import archive
from glassnet.sweeping.folder import (
    KEPT,
    PLAN,
    RESULTS,
    plan,
    read_plan,
    read_results,
    result,
    run_name,
)
from glassnet.sweeping.job import summarise
from glassnet.sweeping.settings import Point, make_points
from glassnet.sweeping.written import read_seeds, read_settings
from glassnet_bridge.arrival import as_bytes
from glassnet_bridge.run_files import clear

Json = dict[str, Any]
Message = Mapping[str, Any]
FOLDER = Path("/tmp/glassnet-sweep")  # of the browser's file system in memory


def answer(message: Message, dataset: Callable[[Message], Dataset]) -> Any:
    """Answer one request; errors are the host's to tell.

    Args:
        dataset: the whole data set that a message names.
    """
    kind = message["type"]
    if kind == "sweep_look":
        return _look(as_bytes(message["weights"]).tobytes(), dataset(message))
    return {
        "sweep_plan": _plan,
        "sweep_open": _open,
        "sweep_result": _result,
        "sweep_pack": _pack,
    }[kind](message)


def _plan(message: Message) -> Json:
    """The runs that settings give."""
    base = RunConfig.from_json(message["config"])
    told = read_seeds(message["seeds"] or None)
    seeds = told if isinstance(told, list) else range(base.seed, base.seed + told)
    varied = dict(map(read_settings, message["vary"]))
    return _told(make_points(base, varied, int(message["random"]), seeds))


def _told(points: Sequence[Point]) -> Json:
    runs = [{"settings": point.settings, "config": point.config.to_json()} for point in points]
    return {"plan": plan(points), "runs": runs}


def _open(message: Message) -> Json:
    """A sweep out of a saved one, or out of its plan alone, as the command line writes it."""
    data = as_bytes(message["file"]).tobytes()
    files = {PLAN: data} if data.lstrip()[:1] == b"{" else archive.read(data)
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        archive.lay_out(files, FOLDER)
        points = read_plan(FOLDER)
        lines = {line["run"]: line for line in read_results(FOLDER)}
        told = _told(points)
        for point, run in zip(points, told["runs"], strict=True):
            name = run_name(point.number, len(points))
            line = lines.get(point.number)
            run["line"] = format_line(line) if line and line["outcome"] in KEPT else None
            followed = FollowedRun(FOLDER / name)
            while followed.read(1):
                pass
            run["news"] = followed.told(0)
            parts = {part: files.get(f"{name}/{part}") for part in (LOG, CHECKPOINT, WEIGHTS)}
            run["files"] = {part: data for part, data in parts.items() if data is not None}
        return told
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def _result(message: Message) -> str:
    """The line of a run that has ended, by its log; or of one that has failed, by the reason."""
    config = RunConfig.from_saved(message["config"])
    point = Point(int(message["number"]), dict(message["settings"]), config)
    if message.get("reason"):
        told: Json = {"outcome": "failed", "reason": str(message["reason"])}
    else:
        text = as_bytes(message["log"]).tobytes().decode("utf-8")
        told = summarise(parse_runlog(text, name=LOG)[1], Path(LOG))
    return format_line(result(point, int(message["count"]), told))


def _pack(message: Message) -> bytes:
    """A sweep as it stands: its plan, the lines of its results, and the files of its runs."""
    files = {PLAN: str(message["plan"]).encode(), RESULTS: "".join(message["lines"]).encode()}
    for number, parts in message["runs"].items():
        for name, data in parts.items():
            where = run_name(int(number), int(message["count"]))
            files[f"{where}/{name}"] = as_bytes(data).tobytes()
    return archive.pack(files)


def _look(weights: bytes, dataset: Dataset) -> Json:
    """What `glassnet watch` shows of a network: see `glassnet.following.look`."""
    clear(FOLDER)
    FOLDER.mkdir(parents=True)
    try:
        (FOLDER / WEIGHTS).write_bytes(weights)
        return look_at(FOLDER, dataset)
    finally:
        clear(FOLDER)
