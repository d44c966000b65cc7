"""A run's configuration: one JSON document, the same on the command line, in a URL and in a page.

The options of layers, optimisers and the like are declared where they are used; this file only
puts them together, so a new kind of layer needs no change here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glassnet.engines import ENGINES
from glassnet.errors import ConfigError
from glassnet.initializers import INITIALIZERS
from glassnet.layers import LAYERS
from glassnet.losses import LOSSES
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import Options, choice, integer, listed, number, read, tagged, write
from glassnet.schedules import SCHEDULES
from glassnet.storage.json import parse_json

Json = dict[str, Any]
MANY = 1_000_000_000
DEEPEST = 8  # fields within each other, of which `set_field` names the last
PLACE = re.compile("[0-9]{1,6}", re.ASCII)  # in a list
BEFORE: Json = {"evaluate_spacing": 0.0}  # what was done before there were such fields

CLASSIC: list[Any] = [
    {"type": "dense", "units": 36, "activation": "sigmoid"},
    {"type": "dense", "units": 10, "activation": "sigmoid"},
]


@dataclass(frozen=True, slots=True)
class RunConfig(Options):
    """All that decides how a run goes, apart from the data. The defaults are the field's classic
    exercise: 784-36-10, sigmoid, half mean square, SGD at rate 3, ten examples a batch.

    Attributes:
        layers: first to last, each `{"type": ..., ...}`.
        batch: examples in a step.
        epochs: passes over the training set after which the run stops.
        seed: the only source of randomness: first weights, order of examples, dropout.
        evaluate_every: steps between evaluations, besides that at the end of each epoch; 0: none.
        evaluate_spacing: for each example that is measured, so many are trained on before it is
            measured again: evaluations that would come sooner are left out, but for those of the
            beginning after each doubling, and the run's last (see `glassnet.training.rhythm`).
            0: none is.
        checkpoint_every: steps between `Checkpoint` events, besides those of the epochs; 0: none.
        validation: the last so many training examples are held out, to choose and to stop by.
        target: the validation accuracy (0..1) at which the run stops; 0: none.
        patience: the run stops after so many evaluations without a lower validation loss; 0: never.
    """

    layers: tuple[Json, ...] = listed(LAYERS, CLASSIC)
    loss: str = choice(LOSSES, "mse")
    optimizer: Json = tagged(OPTIMIZERS, {"type": "sgd", "lr": 3.0})
    schedule: Json = tagged(SCHEDULES, {"type": "constant"})
    initializer: str = choice(INITIALIZERS, "uniform")
    batch: int = integer(10, low=1, high=MANY)
    epochs: int = integer(30, low=1, high=MANY)
    seed: int = integer(1, low=0, high=2**53 - 1)
    engine: str = choice(ENGINES, "numpy")
    evaluate_every: int = integer(500, low=0, high=MANY)
    evaluate_spacing: float = number(3.0, low=0, high=MANY)
    checkpoint_every: int = integer(0, low=0, high=MANY)
    validation: int = integer(0, low=0, high=MANY)
    target: float = number(0.0, low=0, high=1)
    patience: int = integer(0, low=0, high=MANY)

    @classmethod
    def from_json(cls, document: object) -> RunConfig:
        """Check a JSON object; what it leaves out takes its default.

        Raises:
            ConfigError: naming the field at fault, as `layers[0].units`.
        """
        return read(cls, document)

    @classmethod
    def from_saved(cls, document: object) -> RunConfig:
        """The same of a saved run: what it leaves out was no field yet when it was saved, and means
        what was done then."""
        return cls.from_json({**BEFORE, **document} if isinstance(document, Mapping) else document)

    def to_json(self) -> Json:
        """The complete configuration, made of JSON's types alone."""
        document: Json = json.loads(json.dumps(write(self)))
        return document


def set_field(document: Json, path: str, value: Any) -> None:
    """Put a value into a configuration that is not checked yet: `layers.0.units` reaches into the
    list, and `optimizer.momentum` makes the object if there is none.

    Raises:
        ConfigError: the path leads nowhere.
    """
    *parents, last = path.split(".")
    if len(parents) >= DEEPEST:
        raise ConfigError(shortened(path), "there is no such field")
    place: Any = document
    for name in parents:
        place = _step_into(place, name, path)
    if isinstance(place, list):
        _step_into(place, last, path)
        place[int(last)] = value
    elif isinstance(place, dict):
        place[last] = value
    else:
        raise ConfigError(shortened(path), "there is no such field")


def read_value(path: str, text: str) -> Any:
    """A field's value as somebody writes it: JSON, or a word.

    Raises:
        ConfigError: it begins as a list or an object, and is none.
    """
    try:
        return parse_json(text)
    except ValueError as error:
        if text[:1] in ("[", "{"):
            raise ConfigError(shortened(path), f"not JSON: {error}") from error
        return text  # a word, as `cosine`


def _step_into(place: Any, name: str, path: str) -> Any:
    if isinstance(place, dict):
        return place.setdefault(name, {})
    if isinstance(place, list) and PLACE.fullmatch(name) and int(name) < len(place):
        return place[int(name)]
    raise ConfigError(shortened(path), f"there is no {shortened(name)!r} to set something in")


def shortened(path: str) -> str:
    """A field's name that a message can hold."""
    return path if len(path) <= 60 else path[:60] + "…"
