"""From flags to a configuration: `--arch 784,36,10 --lr 3.0` and the like become its fields."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glassnet.activations import ACTIVATIONS
from glassnet.config import RunConfig, read_value, set_field, shortened
from glassnet.engines import ENGINES
from glassnet.errors import ConfigError
from glassnet.initializers import INITIALIZERS
from glassnet.losses import LOSSES
from glassnet.optimizers import OPTIMIZERS
from glassnet.storage.json import parse_json

Json = dict[str, Any]

CLASSIC = [784, 36, 10]
OUTPUTS = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}  # a loss's natural last
PLAIN = ("loss", "initializer", "batch", "epochs", "seed", "engine", "evaluate_every", "validation")
EPOCHS: Json = {"evaluate_every": 0, "evaluate_spacing": 0.0}  # a line after each, and no more
MAX_BYTES = 1 << 20


def add_config_flags(parser: argparse.ArgumentParser) -> None:
    """The flags that `read_config` understands."""
    add = parser.add_argument
    add("--config", metavar="FILE", help="a configuration as JSON; the flags below change it")
    add("--arch", metavar="N,N,...", help="inputs, units of each dense layer (784,36,10)")
    add("--activation", choices=ACTIVATIONS, help="of the hidden layers (sigmoid)")
    add("--output-activation", choices=ACTIVATIONS, help="of the last layer (as the loss needs)")
    add("--loss", choices=LOSSES, help="(mse)")
    add("--optimizer", choices=OPTIMIZERS, help="(sgd)")
    add("--lr", type=float, metavar="RATE", help="the learning rate (3.0 for sgd)")
    add("--initializer", choices=INITIALIZERS, help="(uniform)")
    add("--batch", type=int, metavar="N", help="examples in a step (10)")
    add("--epochs", type=int, metavar="N", help="passes over the training images (30)")
    add("--seed", type=int, metavar="N", help="the only source of randomness (1)")
    add("--engine", choices=ENGINES, help="what does the arithmetic (numpy)")
    add("--validation", type=int, metavar="N", help="training images held out (0)")
    add(
        "--evaluate-every",
        type=int,
        metavar="STEPS",
        help="evaluate so often, besides at each epoch's end (0)",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="any other field, as optimizer.momentum=0.8 or schedule.type=cosine",
    )


def given_flags(args: argparse.Namespace) -> list[str]:
    """The names of the configuration's flags that are on the command line."""
    names = ("config", "arch", "activation", "output_activation", "optimizer", "lr", *PLAIN)
    return [name for name in names if getattr(args, name) is not None] + ["set"] * bool(args.set)


def read_config(args: argparse.Namespace) -> tuple[RunConfig, int | None]:
    """The configuration that the flags describe, and how many inputs `--arch` says it has.

    Raises:
        ConfigError: naming the field, or the flag, at fault.
    """
    document: Json = {**EPOCHS, **read_file(args.config)}
    for name in PLAIN:
        if getattr(args, name) is not None:
            document[name] = getattr(args, name)
    inputs = _set_layers(args, document)
    _set_optimizer(args, document)
    for assignment in args.set:
        _assign(document, assignment)
    return RunConfig.from_json(document), inputs


def read_file(name: str | None) -> Json:
    """The JSON object in a file of the user's; {} if there is no file.

    Raises:
        ConfigError: the file cannot be read, or holds something else.
    """
    if name is None:
        return {}
    path = Path(name)
    try:
        if path.exists() and not path.is_file():
            raise ConfigError("config", f"{name}: not a regular file")
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError("config", f"{name}: larger than {MAX_BYTES:,} bytes")
        document = parse_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError("config", f"{name}: {error.strerror or error}") from error
    except ValueError as error:
        raise ConfigError("config", f"{name}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ConfigError("config", f"{name}: expected a JSON object")
    return document


def _set_layers(args: argparse.Namespace, document: Json) -> int | None:
    """The layers from `--arch` and the activations, unless a file has described them."""
    flags = (args.arch, args.activation, args.output_activation)
    if "layers" in document and flags == (None, None, None):
        return None
    sizes = CLASSIC if args.arch is None else _read_sizes(args.arch)
    hidden = args.activation or "sigmoid"
    last = args.output_activation or OUTPUTS.get(document.get("loss", "mse"), hidden)
    activations = [hidden] * (len(sizes) - 2) + [last]
    document["layers"] = [
        {"type": "dense", "units": units, "activation": activation}
        for units, activation in zip(sizes[1:], activations, strict=True)
    ]
    return sizes[0]


def _read_sizes(text: str) -> list[int]:
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError as error:
        raise ConfigError("arch", f"expected numbers as 784,36,10, got {text!r}") from error
    if len(sizes) < 2:
        raise ConfigError("arch", "expected at least inputs and outputs, as 784,10")
    return sizes


def _set_optimizer(args: argparse.Namespace, document: Json) -> None:
    optimizer = document.get("optimizer")
    if args.optimizer is not None:
        optimizer = {"type": args.optimizer}
    elif optimizer is None:
        optimizer = {"type": "sgd"}
    if isinstance(optimizer, dict):
        if args.lr is not None:
            optimizer = {**optimizer, "lr": args.lr}
        elif optimizer == {"type": "sgd"}:
            optimizer = {"type": "sgd", "lr": 3.0}
    document["optimizer"] = optimizer


def _assign(document: Json, assignment: str) -> None:
    """Carry out one `FIELD=VALUE`: `layers.0.units=64` reaches into the list."""
    path, equals, text = assignment.partition("=")
    if not equals:
        raise ConfigError("set", f"expected FIELD=VALUE, got {shortened(assignment)!r}")
    set_field(document, path, read_value(path, text))


def check_inputs(inputs: int | None, shape: tuple[int, int]) -> None:
    """Refuse an `--arch` whose first number is not the size of the images."""
    pixels = shape[0] * shape[1]
    if inputs is not None and inputs != pixels:
        raise ConfigError("arch", f"{inputs} inputs, but the images are {shape[0]}x{shape[1]}")


def config_line(config: RunConfig, shape: tuple[int, int]) -> str:
    """The configuration in a line: what one would say of it."""
    layers = " - ".join(_layer_words(layer) for layer in config.layers)
    optimizer: Mapping[str, Any] = config.optimizer
    return (
        f"{shape[0]}x{shape[1]} - {layers}; {config.loss}, {optimizer['type']} at "
        f"{optimizer['lr']:g}, batch {config.batch}, {config.initializer}, seed {config.seed}, "
        f"engine {config.engine}"
    )


def _layer_words(layer: Mapping[str, Any]) -> str:
    size = layer.get("units") or layer.get("filters")
    words = [str(layer["type"]), str(size or ""), str(layer.get("activation", ""))]
    return " ".join(word for word in words if word)
