"""`glassnet show`: a network in the terminal, through the digits it reads and misreads."""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.cli.console import Console
from glassnet.cli.evaluate import add_model_flags, choose_split, load_for
from glassnet.data.dataset import Split
from glassnet.errors import ConfigError
from glassnet.looking import THRESHOLD, active_map, as_grid
from glassnet.model import Model
from glassnet.terminal import Depth, Picture, bar, beside, draw_image, draw_signed, legend, titled


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet show`."""
    parser = commands.add_parser(
        "show",
        help="look at a trained network",
        description="Show what a network makes of a class: examples it reads and misreads, and "
        "for each layer the mean of the weights of the units that answered.",
    )
    add_model_flags(parser)
    parser.add_argument("--digit", default="0", metavar="CLASS", help="the class to look at (0)")
    parser.add_argument("--count", type=int, default=2, help="examples of each kind (2)")
    parser.add_argument("--split", default="test", help="train, validation or test (test)")
    parser.add_argument(
        "--threshold",
        type=float,
        default=THRESHOLD,
        help=f"the activation above which a unit counts as active ({THRESHOLD})",
    )
    parser.add_argument(
        "--layer", type=int, metavar="N", help="show every unit's weights of layer N instead"
    )
    parser.set_defaults(run=show)


def show(args: argparse.Namespace, console: Console) -> int:
    """Draw. Returns the exit code."""
    model, data = load_for(args)
    if args.layer is not None:
        _show_layer(model, args.layer, console)
        return 0
    if args.digit not in model.classes:
        raise ConfigError(
            "digit", f"expected one of {', '.join(model.classes)}; got {args.digit!r}"
        )
    if math.isnan(args.threshold):
        raise ConfigError("threshold", "expected a number, got nan")
    if args.count < 0:
        raise ConfigError("count", f"expected at least 0, got {args.count}")
    split = choose_split(data, args.split)
    label = model.classes.index(args.digit)
    members = np.flatnonzero(split.labels == label)
    if not members.size:
        raise ConfigError("digit", f"there is no {args.digit} among the {args.split} images")
    chosen = Split(split.images[members], split.labels[members])
    outputs, _ = model.outputs(chosen)
    right = outputs.argmax(axis=1) == label
    for title, rows in (("read", np.flatnonzero(right)), ("misread", _surest(outputs, ~right))):
        part = f"{len(rows):,} of the {len(members):,} {args.split} images"
        console.say(f"\n=== {args.digit}: {title}, {part}")
        for row in rows[: args.count]:
            _show_example(model, chosen.images[row], int(members[row]), args, console)
    return 0


def _surest(outputs: NDArray[Any], wrong: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The wrong answers, the surest first."""
    rows = np.flatnonzero(wrong)
    return rows[np.argsort(-outputs[rows].max(axis=1), kind="stable")]


def _show_example(
    model: Model,
    image: NDArray[np.uint8],
    index: int,
    args: argparse.Namespace,
    console: Console,
) -> None:
    """One digit, the answer to it, and the mean active weights of each layer."""
    activations = model.network.activations(image[None].astype(np.float32) / 255)
    answer = activations[-1][0].astype(float)
    console.say(f"\n{args.split} {index}, taken for {model.classes[int(answer.argmax())]}\n")
    pictures = [titled("the digit", draw_image(image, console.depth))]
    pictures.append(titled("the answer", _answers(model, answer, console)))
    limits = []
    for number, weights in _dense_weights(model).items():
        found = active_map(weights, activations[number][0].ravel(), args.threshold)
        grid = as_grid(found.mean)
        limits.append(float(np.abs(found.mean).max()))
        words = f"layer {number}: {len(found.active)} of {len(weights)} active"
        pictures.append(titled(words, draw_signed(grid, console.depth, limits[-1] or None)))
    console.say(beside(pictures, console.width))
    for (number, _), limit in zip(_dense_weights(model).items(), limits, strict=True):
        console.say(f"layer {number}: {legend(limit, console.depth)}")


def _answers(model: Model, answer: NDArray[Any], console: Console) -> Picture:
    """The outputs as bars; from 0 to 1, or to the largest."""
    most = max(float(answer.max()), 1.0)
    wide = max(len(name) for name in model.classes)
    lines = tuple(
        f"{name:>{wide}} {bar(float(part) / most, 10, console.depth is Depth.NONE)} {part:6.3f}"
        for name, part in zip(model.classes, answer, strict=True)
    )
    return Picture(lines, len(lines[0]))


def _show_layer(model: Model, number: int, console: Console) -> None:
    """Every unit's incoming weights, all on one scale."""
    layers = _dense_weights(model)
    if number not in layers:
        known = ", ".join(map(str, layers))
        raise ConfigError("layer", f"expected one with a weight for each input: {known}")
    weights = layers[number]
    limit = float(np.abs(weights).max())
    pictures = [
        titled(f"unit {unit}", draw_signed(as_grid(row), console.depth, limit))
        for unit, row in enumerate(weights)
    ]
    console.say(f"layer {number}: {legend(limit, console.depth)}\n")
    console.say(beside(pictures, console.width))


def _dense_weights(model: Model) -> dict[int, NDArray[Any]]:
    """The weights (units, inputs) of the layers that have one for each input, by number."""
    arrays = {name: np.array(array) for name, array in model.network.parameters().items()}
    return {
        int(name.split(".")[1]): array
        for name, array in arrays.items()
        if name.endswith(".weight") and array.ndim == 2
    }
