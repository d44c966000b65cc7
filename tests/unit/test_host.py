"""The pages' Python host: what it answers to every request, natively and under Pyodide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.training import Evaluation, Run, Step
from unit.hosting import SMALL, Clock, Page, dataset, piece


@pytest.fixture
def page() -> Page:
    """A page with digits and a run that it watches."""
    page = Page()
    page.create()
    return page


def test_no_run_before_the_sizes_of_the_data_are_known() -> None:
    page = Page(digits=False)
    what: dict[str, Any] = {"run": "run", "set": "digits", "config": SMALL}
    assert page.refused("create", **what)["code"] == "E-UNKNOWN"
    assert page.ask("data", **piece("train", 0, 10, 40)) == {"arrived": {"train": 10, "test": 0}}
    failure = page.refused("create", **what)
    assert failure["code"] == "E-DATA" and "not known yet" in failure["message"]
    page.ask("data", **piece("test", 0, 10, 20))
    page.create()
    assert page.last()["arrived"] == {"train": 10, "test": 10}


def test_training_waits_for_the_last_digit() -> None:
    page = Page(digits=False)
    page.ask("data", **piece("train", 0, 4, 40))  # fewer than a batch
    page.ask("data", **piece("test", 0, 20, 20))
    page.create()
    page.ask("start", run="run")
    assert page.last()["state"] == "running"
    assert not page.host.busy
    for kind in ("state", "save"):
        assert "not all here yet" in page.refused(kind, run="run", log=[])["message"]
    assert page.ask("data", **piece("train", 4, 36, 40)) == {"arrived": {"train": 40, "test": 20}}
    assert page.host.busy
    assert page.last()["generation"] == 1


def test_a_run_can_be_made_and_started_in_one_request(page: Page) -> None:
    page.create(start=True)
    assert page.last()["state"] == "running"
    page.drive()
    assert page.last()["state"] == "finished"


def test_a_run_begins_with_the_digits_of_its_first_steps() -> None:
    """It goes as far as they reach, never into a measurement, and its losses are those of a run
    that had everything."""
    whole = Page()
    whole.create()
    whole.train()
    order = np.random.default_rng([1, 1, 0]).permutation(40)  # of seed 1, in its first epoch
    everything = piece("train", 0, 40, 40)
    pixels = np.frombuffer(everything["images"], np.uint8).reshape(40, -1)
    labels = np.frombuffer(everything["labels"], np.uint8)
    page = Page(digits=False)
    page.ask("data", **piece("test", 0, 1, 20))
    for first, last, steps in ((0, 17, 3), (17, 25, 4)):  # batches of 5; measured after 4
        places = order[first:last]
        part = {"count": len(places), "places": places.astype("<u4")}
        part |= {"images": pixels[places].tobytes(), "labels": labels[places].tobytes()}
        page.ask("data", **{**everything, **part})
        if not first:
            page.create()
            page.ask("start", run="run")
        page.drive()
        assert (page.last()["step"], page.last()["state"]) == (steps, "running")
        assert not page.host.busy
    page.ask("data", **piece("train", 0, 40, 40))
    page.drive()
    assert page.last()["step"] == 4  # not all test digits are here
    page.ask("data", **piece("test", 0, 20, 20))
    page.drive()
    assert page.last()["state"] == "finished"
    assert page.losses() == whole.losses()
    assert page.last()["generation"] == 1


@pytest.mark.parametrize("what", [{"validation": 10}, {"chosen": {"test": np.arange(5)}}])
def test_a_run_of_copied_digits_does_not_begin_early(what: dict[str, Any]) -> None:
    page = Page(digits=False)
    page.ask("data", **piece("train", 0, 39, 40))
    page.ask("data", **piece("test", 0, 20, 20))
    chosen = what.get("chosen", {})
    page.create(config={**SMALL, "validation": what.get("validation", 0)}, chosen=chosen)
    page.ask("start", run="run")
    assert not page.host.busy


@pytest.mark.parametrize("places", [[0, 0, 1], [0, 1], [0, 1, 40], []])
def test_places_that_are_none_are_refused(places: list[int]) -> None:
    page = Page(digits=False)
    what = {**piece("train", 0, 3, 40), "places": np.array(places, "<u4")}
    assert "do not fit into 40" in page.refused("data", **what)["message"]


def test_digits_that_come_twice_are_counted_once() -> None:
    page = Page(digits=False)
    page.ask("data", **piece("train", 0, 30, 40))
    assert page.ask("data", **piece("train", 20, 15, 40))["arrived"]["train"] == 35


def test_a_run_goes_to_its_end_as_without_a_page(page: Page) -> None:
    page.train()
    last = page.last()
    assert (last["state"], last["step"], last["epoch"]) == ("finished", 16, 2)
    assert last["stopped"] == "2 epochs are done"
    engine = page.frames["run"][0]["description"]["engine"]
    config = RunConfig.from_json({**SMALL, "engine": engine})
    events = list(Run.from_config(config, dataset()).events())
    assert page.losses() == [(e.step, e.loss) for e in events if isinstance(e, Step)]
    told = [one for frame in page.frames["run"] for one in frame["evaluations"]]
    measured = [e for e in events if isinstance(e, Evaluation)]
    assert [(one["step"], one["loss"]) for one in told] == [(e.step, e.loss) for e in measured]
    assert set(told[0]) == {"step", "split", "count", "loss", "accuracy"}
    log = [line for frame in page.frames["run"] for line in frame["log"]]
    assert log == [
        e.to_json()
        for e in events
        if type(e).__name__ != "Evaluating" and (not isinstance(e, Step) or e.step % 10 == 0)
    ]


def test_the_same_seed_gives_the_same_losses(page: Page) -> None:
    page.train()
    first = page.losses()
    assert page.ask("reset", run="run")["generation"] == 2
    assert page.last()["step"] == 0
    page.train()
    assert page.losses() == first
    page.create(config=SMALL | {"seed": 2})
    page.train()
    assert page.losses() != first


def test_steps_are_counted_and_end_in_a_pause(page: Page) -> None:
    page.train(steps=3)
    assert (page.last()["step"], page.last()["state"]) == (3, "paused")
    page.ask("step", run="run", steps=3)
    page.ask("step", run="run", steps=2)  # asked for while the others are still to be taken
    page.drive()
    assert page.last()["step"] == 8


def test_pause_keeps_and_start_goes_on(page: Page) -> None:
    page.ask("start", run="run")
    page.drive(slices=1)
    page.ask("pause", run="run")
    step = page.last()["step"]
    assert not page.host.busy
    page.train()
    assert page.last()["step"] == 16 > step > 0


def test_steps_have_seconds_and_a_speed() -> None:
    page = Page(clock := Clock())
    page.create(config=SMALL | {"epochs": 500})
    page.ask("step", run="run", steps=50)
    page.drive(slices=20)
    triples = np.concatenate([frame["losses"] for frame in page.frames["run"]]).reshape(-1, 3)
    assert (np.diff(triples[:, 2]) > 0).all()
    assert page.last()["seconds"] == triples[-1, 2] < clock.now
    assert page.last()["samplesPerSecond"] > 0
    page.drive()
    assert page.last()["samplesPerSecond"] == 0


def test_seconds_are_those_of_steps_and_not_of_evaluations() -> None:
    """Every look at the clock takes a millisecond: so many steps, so many milliseconds."""
    page = Page()
    page.create()
    page.train()
    assert page.last()["seconds"] == pytest.approx(0.016)
    assert page.last()["measuring"] == pytest.approx(4 * 0.002)  # one chunk each, and the result


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"split": "dev"}, "train or test"),
        ({"start": 38}, "do not fit"),
        ({"images": b"123"}, "3 pixel bytes"),
        ({"labels": bytes([200] * 5)}, "label 200"),
        ({"total": 41}, "shape"),
        ({"rows": 14, "columns": 56}, "others are (28, 28)"),
    ],
)
def test_a_piece_that_does_not_fit_is_refused(
    page: Page, changes: dict[str, Any], reason: str
) -> None:
    failure = page.refused("data", **(piece("train", 0, 5, 40) | changes))
    assert failure["code"] == "E-DATA"
    assert reason in failure["message"]
    page.train()
    assert page.last()["step"] == 16


def test_a_set_may_have_classes_of_its_own() -> None:
    page = Page(digits=False)
    letters = [chr(65 + k) for k in range(10)]
    for split in ("train", "test"):
        page.ask("data", **piece(split, 0, 40, 40), classes=letters)
    assert page.create()["classes"] == letters


def test_sets_are_kept_apart(page: Page) -> None:
    for split in ("train", "test"):
        page.ask("data", **piece(split, 0, 30, 30) | {"set": "others", "name": "other digits"})
    told = page.create("second", set="others")["data"]
    assert (told["name"], told["counts"]) == ("other digits", {"train": 30, "test": 30})
    assert page.last()["arrived"] == {"train": 40, "test": 20}


def test_a_bad_configuration_names_its_field_and_changes_nothing(page: Page) -> None:
    before = page.last()["description"]
    what = {"run": "run", "set": "digits"}
    failure = page.refused("create", **what, config=SMALL | {"batch": 0})
    assert (failure["code"], failure["field"]) == ("E-CONFIG", "batch")
    assert "Traceback" in failure["traceback"]
    failure = page.refused("create", **what, config=SMALL | {"constructor": 1})
    assert failure["field"] == "constructor"
    layers = [{"type": "conv2d", "filters": 2, "size": 30}, *SMALL["layers"]]
    assert page.refused("create", **what, config=SMALL | {"layers": layers})["code"] == "E-SHAPE"
    assert page.last()["generation"] == before["generation"]


def test_divergence_ends_the_run_and_says_so(page: Page) -> None:
    wild = {
        "layers": [{"type": "dense", "units": 10, "activation": "identity"}],
        "optimizer": {"type": "sgd", "lr": 1e6},
        "epochs": 100,
    }
    page.create(config=SMALL | wild)
    page.train()
    last = page.last()
    assert last["state"] == "finished"
    assert "layers.0" in last["stopped"] or "loss" in last["stopped"]
    assert page.trouble == []


def test_an_error_stops_its_run_and_no_other(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.create("other")

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr(page.host._runs["run"].run.network, "forward", broken)
    page.ask("start", run="run")
    page.train("other")
    (told,) = page.trouble
    assert told["run"] == "run"
    assert told["failure"]["code"] == "E-PYTHON"
    assert "report" in told["failure"]["advice"]
    assert (page.last()["state"], page.last()["stopped"]) == ("finished", "no such luck")
    assert page.last("other")["step"] == 16


def test_too_little_memory_is_said_in_words(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("glassnet_bridge.host.Run.from_config", full)
    failure = page.refused("reset", run="run")
    assert failure["code"] == "E-MEMORY"
    assert failure["message"] == "Python has too little memory for that here"


@pytest.mark.parametrize(
    ("kind", "what", "words"),
    [
        ("dance", {}, "no request is called “dance”"),
        ("start", {"run": "x"}, "no run is called “x”; known: run"),
        ("fork", {"run": "x", "as": "y"}, "no run is called “x”"),
        ("dispose", {"run": "x"}, "no run is called “x”"),
        ("create", {"run": "x", "set": "y", "config": {}}, "no data set is called “y”"),
        (
            "arrays",
            {"run": "run", "digit": None, "arrays": ["y"]},
            "array of this network is called",
        ),
        (
            "watch",
            {"reader": "r", "run": "run", "digit": None, "arrays": ["layers.2.weight"]},
            "layers.1.weight",
        ),
        ("source", {"file": "../errors.py"}, "no file of the package is called"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_are_known(
    page: Page, kind: str, what: dict[str, Any], words: str
) -> None:
    failure = page.refused(kind, **what)
    assert failure["code"] == "E-UNKNOWN"
    assert words in failure["message"]


def test_two_hundred_requests_fail_and_the_next_one_works(page: Page) -> None:
    page.ask("columns", columns={"y": np.arange(20) % 10, "test": np.zeros(20, np.uint8)})
    bad: list[tuple[str, dict[str, Any]]] = [
        ("create", {"run": "run", "set": "digits", "config": {"batch": -1}}),
        ("create", {}),
        ("data", {"set": "digits"}),
        ("watch", {"reader": "run", "run": "run", "digit": {"split": "x"}, "arrays": []}),
        ("query", {"expression": "y >"}),
        ("query", {"expression": "(" * 5000}),
        ("restore", {"run": "run", "set": "digits", "state": b"nonsense"}),
        ("step", {"run": "run", "steps": None}),
    ]
    for number in range(200):
        kind, what = bad[number % len(bad)]
        assert page.refused(kind, **what)["message"]
        if number % 25 == 24:
            page.train(steps=2)
    assert page.last()["step"] == 16


def test_a_query_says_where_its_fault_is(page: Page) -> None:
    page.ask("columns", columns={"y": np.arange(20) % 10, "test": np.zeros(20, np.uint8)})
    assert page.refused("query", expression="1 < lost")["column"] == 4
    assert page.ask("query", expression="y > 8")["ids"].tolist() == [9, 19]


def test_the_packages_sources_can_be_read(page: Page) -> None:
    assert "class Dense" in page.ask("source", file="layers/dense.py")["text"]
    for file in ("/etc/passwd", "layers/../errors.py", "layers", "py.typed", ""):
        assert page.refused("source", file=file)["code"] == "E-UNKNOWN"


def test_a_step_can_be_traced(page: Page) -> None:
    page.train(steps=3)
    before = page.arrays("layers.*.weight")
    what = {"run": "run", "digit": {"split": "test", "index": 7}}
    told = {(one["name"], one["phase"]): one for one in page.ask("trace", **what)}
    z = told["layers.0.z", "forward"]
    assert z["shape"] == [1, 4] and z["data"].shape == (4,)
    assert z["tree"][0] == "mrow" and z["sources"][0]["file"] == "layers/dense.py"
    assert ("layers.0.weight", "update") in told
    assert page.refused("trace", run="run", digit=None)["code"] == "E-DATA"
    drawn = {"run": "run", "digit": {"pixels": np.zeros(784, np.float32)}}
    assert "expected a label from 0 to 9, got none" in page.refused("trace", **drawn)["message"]
    assert page.ask("trace", **drawn, label=3)
    for name, array in page.arrays("layers.*.weight").items():
        np.testing.assert_array_equal(array, before[name])


def test_a_host_tells_its_versions() -> None:
    assert set(Page(digits=False).host.versions()) == {"python", "numpy", "glassnet", "simd"}
