"""A run on several ranks: rank 0 goes through it as through any run, and the others take part."""

from __future__ import annotations

from typing import Any

import numpy as np

from glassnet.config import RunConfig
from glassnet.data.dataset import Split
from glassnet.network import NETWORK, Network
from glassnet.parallel.dealt import Dealt, hand_out, receive
from glassnet.parallel.group import Group
from glassnet.parallel.learner import SharedGenerator, SharedLearner, check
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
    config, shape, state = run.config, run.network.shape, run.state()
    check(run.network, group)
    group.share((config, shape, run.learner.horizon, state))
    hand_out(run.learner.split, group)
    learner = _learner(config, shape, run.learner.split, group)
    rules = {name: getattr(config, name) for name in RULES}
    twin = Run(learner, run.dataset, **rules, clock=clock)
    twin.config = config
    twin.load_state(*state)
    learner.lead()
    return twin


def follow(group: Group) -> None:
    """On the other ranks: take part in the run of rank 0, to its end, with the examples that it
    hands out.

    Raises:
        LostRank: a rank is gone.
    """
    told = group.share(None)
    if told is not None:  # otherwise there is no run
        config, shape, horizon, state = told
        learner = _learner(config, shape, receive(group), group)
        learner.horizon = horizon
        learner.load_state(*state)
        learner.follow()


def _learner(
    config: RunConfig, shape: tuple[int, ...], split: Split | Dealt, group: Group
) -> SharedLearner:
    rng = SharedGenerator(np.random.PCG64([config.seed, NETWORK]))
    parts: Any = (config.layers, shape, config.loss, config.engine, config.initializer, rng)
    return SharedLearner(
        Network(*parts),
        config.optimizer,
        split,
        group,
        batch=config.batch,
        seed=config.seed,
        schedule=config.schedule,
    )
