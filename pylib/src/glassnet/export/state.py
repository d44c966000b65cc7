"""Weights to and from PyTorch: a network's arrays under its names and in its layouts.

A file of them is what `safetensors.torch` writes and reads; nothing of PyTorch's own format, which
is executed when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import StorageError
from glassnet.export.plan import Match, Plan, arrays
from glassnet.network import Network
from glassnet.storage.files import load_weights
from glassnet.storage.limits import Arrays, check_finite

COUNTED = "num_batches_tracked"  # of PyTorch's batch norm, which needs it for nothing of ours


def state_dict(network: Network) -> Arrays:
    """A network's arrays as those of the module that `pytorch` writes, by name.

    Dense: `weight` (units, inputs), `bias`. Convolution: `weight` (filters, channels, size, size),
    `bias`. Batch norm: `weight` and `bias`, which are our gamma and beta, `running_mean` and
    `running_var`. Where a dense layer reads an image of several channels, its inputs are in the
    order of an image with its channels first, as PyTorch flattens it. All are float32, and copies;
    `glassnet.storage.save_weights` writes them as safetensors.

    Raises:
        ConfigError: a layer or an activation is the reader's own.
    """
    state: Arrays = {}
    for step in Plan(network.layers, network.shapes).steps:
        ours = arrays(step.layer)
        for match in step.matches.values():
            array = ours[match.ours.rpartition(".")[2]].astype(np.float32)
            state[match.theirs] = np.ascontiguousarray(match.there(array))
    return state


def load_state_dict(
    network: Network,
    source: str | Path | Mapping[str, NDArray[Any]],
    names: Mapping[str, str] | None = None,
) -> None:
    """Put arrays that are named and laid out as PyTorch's into a network.

    Nothing is changed unless all of them fit. A `Run` of the network is then to be told by
    `keep_if_finite`.

    Args:
        source: a safetensors file, such as `safetensors.torch.save_file(model.state_dict(), ...)`
            writes; or the arrays themselves.
        names: which of our layers each of their modules is, as `{"conv1": "layers.0"}`. Not needed
            for the names that `state_dict` gives, nor for those of one `nn.Sequential`, whose
            modules with arrays are taken in their order.

    Raises:
        StorageError: naming the array that is missing, not of this network, not of floats, not
            finite or of another shape; or the file cannot be read.
        ConfigError: a layer or an activation is the reader's own.
    """
    if isinstance(source, str | Path):
        source = load_weights(source)[0]
    theirs = {name: array for name, array in source.items() if name.split(".")[-1] != COUNTED}
    matches = {match.theirs: match for match in Plan(network.layers, network.shapes).matches}
    called = _called(theirs, matches, names)
    odd = [f"{name} is missing" for name in matches.keys() - called.keys()]
    odd += [f"{name} is not of this network" for name in theirs.keys() - set(called.values())]
    if odd:
        raise StorageError(f"state dict: {'; '.join(sorted(odd)[:6])}")
    found = {match.ours: _read(match, called[name], theirs) for name, match in matches.items()}
    for name, target in {**network.parameters(), **network.memory()}.items():
        network.engine.load(found[name], target)


def _called(
    theirs: Mapping[str, Any], matches: Mapping[str, Match], names: Mapping[str, str] | None
) -> dict[str, str]:
    """What each array that we know is called in the source."""
    modules = dict.fromkeys(name.rpartition(".")[0] for name in theirs)
    layers = list(dict.fromkeys(name.rpartition(".")[0] for name in matches))
    if names is None:
        names = {module: module for module in modules}
        if not set(modules) <= set(layers) and (ordered := _in_sequence(list(modules))):
            if len(ordered) != len(layers):
                raise StorageError(
                    f"state dict: {len(ordered)} modules with arrays ({', '.join(ordered[:6])}), "
                    f"but {len(layers)} layers have some ({', '.join(layers[:6])})"
                )
            names = dict(zip(ordered, layers, strict=True))
    called = {}
    for name in theirs:
        module, _, last = name.rpartition(".")
        wanted = f"{names.get(module, module)}.{last}"
        if wanted in matches:
            called[wanted] = name
    return called


def _in_sequence(modules: list[str]) -> list[str]:
    """The modules of one `nn.Sequential` in their order, for a file has them in another; none if
    they are not."""
    parents = {module.rpartition(".")[0] for module in modules}
    if len(parents) != 1 or not all(module.split(".")[-1].isdecimal() for module in modules):
        return []
    return sorted(modules, key=lambda module: int(module.split(".")[-1]))


def _read(match: Match, name: str, theirs: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """One array, as we keep it."""
    array = np.asarray(theirs[name])
    told = name if name == match.ours else f"{name}, our {match.ours}"
    if array.dtype.kind != "f" or array.shape != match.shape_there:
        wanted = f"expected floats of shape {match.shape_there}"
        raise StorageError(f"state dict: {told}: {wanted}, got {array.dtype} {array.shape}")
    check_finite(name, array)
    return np.ascontiguousarray(match.here(array))
