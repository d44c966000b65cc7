"""Which runs a sweep has: the configurations that settings give, one after another.

    {"optimizer.lr": [0.1, 0.3], "batch": [10, 32]}             a grid: four settings
    {"optimizer.lr": Range(0.01, 1, log=True), "batch": [10, 32]}    drawn at random

and each of them with every seed.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig, set_field
from glassnet.errors import ConfigError

Json = dict[str, Any]

SEED = "seed"  # the field that makes runs of one setting
DRAWN = 7  # the seed's stream for settings drawn at random
MOST = 100_000  # runs in a sweep


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, to be drawn: evenly, or evenly in their logarithm. Whole, and
    both ends included, if the ends are whole numbers.

    Raises:
        ConfigError: the ends are no numbers in that order, or have no logarithm.
    """

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        ends = (self.low, self.high)
        if not all(type(end) in (int, float) and math.isfinite(end) for end in ends):
            raise ConfigError("range", f"expected two numbers, got {ends}")
        if not self.low < self.high:
            raise ConfigError("range", f"expected low below high, got {ends}")
        if self.log and self.low <= 0:
            raise ConfigError("range", f"{self.low:g} has no logarithm")

    def draw(self, rng: np.random.Generator) -> float:
        """One of them."""
        whole = type(self.low) is type(self.high) is int
        low, high = (self.low - 0.5, self.high + 0.5) if whole else (self.low, self.high)
        if self.log:
            drawn = math.exp(rng.uniform(math.log(low), math.log(high)))
        else:
            drawn = rng.uniform(low, high)
        if whole:
            return int(min(max(round(drawn), self.low), self.high))
        return float(f"{min(max(drawn, self.low), self.high):.6g}")  # to be read by people


Settings = Mapping[str, Sequence[Any] | NDArray[Any] | Range]


@dataclass(frozen=True)
class Point:
    """One run of a sweep.

    Attributes:
        number: its place in the sweep, from 0.
        settings: by field, what it has; the seed among them if there are several.
        config: its whole configuration.
    """

    number: int
    settings: Json
    config: RunConfig


def make_points(
    base: RunConfig, settings: Settings, random: int = 0, seeds: Sequence[int] = ()
) -> list[Point]:
    """The runs of a sweep, in order: seed after seed, then setting after setting.

    Args:
        base: what the settings change.
        settings: by field (`layers.0.units` reaches into a list), values, or a range to draw from.
        random: how many settings are drawn; 0: all combinations are taken. What is drawn depends on
            base's seed alone.
        seeds: of the runs of each setting; base's own if empty.

    Raises:
        ConfigError: naming the field that is not one, or has a value that it cannot have; or there
            are no runs, or too many.
    """
    if SEED in settings and seeds:
        raise ConfigError(SEED, "given twice: as a setting, and as seeds")
    varied: dict[str, Any] = dict(settings)
    for field, values in varied.items():
        if not isinstance(values, Range) and (isinstance(values, str) or not len(values)):
            raise ConfigError(field, f"expected a list of values, got {values!r}")
    count = random or math.prod(len(v) for v in varied.values() if not isinstance(v, Range))
    if not 0 < count * max(len(seeds), 1) <= MOST:
        raise ConfigError("sweep", f"{count:,} settings; expected 1 to {MOST:,} runs")
    drawn = _drawn(base, varied, random) if random else _grid(varied)
    points: list[Point] = []
    for setting in drawn:
        for seed in seeds or (None,):
            chosen = setting if seed is None else {**setting, SEED: seed}
            document = base.to_json()
            for field, value in chosen.items():
                set_field(document, field, value)
            points.append(Point(len(points), chosen, RunConfig.from_json(document)))
    return points


def _grid(settings: Settings) -> Iterator[Json]:
    """Every combination, the last field changing first."""
    for field, values in settings.items():
        if isinstance(values, Range):
            raise ConfigError(field, "a range is drawn from: say how many, as random=20")
    lists = [list(values) for values in settings.values() if not isinstance(values, Range)]
    for values in itertools.product(*lists):
        yield _plain(dict(zip(settings, values, strict=True)))


def _drawn(base: RunConfig, settings: Settings, count: int) -> Iterator[Json]:
    """So many settings, each field on its own."""
    rng = np.random.default_rng([base.seed, DRAWN])
    for _ in range(count):
        setting = {}
        for field, values in settings.items():
            if isinstance(values, Range):
                setting[field] = values.draw(rng)
            else:
                setting[field] = values[int(rng.integers(len(values)))]
        yield _plain(setting)


def _plain(setting: Json) -> Json:
    """The same in JSON's own types: numpy's numbers are taken, too."""
    try:
        plain: Json = json.loads(json.dumps(setting, default=lambda value: value.item()))
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError("sweep", f"{setting!r}: not a value that JSON can hold") from error
    return plain
