"""glassnet: a neural network you can see through, in Python and numpy alone.

    import glassnet as gn

    data = gn.load("mnist", folder=DIR)                      # or an IDX/CSV folder, or arrays
    network = gn.Network([gn.Dense(36), gn.Dense(10)], shape=(28, 28), loss="mse", seed=1)
    learner = gn.Learner(network, gn.SGD(lr=3.0), data.train, batch=10, seed=1)
    for event in gn.Run(learner, data, epochs=3):
        print(event)
    network.predict(data.test.images[:5])                    # (5, 10)
    learner.gradients["layers.0.weight"]                     # the last step's ∂L/∂W, always there
    gn.trace(network, data.test.images[0], label=7)          # every array of one step
    gn.gradcheck(network, data.test[:8])

Each name is imported when it is first used, so that `import glassnet` itself costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from glassnet import export as export
    from glassnet import notebook as notebook
    from glassnet.activations import Activation
    from glassnet.config import RunConfig
    from glassnet.data.dataset import Dataset, Split
    from glassnet.data.loading import load
    from glassnet.engines import Engine
    from glassnet.errors import ConfigError, DataError, GlassnetError, ShapeError, StorageError
    from glassnet.events import Checkpoint, EpochEnd, Evaluating, Evaluation, Event, Step, Stop
    from glassnet.gradient_check import gradcheck, locate_gradient_errors
    from glassnet.initializers import Initializer
    from glassnet.insight.linear import LinearMap, linear_map
    from glassnet.layers import (
        Activate,
        AveragePool2D,
        BatchNorm,
        Conv2D,
        Dense,
        Dropout,
        Flatten,
        Flow,
        Layer,
        MaxPool2D,
    )
    from glassnet.losses import Loss
    from glassnet.network import Network
    from glassnet.optimizers import SGD, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp
    from glassnet.schedules import Constant, Cosine, Schedule, StepDecay
    from glassnet.sweeping import Range, sweep
    from glassnet.tracing import Quantity, Trace, trace
    from glassnet.training.learner import Learner
    from glassnet.training.run import Run

_HOMES = {
    "activations": ["Activation"],
    "config": ["RunConfig"],
    "data.dataset": ["Dataset", "Split"],
    "data.loading": ["load"],
    "engines": ["Engine"],
    "errors": ["ConfigError", "DataError", "GlassnetError", "ShapeError", "StorageError"],
    "events": ["Checkpoint", "EpochEnd", "Evaluating", "Evaluation", "Event", "Step", "Stop"],
    "gradient_check": ["gradcheck", "locate_gradient_errors"],
    "initializers": ["Initializer"],
    "insight.linear": ["LinearMap", "linear_map"],
    "layers": [
        *["Activate", "AveragePool2D", "BatchNorm", "Conv2D", "Dense", "Dropout", "Flatten"],
        *["Flow", "Layer", "MaxPool2D"],
    ],
    "losses": ["Loss"],
    "network": ["Network"],
    "optimizers": ["SGD", "Adam", "AdamW", "Momentum", "Nesterov", "Optimizer", "RMSProp"],
    "schedules": ["Constant", "Cosine", "Schedule", "StepDecay"],
    "sweeping": ["Range", "sweep"],
    "tracing": ["Quantity", "Trace", "trace"],
    "training.learner": ["Learner"],
    "training.run": ["Run"],
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_ROOMS = ("export", "notebook")  # whole modules: `gn.export.onnx(network)`

__all__ = [
    "SGD",
    "Activate",
    "Activation",
    "Adam",
    "AdamW",
    "AveragePool2D",
    "BatchNorm",
    "Checkpoint",
    "ConfigError",
    "Constant",
    "Conv2D",
    "Cosine",
    "DataError",
    "Dataset",
    "Dense",
    "Dropout",
    "Engine",
    "EpochEnd",
    "Evaluating",
    "Evaluation",
    "Event",
    "Flatten",
    "Flow",
    "GlassnetError",
    "Initializer",
    "Layer",
    "Learner",
    "LinearMap",
    "Loss",
    "MaxPool2D",
    "Momentum",
    "Nesterov",
    "Network",
    "Optimizer",
    "Quantity",
    "RMSProp",
    "Range",
    "Run",
    "RunConfig",
    "Schedule",
    "ShapeError",
    "Split",
    "Step",
    "StepDecay",
    "Stop",
    "StorageError",
    "Trace",
    "gradcheck",
    "linear_map",
    "load",
    "locate_gradient_errors",
    "sweep",
    "trace",
]


if not TYPE_CHECKING:  # which would take any name for granted

    def __getattr__(name: str) -> Any:
        """A public name, brought from where it stands."""
        if name in _ROOMS:
            return import_module(f"{__name__}.{name}")
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_ROOMS})
