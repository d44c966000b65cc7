"""A trained network as a file: its arrays, and all that is needed to build it again.

The arrays lie in safetensors under their names, as `layers.0.weight`; the configuration, the
classes and the size of the images lie beside them in the file's metadata, as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.engines import Array, Engine, make_engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ConfigError, ShapeError, StorageError
from glassnet.initializers import INITIALIZERS, Initializer
from glassnet.layers import LAYERS
from glassnet.network import Network
from glassnet.options import make
from glassnet.storage import load_weights, save_weights
from glassnet.storage.limits import MAX_SIDE
from glassnet.training.evaluation import in_chunks

VERSION = 1

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """A network and what its numbers mean.

    Attributes:
        network: built and, if it comes from a file, trained.
        config: of the run that trained it.
        classes: the name of each output.
        data: the name of the data set it learnt from.
        step: how many steps it was trained for.
    """

    network: Network
    config: RunConfig
    classes: tuple[str, ...]
    data: str
    step: int = 0

    def outputs(self, split: Split) -> tuple[NDArray[np.float32], float]:
        """What the network answers to each example, (n, classes), and the mean loss."""
        answers = np.empty((len(split), self.network.outputs), np.float32)
        loss = 0.0
        for rows, outputs, mean in in_chunks(self.network, split):
            answers[rows] = np.asarray(outputs)
            loss += self.network.engine.read([mean])[0] * (rows.stop - rows.start)
        return answers, loss / max(len(split), 1)


def save_model(path: str | Path, model: Model) -> None:
    """Write a model as `.safetensors`; as `.npz`, only its arrays.

    Raises:
        StorageError: a value is not finite, or the file cannot be written.
    """
    meta = {
        "model": VERSION,
        "config": model.config.to_json(),
        "shape": list(model.network.shape),
        "classes": list(model.classes),
        "data": model.data,
        "step": model.step,
    }
    arrays = {name: np.array(array) for name, array in _arrays(model.network).items()}
    save_weights(path, arrays, meta)


def load_model(
    path: str | Path, config: RunConfig | None = None, dataset: Dataset | None = None
) -> Model:
    """The model in a file.

    Args:
        path: a file of `save_model`; or any safetensors or npz file with the right names, if
            `config` and `dataset` say what it is.

    Raises:
        StorageError: the file is damaged, holds no model of ours, or other arrays than the
            configuration's network has.
    """
    arrays, meta = load_weights(path)
    name = Path(path).name
    if meta.get("model") == VERSION:
        config, shape, classes, data, step = _read_meta(meta, name)
    elif config is not None and dataset is not None:
        shape, classes, data, step = dataset.shape, dataset.classes, dataset.name, 0
    else:
        raise StorageError(f"{name}: weights alone; what network they belong to is not said")
    check_arrays(config, shape, arrays, name)
    network = _build(config, shape, make_engine(config.engine), INITIALIZERS["zeros"])
    if len(classes) != network.outputs:
        raise StorageError(f"{name}: {network.outputs} outputs for {len(classes)} classes")
    for key, target in _arrays(network).items():
        network.engine.load(arrays[key], target)
    return Model(network, config, tuple(classes), data, step)


def check_arrays(
    config: RunConfig,
    shape: Shape,
    arrays: Mapping[str, NDArray[Any]],
    name: str,
    *,
    others: bool = False,
) -> None:
    """Refuse arrays that are not those of the configuration's network, without building it.

    Args:
        shape: of one example.
        name: what messages call the file.
        others: whether there may be other arrays besides, as in a checkpoint.

    Raises:
        StorageError: an array is missing, too many, not of floats, or of another shape.
    """
    try:
        wanted = outline(config, shape)
    except (ConfigError, ShapeError) as error:
        raise StorageError(f"{name}: {error}") from error
    odd = wanted.keys() - arrays.keys() if others else wanted.keys() ^ arrays.keys()
    if odd:
        raise StorageError(f"{name}: not this network's arrays: {', '.join(sorted(odd)[:6])}")
    for key, size in wanted.items():
        if arrays[key].shape != size or arrays[key].dtype.kind != "f":
            got = f"{arrays[key].dtype} {arrays[key].shape}"
            raise StorageError(f"{name}: {key}: expected floats of shape {size}, got {got}")


def outline(config: RunConfig, shape: Shape) -> dict[str, Shape]:
    """The shape of every array of a network by name, however large, without allocating it.

    Raises:
        ConfigError, ShapeError: as `Network`; a network of more than 2⁶³ numbers is a ShapeError.
    """
    nothing = Initializer("outline", _draw_nothing, _draw_nothing)
    try:
        network = _build(config, shape, _Outline(), nothing)
    except ValueError as error:  # numpy's, for what no address can reach
        raise ShapeError("network", "arrays that fit any memory", str(error)) from error
    return {name: tuple(array.shape) for name, array in _arrays(network).items()}


class _Outline(NumpyEngine):
    """An engine whose arrays have a shape but no memory: one zero, repeated."""

    def zeros(self, shape: Sequence[int]) -> Array:
        return np.broadcast_to(np.zeros((), self.dtype), tuple(shape))

    def load(self, values: Any, out: Array) -> None:
        """Nothing is kept."""


def _draw_nothing(
    rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int
) -> NDArray[np.float32]:
    return np.empty(0, np.float32)


def _build(config: RunConfig, shape: Shape, engine: Engine, start: Initializer) -> Network:
    layers = [make(LAYERS, document) for document in config.layers]
    return Network(layers, shape, config.loss, engine, start, np.random.default_rng(config.seed))


def _arrays(network: Network) -> dict[str, Array]:
    """What a network has learnt: its parameters, and what its layers remember besides."""
    return {**network.parameters(), **network.memory()}


def _read_meta(
    meta: Mapping[str, Any], name: str
) -> tuple[RunConfig, Shape, Sequence[str], str, int]:
    """The metadata of `save_model`: configuration, shape, classes, data and step."""
    shape, classes = meta.get("shape"), meta.get("classes")
    data, step = meta.get("data"), meta.get("step")
    if not (
        isinstance(shape, list)
        and 2 <= len(shape) <= 3
        and all(type(size) is int and 1 <= size <= MAX_SIDE for size in shape)
        and isinstance(classes, list)
        and all(isinstance(label, str) for label in classes)
        and isinstance(data, str)
        and type(step) is int
    ):
        raise StorageError(f"{name}: its metadata is damaged")
    try:
        return RunConfig.from_json(meta.get("config")), tuple(shape), classes, data, step
    except ConfigError as error:
        raise StorageError(f"{name}: {error}") from error
