"""From a configuration to a learner, and from what was put together by hand to a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError, DataError
from glassnet.network import Network
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import write_tagged
from glassnet.schedules import SCHEDULES
from glassnet.training.learner import Learner


def make_learner(config: RunConfig, dataset: Dataset) -> Learner:
    """A new learner, of `dataset.train`. Raises ConfigError and ShapeError."""
    start, seed = config.initializer, config.seed
    network = Network(config.layers, dataset.shape, config.loss, config.engine, start, seed)
    return Learner(
        network,
        config.optimizer,
        dataset.train,
        batch=config.batch,
        seed=seed,
        schedule=config.schedule,
    )


def describe(learner: Learner, dataset: Dataset, rules: Mapping[str, Any]) -> RunConfig:
    """The configuration of a run, given the rules by which it evaluates and stops.

    Raises:
        ConfigError: something in it is the reader's own, which no file could name.
    """
    held_out = len(dataset.validation) if dataset.validation else 0
    return RunConfig(
        **learner.network.to_json(),
        optimizer=write_tagged(OPTIMIZERS, learner.optimizer, "optimizer"),
        schedule=write_tagged(SCHEDULES, learner.schedule, "schedule"),
        batch=learner.batch,
        seed=learner.seed,
        validation=held_out,
        **rules,
    )


def hold_out(dataset: Dataset, count: int) -> Dataset:
    """The data with `count` training examples set apart. Raises ConfigError if they cannot be."""
    try:
        return dataset.hold_out(count) if count else dataset
    except DataError as error:
        raise ConfigError("validation", str(error)) from error
