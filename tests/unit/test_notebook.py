"""Living figures for notebooks: what they say is what the network and the run say, they change
nothing, and what is missing is named. Anywidget's own messages are heard in tests/web."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.events import Evaluation, Event, Step, Stop
from glassnet.network import Network
from glassnet.notebook import Example, Missing, Seen, live, module, watch, widget
from glassnet.notebook.seen import ROWS
from glassnet.training import Run
from unit.small import bars


class Plain(SimpleNamespace):
    """A widget's place: it holds what it is told, and counts how often that was sent."""

    sent = 0

    def hold_sync(self) -> Plain:
        return self

    def __enter__(self) -> None:
        self.sent += 1

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "make", lambda kind, **traits: Plain(kind=kind, **traits))


def a_run(**changes: Any) -> Run:
    layers = [{"type": "dense", "units": 8}, {"type": "dense", "units": 4}]
    config = {"layers": layers, "batch": 5, "epochs": 2, "evaluate_every": 10, **changes}
    return Run.from_config(gn.RunConfig.from_saved(config), bars(train=80, test=40))


def floats(data: bytes, kind: str = "<f4") -> np.ndarray:
    return np.frombuffer(data, kind)


def test_listeners_hear_what_is_told_and_when_nobody_goes_on() -> None:
    run, heard = a_run(), list[Event | None]()
    run.listeners.append(heard.append)
    told = []
    for event in run:
        told.append(event)
        if len(told) == 7:
            break
    assert heard == [*told, None]
    told += list(run)
    assert [event for event in heard if event is not None] == told
    assert isinstance(heard[-2], Stop) and heard[-1] is None


def test_it_follows_and_changes_nothing(plain: None) -> None:
    alone, watched = a_run(), a_run()
    shown = watch(watched)
    assert shown.widget.progress["state"] == "waiting"
    events = list(watched)
    assert events == list(alone)
    for name, array in alone.arrays().items():
        np.testing.assert_array_equal(array, watched.arrays()[name])
    made = shown.widget
    assert made.progress["state"] == "ended" and made.progress["reason"] == "2 epochs are done"
    assert made.progress["step"] == made.progress["steps"] == 32
    losses = [(one.step, one.loss) for one in events if isinstance(one, Step)]
    np.testing.assert_array_equal(floats(made.losses, "<f8").reshape(-1, 2), losses)
    measured = [one for one in events if isinstance(one, Evaluation)]
    rows = [(one.step, one.loss, one.accuracy) for one in measured]
    np.testing.assert_array_equal(floats(made.tested, "<f8").reshape(-1, 3), rows)
    weight = watched.network.parameters()["layers.0.weight"]
    np.testing.assert_array_equal(floats(made.arrays["layers.0.weight"]["data"]), weight.ravel())
    outputs = watched.network.predict(watched.dataset.test.images[:1])[0]
    np.testing.assert_array_equal(floats(made.arrays["layers.1.a"]["data"]), outputs)


def test_it_sends_ten_times_a_second_and_arrays_seldom(
    plain: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("glassnet.notebook.live.time.monotonic", lambda: clock[0])
    run = a_run(epochs=100, evaluate_every=0)
    shown = watch(run)
    made, pictures = shown.widget, set()
    for number, event in enumerate(run):
        clock[0] += 0.01
        pictures.add(made.arrays["layers.0.weight"]["data"])
        if number == 200:  # two seconds
            break
        assert event
    assert 19 <= made.sent <= 23
    assert 4 <= len(pictures) <= 6
    assert made.progress["state"] == "resting"  # it was left


def test_one_run_has_one_figure_until_it_is_closed(plain: None) -> None:
    run = a_run()
    shown = watch(run)
    assert watch(run) is shown and run.listeners == [shown.hear]
    assert watch(run, digit=3) is not shown
    shown.close()
    shown.close()
    assert shown.hear not in run.listeners
    for wrong in (-1, 40):
        with pytest.raises(IndexError, match=f"digit {wrong}: the test split has 40"):
            watch(run, digit=wrong)


def test_a_figure_that_comes_later_knows_what_was_measured(plain: None) -> None:
    run = a_run()
    list(run)
    rows = floats(watch(run).widget.tested, "<f8").reshape(-1, 3)
    assert rows[:, 0].tolist() == [one.step for one in run.evaluations]


@pytest.mark.parametrize("engine", ["numpy", "python"])
def test_what_is_seen_of_a_network(engine: str) -> None:
    layers: list[dict[str, Any]] = [
        {"type": "conv2d", "filters": 2, "size": 3},
        {"type": "max_pool2d"},
        {"type": "flatten"},
        {"type": "dense", "units": ROWS + 5},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]
    network = Network(layers, (6, 6), "cross_entropy", engine, seed=1)
    seen = Seen(network, ["a", "b", "c"])
    kinds = [layer["kind"] for layer in seen.told["layers"]]
    assert kinds == [layer["type"] for layer in layers]
    assert (seen.told["rows"], seen.told["columns"]) == (6, 6)
    image = np.linspace(0, 1, 36).reshape(1, 6, 6)
    example = Example(image, np.uint8(2), "A ramp")  # type: ignore[arg-type]
    arrays = seen.arrays(example)
    for one in arrays.values():
        assert len(floats(one["data"])) == np.prod(one["shape"])
    assert arrays["layers.3.weight"]["shape"] == [ROWS, 8]  # as many as are drawn
    assert arrays["layers.4.weight"]["shape"] == [3, ROWS + 5]  # whole, for the connections
    np.testing.assert_allclose(floats(arrays["x"]["data"]), image.ravel(), rtol=1e-6)
    assert type(seen.example(example)["label"]) is int  # which JSON knows
    pixels = floats(seen.example(example)["pixels"], "u1")
    np.testing.assert_array_equal(pixels, np.rint(image.ravel() * 255))


def test_examples_that_are_no_pictures_get_a_grid() -> None:
    network = Network([{"type": "dense", "units": 2}], (7,), "mse", seed=1)
    seen = Seen(network)
    told = seen.example(Example(np.ones((1, 7)), None, "x"))
    assert len(told["pixels"]) == seen.told["rows"] * seen.told["columns"] >= 7
    assert seen.told["classes"] == ["0", "1"]
    colours = Network(
        [{"type": "flatten"}, {"type": "dense", "units": 2}], (2, 3, 3), "mse", seed=1
    )
    told = Seen(colours).example(Example(np.eye(6, 3).reshape(1, 2, 3, 3), 0, "x"))
    assert list(told["pixels"]) == [255, 255, 255, 0, 0, 0]  # of each pixel its strongest channel


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    widget._kind_of_widget.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)  # as if it were not installed
    with pytest.raises(Missing, match=r'pip install "glassnet\[notebook\]"'):
        watch(a_run())
    monkeypatch.setattr(module, "places", lambda: [tmp_path / "one.js", tmp_path / "other.js"])
    module.text.cache_clear()
    with pytest.raises(Missing, match=r"one\.js and .*other\.js: .*build\.py build"):
        module.text()
    assert not widget.is_live()
    module.text.cache_clear()
    widget._kind_of_widget.cache_clear()


@pytest.mark.skipif(sys.platform == "emscripten", reason="not in the browser: needs a process")
def test_without_a_kernel_figures_are_static() -> None:
    """Nothing of a notebook is imported, either."""
    code = (
        "import sys, glassnet as gn\n"
        "network = gn.Network([gn.Dense(2)], shape=(4,), seed=1)\n"
        "bundle = network.show([0, 1, 0, 1])._repr_mimebundle_()\n"
        "assert set(bundle) == {'text/html', 'image/png', 'text/plain'}\n"
        "loaded = {'anywidget', 'traitlets', 'IPython', 'marimo'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(gn.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_marimo_asks_for_it_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = SimpleNamespace(Html=lambda text: ("html", text), running_in_notebook=lambda: False)
    monkeypatch.setitem(sys.modules, "marimo", stand_in)
    network = Network([{"type": "dense", "units": 2}], (4,), "mse", seed=1)
    shown = network.show([0, 1, 0, 1])
    assert shown._display_() == ("html", shown._repr_html_())
    assert importlib.import_module("glassnet.notebook").is_live() is False
