"""The conv net that the site ships: small, right about 99 % of the digits, and told truthfully."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.model import load_model
from make.facts import read
from make.train_conv import CONV


@pytest.fixture(scope="module")
def shipped(site: Path) -> tuple[Path, dict[str, Any]]:
    """Its weights, and what is told of it."""
    folder = next(site.glob("conv-*"))
    document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return folder / document["weights"]["file"], document


def test_what_is_told_is_what_the_package_finds(
    shipped: tuple[Path, dict[str, Any]], site: Path
) -> None:
    weights, told = shipped
    index = next(site.glob("data/mnist-*/index.json"))
    dataset = read(index)
    model = load_model(weights)
    outputs, loss = model.outputs(dataset.test)
    accuracy = float(np.mean(outputs.argmax(axis=1) == dataset.test.labels))
    assert told["accuracy"] == pytest.approx(accuracy, abs=1.5 / len(dataset.test))
    assert told["loss"] == pytest.approx(loss, rel=1e-4)
    assert told["config"] == model.config.to_json() == CONV.to_json()
    assert told["steps"] == model.step == told["epochs"] * (len(dataset.train) // CONV.batch)
    assert told["data"] == index.parent.name
    whole = not json.loads(index.read_text(encoding="utf-8"))["sample"]
    assert accuracy >= (0.99 if whole else 0.95)


def test_it_is_small(shipped: tuple[Path, dict[str, Any]]) -> None:
    weights, told = shipped
    assert weights.stat().st_size == told["weights"]["bytes"] < 40_000
