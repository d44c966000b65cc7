"""`glassnet export`: a trained network for other frameworks."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from glassnet import export as exporting
from glassnet.cli.console import Console
from glassnet.errors import ConfigError
from glassnet.model import Model, load_model
from glassnet.run_folder import weights_in
from glassnet.storage import save_weights
from glassnet.storage.files import SAFETENSORS, write_file

Writer = Callable[[Model, Path], object]


def _text(path: Path, text: str) -> None:
    write_file(path, text.encode())


def _state_dict(model: Model, path: Path) -> None:
    if path.suffix != SAFETENSORS:
        raise ConfigError("state-dict", f"{path}: expected a name ending in {SAFETENSORS}")
    save_weights(path, exporting.state_dict(model.network))


WRITERS: dict[str, tuple[str, Writer]] = {  # by flag: what it is, and what writes it
    "onnx": (
        "a model of opset 20, such as ONNX Runtime runs",
        lambda model, path: exporting.onnx(model.network, path, classes=model.classes),
    ),
    "pytorch": (
        "Python that builds it in PyTorch and loads our weights",
        lambda model, path: _text(path, exporting.pytorch(model.network)),
    ),
    "keras": (
        "Python that builds it in Keras 3 and loads our weights",
        lambda model, path: _text(path, exporting.keras(model.network)),
    ),
    "state-dict": ("its arrays as PyTorch's, in safetensors", _state_dict),
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet export`."""
    parser = commands.add_parser(
        "export",
        help="write a network for other frameworks",
        description="Write a trained network for other frameworks: one file or several.",
    )
    parser.add_argument(
        "model", nargs="?", default="run", help="a run's folder, or a file of weights (run)"
    )
    for flag, (what, _) in WRITERS.items():
        parser.add_argument(f"--{flag}", metavar="FILE", help=what)
    parser.set_defaults(run=export)


def export(args: argparse.Namespace, console: Console) -> int:
    """Write the files that the flags name. Returns the exit code."""
    wanted = {
        flag: name
        for flag in WRITERS
        if (name := getattr(args, flag.replace("-", "_"))) is not None
    }
    if not wanted:
        flags = ", ".join(f"--{flag}" for flag in WRITERS)
        raise ConfigError("export", f"into which file? One of {flags} says it")
    for flag, name in wanted.items():
        if not name:
            raise ConfigError(flag, "which file? its name is empty")
    model = load_model(weights_in(args.model))
    for flag, name in wanted.items():
        WRITERS[flag][1](model, Path(name))
        console.say(f"{name}: {WRITERS[flag][0]}")
    return 0
