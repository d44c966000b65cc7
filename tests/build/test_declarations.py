"""Every bound and default of a run's settings is the package's own: nothing is said twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from glassnet.config import RunConfig
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import describe
from make import declarations
from make.settings import PYLIB
from support.script import told

TABLE = """
globalThis.__OPTIONS__ = JSON.parse(given[0]);
const { TABLE } = await import(web + 'state/table.js');
console.log(JSON.stringify(TABLE));
"""


@pytest.fixture(scope="module")
def declared() -> Any:
    return declarations.read(PYLIB / "src")


@pytest.mark.parametrize("name", ["batch", "seed", "epochs"])
def test_a_setting_is_bounded_as_the_package_bounds_it(declared: Any, name: str) -> None:
    row, about = told(TABLE, json.dumps(declared))[name], describe(RunConfig)[name]
    assert (row["kind"], row["min"], row["max"]) == (about["kind"], about["low"], about["high"])
    assert row["default"] == getattr(RunConfig(), name)


def test_so_is_the_rate(declared: Any) -> None:
    row, about = told(TABLE, json.dumps(declared))["rate"], describe(OPTIMIZERS["sgd"])["lr"]
    assert (row["min"], row["max"]) == (about["low"], about["high"])
    assert row["default"] == RunConfig().optimizer["lr"]


def test_the_declarations_tell_of_every_kind(declared: Any) -> None:
    assert declared["layers"]["conv2d"]["filters"]["high"] == 4096
    assert "softmax" in declared["activations"]
    assert set(declared["optimizers"]) == set(OPTIMIZERS)


def test_another_bound_in_the_package_moves_the_field(tmp_path: Path) -> None:
    """Planted: no number is changed anywhere but where the package declares it."""
    shutil.copytree(PYLIB / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    config = tmp_path / "src" / "glassnet" / "config.py"
    text = config.read_text(encoding="utf-8")
    before = "batch: int = integer(10, low=1, high=MANY)"
    assert before in text
    config.write_text(
        text.replace(before, "batch: int = integer(12, low=4, high=77)"), encoding="utf-8"
    )
    row = told(TABLE, json.dumps(declarations.read(tmp_path / "src")))["batch"]
    assert (row["default"], row["min"], row["max"]) == (12, 4, 77)
