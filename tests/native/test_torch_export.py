"""Our PyTorch text in PyTorch, with weights through safetensors, there and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.storage import save_weights
from unit.exported import ROWS, TOLERANCE, answers, batch, made
from unit.small import network

if TYPE_CHECKING:
    import torch
    from torch import nn
else:
    torch = pytest.importorskip("torch", reason="PyTorch's build for the CPU is not to be had here")
    nn = torch.nn


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_text_builds_the_same_network(row: Any, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    net, x = made(row), batch(row)
    ours = {name: np.array(array) for name, array in {**net.parameters(), **net.memory()}.items()}
    save_weights(tmp_path / "ours.safetensors", ours)
    names: dict[str, Any] = {}
    exec(gn.export.pytorch(net), names)
    model = names["load"](str(tmp_path / "ours.safetensors"))
    found = model(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(found, answers(net, x), rtol=0, atol=TOLERANCE)

    # A file of our own state dict is one that PyTorch takes without a word,
    save_weights(tmp_path / "state.safetensors", gn.export.state_dict(net))
    again = names["Network"]().eval()
    again.load_state_dict(load_file(tmp_path / "state.safetensors"))
    np.testing.assert_array_equal(again(torch.tensor(x)).detach().numpy(), found)

    # and PyTorch's is one that we take.
    theirs = tmp_path / "theirs.safetensors"
    if model.state_dict():
        save_file(model.state_dict(), theirs)
        other = network(row[1], row[0], "mse", seed=9)
        gn.export.load_state_dict(other, theirs)
        np.testing.assert_allclose(answers(other, x), found, rtol=0, atol=TOLERANCE)


def test_a_network_that_was_made_in_pytorch(tmp_path: Path) -> None:
    """As anyone writes it: a sequence of modules, images with their channels first."""
    from safetensors.torch import save_file

    torch.manual_seed(5)
    model = nn.Sequential(
        *(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(64, 12), nn.Tanh(), nn.Dropout(), nn.Linear(12, 5), nn.Softmax(dim=1)),
    )
    x = torch.rand(32, 1, 10, 10)
    model(x)  # its batch norm remembers
    model.eval()
    save_file(model.state_dict(), tmp_path / "model.safetensors")
    net = gn.Network(
        [
            *(gn.Conv2D(4, 3, activation="identity"), gn.BatchNorm(), gn.Activate()),
            *(gn.MaxPool2D(), gn.Dense(12, "tanh"), gn.Dropout(), gn.Dense(5, "softmax")),
        ],
        (10, 10),
        "cross_entropy",
    )
    gn.export.load_state_dict(net, tmp_path / "model.safetensors")
    wanted = model(x).detach().numpy()
    np.testing.assert_allclose(net.predict(x[:, 0].numpy()), wanted, rtol=0, atol=TOLERANCE)
