"""What a notebook keeps of our living figures: a real kernel runs it (nbclient), and what nbconvert
makes of it has the static figures, which are true of how things stood at the end."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from make.settings import PYLIB, TESTS, WEB
from support.required import required

VIEW = "application/vnd.jupyter.widget-view+json"
CELLS = [
    "import glassnet as gn\nfrom unit.small import bars\n\n"
    "data = bars(train=80, test=40)\n"
    "network = gn.Network([gn.Dense(8), gn.Dense(4)], shape=data.shape, loss='mse', seed=1)\n"
    "learner = gn.Learner(network, gn.SGD(lr=3.0), data.train, batch=5, seed=1)\n"
    "run = gn.Run(learner, data, epochs=2)\n"
    "gn.notebook.watch(run)",
    "for event in run:\n    if event.step == 20:\n        break",
    "for event in run:\n    pass",
    "network.show(data.test.images[0], data.test.labels[0])",
]


def notebook(cells: list[str]) -> dict[str, Any]:
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def convert(path: Path, *options: str) -> Path:
    """By nbconvert, as its users do, with the checkout's package and its built site."""
    for name in ("anywidget", "nbconvert", "ipykernel"):
        if find_spec(name) is None:
            required(name, "tests/notebook.txt has it")
    places = os.pathsep.join(map(str, (PYLIB / "src", TESTS, WEB)))
    folder = {f"JUPYTER_{name}_DIR": str(path.parent / name) for name in ("CONFIG", "RUNTIME")}
    environment = {**os.environ, "PYTHONPATH": places, **folder, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "nbconvert", *options, path.name]
    done = subprocess.run(
        command, cwd=path.parent, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return path.parent


@pytest.fixture(scope="module")
def executed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notebook") / "run.ipynb"
    path.write_text(json.dumps(notebook(CELLS)), encoding="utf-8")
    convert(path, "--to", "notebook", "--execute", "--output", "done.ipynb")
    return path.with_name("done.ipynb")


def test_the_living_figure_and_the_static_one_are_kept_together(executed: Path) -> None:
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    (run,), _, _, (answer,) = (cell["outputs"] for cell in cells)
    assert set(run["data"]) == {VIEW, "text/html", "text/plain"}
    told = "".join(run["data"]["text/html"])  # of the end, though it was shown at the beginning
    assert "<td>32 of 32</td>" in re.sub(r" style=\"[^\"]*\"", "", told)
    assert "% right" in told
    assert set(answer["data"]) == {VIEW, "text/html", "image/png", "text/plain"}
    assert base64.b64decode(answer["data"]["image/png"]).startswith(b"\x89PNG")


def test_the_state_that_is_kept_is_the_last(executed: Path) -> None:
    kept = json.loads(executed.read_text(encoding="utf-8"))["metadata"]["widgets"]
    states = kept["application/vnd.jupyter.widget-state+json"]["state"].values()
    ours = {one["state"]["kind"]: one["state"] for one in states if "kind" in one["state"]}
    assert set(ours) == {"run", "answer"}
    assert ours["run"]["progress"]["state"] == "ended"


def test_without_the_widgets_state_there_is_the_static_figure(executed: Path) -> None:
    """As GitHub has it, and whoever executes with store_widget_state off."""
    told = json.loads(executed.read_text(encoding="utf-8"))
    del told["metadata"]["widgets"]
    path = executed.with_name("plain.ipynb")
    path.write_text(json.dumps(told), encoding="utf-8")
    html = (convert(path, "--to", "html") / "plain.html").read_text(encoding="utf-8")
    assert VIEW not in html.split("<main>")[-1].split("</main>")[0]
    assert "32 of 32" in html and "← the answer" in html
    option = "--ExecutePreprocessor.store_widget_state=False"
    again = executed.with_name("run.ipynb")
    convert(again, "--to", "html", "--execute", option, "--output", "again.html")
    html = again.with_name("again.html").read_text(encoding="utf-8")
    assert "32 of 32" in html and "← the answer" in html


def test_where_nothing_of_a_widget_is_known_there_are_words(executed: Path) -> None:
    convert(executed, "--to", "markdown", "--output", "told.md")
    text = executed.with_name("told.md").read_text(encoding="utf-8")
    assert "32 of 32" in text


def test_the_example_keeps_what_it_says() -> None:
    """It was run on all of MNIST; whoever opens it on GitHub sees the static figures."""
    path = WEB / "examples" / "jupyter" / "live.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    _, first, loop, last = ("".join(cell["source"]) for cell in cells)
    assert first.endswith("gn.notebook.watch(run)") and loop.startswith("for event in run:")
    assert last.startswith("network.show(")
    data = [cell["outputs"][0]["data"] for cell in (cells[1], cells[3])]
    assert "6,000 of 6,000" in "".join(data[0]["text/html"])
    assert "← the answer" in "".join(data[1]["text/html"]) and "image/png" in data[1]
    assert not any(VIEW in one for one in data)  # its kernel is gone
