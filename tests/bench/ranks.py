"""What data-parallel training costs, as pylib/SCALE.md tells it. Every rank starts this:

    OPENBLAS_NUM_THREADS=1 PYTHONPATH=pylib/src mpiexec -n 2 python tests/bench/ranks.py FOLDER

FOLDER holds MNIST. One rank alone and all ranks together take turns, round by round, so that
whatever else the machine does meets both; of the rounds the quickest counts.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

import glassnet as gn
from glassnet.network import NETWORK
from glassnet.parallel import Group, join
from glassnet.parallel.learner import SharedGenerator, SharedLearner

SIZES = [(784, 128, 10), (784, 512, 512, 10), (784, 1024, 1024, 1024, 10)]
BATCHES = [128, 512, 2048]
EXAMPLES = 8192  # in a round, or:
FEWEST = 6  # steps


def learner(group: Group, sizes: tuple[int, ...], batch: int, data: gn.Dataset) -> SharedLearner:
    """A new one, on ReLU units."""
    units = [(size, "relu") for size in sizes[1:-1]] + [(sizes[-1], "softmax")]
    layers = [gn.Dense(size, activation) for size, activation in units]
    rng = SharedGenerator(np.random.PCG64([1, NETWORK]))
    network = gn.Network(layers, data.shape, "cross_entropy", "numpy", "he_normal", rng)
    return SharedLearner(network, gn.SGD(lr=0.05), data.train, group, batch=batch)


def seconds(work: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times


def rest(world: Any) -> None:
    """Until every rank is here, without keeping a core busy."""
    request = world.Ibarrier()
    while not request.Test():
        time.sleep(0.002)


def measure(
    group: Group, world: Any, alone: Group, sizes: tuple[int, ...], batch: int, options: Any
) -> list[float]:
    """Seconds a step of one rank and of all, of the latter those in all-reduce (waits for slower
    ranks included), and those of an all-reduce for which all are ready."""
    single = learner(alone, sizes, batch, options.dataset)
    shared = learner(group, sizes, batch, options.dataset)
    message = np.ones(sum(a.size for a in shared.network.parameters().values()), np.float32)
    steps, best = max(FEWEST, EXAMPLES // batch), [math.inf] * 4
    shared.step()
    for _ in range(options.rounds):
        rest(world)
        if group.rank == 0:
            single.step()
            best[0] = min(best[0], seconds(single.step, steps))
        rest(world)
        shared.step()
        waited = group.waited
        took = seconds(shared.step, steps)
        if took < best[1]:
            best[1:3] = took, (group.waited - waited) / steps
        for _ in range(10):
            rest(world)
            best[3] = min(best[3], seconds(lambda: group.add_up(message), 1))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(prog="ranks.py")
    parser.add_argument("folder", help="where MNIST is")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="store_true", help="784-512-512-10 at batch 512 alone")
    options = parser.parse_args()
    options.dataset = gn.load(options.folder)
    mpi = import_module("mpi4py.MPI")
    with join() as group:
        alone = Group(mpi, mpi.COMM_SELF)
        head = ["network", "parameters", "batch", "1 rank", f"{group.size} ranks", "ratio"]
        head += ["step, ms", "of it all-reduce", "all-reduce alone", "1 rank's step"]
        if group.rank == 0:
            print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head), flush=True)
        for sizes in SIZES[1:2] if options.only else SIZES:
            for batch in BATCHES[1:2] if options.only else BATCHES:
                one, all_, waits, ready = measure(
                    group, mpi.COMM_WORLD, alone, sizes, batch, options
                )
                count = sum((a + 1) * b for a, b in pairwise(sizes))
                told = ["-".join(map(str, sizes)), f"{count:,}", f"{batch:,}"]
                told += [f"{batch / one:,.0f}/s", f"{batch / all_:,.0f}/s", f"{one / all_:.2f}"]
                told += [f"{1000 * number:.2f}" for number in (all_, waits, ready, one)]
                if group.rank == 0:
                    print("| " + " | ".join(told) + " |", flush=True)


if __name__ == "__main__":
    main()
