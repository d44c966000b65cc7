"""What data-parallel training costs, as pylib/SCALE.md tells it. Every rank starts this:

    OPENBLAS_NUM_THREADS=1 PYTHONPATH=pylib/src mpiexec -n 2 python tests/bench/ranks.py FOLDER

FOLDER holds MNIST. One rank alone and all ranks together take turns, round by round, so that
whatever else the machine does meets both. Of the steps the quickest counts, which on a machine that
does other things as well is nearest to one that does not; the median is told beside it. Where even
the quickest met others, the processor's own time says more: what a rank computes in a step, by the
clock of its thread, which stands while others have the core, and the quickest all-reduce.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

import glassnet as gn
from glassnet.network import NETWORK
from glassnet.parallel import Group
from glassnet.parallel.learner import SharedGenerator, SharedLearner
from glassnet.parallel.message import Message

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
    whole = data.train[: len(data.train) // batch * batch]  # no step is of a smaller batch
    return SharedLearner(network, gn.SGD(lr=0.05), whole, group, batch=batch)


class Watched(Group):
    """A group that notes what the thread's clock says of its messages."""

    busy = 0.0  # seconds of the processor that went into messages

    def add_up(self, message: Message) -> None:
        begun = time.thread_time()
        super().add_up(message)
        self.busy += time.thread_time() - begun

    def exchange(self, *images: Any) -> Any:
        begun = time.thread_time()
        came = super().exchange(*images)
        self.busy += time.thread_time() - begun
        return came


def seconds(work: Callable[[], object], times: int, group: Watched) -> list[tuple[float, float]]:
    """How long it took, each time; and the processor's time, without that of messages."""
    took = []
    for _ in range(times):
        begun, busy, messages = time.perf_counter(), time.thread_time(), group.busy
        work()
        computing = time.thread_time() - busy - (group.busy - messages)
        took.append((time.perf_counter() - begun, computing))
    return took


def rest(world: Any) -> None:
    """Until every rank is here, without keeping a core busy."""
    request = world.Ibarrier()
    while not request.Test():
        time.sleep(0.002)


def measure(
    group: Watched, world: Any, alone: Watched, sizes: tuple[int, ...], batch: int, options: Any
) -> list[list[tuple[float, float]]]:
    """`seconds` of each step of one rank, and of all; and of each all-reduce for which all ranks
    are ready."""
    single = learner(alone, sizes, batch, options.dataset)
    shared = learner(group, sizes, batch, options.dataset)
    message = group.message(sum(a.size for a in shared.network.parameters().values()))
    steps = max(FEWEST, EXAMPLES // batch)
    one: list[tuple[float, float]] = []
    all_: list[tuple[float, float]] = []
    ready: list[tuple[float, float]] = []
    for _ in range(options.rounds):
        rest(world)
        if group.rank == 0:
            single.step()
            one += seconds(single.step, steps, alone)
        rest(world)
        shared.step()
        all_ += seconds(shared.step, steps, group)
        for _ in range(10):
            rest(world)
            ready += seconds(lambda: group.add_up(message), 1, group)
    return [one or [(1.0, 1.0)], all_, ready]


def overlap(world: Any, in_place: Any) -> list[float]:
    """Would it help to send the gradients of 784-512-512-10's last two layers while the first's is
    computed? Median seconds of that product, of their all-reduce, and of both, begun with the
    all-reduce and ended with the wait for it."""
    rng = np.random.default_rng(0)
    delta, x = (rng.random((256, n), np.float32) for n in (512, 784))
    gradients, product = (
        np.zeros(512 * 513 + 10 * 513, np.float32),
        np.empty((512, 784), np.float32),
    )

    def end(request: Any) -> None:
        while not request.Test():
            time.sleep(0)

    def both() -> None:
        request = world.Iallreduce(in_place, gradients)
        np.matmul(delta.T, x, out=product)
        end(request)

    works: list[Callable[[], object]] = [
        lambda: np.matmul(delta.T, x, out=product),
        lambda: end(world.Iallreduce(in_place, gradients)),
        both,
    ]
    took: list[list[float]] = [[], [], []]
    for _ in range(200):
        for work, times in zip(works, took, strict=True):
            world.Barrier()
            begun = time.perf_counter()
            work()
            times.append(time.perf_counter() - begun)
    return [median(times) for times in took]


def main() -> None:
    parser = argparse.ArgumentParser(prog="ranks.py")
    parser.add_argument("folder", help="where MNIST is")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="store_true", help="784-512-512-10 at batch 512 alone")
    options = parser.parse_args()
    options.dataset = gn.load(options.folder)
    mpi = import_module("mpi4py.MPI")
    product, reduced, both = (1000 * s for s in overlap(mpi.COMM_WORLD, mpi.IN_PLACE))
    hidden = (product + reduced - both) / reduced
    if mpi.COMM_WORLD.Get_rank() == 0:
        print(
            f"product {product:.2f} ms, all-reduce {reduced:.2f} ms, at once {both:.2f} ms: "
            f"{hidden:.0%} of the all-reduce is hidden\n",
            flush=True,
        )
    with Watched(mpi, mpi.COMM_WORLD) as group:
        alone = Watched(mpi, mpi.COMM_SELF)
        head = ["network", "parameters", "batch", "1 rank", f"{group.size} ranks", "ratio"]
        head += ["median ratio", "1 rank computes", "each computes", "all-reduce"]
        head += ["ratio of these"]
        if group.rank == 0:
            print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head), flush=True)
        for sizes in SIZES[1:2] if options.only else SIZES:
            for batch in BATCHES[1:2] if options.only else BATCHES:
                times = measure(group, mpi.COMM_WORLD, alone, sizes, batch, options)
                walls = [[wall for wall, _ in some] for some in times]
                one, all_, ready = map(min, walls)
                computes = [median(busy for _, busy in some) for some in times[:2]]
                ideal = computes[0] / (computes[1] + ready)
                count = sum((a + 1) * b for a, b in pairwise(sizes))
                told = ["-".join(map(str, sizes)), f"{count:,}", f"{batch:,}"]
                told += [f"{batch / one:,.0f}/s", f"{batch / all_:,.0f}/s", f"{one / all_:.2f}"]
                told += [f"{median(walls[0]) / median(walls[1]):.2f}"]
                told += [f"{1000 * number:.2f} ms" for number in (*computes, ready)]
                told += [f"{ideal:.2f}"]
                if group.rank == 0:
                    print("| " + " | ".join(told) + " |", flush=True)


if __name__ == "__main__":
    main()
