"""Runs that are followed by their logs: what is new, and what was torn, cut back or damaged."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.data.dataset import Dataset
from glassnet.errors import StorageError
from glassnet.following import FollowedRun, Following, Series
from glassnet.following.look import MISTAKES, look
from glassnet.model import Model
from glassnet.run_folder import LOG, RunFolder
from glassnet.series import LIMIT
from glassnet.training import Run
from unit.small import CONFIG, bars

FIRST = {"event": "run", "format": 1, "config": {"seed": 1}, "data": {"name": "bars"}}
FIRST |= {"versions": {"glassnet": "0"}}


def step(number: int, loss: float = 0.5) -> dict[str, Any]:
    return {"event": "step", "step": number, "epoch": number // 10, "loss": loss}


def write(folder: Path, events: list[dict[str, Any]], mode: str = "a") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG).open(mode, encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


@pytest.mark.parametrize("count", [1, LIMIT, LIMIT + 1, 5 * LIMIT + 3])
def test_a_series_keeps_means_of_all_its_values(count: int) -> None:
    series = Series()
    values = np.random.default_rng(1).random(count)
    for number, value in enumerate(values, start=1):
        series.add(number, float(value), number)
    _, points = series.since(-1)
    assert len(points) == len(series) <= LIMIT
    assert [end for end, _ in points[:-1]] == [
        series.span * (k + 1) for k in range(len(points) - 1)
    ]
    assert points[-1][0] == count
    for k, (_, mean) in enumerate(points):
        part = values[k * series.span : (k + 1) * series.span]
        assert mean == pytest.approx(part.mean(), abs=1e-12)


def test_what_is_new_joined_to_what_was_known_is_the_whole_series() -> None:
    series, known, heard = Series(), list[tuple[int, float]](), 0
    for version in range(1, 4000):
        series.add(version, version**0.5, version)
        if version % 7 == 0:
            start, points = series.since(heard)
            known, heard = [*known[:start], *points], version
            assert known == series.since(-1)[1]
            assert len(points) < 10 or start == 0


def test_a_run_is_read_as_it_grows(tmp_path: Path) -> None:
    run = FollowedRun(tmp_path)
    run.read(1)
    assert (run.state, run.version) == ("waiting", 0)
    write(tmp_path, [FIRST, step(1, 0.75), step(2, 0.25)])
    run.read(2)
    told = run.told(0)
    assert (told["state"], told["step"], told["config"]) == ("going", 2, {"seed": 1})
    assert told["losses"] == (0, [(1, 0.75), (2, 0.25)])
    test = {"event": "evaluation", "step": 2, "split": "test", "loss": 0.3, "accuracy": 0.9}
    write(tmp_path, [{**test, "split": "validation", "accuracy": 0.1}, test, step(3, 0.2)])
    run.read(3)
    told = run.told(2)
    assert "config" not in told
    assert told["losses"] == (2, [(3, 0.2)])
    assert (told["tested"], told["accuracies"]) == ((0, [(2, 0.3)]), (0, [(2, 0.9)]))
    write(tmp_path, [{"event": "stop", "step": 3, "reason": "1 epoch is done"}])
    run.read(4)
    assert (run.state, run.reason, run.version) == ("ended", "1 epoch is done", 4)
    write(tmp_path, [step(4)])  # it was gone on with
    run.read(5)
    assert (run.state, run.reason) == ("going", "")


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    run, text = FollowedRun(tmp_path), json.dumps(FIRST) + "\n" + json.dumps(step(1)) + "\n"
    for number in range(1, len(text) + 1):
        (tmp_path / LOG).write_text(text[:number], encoding="utf-8")
        run.read(number)
        assert run.state != "damaged"
        assert run.step == (1 if number == len(text) else 0)


@pytest.mark.parametrize("longer", [False, True], ids=["shorter", "longer"])
def test_a_log_that_was_cut_back_is_read_anew(tmp_path: Path, longer: bool) -> None:
    run = FollowedRun(tmp_path)
    write(tmp_path, [FIRST, *map(step, range(1, 6))])
    run.read(1)
    count = 40 if longer else 3
    write(tmp_path, [FIRST, *(step(number, 0.125) for number in range(1, count))], "w")
    run.read(2)
    told = run.told(1)
    assert "config" in told and told["step"] == count - 1
    assert told["losses"] == (0, [(number, 0.125) for number in range(1, count)])


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"event":"step","step":"x"}', '{"event":"step"}', "\ufffd{"]
)
def test_a_damaged_log_is_told_and_left(tmp_path: Path, line: str) -> None:
    write(tmp_path, [FIRST, step(1)])
    with (tmp_path / LOG).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    run = FollowedRun(tmp_path)
    run.read(1)
    assert run.state == "damaged" and LOG in run.reason
    assert run.told(0)["losses"] == (0, [(1, 0.5)]), "what came before it stays"
    write(tmp_path, [step(2)])
    run.read(2)
    assert run.state == "damaged"
    write(tmp_path, [FIRST, step(7)], "w")
    run.read(3)
    assert (run.state, run.step) == ("going", 7)


def test_runs_are_found_wherever_they_lie_and_whenever_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glassnet.following.following.SEARCH_S", 0.0)
    write(tmp_path / "one", [FIRST, step(1)])
    write(tmp_path / "sweep" / "runs" / "0", [FIRST, step(2)])
    following = Following([tmp_path / "one", tmp_path / "sweep", tmp_path / "later"])
    following.poll()
    assert list(following.runs) == ["one", "sweep/runs/0"]
    write(tmp_path / "later", [FIRST, step(3)])
    write(tmp_path / "sweep" / "runs" / "1", [FIRST, step(4)])
    following.poll()
    assert list(following.runs) == ["one", "sweep/runs/0", "sweep/runs/1", "later"]
    with pytest.raises(StorageError, match="a file"):
        Following([tmp_path / "one" / LOG])


def test_roots_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/run", "b/run"):
        write(Path(name), [FIRST, step(1)])
    following = Following([Path("a/run"), Path("b/run")])
    following.poll()
    assert list(following.runs) == ["a/run", "b/run"]


@pytest.mark.parametrize("what", ["exists", "iterdir", "is_dir"])
def test_a_folder_that_may_not_be_read_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    write(tmp_path / "a", [FIRST, step(1)])
    (tmp_path / "locked" / "within").mkdir(parents=True)
    write(tmp_path / "z", [FIRST, step(1)])
    asked = getattr(Path, what)

    def refuse(path: Path, *args: Any, **options: Any) -> Any:
        if "locked" in (path.parent.name, path.name) and path != tmp_path / "locked":
            raise PermissionError(13, "Permission denied")
        if what == "iterdir" and path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return asked(path, *args, **options)

    monkeypatch.setattr(Path, what, refuse)
    following = Following([tmp_path])
    following.poll()
    assert [name.rpartition("/")[2] for name in following.runs] == ["a", "z"]


def test_news_are_of_the_runs_that_have_changed(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / name, [FIRST, step(1)])
    following = Following([tmp_path])
    following.poll()
    first = following.news(0, 0)
    assert len(first["runs"]) == 3 and all("config" in told for told in first["runs"].values())
    assert following.news(first["version"], 0)["runs"] == {}
    following.poll()
    assert following.news(first["version"], 0)["version"] == first["version"], "nothing changed"
    write(tmp_path / "b", [step(2)])
    following.poll()
    news = following.news(first["version"], 0)
    (told,) = news["runs"].values()
    assert next(iter(news["runs"])).endswith("/b") and told["losses"] == (1, [(2, 0.5)])
    assert len(following.news(10**9, 0)["runs"]) == 3, "another server's version"


def test_a_look_shows_weights_and_the_surest_mistakes(tmp_path: Path) -> None:
    data = bars(train=80, test=40)
    run = Run.from_config(gn.RunConfig.from_saved({**CONFIG, "epochs": 1}), data)
    with RunFolder(tmp_path / "run") as folder:
        folder.begin(run)
        folder.save(run)
    seen = look(tmp_path / "run", data)
    weights = np.frombuffer(base64.b64decode(seen["weights"]), "<f4")
    first = run.network.parameters()["layers.0.weight"]
    assert seen["units"] == len(first)
    np.testing.assert_array_equal(weights.reshape(first.shape), first)
    model = Model(run.network, run.config, tuple(data.classes), data.name)
    outputs, _ = model.outputs(data.test)
    answers = outputs.argmax(axis=1)
    assert seen["wrong"] == int((answers != data.test.labels).sum())
    assert len(seen["mistakes"]) == min(MISTAKES, seen["wrong"])
    for one in seen["mistakes"]:
        index = one["index"]
        assert one["label"] == data.classes[data.test.labels[index]]
        assert one["said"] == data.classes[answers[index]] != one["label"]
        assert base64.b64decode(one["image"]) == data.test.images[index].tobytes()
    sure = [one["sure"] for one in seen["mistakes"]]
    assert sure == sorted(sure, reverse=True)


def test_without_its_data_a_look_shows_weights_alone(tmp_path: Path) -> None:
    data = bars(train=80, test=40)
    run = Run.from_config(gn.RunConfig.from_saved(CONFIG), data)
    with RunFolder(tmp_path / "run") as folder:
        folder.begin(run)
        folder.save(run)
    other = Dataset("bars", [*data.classes, "other"], data.train, data.test)
    for given in (None, other):
        seen = look(tmp_path / "run", given)
        assert seen["weights"] and (seen["count"], seen["mistakes"]) == (0, [])
