"""What a learner types: the first lines of the package's own text and README, run as they stand."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

import glassnet as gn
from glassnet.data import catalog
from glassnet.data.catalog import CATALOG
from glassnet.data.idx import format_idx, write_idx
from glassnet.notebook import LiveRun
from unit.small import bars

README = Path(gn.__file__).parents[2] / "README.md"
in_the_repository = pytest.mark.skipif(
    not README.exists(), reason="not in the browser: the README is not part of the package"
)


def lines() -> str:
    """The ten lines in the package's docstring."""
    return str(gn.__doc__).split("\n\n", 1)[1].rsplit("\n\n", 1)[0].replace("\n    ", "\n").strip()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small set of 28×28 images that passes for MNIST."""
    made, source = bars(train=60, test=30, size=28), CATALOG["mnist"]
    arrays = [made.train.images, made.train.labels, made.test.images, made.test.labels]
    digests = tuple(hashlib.sha256(format_idx(array)).hexdigest() for array in arrays)
    small = dataclasses.replace(source, count=(60, 30), sha256=digests)
    known = tuple(small if other is source else other for other in catalog.KNOWN)
    monkeypatch.setattr(catalog, "KNOWN", known)
    monkeypatch.setitem(CATALOG, "mnist", small)
    for name, array in zip(source.files, arrays, strict=True):
        write_idx(tmp_path / name, array)
    return tmp_path


def test_the_ten_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand; what an expression gives is looked at, as a prompt would show it."""
    shown: list[Any] = []
    names: dict[str, Any] = {"DIR": folder}
    for statement in ast.parse(lines()).body:
        if isinstance(statement, ast.Expr):
            shown.append(eval(ast.unparse(statement), names))
        else:
            exec(ast.unparse(statement), names)
    printed = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("Step(") for line in printed) == 18
    assert printed[-1] == "Stop(step=18, reason='3 epochs are done', diverged=None)"
    answers, gradient, trace, errors = shown
    assert answers.shape == (5, 10) and answers.dtype == np.float32
    assert gradient.shape == (36, 784) and gradient.any()
    assert trace.named("layers.0.z").formula == "z = x Wᵀ + b" and "∂L/∂W" in repr(trace)
    assert errors.keys() == names["network"].parameters().keys() and max(errors.values()) < 1e-5


@in_the_repository
def test_the_readme_begins_with_them() -> None:
    """With one comment that is longer: the file may be wider than the code."""
    text = README.read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)\n```", text, re.DOTALL)
    assert block and "```" not in text[: block.start()]
    assert block[1].replace("; shows itself in a notebook", "") == lines()


@in_the_repository
def test_the_readmes_notebook_follows_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"```py\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    watched: list[Any] = []
    monkeypatch.setattr("glassnet.notebook.live.make", lambda *_, **__: MagicMock())
    monkeypatch.setattr("glassnet.notebook.watch", lambda run: watched.append(LiveRun(run)))
    data = bars()
    network = gn.Network([gn.Dense(5), gn.Dense(4)], (6, 6))
    learner = gn.Learner(network, gn.SGD(lr=0.5), data.train)
    names: dict[str, Any] = {"gn": gn, "data": data, "network": network, "learner": learner}
    *statements, last = ast.parse(block).body
    exec("\n".join(map(ast.unparse, statements)), names)
    assert names["run"].step == learner.horizon
    assert [live.run for live in watched] == [names["run"]]
    answer = eval(ast.unparse(last), names)
    assert answer.words.endswith(("and right", f"and wrong: it is {data.test.labels[0]}"))


@in_the_repository
def test_what_the_readme_says_further_on_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)[1:]
    names: dict[str, Any] = {"gn": gn, "np": np}
    for block in blocks:
        exec(block, names)
    network = gn.Network([gn.Dense(5, names["square"]), names["Gain"](), gn.Dense(4)], (6, 6))
    data = bars()
    assert max(gn.gradcheck(network, data.test[:8]).values()) < 1e-6
    learner = gn.Learner(network, gn.SGD(lr=0.5), data.train)
    losses = [learner.step()[0] for _ in range(60)]
    assert np.mean(losses[-6:]) < np.mean(losses[:6])


def test_every_public_name_is_there_and_said_once() -> None:
    assert set(gn.__all__) == set(gn._HOME) and len(set(gn.__all__)) == len(gn.__all__)
    for name in gn.__all__:
        assert getattr(gn, name).__name__ == name
    assert set(gn.__all__) <= set(dir(gn))
    with pytest.raises(AttributeError, match="nonsense"):
        gn.nonsense  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.skipif(sys.platform == "emscripten", reason="not in the browser: needs a process")
def test_importing_it_imports_nothing() -> None:
    code = "import sys, glassnet\n"
    code += "print([n for n in sys.modules if n[:9] == 'glassnet.' or 'numpy' in n])"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        env={"PYTHONPATH": str(Path(gn.__file__).parents[1])},
    )  # fmt: skip
    assert done.stdout == "[]\n"


# Data from wherever it is


def test_load_a_folder_a_name_or_arrays(folder: Path) -> None:
    made = bars(train=60, test=30, size=28)
    by_name, by_folder = gn.load("mnist", folder=folder), gn.load(folder)
    assert by_name.name == by_folder.name == "mnist"
    np.testing.assert_array_equal(by_name.train.images, made.train.images)
    pair = made.train.images, made.train.labels.astype(np.int64)
    alone = gn.load(pair)
    assert (len(alone.train), len(alone.test), alone.classes) == (54, 6, ("0", "1", "2", "3"))
    both = gn.load(pair, test=(made.test.images, made.test.labels))
    assert (len(both.train), len(both.test)) == (60, 30)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("mnist", "in which folder"),
        ("no/such/folder", "no such folder"),
        ((np.zeros((2, 3, 3)), np.zeros(2, np.uint8)), "expected bytes"),
        ((np.zeros((2, 3, 3), np.uint8), np.zeros(2)), "whole numbers"),
        ((np.zeros((2, 3, 3), np.uint8), np.full(2, 300)), "0 to 255"),
        ((np.zeros((2, 3, 3), np.uint8), np.zeros(3, np.uint8)), "2 images but 3 labels"),
    ],
)
def test_what_cannot_be_loaded(source: Any, words: str) -> None:
    with pytest.raises(gn.DataError, match=words):
        gn.load(source)
