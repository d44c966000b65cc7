"""The race: every engine and library on the same workloads, in rounds, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median

from bench.contenders import Contender
from bench.trial import COMPARED
from bench.workloads import EPOCH, Workload
from make.console import say
from unit.alike import difference

AGREE = ("numpy", "simd")  # whose losses have to be the same
PYTORCH = "pytorch"  # whose losses have to be all but the same
OURS = (*AGREE, "native")


@dataclass
class Result:
    """What one workload brought, by contender.

    Attributes:
        rounds: seconds for 60,000 examples, one a round.
        accuracy: after one round, on the test digits.
        losses: of the first steps, of the engines that are to agree.
        failed: why somebody gave up.
    """

    workload: Workload
    rounds: dict[str, list[float]] = field(default_factory=dict)
    accuracy: dict[str, float] = field(default_factory=dict)
    losses: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> dict[str, float]:
        """The medians."""
        return {name: median(times) for name, times in self.rounds.items()}

    def difference(self, one: str, other: str) -> float:
        """The largest relative difference of two contenders' first losses."""
        return difference(self.losses[one], self.losses[other])


def race(contenders: Sequence[Contender], workload: Workload, rounds: int, warm: float) -> Result:
    """Warm everybody up, then let them run in turn; whoever begins changes from round to round."""
    result = Result(workload)
    scale = EPOCH / (workload.steps * workload.batch)
    running = [contender for contender in contenders if contender.takes(workload)]
    for contender in list(running):
        with _leaving_out(contender, running, result):
            contender.warm(workload, warm)
    for turn in range(rounds):
        first = turn % len(running)
        for contender in running[first:] + running[:first]:
            with _leaving_out(contender, running, result):
                trial = contender.run(workload, judge=turn == 0)
                result.rounds.setdefault(contender.name, []).append(trial.seconds * scale)
                if trial.accuracy is not None:
                    result.accuracy[contender.name] = trial.accuracy
    compared = replace(workload, steps=COMPARED)
    for contender in running:
        if contender.name in (*AGREE, PYTORCH):
            result.losses[contender.name] = contender.run(compared, judge=False).losses
    told = ", ".join(f"{name} {time:.3g} s" for name, time in result.seconds.items())
    say(f"{workload.name}: {told}")
    return result


@contextmanager
def _leaving_out(contender: Contender, running: list[Contender], result: Result) -> Iterator[None]:
    """A library that fails is told of and left out; a failure of our own ends the bench."""
    try:
        yield
    except Exception as error:
        if contender.name in OURS:
            raise
        result.failed[contender.name] = str(error).strip().splitlines()[0]
        result.rounds.pop(contender.name, None)
        running.remove(contender)
