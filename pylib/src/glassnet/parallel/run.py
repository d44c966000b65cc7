"""A run on several ranks: rank 0 goes through it as through any run, and the others take part."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from glassnet.data.dataset import Dataset
from glassnet.network import NETWORK, Network
from glassnet.parallel.group import Group
from glassnet.parallel.learner import SharedGenerator, SharedLearner
from glassnet.training import Run
from glassnet.training.run import RULES, Clock


def lead(run: Run, group: Group, clock: Clock | None = None) -> Run:
    """On rank 0: the same run at the same step, each of whose steps the group takes together. The
    other ranks call `follow`.

    Args:
        run: new or resumed, of a configuration; from here on left alone.
        clock: for samples a second, which are not told without one.

    Raises:
        ConfigError: something in it is the reader's own, or is not data-parallel.
        LostRank: a rank is gone.
    """
    twin, learner = _twin(run, group, clock)
    group.share(run.state())
    learner.lead()
    return twin


def follow(dataset: Callable[[], Dataset], group: Group) -> None:
    """On the other ranks: take part in the run of rank 0, to its end.

    Args:
        dataset: loads the whole of the data that the run is on.

    Raises:
        ConfigError, DataError, StorageError: it cannot be loaded, or is other data.
        LostRank: a rank is gone.
    """
    state = group.share(None)
    if state is not None:  # otherwise there is no run
        arrays, document = state
        _twin(Run.restore(arrays, document, dataset()), group, None)[1].follow()


def _twin(run: Run, group: Group, clock: Clock | None) -> tuple[Run, SharedLearner]:
    config, old = run.config, run.learner
    rng = SharedGenerator(np.random.PCG64([config.seed, NETWORK]))
    parts = (config.layers, run.network.shape, config.loss, config.engine, config.initializer, rng)
    learner = SharedLearner(
        Network(*parts),
        config.optimizer,
        old.split,
        group,
        batch=config.batch,
        seed=config.seed,
        schedule=config.schedule,
    )
    twin = Run(learner, run.dataset, **{name: getattr(config, name) for name in RULES}, clock=clock)
    twin.config = config
    twin.load_state(*run.state())
    return twin, learner
