"""`glassnet evaluate`: how well a network does, class by class, and what it mixes up."""

from __future__ import annotations

import argparse
import math

import numpy as np

from glassnet.cli.arguments import read_file
from glassnet.cli.console import Console
from glassnet.cli.source import add_data_flags, describe, load_data
from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.errors import ConfigError, DataError
from glassnet.looking import confusion_matrix, most_confident_mistakes, per_class_accuracy
from glassnet.model import Model, load_model
from glassnet.run_folder import weights_in
from glassnet.terminal import draw_confusion

MISTAKES = 10


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet evaluate`."""
    parser = commands.add_parser(
        "evaluate",
        help="measure a trained network",
        description="Measure a trained network: accuracy by class, confusions, worst mistakes.",
    )
    add_model_flags(parser)
    parser.add_argument("--split", default="test", help="train, validation or test (test)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.set_defaults(run=evaluate)


def evaluate(args: argparse.Namespace, console: Console) -> int:
    """Measure and tell. Returns the exit code."""
    model, data = load_for(args)
    split = choose_split(data, args.split)
    outputs, loss = model.outputs(split)
    answers = outputs.argmax(axis=1)
    confusion = confusion_matrix(split.labels, answers, len(model.classes))
    by_class = per_class_accuracy(confusion)
    mistakes = most_confident_mistakes(outputs, split.labels, MISTAKES)
    right = int(np.trace(confusion))
    console.tell(
        {
            "event": "evaluation",
            "step": model.step,
            "split": args.split,
            "count": len(split),
            "loss": loss,
            "accuracy": right / len(split),
            "per_class": [None if math.isnan(part) else part for part in by_class.tolist()],
            "confusion": confusion.tolist(),
            "mistakes": mistakes.tolist(),
        }
    )
    console.say(describe(data))
    console.say(
        f"{args.split}: {right / len(split):.2%} ({right:,} of {len(split):,}), loss {loss:.4f}\n"
    )
    for name, part, row in zip(model.classes, by_class, confusion, strict=True):
        console.say(f"  {name:>12}  {part:7.2%} of {row.sum():,}" if row.sum() else f"  {name:>12}")
    console.say("\nEach row is a class, each column an answer:\n")
    console.say(draw_confusion(confusion, model.classes))
    if len(mistakes):
        console.say("\nSurest mistakes:")
    for index in mistakes:
        truth, answer = model.classes[split.labels[index]], model.classes[answers[index]]
        sure = float(outputs[index, answers[index]])
        console.say(f"  {args.split} {index}: {truth} taken for {answer} ({sure:.3f})")
    return 0


def add_model_flags(parser: argparse.ArgumentParser) -> None:
    """The model, and the data it is looked at with."""
    parser.add_argument(
        "model", nargs="?", default="run", help="a run's folder, or a file of weights (run)"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="the configuration, for weights that come without"
    )
    add_data_flags(parser)


def load_for(args: argparse.Namespace) -> tuple[Model, Dataset]:
    """The model and the data that the flags name.

    Raises:
        DataError: the data are not of the size and number of classes that the model learnt.
    """
    data = load_data(args)
    config = RunConfig.from_json(read_file(args.config)) if args.config else None
    model = load_model(weights_in(args.model), config, data)
    if model.config.validation and data.validation is None:
        data = data.hold_out(model.config.validation)
    wanted, found = model.network.shape, data.shape
    if wanted != found or len(model.classes) != len(data.classes):
        raise DataError(
            f"{data.name}: {len(data.classes)} classes of {found} pixels, but the network "
            f"learnt {model.data}, {len(model.classes)} classes of {wanted} pixels"
        )
    return model, data


def choose_split(data: Dataset, name: str) -> Split:
    """A part of the data that is there and not empty, by name.

    Raises:
        ConfigError: there is none.
    """
    splits = {name: split for name, split in data.splits().items() if len(split)}
    if name not in splits:
        raise ConfigError("split", f"expected one of {', '.join(splits)}; got {name!r}")
    return splits[name]
