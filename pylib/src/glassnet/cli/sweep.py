"""`glassnet sweep`: many runs that differ in some settings, and a table of what came of them."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path
from typing import Any

from glassnet.cli.arguments import (
    add_config_flags,
    check_inputs,
    given_flags,
    read_config,
)
from glassnet.cli.console import Console
from glassnet.cli.interrupt import Interrupt
from glassnet.cli.progress import CLEAR, duration
from glassnet.cli.source import add_data_flags, data_path, load_data
from glassnet.errors import ConfigError
from glassnet.sweeping import Course, archive
from glassnet.sweeping import sweep as carry_out
from glassnet.sweeping.written import read_seeds, read_settings
from glassnet.terminal import bar


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet sweep`."""
    parser = commands.add_parser(
        "sweep",
        help="train many networks that differ in some settings",
        description="Train many networks that differ in some settings, each in a folder of its "
        "own. A sweep that was ended, even by force, goes on with --resume.",
        epilog="In parentheses: the defaults.",
    )
    add = parser.add_argument
    add(
        "--vary",
        action="append",
        default=[],
        metavar="FIELD=VALUES",
        help="optimizer.lr=0.1,0.3,1 or, to draw from, optimizer.lr=0.01..1 or 0.01..1:log; "
        "values with commas as a JSON list",
    )
    add("--random", type=int, default=0, metavar="N", help="draw N settings (all combinations)")
    add("--seeds", metavar="N", help="so many seeds for each setting; or which, as 1,2,5 (one)")
    add("--out", metavar="FOLDER", required=True, help="keep everything there")
    add("--resume", action="store_true", help="go on with the sweep in --out")
    add("--from", dest="archive", metavar="FILE", help="go on with a sweep that a page has saved")
    add(
        "--executor",
        default="processes",
        metavar="NAME",
        help="what carries the runs out: processes, mpi, dask or dask:ADDRESS (processes)",
    )
    add("--workers", type=int, metavar="N", help="runs at a time (a core each)")
    add("--json", action="store_true", help="print results and table as JSON lines")
    add("--log-every", type=int, default=10, metavar="N", help="of the steps, log each Nth (10)")
    add_data_flags(parser)
    add_config_flags(parser)
    parser.set_defaults(run=sweep)


def sweep(args: argparse.Namespace, console: Console) -> int:
    """Carry the sweep out, to its end or to the first signal. Returns the exit code."""
    if not args.out:
        raise ConfigError("out", "which folder? its name is empty")
    config = None
    goes_on = args.resume or args.archive is not None
    if goes_on:
        others = [*given_flags(args), *(n for n in ("vary", "random", "seeds") if getattr(args, n))]
        if args.resume and args.archive is not None:
            others.append("from")
        if others:
            flags = ", ".join("--" + name.replace("_", "-") for name in others)
            field = "resume" if args.resume else "from"
            raise ConfigError(field, f"the sweep keeps its settings; leave out {flags}")
        if args.archive is not None:
            archive.lay_out(archive.read(Path(args.archive)), Path(args.out))
    else:
        config, inputs = read_config(args)
        check_inputs(inputs, load_data(args).shape)
    with Interrupt() as interrupt:
        told = carry_out(
            config,
            data_path(args),
            dict(map(read_settings, args.vary)),
            out=args.out,
            random=args.random,
            seeds=read_seeds(args.seeds),
            executor=args.executor,
            workers=args.workers,
            resume=goes_on,
            dataset=args.dataset,
            log_every=args.log_every,
            follow=_Progress(console),
            stop=lambda: interrupt.signal,
        )
    if interrupt.signal and len(told.results) < len(told.points):
        again = f"glassnet sweep --resume --out {shlex.quote(str(args.out))}"
        done = f"{len(told.results)} of {len(told.points)} runs have ended"
        console.warn(f"interrupted: {done}; go on with `{again}`")
        return interrupt.exit_code
    for row in told.rows():
        console.tell({"event": "row", **row})
    console.say(f"\n{told}\n\nkept in {told.folder}")
    return int(any(line["outcome"] == "failed" for line in told.results.values()))


class _Progress:
    """A line for each run that has ended, and under them how far the sweep is."""

    def __init__(self, console: Console) -> None:
        self.console, self.stream = console, console.err
        self.visible = self.stream.isatty() and os.environ.get("TERM") != "dumb"

    def __call__(self, course: Course) -> None:
        if self.visible:
            self.stream.write(CLEAR)
        if course.line:
            self._tell(course.line)
        if self.visible:
            if course.done < course.total:
                self.stream.write(progress_line(course, self.console.width))
            self.stream.flush()

    def _tell(self, line: dict[str, Any]) -> None:
        self.console.tell(line)
        settings = " ".join(f"{field}={value}" for field, value in line["settings"].items())
        told = line["reason"] if line["outcome"] == "failed" else _measured(line)
        self.console.say(f"run {line['run']}  {settings}  {line['outcome']}: {told}")


def _measured(line: dict[str, Any]) -> str:
    split = next((name for name in ("validation", "test") if name in line), None)
    return f"{split} {line[split]['accuracy']:.2%}" if split else str(line["reason"])


def progress_line(course: Course, width: int) -> str:
    """`12/24 runs [bar] 1 failed, 0:42 left`, no wider than the terminal."""
    head = f"{course.done}/{course.total} runs "
    tail = f" {course.failed} failed," if course.failed else ""
    tail += f" {duration(course.left)} left" if course.left is not None else " no end in sight yet"
    room = max(width - len(head) - len(tail) - 1, 0)
    return (head + bar(course.done / course.total, min(room, 30)) + tail)[: width - 1]
