"""NaN and infinity: the run stops at that step, names the array, and keeps what was finite."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.training import Run, Step, Stop
from glassnet.training.run import GUARD
from unit.small import bars, dense, run

LINEAR = [dense(5, "relu"), dense(4, "identity")]


def last(made: Run) -> Stop:
    event = list(made.events())[-1]
    assert isinstance(event, Stop)
    return event


def finite(made: Run) -> bool:
    return all(np.isfinite(np.asarray(array)).all() for array in made.arrays().values())


@pytest.mark.parametrize("engine", ["numpy", "python"])
@pytest.mark.parametrize("kind", ["sgd", "momentum", "nesterov", "adamw"])
@pytest.mark.parametrize("rate", [1e4, 1e6])
def test_too_large_a_rate(kind: str, engine: str, rate: float) -> None:
    options = {"decay": 1e6} if kind == "adamw" else {}
    optimizer = {"type": kind, "lr": rate, **options}
    made = run(layers=LINEAR, optimizer=optimizer, engine=engine, epochs=300)
    stop = last(made)
    assert stop.diverged is not None and stop.step == made.step < 300 * made.steps_per_epoch
    known = {"loss", "test.loss", *made.arrays(), *(f"{name}.gradient" for name in made.arrays())}
    known |= {name for name, _ in made.network.arrays(made.network.workspace(8, training=True))}
    assert stop.diverged in known
    found = made.step if stop.diverged == "test.loss" else made.step + 1
    assert stop.reason == (
        f"step {found}: {stop.diverged} is not finite (NaN or infinite); "
        f"the weights are those after step {made.step}"
    )
    assert finite(made)


def test_what_is_kept_is_what_was_there_before() -> None:
    """The weights after the last finite step, bit for bit as a run that never went further."""
    settings: dict[str, Any] = {"layers": LINEAR, "optimizer": {"type": "sgd", "lr": 1e4}}
    made = run(**settings, epochs=300)
    stop = last(made)
    other = run(**settings, epochs=300)
    while other.step < stop.step:
        other.learner.step()
        if other.progress.step_in_epoch == other.steps_per_epoch:
            other.learner.end_epoch()
    for name, array in other.arrays().items():
        assert np.asarray(made.arrays()[name]).tobytes() == np.asarray(array).tobytes(), name
    loss, _ = other.learner.step()  # one more, and it is no longer finite
    assert not (np.isfinite(loss) and finite(other))


def test_the_first_array_is_named() -> None:
    """An input of 1e30 overflows in the second layer's z, before anything else does."""
    made = run(layers=LINEAR)
    parameters = made.network.parameters()
    for name in ("layers.0.weight", "layers.1.weight"):
        parameters[name][...] = 1e30
    assert made.keep_if_finite()
    stop = last(made)
    assert stop.diverged == "layers.1.z" and stop.step == 0
    assert finite(made) and (parameters["layers.0.weight"] == np.float32(1e30)).all()


def test_a_loss_alone_can_overflow() -> None:
    made = run(layers=[dense(4, "identity")])
    made.network.parameters()["layers.0.weight"][...] = 1e25
    assert made.keep_if_finite()
    assert last(made).diverged == "loss"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["layers.0.weight", "layers.1.bias"])
def test_a_weight_spoiled_by_hand(name: str, value: float) -> None:
    made = run()
    events = made.events()
    for _ in range(3):
        next(events)
    made.network.parameters()[name].flat[0] = value
    stop = next(event for event in events if isinstance(event, Stop))
    assert stop.diverged == name
    assert finite(made)


def test_an_infinity_that_hides() -> None:
    """sigmoid(−∞) = 0 is finite, and so is every loss: the look at the parameters finds it."""
    made = run(epochs=3 * GUARD)
    events = made.events()
    next(events)
    made.network.parameters()["layers.0.bias"][1] = -np.inf
    steps = [event.step for event in events if isinstance(event, Step)]
    assert steps[-1] <= GUARD
    assert finite(made)


def test_after_a_divergence_the_run_can_be_saved_and_looked_at() -> None:
    made = run(layers=LINEAR, optimizer={"type": "sgd", "lr": 1e4}, epochs=300)
    stop = last(made)
    assert Run.restore(*made.state(), bars()).step == stop.step
    again = last(made)  # going on leads to the same place
    assert again == stop


def test_a_batch_norm_forgets_what_it_saw_last() -> None:
    """Running means are changed on the way forward, before the loss is known."""
    layers = [dense(4, "identity"), {"type": "batch_norm"}, dense(4, "identity")]
    made = run(layers=layers, optimizer={"type": "sgd", "lr": 1e6}, epochs=300)
    stop = last(made)
    assert stop.diverged and finite(made)


def test_no_warning_is_printed(recwarn: pytest.WarningsRecorder) -> None:
    last(run(layers=LINEAR, optimizer={"type": "sgd", "lr": 1e4}, epochs=300))
    assert not recwarn.list
