"""`glassnet train`: a run from the command line, told as it goes and kept in a folder."""

from __future__ import annotations

import argparse
import shlex
import time
from contextlib import ExitStack

from glassnet.cli.arguments import (
    add_config_flags,
    check_inputs,
    config_line,
    given_flags,
    read_config,
)
from glassnet.cli.console import Console
from glassnet.cli.interrupt import Interrupt
from glassnet.cli.parallel import lead_all, take_part
from glassnet.cli.progress import ProgressBar
from glassnet.cli.source import add_data_flags, describe, load_data
from glassnet.errors import ConfigError
from glassnet.parallel import Group, LostRank, check, join
from glassnet.run_folder import RunFolder, check_room
from glassnet.training import (
    Checkpoint,
    EpochEnd,
    Evaluating,
    Evaluation,
    Event,
    Run,
    Step,
    Stop,
    evaluate,
)

FAILED = 1  # the exit code


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet train`."""
    parser = commands.add_parser(
        "train",
        help="train a network",
        description="Train a network on a data set.",
        epilog="In parentheses: the defaults, which are the classic exercise on MNIST.",
    )
    add_data_flags(parser)
    add_config_flags(parser)
    parser.add_argument("--out", metavar="FOLDER", help="keep log, checkpoint and weights there")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--json", action="store_true", help="print the events as JSON lines")
    parser.add_argument(
        "--data-parallel",
        action="store_true",
        help="every rank of MPI takes its part of each batch: mpiexec -n 2 glassnet train ...",
    )
    parser.add_argument(
        "--log-every", type=int, default=10, metavar="N", help="of the steps, log each Nth (10)"
    )
    parser.set_defaults(run=train)


def train(args: argparse.Namespace, console: Console) -> int:
    """Run to the end, or to the first signal. Returns the exit code."""
    if args.log_every < 1:
        raise ConfigError("log-every", f"expected at least 1, got {args.log_every}")
    if args.out == "":
        raise ConfigError("out", "which folder? its name is empty")
    with ExitStack() as stack:
        group = stack.enter_context(join()) if args.data_parallel else None
        if group and group.rank:
            return take_part(group)
        run, folder = _prepare(args, console, stack, group)
        if group:
            run = lead_all(run, folder, group, console)
        interrupt = stack.enter_context(Interrupt())
        session = _Session(args, console, run, folder, interrupt)
        try:
            return session.follow()
        except LostRank as lost:
            return session.lost(lost)


def _prepare(
    args: argparse.Namespace, console: Console, stack: ExitStack, group: Group | None
) -> tuple[Run, RunFolder | None]:
    """The run, new or resumed, and the folder it is kept in. Nothing is written on a mistake."""
    if args.resume:
        if args.out is None:
            raise ConfigError("resume", "which run? --out says in which folder it is")
        others = [name for name in given_flags(args) if name != "epochs"]
        if others:
            flags = ", ".join("--" + name.replace("_", "-") for name in others)
            raise ConfigError("resume", f"the run keeps its configuration; leave out {flags}")
        if args.epochs is not None and args.epochs < 1:
            raise ConfigError("epochs", f"expected at least 1, got {args.epochs}")
        kept = stack.enter_context(RunFolder(args.out, resume=True))
        run = kept.resume(load_data(args), time.perf_counter, args.epochs)
        _introduce(console, run)
        console.say(f"resumed after {run.step:,} steps")
        return run, kept
    config, inputs = read_config(args)
    data = load_data(args)
    check_inputs(inputs, data.shape)
    folder = None if args.out is None else stack.enter_context(RunFolder(args.out))
    if folder:
        check_room(config, data.shape)
    run = Run.from_config(config, data, time.perf_counter)
    if group:
        check(run.network, group)
    _introduce(console, run)
    if folder:
        folder.begin(run)
    return run, folder


def _introduce(console: Console, run: Run) -> None:
    console.say(describe(run.dataset))
    console.say(config_line(run.config, run.dataset.shape))


class _Session:
    """What happens with the events of one run."""

    def __init__(
        self,
        args: argparse.Namespace,
        console: Console,
        run: Run,
        folder: RunFolder | None,
        interrupt: Interrupt,
    ) -> None:
        self.console, self.run, self.folder = console, run, folder
        self.interrupt, self.every = interrupt, args.log_every
        self.progress = ProgressBar(console.err, run, time.perf_counter, console.width)
        self.test: Evaluation | None = None
        self.epoch: EpochEnd | None = None

    def follow(self) -> int:
        """Follow the run to its end. Returns the exit code."""
        self._log_beginning()
        for event in self.run.events():
            self.progress.follow(event)
            self._log(event)
            if isinstance(event, Stop):
                return self._stop(event)
            self._report(event)
            if isinstance(event, Checkpoint) and self.folder:
                self.folder.save(self.run)
            if self.interrupt.signal:
                return self._interrupted()
        raise AssertionError("a run ends with Stop")

    def _log_beginning(self) -> None:
        config, data = self.run.config.to_json(), {"name": self.run.dataset.name}
        self.console.tell({"event": "run", "config": config, "data": data})

    def _log(self, event: Event) -> None:
        """Pass an event on to the log and to programs: of the steps only some, of the course of an
        evaluation nothing."""
        if isinstance(event, Step) and event.step % self.every:
            return
        if isinstance(event, Evaluating):
            return
        document = event.to_json()
        if isinstance(event, Stop):
            test = self._final_test()
            document["test_accuracy"] = test and test.accuracy
        if self.folder:
            self.folder.write(document)
        self.console.tell(document)

    def _final_test(self) -> Evaluation | None:
        """The last evaluation, made now if the weights are others since, as after a divergence;
        None without test images."""
        run = self.run
        if not len(run.dataset.test):
            return None
        if self.test is None or self.test.step != run.step:
            measuring = evaluate(run.network, "test", run.dataset.test, run.step)
            try:
                while True:
                    self.progress.follow(next(measuring))
            except StopIteration as done:
                self.test = done.value
        return self.test

    def _report(self, event: Event) -> None:
        """A line for people after each epoch, and for evaluations in between."""
        if isinstance(event, EpochEnd):
            self.epoch = event
        elif isinstance(event, Evaluation):
            self.test = event if event.split == "test" else self.test
            self.progress.clear()
            self.console.say(self._line(event))

    def _line(self, result: Evaluation) -> str:
        run, end = self.run, self.epoch
        right = sum(row[k] for k, row in enumerate(result.confusion))
        told = f"{result.split} {result.accuracy:7.2%} ({right:,} of {result.count:,})"
        if end is None or end.step != result.step:
            return f"step {result.step:>8,}  {told}"
        speed = "" if end.samples_per_second is None else f"  {end.samples_per_second:,.0f}/s"
        return f"epoch {end.epoch:>3}/{run.config.epochs}  loss {end.loss:.4f}  {told}{speed}"

    def _stop(self, event: Stop) -> int:
        self.progress.clear()
        if self.folder:
            self.folder.save(self.run)
        if event.diverged:
            self.console.warn(f"diverged at {event.reason}; try a lower learning rate")
            return 1
        test = self._final_test()
        told = f"test accuracy {test.accuracy:.2%}" if test else "no test images to measure it on"
        self.console.say(f"stopped: {event.reason}; {told}")
        if self.folder:
            self.console.say(f"kept in {self.folder.path}")
        return 0

    def lost(self, error: LostRank) -> int:
        """A rank is gone, and with it the run: it ends as it stands after the last whole step."""
        return self._end_early(f"{error}; the run ends after step {self.run.step:,}", FAILED)

    def _interrupted(self) -> int:
        code = self.interrupt.exit_code
        return self._end_early(f"interrupted after step {self.run.step:,}", code)

    def _end_early(self, where: str, code: int) -> int:
        self.progress.clear()
        if self.folder:
            self.folder.save(self.run)
            again = f"glassnet train --resume --out {shlex.quote(str(self.folder.path))}"
            self.console.warn(f"{where}; kept in {self.folder.path}: go on with `{again}`")
        else:
            self.console.warn(f"{where}; nothing is kept, for there was no --out")
        return code
