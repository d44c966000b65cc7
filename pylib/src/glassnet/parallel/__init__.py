"""Data-parallel training: one run on several processes, each with its part of every batch.

    # mpiexec -n 4 python script.py
    with join() as group:
        if group.rank == 0:
            for event in lead(Run.from_config(config, data), group):
                print(event)
        else:
            follow(group)

Synchronous stochastic gradient descent: each rank takes the gradient of its own examples, all ranks
add theirs up, and each takes the same step with the sum. What comes of it is what one process makes
of the same batches, but for the order in which floats are added. Only rank 0 reads data: it hands
each of the others the part that this one keeps.
"""

from __future__ import annotations

from glassnet.parallel.group import Group, LostRank, join
from glassnet.parallel.learner import check
from glassnet.parallel.run import follow, lead

__all__ = ["Group", "LostRank", "check", "follow", "join", "lead"]
