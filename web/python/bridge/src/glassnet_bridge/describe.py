"""A run as it describes itself, once: what there is to ask for (`Description` in protocol.js)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.layers import LAYERS, Layer
from glassnet.network import Network
from glassnet.options import write
from glassnet_bridge.arrival import Arrival
from glassnet_bridge.held import Held

Json = dict[str, Any]

KINDS = {made: kind for kind, made in LAYERS.items()}


def describe_run(held: Held) -> Json:
    """All that does not change for as long as this run has its name."""
    run = held.run
    return {
        "run": held.name,
        "generation": held.generation,
        "config": run.config.to_json(),
        "engine": run.engine.name,
        "shape": list(run.dataset.shape),
        "classes": list(run.dataset.classes),
        "batches": run.steps_per_epoch,
        "layers": [describe_layer(run.network, i) for i in range(len(run.network.layers))],
        "data": describe_data(run.dataset, held.arrival),
    }


def describe_layer(network: Network, number: int) -> Json:
    """One layer (`LayerDescription`)."""
    layer: Layer = network.layers[number]
    before = f"layers.{number}."

    def shapes(arrays: dict[str, Any]) -> dict[str, list[int]]:
        return {
            name.removeprefix(before): list(array.shape)
            for name, array in arrays.items()
            if name.startswith(before)
        }

    return {
        "name": f"layers.{number}",
        "kind": KINDS.get(type(layer), type(layer).__name__),
        "options": {name: plain(value) for name, value in write(layer).items()},
        "input": list(network.shapes[number]),
        "output": list(network.shapes[number + 1]),
        "activation": layer.activation_name,
        "parameters": shapes(network.parameters()),
        "memory": shapes(network.memory()),
        "forward": list(network.workspace(1).flows[number].named_forward()),
    }


def plain(option: Any) -> Any:
    """An option as JSON; one that is an object, such as an activation of one's own, by its name."""
    return option if isinstance(option, str | int | float) else getattr(option, "name", str(option))


def describe_data(dataset: Dataset, arrival: Arrival) -> Json:
    """The whole set's name and sizes, and what was chosen of it."""
    counts = {name: arrival.total(name) for name in ("train", "test")}
    return {
        "name": dataset.name,
        "counts": counts,
        "chosen": {
            name: describe_choice(dataset, name, rows, arrival.complete)
            for name, rows in dataset.chosen.items()
        },
    }


def describe_choice(dataset: Dataset, name: str, rows: NDArray[Any], complete: bool) -> Json:
    """What was chosen of a split (`Chosen`)."""
    labels = dataset.splits()[name].labels
    if name == "train" and dataset.validation is not None:
        labels = np.concatenate([labels, dataset.validation.labels])
    counts = np.bincount(labels, minlength=len(dataset.classes)).tolist()
    return {
        "count": len(rows),
        "classes": counts if complete else None,
    }
