"""A learner put together by hand: its steps, its gradients, what is the reader's own in it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import Activation
from glassnet.engines import ENGINES, Array, Engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ConfigError, StorageError
from glassnet.events import Evaluating, Event, Step, Stop
from glassnet.gradient_check import gradcheck
from glassnet.initializers import Initializer, Start
from glassnet.layers import LAYERS, Dense, Flow, Layer, Shape, Sinks
from glassnet.losses import LOSSES, Loss
from glassnet.network import Network
from glassnet.optimizers import OPTIMIZERS, SGD, Adam, Momentum, Optimizer
from glassnet.schedules import Cosine
from glassnet.tracing import trace
from glassnet.training import Learner, Run
from glassnet.training.learner import Reduce
from unit.small import bars, dense, run

CONV: dict[str, Any] = {"type": "conv2d", "filters": 3, "size": 3}
ROWS: dict[str, list[dict[str, Any]]] = {  # what comes before a dense layer of four units
    "dense": [dense(5, "tanh")],
    "conv2d": [CONV, {**CONV, "stride": 2, "padding": 1}],
    "max_pool2d": [CONV, {"type": "max_pool2d"}],
    "average_pool2d": [CONV, {"type": "average_pool2d"}],
    "flatten": [CONV, {"type": "flatten"}],
    "activation": [dense(5, "identity"), {"type": "activation", "activation": "gelu"}],
    "dropout": [dense(5, "relu"), {"type": "dropout", "rate": 0.3}],
    "batch_norm": [CONV, {"type": "batch_norm"}],
}


def learner(
    layers: Sequence[Any], optimizer: Any = None, loss: str = "cross_entropy", **options: Any
) -> Learner:
    engine = options.pop("engine", "numpy")
    net = Network(layers, (6, 6), loss, engine, "he_uniform", seed=3)
    return Learner(net, optimizer or SGD(lr=0.1), bars().train, batch=8, seed=3, **options)


def copies(made: Learner) -> dict[str, bytes]:
    return {name: np.asarray(array).tobytes() for name, array in made.arrays().items()}


# The two routes


def test_by_hand_is_the_configurations_run_to_the_bit() -> None:
    data = bars()
    layers = [Dense(5, "relu"), Dense(4, "softmax")]
    network = Network(layers, data.shape, "cross_entropy", initializer="he_uniform", seed=3)
    made = Learner(
        network, Momentum(lr=0.1, l2=0.01), data.train, batch=8, seed=3, schedule=Cosine(warmup=4)
    )
    by_hand = Run(made, data, epochs=2, evaluate_every=5, evaluate_spacing=0)
    settings: dict[str, Any] = {
        "layers": [dense(5, "relu"), dense(4, "softmax")],
        "loss": "cross_entropy",
        "initializer": "he_uniform",
        "optimizer": {"type": "momentum", "lr": 0.1, "l2": 0.01},
        "schedule": {"type": "cosine", "warmup": 4},
        "epochs": 2,
    }
    configured = run(data, **settings)
    assert by_hand.config == configured.config
    assert list(by_hand) == list(configured)
    assert copies(made) == copies(configured.learner)


def test_without_a_run_it_goes_on_from_epoch_to_epoch() -> None:
    made, other = learner([dense(4, "softmax")]), learner([dense(4, "softmax")])
    losses = [made.step()[0] for _ in range(20)]
    told = Run(other, bars(), epochs=3, evaluate_every=0)
    assert losses == [event.loss for event in told if isinstance(event, Step)][:20]
    assert (made.progress.step, made.progress.epoch, made.progress.step_in_epoch) == (20, 2, 4)


# Gradients


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ROWS)
def test_gradients_are_those_of_a_buffered_step(kind: str, engine: str) -> None:
    """To the bit: what a step adds straight to the weights is found again afterwards."""
    layers = [*ROWS[kind], dense(4, "softmax")]
    direct = learner(layers, engine=engine)
    kept: dict[str, NDArray[Any]] = {}

    def keep(gradients: dict[str, Array]) -> None:
        kept.update({name: np.array(array) for name, array in gradients.items()})

    buffered = learner(layers, engine=engine, reduce=keep)
    for made in (direct, buffered):
        made.step()
    assert kept.keys() == direct.gradients.keys() == direct.network.parameters().keys()
    for name, array in direct.network.parameters().items():
        found = direct.gradients[name]
        assert found.shape == array.shape and found.dtype == kept[name].dtype
        np.testing.assert_array_equal(found, kept[name], err_msg=name)
        assert found.any(), name


def test_every_layer_has_a_row() -> None:
    assert ROWS.keys() == LAYERS.keys()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_looking_at_gradients_changes_nothing(optimizer: str, engine: str) -> None:
    layers = [CONV, {"type": "batch_norm"}, {"type": "dropout", "rate": 0.2}, dense(4, "softmax")]
    options = {"type": optimizer, "lr": 0.01, "l2": 0.01, "l1": 0.001}
    seen, unseen = (learner(layers, options, engine=engine) for _ in range(2))
    for _ in range(6):
        step = seen.step()
        assert len(seen.gradients) == 6
        assert step == unseen.step()
    assert copies(seen) == copies(unseen)


@pytest.mark.parametrize("options", [{"l2": 0.5}, {"l1": 0.5}, {"clip": 1e-4}])
@pytest.mark.parametrize("kind", ["sgd", "momentum", "adam"])
def test_gradients_are_the_losss_alone(kind: str, options: dict[str, float]) -> None:
    """Whatever the optimiser then does with them, they are those before penalties and clipping."""
    plain = learner([dense(5), dense(4, "softmax")])
    other = learner([dense(5), dense(4, "softmax")], {"type": kind, "lr": 0.1, **options})
    plain.step()
    other.step()
    for name, gradient in plain.gradients.items():
        np.testing.assert_array_equal(gradient, other.gradients[name])


def test_gradients_by_finite_differences() -> None:
    """Of a whole batch, whose loss changes as they say."""
    data = bars()
    net = Network([Dense(5, "tanh"), Dense(4, "softmax")], (6, 6), "cross_entropy",
                  NumpyEngine("float64"), "he_uniform")  # fmt: skip
    made = Learner(net, SGD(lr=0.0), data.train, batch=60)
    made.step()
    rows = np.arange(60)

    def loss() -> float:
        work = net.load(data.train, rows)
        net.forward(work)
        return net.measure_loss(work)

    for name, array in net.parameters().items():
        index = tuple(0 for _ in array.shape)
        before, sides = array[index], []
        for side in (1e-5, -1e-5):
            array[index] = before + side
            sides.append(loss())
        array[index] = before
        wanted = (sides[0] - sides[1]) / 2e-5
        assert made.gradients[name][index] == pytest.approx(wanted, rel=1e-5, abs=1e-9)


def test_each_steps_gradients_are_its_own() -> None:
    made = learner([dense(4, "softmax")])
    assert dict(made.gradients) == {} and "none yet" in repr(made.gradients)
    with pytest.raises(KeyError):
        made.gradients["layers.0.weight"]
    made.step()
    first = made.gradients["layers.0.weight"]
    assert made.gradients["layers.0.weight"] is first
    kept = first.copy()
    made.step()
    second = made.gradients["layers.0.weight"]
    assert (second != kept).any() and (first == kept).all()
    made.load_state(*made.state())
    assert not made.gradients  # of a step that this state knows nothing of


# Summed over processes


def keep_in(told: list[dict[str, NDArray[Any]]]) -> Reduce:
    return lambda gradients: told.append({n: np.array(a) for n, a in gradients.items()})


def mean_of(told: list[dict[str, NDArray[Any]]]) -> Reduce:
    def mean(gradients: dict[str, Array]) -> None:
        for name, array in gradients.items():
            array[...] = (told[0][name] + told[1][name]) / 2

    return mean


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_two_halves_are_a_whole(kind: str) -> None:
    """Two learners, each with half of every batch, and a mean in the place for it."""
    data = bars()
    order = np.random.default_rng([3, 1, 0]).permutation(60)
    parts = [np.sort(order[half::2]) for half in range(2)]

    def made(rows: NDArray[Any], batch: int, reduce: Any = None) -> Learner:
        net = Network([Dense(5, "tanh"), Dense(4, "softmax")], (6, 6), "cross_entropy")
        optimizer = {"type": kind, "lr": 0.05}
        return Learner(net, optimizer, data.train.take(rows), batch=batch, reduce=reduce)

    halves = [made(rows, 30, lambda gradients: None) for rows in parts]
    whole = made(np.arange(60), 60)
    for _ in range(3):
        told: list[dict[str, NDArray[Any]]] = []
        for half, rows in zip(halves, parts, strict=True):  # what each would send to the other
            twin = made(rows, 30, keep_in(told))
            twin.load_state(*half.state())
            twin.step()
        for half in halves:
            half.reduce = mean_of(told)
            half.step()
        whole.step()
    assert copies(halves[0]) == copies(halves[1])
    for name, array in whole.arrays().items():
        np.testing.assert_allclose(halves[0].arrays()[name], array, rtol=1e-4, atol=1e-6)


# Engines whose numbers are far away


class Far:
    """A scalar that is not here yet."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        raise AssertionError("asked for before it was read")


class FarEngine(NumpyEngine):
    """numpy's arithmetic, whose scalars may only be read in groups, once it has settled."""

    name = "far"
    steps_between_reads = 8
    waits = False  # whether somebody has to wait before

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[int] = []
        self.is_settled = True

    def loss(self, *args: Any) -> Any:
        self.is_settled = False
        return Far(super().loss(*args))

    def correct(self, a: Any, y: Any) -> Any:
        return Far(super().correct(a, y))

    def read(self, scalars: Sequence[Any]) -> list[float]:
        assert self.is_settled or not self.waits
        self.reads.append(len(scalars))
        return [scalar.value for scalar in scalars]

    async def settled(self) -> None:
        await Turn()
        self.is_settled = True


class Turn:
    """Lets others go on, once."""

    def __await__(self) -> Generator[None, None, None]:
        yield


def driven(coroutine: Coroutine[None, None, list[Event]]) -> list[Event]:
    """What a coroutine returns, without an event loop: in a browser there is one already."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as done:
        found: list[Event] = done.value
        return found


FAR: dict[str, dict[str, Any]] = {
    "classic": {"epochs": 3},
    "often": {"epochs": 2, "evaluate_every": 3, "checkpoint_every": 2},
    "diverging": {
        "layers": [dense(5, "relu"), dense(4, "identity")],
        "optimizer": {"type": "sgd", "lr": 1e4},
        "epochs": 300,
    },
    "diverging late": {
        "layers": [dense(5, "relu"), dense(4, "identity")],
        "optimizer": {"type": "momentum", "lr": 0.7},
        "epochs": 300,
    },
}


@pytest.mark.parametrize("name", FAR)
def test_reading_every_few_steps_tells_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "far", FarEngine)
    near, far = run(**FAR[name]), run(**FAR[name], engine="far")
    wanted = list(near)
    assert list(far) == wanted and copies(near.learner) == copies(far.learner)
    if name == "classic":
        assert isinstance(far.engine, FarEngine)
        assert max(far.engine.reads) == 2 * 5  # up to an evaluation


@pytest.mark.parametrize("name", FAR)
def test_a_run_can_be_awaited(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "far", FarEngine)
    far = run(**{**FAR[name], "evaluate_every": 0}, engine="far")
    monkeypatch.setattr(FarEngine, "waits", "diverging" not in name)

    async def told() -> list[Event]:
        return [event async for event in far]

    events = driven(told())
    assert events == list(run(**{**FAR[name], "evaluate_every": 0}))


def test_a_run_between_two_reads_can_be_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "far", FarEngine)
    going, whole = run(engine="far"), [e for e in run() if not isinstance(e, Evaluating)]
    events, seen = iter(going), 0
    while True:
        resumed = Run.restore(*going.state(), bars())
        assert [e for e in resumed if not isinstance(e, Evaluating)] == whole[seen:]
        event = next(events)
        if isinstance(event, Stop):
            return
        seen += not isinstance(event, Evaluating)


# The reader's own


class Gain(Layer):
    """A layer with a parameter whose gradient depends on the parameter itself: a = x exp(gain)."""

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine = engine
        self.parameters = {"gain": engine.zeros(shape)}
        return shape

    def flow(self, x: Array) -> Flow:
        a, products = (self.engine.zeros(x.shape) for _ in range(2))
        return Flow(x, a, a, forward_arrays={"products": products})

    def forward(self, flow: Flow, training: bool) -> None:
        """a = x exp(gain)"""
        self.engine.map(flow.a, lambda m, x, g: x * m.exp(g), flow.x, self.parameters["gain"])

    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        """∂L/∂gain = Σₑ ∂L/∂aₑ ⊙ aₑ;  ∂L/∂x = exp(gain) ⊙ ∂L/∂a"""
        gain, products, into = (
            self.parameters["gain"],
            flow.forward_arrays["products"],
            sinks["gain"],
        )
        self.engine.map(products, lambda m, da, x, g: da * x * m.exp(g), flow.da, flow.x, gain)
        self.engine.column_sums(products, into.array, into.alpha, into.beta)
        if flow.dx is not None:  # read after its sink was filled: such a layer is given a buffer
            self.engine.map(flow.dx, lambda m, da, g: da * m.exp(g), flow.da, gain)


class Sign(Optimizer):
    """θ moves by η against the sign of its gradient."""

    rule = staticmethod(lambda m, θ, g, η: (θ - η * m.sign(g),))


def own() -> list[Any]:
    softsign = Activation(
        "softsign",
        lambda m, z: z / (1 + m.absolute(z)),
        lambda m, z, a: 1 / ((1 + m.absolute(z)) * (1 + m.absolute(z))),
        "f(z) = z/(1 + |z|)",
        "f′(z) = 1/(1 + |z|)²",
    )
    return [Dense(5, "tanh"), Gain(), Dense(5, softsign), Gain(), Dense(4, "softmax")]


def drawn(rng: np.random.Generator, shape: tuple[int, ...], *_: int) -> NDArray[np.float32]:
    return np.float32(0.4) * rng.standard_normal(shape, np.float32)


OWN: list[Callable[[], Optimizer]] = [
    lambda: SGD(lr=0.1), lambda: Sign(lr=0.002), lambda: Momentum(lr=0.02), lambda: Adam(lr=0.01)
]  # fmt: skip


@pytest.mark.parametrize("optimizer", OWN)
@pytest.mark.parametrize("engine", ["numpy", "python", "simd"])
def test_what_is_ones_own_trains(engine: str, optimizer: Callable[[], Optimizer]) -> None:
    start = Initializer("drawn", drawn, drawn)
    net = Network(own(), (6, 6), "cross_entropy", engine, start)
    kept: dict[str, NDArray[Any]] = {}
    made = Learner(net, optimizer(), bars().train, batch=20)
    twin = Learner(
        Network(own(), (6, 6), "cross_entropy", engine, start), optimizer(), bars().train,
        batch=20, reduce=lambda told: kept.update({n: np.array(a) for n, a in told.items()}),
    )  # fmt: skip
    losses = []
    for _ in range(30):
        losses.append(made.step()[0])
        assert twin.step()[0] == pytest.approx(losses[-1], rel=1e-5)
        for name, gradient in made.gradients.items():
            np.testing.assert_allclose(gradient, kept[name], rtol=2e-4, atol=1e-6, err_msg=name)
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
    assert max(gradcheck(net, bars().test[:8]).values()) < 1e-5


def test_what_is_ones_own_resumes_in_memory() -> None:
    def made() -> Run:
        net = Network(own(), (6, 6), "cross_entropy", initializer="he_uniform")
        return Run(Learner(net, Sign(lr=0.01), bars().train), bars(), epochs=3, evaluate_every=4)

    first, second, whole = made(), made(), list(made())
    events = iter(first)
    for _ in range(11):
        next(events)
    arrays, document = first.state()
    assert document["config"] is None
    second.load_state(arrays, document)
    assert list(second) == list(events) == whole[11:]
    with pytest.raises(ConfigError, match="no kind that a file could name"):
        first.config  # noqa: B018
    with pytest.raises(StorageError, match="was trained on"):
        Run(made().learner, bars(train=61)).load_state(arrays, document)


def test_what_is_ones_own_is_traced() -> None:
    net = Network(own(), (6, 6), "cross_entropy", initializer="he_uniform")
    made = Learner(net, Momentum(lr=0.1), bars().train)
    made.step()
    told = trace(net, bars().test.images[0], 2, made.optimizer)
    found = {(q.name, q.phase): q for q in told}
    gradient = found["layers.1.gain.gradient", "backward"]
    assert gradient.symbol == "∂L/∂gain" and gradient.formula.startswith("∂L/∂gain = Σₑ")
    assert found["layers.1.a", "forward"].formula == "a = x exp(gain)"
    update = found["layers.1.gain", "update"]
    assert update.symbol == "gain" and update.formula.startswith("θ ←")
    assert ("optimizer.layers.1.gain.velocity", "update") in found


# What is refused


def test_one_layer_in_two_places() -> None:
    layer = Dense(4, "softmax")
    with pytest.raises(ConfigError, match=r"layers\[1\]: it holds the weights of another place"):
        Network([layer, layer], (6, 6))
    Network([layer], (6, 6))
    with pytest.raises(ConfigError, match=r"layers\[0\]"):
        Network([layer], (6, 6))


def test_one_optimizer_for_two_learners() -> None:
    optimizer = SGD(lr=1.0)
    learner([dense(4, "softmax")], optimizer)
    with pytest.raises(ConfigError, match="another learner"):
        learner([dense(4, "softmax")], optimizer)


class Careless(Layer):
    def __init__(self) -> None:
        pass


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: SGD(lr="x"), "lr"),  # type: ignore[arg-type]
        (lambda: Dense(0), "units"),
        (lambda: Dense(8, "tanhh"), "activation"),
        (lambda: Cosine(final=2), "final"),
        (lambda: Network([]), "layers"),
        (lambda: Network([Careless()]), r"layers\[0\]"),
        (lambda: Network(["dens"]), r"layers\[0\].type"),
        (lambda: Network([Dense(4)], loss="msee"), "loss"),
        (lambda: Network([Dense(4)], engine="gpu"), "engine"),
        (lambda: Network([Dense(4)], initializer="two"), "initializer"),
        (lambda: learner([dense(4)], loss="mse", schedule="cosin"), "schedule.type"),
        (lambda: Learner(Network([Dense(4)], (6, 6)), SGD(lr=1.0), bars().train, batch=0), "batch"),
        (lambda: Run(learner([dense(4, "softmax")]), bars(), epochs=0), "epochs"),
        (lambda: Run(learner([dense(4, "softmax")]), bars(), patience=1), "patience"),
        (lambda: Run(learner([dense(5, "softmax")]), bars()), "layers"),
    ],
)
def test_what_a_constructor_refuses(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ConfigError, match=f"^{field}: "):
        make()


def test_cross_entropy_needs_a_distribution() -> None:
    """On sigmoids all ones would be a perfect answer; the message names the loss for them."""
    with pytest.raises(ConfigError, match="for sigmoid, take binary_cross_entropy"):
        Network([Dense(4, "sigmoid")], (6, 6), "cross_entropy")
    own = Activation("mine", lambda m, z: m.exp(z), lambda m, z, a: a, "", "")
    Network([Dense(4, own)], (6, 6), "cross_entropy")  # the reader's own: the reader knows
    mine = Loss("mine", "", LOSSES["mse"].plain)
    Network([Dense(4)], (6, 6), mine)


def test_a_batch_of_one_tells_no_variance() -> None:
    net = Network([{"type": "batch_norm"}, "flatten", Dense(4)], (6, 6))
    made = Learner(net, SGD(lr=0.1), bars().train, batch=1)
    net2 = Network([{"type": "flatten"}, {"type": "batch_norm"}, Dense(4)], (6, 6))
    flat = Learner(net2, SGD(lr=0.1), bars().train, batch=1)
    for one in (made, flat):
        one.step()
    assert (net2.memory()["layers.1.running_var"] == 1).all()  # one number a channel
    assert net2.memory()["layers.1.running_mean"].any()
    assert (net.memory()["layers.0.running_var"] != 1).all()  # six rows a channel


def test_what_they_say_they_are() -> None:
    made = learner([dense(5), dense(4, "softmax")])
    whole = Run(made, bars())
    assert "6×6" in repr(made.network) and "209 parameters" in repr(made.network)
    assert "60 examples" in repr(made) and "0 steps taken" in repr(whole)
    for text in map(repr, (made, made.network, whole, made.optimizer, bars(), bars().train)):
        assert " object at 0x" not in text
    for html in (made.network._repr_html_(), whole._repr_html_()):
        assert html.startswith("<") and "<script" not in html


def test_predictions() -> None:
    made = learner([dense(4, "softmax")])
    images = bars(test=600).test.images
    answers = made.network.predict(images)
    assert answers.shape == (600, 4) and answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(made.network.predict(images / 255), answers, rtol=1e-5)
    np.testing.assert_allclose(made.network.predict(images.reshape(600, 36)), answers, rtol=1e-5)
    assert made.network.predict(images[:0]).shape == (0, 4)
