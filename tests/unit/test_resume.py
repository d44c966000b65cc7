"""Stop after any step, save, start again: the same bytes as if one had never stopped."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.errors import ConfigError, StorageError
from glassnet.training import Evaluating, Event, Run, Step, Stop
from unit import saved_before
from unit.small import bars, dense, run

Arrays = dict[str, NDArray[Any]]

SETTINGS: dict[str, dict[str, Any]] = {
    "classic": {},
    "momentum": {"optimizer": {"type": "momentum", "lr": 0.1}},
    "adam, dropout, batch norm": {
        "layers": [
            {"type": "conv2d", "filters": 2, "size": 3},
            {"type": "batch_norm"},
            {"type": "dropout", "rate": 0.3},
            dense(4, "softmax"),
        ],
        "loss": "cross_entropy",
        "optimizer": {"type": "adam", "lr": 0.01},
        "schedule": {"type": "cosine", "warmup": 3},
        "initializer": "he_uniform",
        "validation": 10,
        "patience": 9,
    },
    "rmsprop, clipped": {"optimizer": {"type": "rmsprop", "lr": 0.01, "clip": 0.1, "l1": 1e-3}},
    "python": {"engine": "python", "optimizer": {"type": "nesterov", "lr": 0.1, "l2": 0.01}},
}


def saved(made: Run) -> tuple[Arrays, Any]:
    """The state, as it comes back from a file: copied arrays, and JSON."""
    arrays, document = made.state()
    text = json.dumps(document, allow_nan=False)
    return {name: array.copy() for name, array in arrays.items()}, json.loads(text)


def same(one: Run, other: Run) -> None:
    for name, array in one.arrays().items():
        wanted, found = np.asarray(array), np.asarray(other.arrays()[name])
        assert wanted.tobytes() == found.tobytes(), name
    assert one.state()[1] == other.state()[1]


def take(made: Run, steps: int) -> list[Event]:
    """Events up to and with the step of that number."""
    told: list[Event] = []
    for event in made.events():
        told.append(event)
        if isinstance(event, Step) and event.step == steps:
            break
    return told


@pytest.mark.parametrize("setting", SETTINGS)
def test_bit_for_bit_after_any_step(setting: str) -> None:
    whole = run(**SETTINGS[setting], epochs=2)
    story = list(whole.events())
    going = run(**SETTINGS[setting], epochs=2)
    for steps in range(whole.step):
        if steps:
            take(going, steps)
        resumed = Run.restore(*saved(going), bars())
        rest = list(resumed.events())
        assert rest == story[len(story) - len(rest) :], f"after step {steps}"
        same(whole, resumed)


def test_after_any_event() -> None:
    """Also in the middle of an evaluation, which then begins again, between an epoch's end and
    what follows, and at the end."""
    settings = {**SETTINGS["adam, dropout, batch norm"], "epochs": 2, "checkpoint_every": 3}
    whole = run(**settings)
    wanted = [event.to_json() for event in whole.events() if not isinstance(event, Evaluating)]
    going, seen = run(**settings), 0
    events = going.events()
    while True:
        resumed = Run.restore(*saved(going), bars())
        told = [event for event in resumed.events() if not isinstance(event, Evaluating)]
        assert [event.to_json() for event in told] == wanted[seen:]
        same(whole, resumed)
        event = next(events)
        seen += not isinstance(event, Evaluating)
        if isinstance(event, Stop):
            break


def test_a_state_that_was_saved_before() -> None:
    """Old names in the configuration, and no pending events: it goes on as it did then."""
    arrays = {
        name: np.frombuffer(bytes.fromhex(data), np.float32).reshape(shape)
        for name, (shape, data) in saved_before.ARRAYS.items()
    }
    resumed = Run.restore(arrays, copy.deepcopy(saved_before.DOCUMENT), bars(size=4))
    assert resumed.step == 4 and resumed.progress.step_in_epoch == 4
    losses = [event.loss for event in resumed if isinstance(event, Step)]
    assert losses == pytest.approx(saved_before.REST, rel=1e-5)  # einsum's sums, in a browser


def test_again_and_again() -> None:
    """A run that is saved and restored after every single step."""
    whole, made = run(epochs=1), run(epochs=1)
    list(whole.events())
    while made.step < whole.step:
        take(made, made.step + 1)
        made = Run.restore(*saved(made), bars())
    list(made.events())
    same(whole, made)


def test_the_state_is_a_copy() -> None:
    made = run()
    arrays, document = made.state()
    kept, text = {name: a.copy() for name, a in arrays.items()}, json.dumps(document)
    take(made, 5)
    assert json.dumps(document) == text
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, kept[name])


def test_the_names_of_the_arrays() -> None:
    arrays, document = run(**SETTINGS["adam, dropout, batch norm"]).state()
    assert arrays["layers.0.weight"].shape == (2, 3, 3, 1)
    assert {"layers.1.running_mean", "optimizer.layers.1.gamma.square"} < arrays.keys()
    assert all(array.dtype == np.float32 for array in arrays.values())
    assert document["version"] == 1 and document["data"][:2] == ["bars", 50]


def test_large_integers_are_text() -> None:
    """JavaScript would round them, and a page may well read and write this document."""

    def numbers(value: Any) -> Any:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [number for item in value for number in numbers(item)]
        return [value] if isinstance(value, int) else []

    found = numbers(saved(run())[1])
    assert found and max(found) < 2**53


# What is refused


def change(document: Any, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        document = document[name]
    if value is None:
        del document[last]
    else:
        document[last] = value


DAMAGE: list[tuple[str, Any, str]] = [
    ("version", 2, "no saved run of version 1"),
    ("version", None, "no saved run"),
    ("data", None, "no saved run"),
    ("data", ["bars", 60, 1], "was trained on"),
    ("progress", None, "progress"),
    ("progress.step", -1, "progress.step"),
    ("progress.batch", "3", "progress.batch"),
    ("progress.extra", 3, "progress.extra"),
    ("progress.epoch_loss", 1e999, "progress.epoch_loss"),
    ("progress.batch", 4, "batch 4 of 8"),
    ("progress.epoch", 5, "step 3 is not epoch 5"),
    ("pending", 7, "pending"),
    ("pending", [{"event": "leap", "step": 3}], "leap"),
    ("pending", [{"event": "checkpoint", "step": "3"}], "checkpoint.step"),
    ("pending", [{"event": "stop", "step": 3, "reason": None}], "stop.reason"),
    (
        "pending",
        [
            {
                "event": "evaluation",
                "step": 3,
                "split": "test",
                "count": 1,
                "loss": 1.0,
                "accuracy": 1.0,
                "confusion": [1],
            }
        ],
        "rows of whole numbers",
    ),
    ("generator", None, "generator"),
    ("generator.state", "xyz", "generator"),
    ("generator.inc", None, "generator"),
    ("generator.state", "-1", "generator"),
    ("generator.uinteger", 2**70, "generator"),
]


@pytest.mark.parametrize(("path", "value", "words"), DAMAGE)
def test_damage_is_refused(path: str, value: Any, words: str) -> None:
    made = run()
    take(made, 3)
    arrays, document = saved(made)
    change(document, path, value)
    with pytest.raises(StorageError, match=words):
        Run.restore(arrays, document, bars())


@pytest.mark.parametrize("document", [None, [], "run", 7, {}])
def test_no_run_at_all(document: Any) -> None:
    with pytest.raises(StorageError, match="no saved run"):
        Run.restore({}, document, bars())


def test_a_wrong_configuration_is_refused() -> None:
    arrays, document = saved(run())
    document["config"]["batch"] = -1
    with pytest.raises(ConfigError, match="batch"):
        Run.restore(arrays, document, bars())


def test_foreign_arrays_are_refused() -> None:
    arrays, document = saved(run())
    name = "layers.0.weight"
    odd: list[tuple[Arrays, str]] = [
        ({key: a for key, a in arrays.items() if key != name}, name),
        ({**arrays, "layers.9.weight": arrays[name]}, "layers.9.weight"),
        ({**arrays, name: arrays[name].T.copy()}, r"expected float32 \(5, 36\), got"),
        ({**arrays, name: arrays[name].astype(np.float64)}, "got float64"),
        ({**arrays, name: np.full_like(arrays[name], np.nan)}, "not finite"),
    ]
    for wrong, words in odd:
        with pytest.raises(StorageError, match=words):
            Run.restore(wrong, copy.deepcopy(document), bars())


def test_other_data_is_refused() -> None:
    state = saved(run())
    with pytest.raises(StorageError, match="was trained on"):
        Run.restore(*state, bars(train=61))
    other = bars()
    other.train.labels[0] ^= 1
    with pytest.raises(StorageError, match="was trained on"):
        Run.restore(*state, other)


# The tests, tested: each fault that could be in a saved state is seen by the test above.

FAULTS = ["place", "batch", "generator", "array"]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_off_by_one_in_the_saved_state_is_caught(fault: str) -> None:
    settings = {**SETTINGS["adam, dropout, batch norm"], "epochs": 2}
    whole = run(**settings)
    list(whole.events())
    going = run(**settings)
    take(going, 4)
    arrays, document = saved(going)
    if fault == "generator":
        state = int(document["generator"]["state"], 16)
        document["generator"]["state"] = f"{state + 1:032x}"
    elif fault == "array":
        number = arrays["optimizer.layers.0.bias.velocity"]
        number[0] = np.nextafter(number[0], np.float32(1))
    else:
        document["progress"]["batch"] += 1
        document["progress"]["step"] += fault == "place"
    try:
        resumed = Run.restore(arrays, document, bars())
    except StorageError:
        return  # caught at the door
    list(resumed.events())
    with pytest.raises(AssertionError):
        same(whole, resumed)
