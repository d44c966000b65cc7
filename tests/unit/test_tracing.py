"""The trace of a step: every array, right in its numbers, its formula and its lines of source."""

from __future__ import annotations

import linecache
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import glassnet.watching
from glassnet.engines import ENGINES
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ShapeError
from glassnet.optimizers import OPTIMIZERS
from glassnet.tracing import Quantity, trace
from glassnet.training import Run
from glassnet.watching import HIDDEN, PACKAGE, Source, Watcher, last_part
from unit.small import dense, run

X = np.linspace(0, 1, 36, dtype=np.float32)
DEEP: dict[str, Any] = {
    "layers": [
        {"type": "conv2d", "filters": 2, "size": 3},
        {"type": "batch_norm"},
        {"type": "activation", "activation": "leaky_relu"},
        {"type": "max_pool2d"},
        {"type": "flatten"},
        {"type": "dropout", "rate": 0.3},
        dense(5, "tanh"),
        dense(4, "softmax"),
    ],
    "loss": "cross_entropy",
    "optimizer": {"type": "adam", "lr": 0.1, "l2": 0.1},
}
POOLED: dict[str, Any] = {
    "layers": [{"type": "average_pool2d"}, dense(4), {"type": "activation", "activation": "gelu"}]
}
SETTINGS: dict[str, dict[str, Any]] = {"classic": {}, "deep": DEEP, "pooled": POOLED}


def traced(made: Run, label: int = 2) -> dict[tuple[str, str], Quantity]:
    return {(q.name, q.phase): q for q in trace(made.network, X, label, made.optimizer)}


def started(**settings: Any) -> Run:
    """A run after three steps, so that the optimiser has something to remember."""
    made = run(**settings)
    for _ in zip(range(3), made.events(), strict=False):
        pass
    return made


def test_a_classic_step_by_hand() -> None:
    made = started()
    found = {name: q.array for (name, _), q in traced(made).items()}
    w1, b1, w2, b2 = (array.astype(float) for array in made.network.parameters().values())
    z1 = X @ w1.T + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ w2.T + b2
    a2 = 1 / (1 + np.exp(-z2))
    y = np.eye(4)[2]
    d2 = (a2 - y) * a2 * (1 - a2)
    d1 = (d2 @ w2) * a1 * (1 - a1)
    wanted = {
        "x": X.reshape(1, 6, 6), "y": y[None], "loss": np.array(0.5 * ((a2 - y) ** 2).sum()),
        "layers.0.z": z1[None], "layers.0.a": a1[None],
        "layers.1.z": z2[None], "layers.1.a": a2[None],
        "layers.1.da": (a2 - y)[None], "layers.1.delta": d2[None],
        "layers.1.dx": (d2 @ w2)[None], "layers.0.da": (d2 @ w2)[None],
        "layers.0.delta": d1[None],
        "layers.1.weight.gradient": np.outer(d2, a1), "layers.1.bias.gradient": d2,
        "layers.0.weight.gradient": np.outer(d1, X), "layers.0.bias.gradient": d1,
        "layers.0.weight": w1 - 3 * np.outer(d1, X), "layers.0.bias": b1 - 3 * d1,
        "layers.1.weight": w2 - 3 * np.outer(d2, a1), "layers.1.bias": b2 - 3 * d2,
    }  # fmt: skip
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert found[name].shape == array.shape and found[name].dtype == np.float32
        np.testing.assert_allclose(found[name], array, rtol=1e-4, atol=1e-6, err_msg=name)


def test_formulas_of_a_classic_step() -> None:
    found = {(name, q.symbol): (q.formula, q.details) for (name, _), q in traced(run()).items()}
    sigmoid, derivative = ("f(z) = 1/(1 + e⁻ᶻ)",), ("f′(z) = a (1 − a)",)
    assert found["layers.0.z", "z"] == ("z = x Wᵀ + b", ())
    assert found["layers.0.a", "a"] == ("a = f(z)", sigmoid)
    assert found["loss", "L"] == ("L = 1/B Σₑ 1/2 Σₖ (aₖ − yₖ)²", ())
    assert found["layers.1.da", "∂L/∂a"] == ("∂L/∂a = 1/B (a − y)", ())
    assert found["layers.1.delta", "δ"] == ("δ = ∂L/∂a ⊙ f′(z)", derivative)
    assert found["layers.0.weight.gradient", "∂L/∂W"] == ("∂L/∂W = δᵀ x", ())
    assert found["layers.0.bias.gradient", "∂L/∂b"] == ("∂L/∂b = Σₑ δₑ", ())
    assert found["layers.0.da", "∂L/∂a"] == ("∂L/∂a = ∂L/∂x of layer 1", ())
    assert found["layers.0.weight", "W"] == ("θ ← θ − η g", ())


def test_a_loss_fused_with_softmax() -> None:
    found = traced(started(**DEEP))
    assert ("layers.7.da", "loss") not in found  # δ comes at once
    delta = found["layers.7.delta", "loss"]
    assert delta.formula == "δ = 1/B (a − y)" and delta.details == ()
    assert found["layers.7.a", "forward"].details == ("aₖ = exp(zₖ)/(Σⱼ exp(zⱼ))",)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_numbers_are_those_of_a_real_step(setting: str, engine: str) -> None:
    """What is told to be the new weights is what training on this one example makes of them."""
    made = started(**SETTINGS[setting], engine=engine)
    found = traced(made)
    work = made.network.workspace(1, training=True)
    made.engine.load(X, work.x)
    made.engine.one_hot(np.array([2], np.uint8), work.y)
    made.network.forward(work, training=True)
    loss = made.network.measure_loss(work, training=True)
    made.network.backward(work, made.learner._sinks)
    made.optimizer.finish()
    assert float(found["loss", "loss"].array) == pytest.approx(loss, rel=1e-6)
    for name, array in made.arrays().items():
        after = np.asarray(array)
        told = next(q.array for (known, _), q in found.items() if known == name)
        assert told.shape == after.shape, name
        np.testing.assert_allclose(told, after, rtol=1e-5, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("setting", SETTINGS)
def test_nothing_is_disturbed(setting: str) -> None:
    watched, alone = run(**SETTINGS[setting]), run(**SETTINGS[setting])
    for event, other in zip(watched.events(), alone.events(), strict=True):
        assert event == other
        trace(watched.network, X, 1, watched.optimizer)
    for name, array in watched.arrays().items():
        assert array.tobytes() == alone.arrays()[name].tobytes(), name


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_tells_its_rule(kind: str) -> None:
    made = started(optimizer={"type": kind, "lr": 0.1})
    found = traced(made)
    for name, array in made.arrays().items():
        q = found[name, "update"]
        assert q.formula.startswith({"v": "v ←", "r": "r ←"}.get(q.symbol, "θ ←")), name
        assert q.array.shape == array.shape and q.sources[-1].file == "optimizers.py"


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_array_is_told_and_explained(setting: str) -> None:
    made = started(**SETTINGS[setting])
    found = traced(made)
    told = {name for name, _ in found}
    work = made.network.workspace(1, training=True)
    expected = {name for name, _ in made.network.arrays(work) if last_part(name) not in HIDDEN}
    if made.network.fused:
        expected.discard(f"layers.{len(made.network.layers) - 1}.da")
    assert expected <= told and set(made.arrays()) <= told
    assert {f"{name}.gradient" for name in made.network.parameters()} <= told
    for q in found.values():
        assert q.array.shape == q.shape and np.isfinite(q.array).all(), q.name
        if q.name not in ("x", "y"):
            assert q.formula and q.tree[0] == "mrow", q.name
        assert q.sources, q.name


def test_an_engine_that_cannot_be_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does several things at once, or compiles its formulas, is replaced by numpy's."""

    class Fused(NumpyEngine):
        name = "fused"

        def map(self, out: Any, formula: Any, *arrays: Any) -> None:
            assert formula.__code__
            super().map(out, formula, *arrays)

    monkeypatch.setitem(ENGINES, "fused", Fused)
    fused, plain = traced(started(engine="fused")), traced(started())
    assert fused.keys() == plain.keys()
    for key, q in plain.items():
        assert fused[key].sources == q.sources
        np.testing.assert_array_equal(fused[key].array, q.array)


def test_images_stay_images() -> None:
    found = traced(started(**DEEP))
    assert found["layers.0.a", "forward"].shape == (1, 4, 4, 2)
    assert found["layers.0.weight.gradient", "backward"].shape == (2, 3, 3, 1)
    assert found["layers.0.weight", "update"].shape == (2, 3, 3, 1)
    assert found["layers.3.dx", "backward"].shape == (1, 4, 4, 2)


def test_without_an_optimizer_there_is_no_update() -> None:
    phases = [q.phase for q in trace(run().network, X, 0)]
    assert list(dict.fromkeys(phases)) == ["forward", "loss", "backward"]


# Sources


def text(source: Source) -> str:
    return linecache.getline(str(PACKAGE / source.file), source.line).strip()


def test_lines_of_a_classic_step() -> None:
    """Each line is the one that a reader of the package would point at."""
    found = traced(started())
    first_lines = {
        ("layers.0.z", "forward"): ("layers/dense.py", "forward", "self.forward_affine("),
        ("layers.1.delta", "backward"): ("layers/dense.py", "backward", "activation_backward("),
        ("layers.0.weight.gradient", "backward"): (
            "layers/dense.py",
            "backward",
            "self.backward_affine(",
        ),
        ("layers.0.weight", "update"): ("optimizers.py", "finish", "self.engine.update("),
    }
    for key, (file, function, words) in first_lines.items():
        source = found[key].sources[0]
        assert (source.file, source.function) == (file, function)
        assert words in text(source)
    last_lines = {
        ("layers.0.a", "forward"): "return 1.0 / (1.0 + m.exp(-m.maximum(z, -88.0)))",
        ("layers.1.delta", "backward"): "return a * (1.0 - a)",
        ("loss", "loss"): "return 0.5 * difference * difference",
        ("layers.0.weight", "update"): "return (θ - η * g,)",
    }
    for key, line in last_lines.items():
        assert text(found[key].sources[-1]) == line
    lines = [text(source) for source in found["layers.0.z", "forward"].sources]
    assert "engine.product(x, self.weight, z, transpose_b=True)" in lines
    assert any("z + b" in line for line in lines)


class Lazy(Watcher):
    """Leaves out whatever one line of the package asks for."""

    left_out: Source
    asked = 0

    def _do(self, name: str, *args: Any, **options: Any) -> Any:
        frame = sys._getframe(1)
        here = str(PACKAGE / self.left_out.file), self.left_out.line
        if (frame.f_code.co_filename, frame.f_lineno) == here:
            type(self).asked += 1
            if name == "total":
                return math.nan
            if not name.startswith("row_"):  # whose results others need in order to go on
                return None
        return super()._do(name, *args, **options)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_lines_are_true(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the line that is told to compute an array, that array is not computed, or wrong."""
    made = started(**SETTINGS[setting])
    right = traced(made)
    monkeypatch.setattr("glassnet.tracing.Watcher", Lazy)
    checked = 0
    for (name, phase), q in right.items():
        # The calls of the engine's primitives; formulas and primitives themselves are inside.
        asked = [s for s in q.sources if s.file in CALLERS and s.function in CALLERS[s.file]]
        for source in asked:
            Lazy.left_out, Lazy.asked = source, 0
            found = traced(made).get((name, phase))
            if not Lazy.asked:
                continue  # a line further out: it asks for what is built of primitives
            checked += 1
            same = found is not None and np.array_equal(found.array, q.array)
            assert not same or not q.array.any(), f"{name}: {source}"
    assert checked >= len(right) - 4


CALLERS = {
    "layers/dense.py": {"forward", "backward", "forward_affine", "backward_affine"},
    "layers/windows.py": {"forward", "backward"},
    "layers/batch_norm.py": {"forward", "backward", "_remember"},
    "layers/dropout.py": {"forward", "backward"},
    "activations.py": {"forward", "backward"},
    "losses.py": {"measure"},
    "optimizers.py": {"finish"},
    "engines/base.py": {"add_bias", "accumulate"},
}


def test_a_false_line_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above, tested: lines off by one do not compute what they are told to."""
    honest = glassnet.watching.source
    monkeypatch.setattr(
        glassnet.watching,
        "source",
        lambda code, line=None: Source(
            honest(code, line).file, honest(code, line).line + 1, code.co_name
        ),
    )
    with pytest.raises(AssertionError):
        test_the_lines_are_true("classic", monkeypatch)


@pytest.mark.skipif(sys.platform == "emscripten", reason="not in the browser: needs a process")
def test_formulas_are_there_without_docstrings() -> None:
    """python -OO leaves docstrings out of the code."""
    code = (
        "import numpy as np, glassnet as gn\n"
        "net = gn.Network([gn.BatchNorm(), gn.Flatten(), gn.Dense(4)], (3, 3))\n"
        "optimizer = gn.Adam(lr=0.1)\n"
        "net.attach(optimizer)\n"
        "told = gn.trace(net, np.ones((3, 3)), 1, optimizer)\n"
        "print(gn.Network.__doc__, [q.name for q in told if not q.formula])\n"
    )
    done = subprocess.run(
        [sys.executable, "-OO", "-c", code],
        env={"PYTHONPATH": str(PACKAGE.parent)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "None ['x', 'y']\n"


def test_it_takes_an_image_and_shows_itself() -> None:
    made = started()
    image = np.arange(36, dtype=np.uint8).reshape(6, 6)
    told = trace(made.network, image, label=2)
    np.testing.assert_allclose(told.named("x").array[0], image / 255, rtol=1e-6)
    same = trace(made.network, (image / 255).ravel(), 2)
    for one, other in zip(told, same, strict=True):
        np.testing.assert_allclose(one.array, other.array, rtol=1e-6)
    assert "layers.0.z" in repr(told) and "z = x Wᵀ + b" in repr(told)
    html = told._repr_html_()
    assert html.count("data:image/png;base64,") >= 12 and "<script" not in html
    with pytest.raises(KeyError):
        told.named("layers.7.z")
    with pytest.raises(ShapeError, match="36 numbers"):
        trace(made.network, image[:5], 2)
    with pytest.raises(ShapeError, match="label"):
        trace(made.network, image, 4)
