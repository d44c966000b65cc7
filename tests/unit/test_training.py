"""A run: which events come when, what they say, and that they are always the same."""

from __future__ import annotations

import json
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError
from glassnet.training import (
    Checkpoint,
    EpochEnd,
    Evaluating,
    Evaluation,
    Event,
    Run,
    Step,
    Stop,
    evaluate,
)
from unit.small import CONFIG, bars, dense, network, run


def of(kind: type[Event], events: list[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_the_order_of_events() -> None:
    """60 examples in batches of 8: 8 steps an epoch, the last with 4; evaluated every 5."""
    made = run(epochs=2)
    told = [(type(event).__name__, event.step) for event in made.events()]
    steps = [("Step", step) for step in range(1, 17)]
    measured = {5: "", 8: "EpochEnd", 10: "", 15: "", 16: "EpochEnd"}
    wanted: list[tuple[str, int]] = []
    for name, step in steps:
        wanted.append((name, step))
        if step in measured:
            wanted += [("EpochEnd", step)] if measured[step] else []
            wanted += [("Evaluating", step), ("Evaluation", step)]
            wanted += [("Checkpoint", step)] if measured[step] else []
    assert told == [*wanted, ("Stop", 16)]
    assert (
        made.steps_per_epoch == 8
        and made.step == 16
        and made.epoch == 2
        and made.progress.step_in_epoch == 0
    )


def test_a_run_learns() -> None:
    events = list(run(epochs=30).events())
    losses = [event.loss for event in of(Step, events)]
    assert np.mean(losses[-8:]) < 0.2 * np.mean(losses[:8])
    assert of(Evaluation, events)[-1].accuracy >= 0.9


def test_steps_say_where_they_are() -> None:
    steps = of(Step, list(run(epochs=2).events()))
    assert [(s.epoch, s.batch) for s in steps] == [(e, b) for e in (0, 1) for b in range(1, 9)]
    assert all(0 <= s.accuracy <= 1 and s.loss > 0 for s in steps)


def test_the_seed_decides_everything() -> None:
    first, second, other = (list(run(seed=seed).events()) for seed in (3, 3, 4))
    assert first == second
    assert [e.loss for e in of(Step, first)] != [e.loss for e in of(Step, other)]


def test_every_epoch_uses_each_example_once_in_another_order() -> None:
    made, epochs = run(epochs=2), []
    for epoch in range(2):
        rows: list[int] = []
        while len(rows) < 60:
            rows += made.learner._next_rows().tolist()
            made.learner.step()
        assert made.epoch == epoch
        made.learner.end_epoch()
        epochs.append(rows)
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(60))
    assert epochs[0] != epochs[1]


def test_an_epoch_ends_with_the_means_of_its_steps() -> None:
    events = list(run(epochs=1).events())
    (end,) = of(EpochEnd, events)
    steps, sizes = of(Step, events), [8] * 7 + [4]
    weighted = zip(steps, sizes, strict=True)
    assert end.loss == pytest.approx(sum(s.loss * n for s, n in weighted) / 60)
    weighted = zip(steps, sizes, strict=True)
    assert end.accuracy == pytest.approx(sum(s.accuracy * n for s, n in weighted) / 60)
    assert end.samples_per_second is None  # no clock was given


def test_a_clock_makes_samples_a_second() -> None:
    times = iter([10.0, 12.0, 20.0, 23.0])
    ends = of(EpochEnd, list(run(epochs=2, clock=lambda: next(times)).events()))
    assert [end.samples_per_second for end in ends] == [30.0, 20.0]


def test_a_resumed_epoch_counts_only_its_own_samples() -> None:
    first = run(epochs=1)
    for _ in range(3):
        first.learner.step()
    times = iter([10.0, 12.0])
    resumed = Run.restore(*first.state(), bars(), clock=lambda: next(times))
    (end,) = of(EpochEnd, list(resumed.events()))
    assert end.samples_per_second == (60 - 3 * 8) / 2


def test_an_evaluation_counts_every_example() -> None:
    made = run(epochs=1)
    last = of(Evaluation, list(made.events()))[-1]
    test = made.dataset.test
    outputs = made.network.activations(test.images.reshape(30, -1) / np.float32(255))[-1]
    wanted = np.zeros((4, 4), int)
    for label, answer in zip(test.labels, outputs.argmax(axis=1), strict=True):
        wanted[label, answer] += 1
    assert last.confusion == tuple(map(tuple, wanted.tolist()))
    assert last.count == 30 and last.accuracy == wanted.trace() / 30
    assert last.per_class == pytest.approx(wanted.diagonal() / wanted.sum(axis=1))
    targets = np.eye(4)[test.labels]
    assert last.loss == pytest.approx(((outputs - targets) ** 2).sum() / 2 / 30, rel=1e-5)


def test_an_evaluation_can_be_interrupted_between_chunks() -> None:
    events = list(islice(run(bars(test=1100), epochs=1, evaluate_every=1).events(), 5))
    assert [(e.done, e.total) for e in of(Evaluating, events)] == [
        (500, 1100),
        (1000, 1100),
        (1100, 1100),
    ]
    assert isinstance(events[-1], Evaluation)


def test_a_large_network_is_measured_in_smaller_chunks() -> None:
    """500 examples of a convolution would take hundreds of megabytes; a chunk takes sixteen."""
    layers = [{"type": "conv2d", "filters": 300, "size": 1}, dense(4)]
    net, split = network(layers, (6, 6), loss="mse"), bars(test=200).test
    done = [event.done for event in evaluate(net, "test", split, 0)]
    each = 36 + 36 * (1 + 300 + 300) + 4 + 4
    assert done == [4_000_000 // each, 200]


def test_an_evaluation_by_itself() -> None:
    net, split = network([dense(4)], (6, 6), loss="mse"), bars().test
    generator = evaluate(net, "test", split, 7)
    with pytest.raises(StopIteration) as done:
        while True:
            next(generator)
    assert done.value.value.step == 7 and done.value.value.count == 30


def test_leave_and_come_back() -> None:
    """Events may be asked for one generator each; nothing is lost and nothing comes twice."""
    whole = list(run(epochs=2, checkpoint_every=3, validation=12).events())
    made, pieces = run(epochs=2, checkpoint_every=3, validation=12), list[Event]()
    while not pieces or not isinstance(pieces[-1], Stop):
        event = next(made.events())
        if not isinstance(event, Evaluating):  # an evaluation left begins again
            pieces.append(event)
        else:
            left = made.events()
            for event in left:
                if not isinstance(event, Evaluating):
                    pieces.append(event)
                    break
    assert pieces == [event for event in whole if not isinstance(event, Evaluating)]
    assert isinstance(next(made.events()), Stop)  # over is over


def test_events_are_json() -> None:
    made = run(epochs=1, validation=12, checkpoint_every=4, clock=iter([1.0, 2.0]).__next__)
    for event in made.events():
        document = json.loads(json.dumps(event.to_json(), allow_nan=False))
        assert document["event"] == type(event).__name__.lower()
        assert document["step"] == event.step


def test_checkpoints() -> None:
    steps = [
        e.step for e in run(epochs=2, checkpoint_every=3).events() if isinstance(e, Checkpoint)
    ]
    assert steps == [3, 6, 8, 9, 12, 15, 16]


# When a run stops


def test_it_stops_after_its_epochs() -> None:
    assert list(run(epochs=2).events())[-1] == Stop(16, "2 epochs are done")


def test_it_stops_at_a_target() -> None:
    events = list(run(epochs=500, target=0.9, validation=20).events())
    reached = [e.accuracy for e in of(Evaluation, events) if e.split == "validation"]
    assert reached[-1] >= 0.9 and all(accuracy < 0.9 for accuracy in reached[:-1])
    assert "is at least 90.00%" in events[-1].reason  # type: ignore[attr-defined]
    assert events[-1].step < 500 * 5


def test_it_stops_when_nothing_improves() -> None:
    made = run(epochs=500, patience=4, validation=20, optimizer={"type": "sgd", "lr": 0.0})
    events = list(made.events())
    assert len([e for e in of(Evaluation, events) if e.split == "validation"]) == 5
    assert events[-1].reason == "4 evaluations brought no lower validation loss"  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", [{"target": 0.9}, {"patience": 3}])
def test_the_test_split_decides_nothing(rule: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="see `validation`") as caught:
        run(**rule)
    assert caught.value.field == next(iter(rule))


def test_validation_is_never_trained_on() -> None:
    data = bars()
    made = run(data, validation=20)
    assert made.dataset.validation is not None and len(made.dataset.train) == 40
    assert made.steps_per_epoch == 5
    spoiled = Dataset(data.name, data.classes, data.train, data.test)
    spoiled.train.images[40:] = 0  # the same run, whatever the last 20 are
    again = run(spoiled, validation=20)
    assert of(Step, list(again.events())) == of(Step, list(made.events()))


def test_splits_are_measured_apart() -> None:
    evaluations = of(Evaluation, list(run(validation=20, epochs=1).events()))
    assert {(e.split, e.count) for e in evaluations} == {("validation", 20), ("test", 30)}


# What is refused


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"layers": [dense(5)]}, "layers", "5 outputs for 4 classes"),
    ({"batch": 61}, "batch", "at most 60"),
    ({"validation": 60}, "validation", "60"),
]


@pytest.mark.parametrize(("changes", "field", "words"), REFUSED)
def test_what_does_not_fit_the_data(changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        run(**changes)
    assert caught.value.field == field


# The tests, tested


def shifted(data: Dataset) -> Dataset:
    """Every training label is its neighbour's."""
    data.train.labels[:] = np.roll(data.train.labels, 1)
    return data


def test_a_label_shift_is_caught() -> None:
    """What `test_a_run_learns` asks for cannot be had with labels off by one."""
    events = list(run(shifted(bars()), epochs=30).events())
    assert of(Evaluation, events)[-1].accuracy < 0.5


def test_the_data_is_never_written() -> None:
    data = bars()
    before = [(s.images.copy(), s.labels.copy()) for s in data.splits().values()]
    list(run(data).events())
    for split, (images, labels) in zip(data.splits().values(), before, strict=True):
        np.testing.assert_array_equal(split.images, images)
        np.testing.assert_array_equal(split.labels, labels)


def test_data_that_arrives_late() -> None:
    """A page makes its run while the arrays are still being filled; training reads them later."""
    data, late = bars(), bars()
    images, labels = late.train.images.copy(), late.train.labels.copy()
    late.train.images[:], late.train.labels[:] = 0, 0
    made = Run.from_config(RunConfig.from_json(CONFIG), late)
    late.train.images[:], late.train.labels[:] = images, labels
    assert list(made.events()) == list(run(data).events())


def test_losses_fall_with_the_schedule_of_a_whole_run() -> None:
    """The cosine reaches its end at the run's last step, not before."""
    made, rates = run(epochs=2, schedule={"type": "cosine"}), []
    for event in made.events():
        if isinstance(event, Step):
            rates.append(made.optimizer.rate)
    assert len(rates) == 16 and all(a > b for a, b in pairwise(rates))
    assert rates[0] == made.optimizer.lr and rates[-1] == 0
