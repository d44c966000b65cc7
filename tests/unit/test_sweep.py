"""Sweeps: which runs there are, what is kept of them, and the table; on an executor that does what
it is given at once. On processes, MPI and Dask: tests/native/test_sweep_killed.py."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.cli.console import Console
from glassnet.cli.sweep import _Progress, progress_line
from glassnet.run_folder import CHECKPOINT, LOG
from glassnet.sweeping import Course, job, table
from glassnet.sweeping.folder import PLAN, RESULTS, read_results
from glassnet.sweeping.settings import make_points
from glassnet.sweeping.written import read_seeds, read_settings
from unit.here import Here
from unit.small import CONFIG, bars

BASE = gn.RunConfig.from_json(CONFIG)
RATES = {"optimizer.lr": [0.1, 2, 3]}


def sweep(out: Path, settings: Any = RATES, executor: Executor | None = None, **more: Any) -> Any:
    return gn.sweep(BASE, bars(), settings, out=out, executor=executor or Here(), **more)


# Which runs


def test_a_grid_has_every_combination_and_seed() -> None:
    points = make_points(BASE, {"batch": [8, 16], "layers.0.units": [2, 3]}, seeds=[5, 6])
    assert [tuple(point.settings.values()) for point in points] == [
        (8, 2, 5), (8, 2, 6), (8, 3, 5), (8, 3, 6), (16, 2, 5), (16, 2, 6), (16, 3, 5), (16, 3, 6),
    ]  # fmt: skip
    last = points[-1].config
    assert (last.batch, last.layers[0]["units"], last.seed) == (16, 3, 6)
    assert (last.epochs, points[-1].number) == (3, 7)


def test_whole_objects_and_numpys_numbers_are_values() -> None:
    optimizers = [{"type": "adam", "lr": 0.01}, {"type": "sgd", "lr": 2}]
    points = make_points(BASE, {"optimizer": optimizers, "batch": np.array([4, 8])})
    assert [(p.config.optimizer["type"], p.config.batch) for p in points] == [
        ("adam", 4), ("adam", 8), ("sgd", 4), ("sgd", 8),
    ]  # fmt: skip


def test_what_is_drawn_depends_on_the_seed_alone() -> None:
    settings = {"optimizer.lr": gn.Range(0.01, 1.0, log=True), "batch": gn.Range(2, 4)}
    points = make_points(BASE, settings, random=300)
    rates = np.array([point.settings["optimizer.lr"] for point in points])
    assert rates.min() >= 0.01 and rates.max() <= 1 and abs(np.median(np.log10(rates)) + 1) < 0.2
    batches = [point.settings["batch"] for point in points]
    assert set(batches) == {2, 3, 4} and min(map(batches.count, (2, 3, 4))) > 60
    assert make_points(BASE, settings, random=300) == points
    other = gn.RunConfig.from_json({**CONFIG, "seed": 8})
    assert make_points(other, settings, random=300) != points


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_points(BASE, {"nonsense": [1]}), "nonsense: unknown"),
        (lambda: make_points(BASE, {"batch": [0]}), "batch: expected 1 to"),
        (lambda: make_points(BASE, {"layers.7.units": [1]}), r"layers\.7\.units: there is no '7'"),
        (lambda: make_points(BASE, {"batch": []}), "batch: expected a list of values"),
        (lambda: make_points(BASE, {"loss": "mse"}), "loss: expected a list of values"),
        (lambda: make_points(BASE, {"batch": [object()]}), "not a value that JSON can hold"),
        (lambda: make_points(BASE, {"batch": gn.Range(1, 9)}), "batch: a range is drawn from"),
        (lambda: make_points(BASE, {"seed": [1]}, seeds=[1]), "seed: given twice"),
        (lambda: make_points(BASE, {"batch": [1, 2]}, seeds=range(60_000)), "100,000"),
        (lambda: gn.Range(2, 1), "expected low below high"),
        (lambda: gn.Range(0, 1, log=True), "0 has no logarithm"),
        (lambda: gn.Range(float("nan"), 1), "expected two numbers"),
        (lambda: read_settings("batch"), "vary: expected FIELD=VALUES"),
        (lambda: read_settings("batch=[1,"), "batch: not JSON"),
        (lambda: read_seeds("0"), "seeds: expected 3, or 1,2,5"),
        (lambda: read_seeds("x"), "seeds: expected 3, or 1,2,5"),
    ],
)
def test_what_no_sweep_can_be_of(make: Callable[[], object], words: str) -> None:
    with pytest.raises(gn.ConfigError, match=words):
        make()


def test_settings_on_the_command_line() -> None:
    assert read_settings("batch=1,2") == ("batch", [1, 2])
    assert read_settings("loss=mse,cross_entropy") == ("loss", ["mse", "cross_entropy"])
    assert read_settings('optimizer=[{"type":"adam"}]') == ("optimizer", [{"type": "adam"}])
    assert read_settings("optimizer.lr=0.1..1:log") == ("optimizer.lr", gn.Range(0.1, 1, log=True))
    assert read_settings("batch=1..9") == ("batch", gn.Range(1, 9))
    assert (read_seeds(None), read_seeds("3"), read_seeds("0,5")) == (0, 3, [0, 5])


# What is kept


def test_every_run_has_a_folder_and_a_line(tmp_path: Path) -> None:
    told = sweep(tmp_path / "s", seeds=2)
    lines = read_results(tmp_path / "s")
    assert [line["run"] for line in lines] == [0, 1, 2, 3, 4, 5] and len(told.points) == 6
    assert {line["run"]: line for line in lines} == told.results
    for line in lines:
        folder = tmp_path / "s" / line["folder"]
        assert {LOG, CHECKPOINT, "weights.safetensors"} <= {path.name for path in folder.iterdir()}
        events = [
            json.loads(text) for text in (folder / LOG).read_text(encoding="utf-8").splitlines()
        ]
        last = [event for event in events if event["event"] == "evaluation"][-1]
        assert line["test"] == {"loss": last["loss"], "accuracy": last["accuracy"]}
        assert (events[-1]["event"], events[-1]["test_accuracy"]) == ("stop", last["accuracy"])
        assert (line["outcome"], line["epoch"], line["step"]) == ("done", 3, last["step"])
    assert lines[0]["settings"] == {"optimizer.lr": 0.1, "seed": 3}
    assert lines[0]["test"] != lines[1]["test"]


def test_an_interrupted_sweep_goes_on(tmp_path: Path) -> None:
    """After two of its runs; those are not run again, and the table is as of one that was not."""
    whole = sweep(tmp_path / "whole", seeds=2)
    with pytest.raises(KeyboardInterrupt):
        sweep(tmp_path / "s", seeds=2, executor=Here(2))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "s").rglob("*.*")}
    with (tmp_path / "s" / RESULTS).open("a", encoding="utf-8") as file:
        file.write('{"event":"result","run":5,"outco')  # and a line torn by a power cut
    second = Here()
    again = sweep(tmp_path / "s", seeds=2, executor=second, resume=True)
    assert second.given == 4 and str(again) == str(whole) and again.rows() == whole.rows()
    assert [line["run"] for line in read_results(tmp_path / "s")] == [0, 1, 2, 3, 4, 5]
    for path, time in before.items():
        assert path.name == RESULTS or path.stat().st_mtime_ns == time, path
    assert str(gn.sweep(None, bars(), out=tmp_path / "s", executor=Here(0), resume=True)) == str(
        whole
    )


@pytest.mark.parametrize("torn", ["log", "first line", "after the checkpoint", "only told"])
def test_a_run_that_was_killed_goes_on(tmp_path: Path, torn: str) -> None:
    """Before its log's first line was whole; before its first checkpoint; later; before its end was
    written down by the parent."""
    whole = sweep(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        sweep(tmp_path / "s", executor=Here(1))
    folder = tmp_path / "s" / "runs" / "0"
    (tmp_path / "s" / RESULTS).write_text("", encoding="utf-8")
    text = (folder / LOG).read_text(encoding="utf-8")
    if torn in ("log", "first line"):
        (folder / CHECKPOINT).unlink()
        (folder / LOG).write_text(
            text[: 40 if torn == "first line" else len(text) // 2], encoding="utf-8"
        )
    if torn == "after the checkpoint":
        (folder / LOG).write_text(text + '{"event":"st', encoding="utf-8")
    again = sweep(tmp_path / "s", resume=True)
    assert str(again) == str(whole)
    ours = [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines()]
    wanted = (tmp_path / "whole" / "runs" / "0" / LOG).read_text(encoding="utf-8").splitlines()
    assert [e.get("step") for e in ours] == [json.loads(line).get("step") for line in wanted]


def test_a_failed_run_does_not_sink_the_rest(tmp_path: Path) -> None:
    """Its layers do not fit, or its process is gone; it is tried again."""
    settings = {"layers.1.units": [4, 7], "optimizer.lr": [1, 1e6], "loss": ["mse"]}
    told = sweep(tmp_path / "s", settings)
    assert [told.results[n]["outcome"] for n in range(4)][::2] == ["done", "failed"]
    assert "layers: 7 outputs for 4 classes" in told.results[2]["reason"]
    assert "run 2 (layers.1.units=7, optimizer.lr=1, loss=mse) failed: layers: 7" in str(told)
    second = Here()
    sweep(tmp_path / "s", settings, second, resume=True)
    assert second.given == 2
    assert [line["run"] for line in read_results(tmp_path / "s")] == [0, 1, 2, 3]

    class Broken(Here):
        def submit(self, f: Any, /, *args: Any, **more: Any) -> Future[Any]:
            if self.given == 1:
                f = _die
            return super().submit(f, *args, **more)

    broken = sweep(tmp_path / "t", executor=Broken())
    assert [line["outcome"] for line in broken.results.values()] == ["done", "failed", "done"]
    assert broken.results[1]["reason"] == "BrokenExecutor: gone"


def _die(*args: object) -> None:
    raise BrokenExecutor("gone")


def test_a_diverged_run_is_a_result(tmp_path: Path) -> None:
    layers = [{"type": "dense", "units": 4, "activation": "identity"}]
    config = {**CONFIG, "layers": layers}
    told = gn.sweep(config, bars(), {"optimizer.lr": [0.1, 1e6]}, out=tmp_path, executor=Here())
    assert [line["outcome"] for line in told.results.values()] == ["done", "diverged"]
    assert [row["done"] for row in told.rows()] == [1, 0]
    nothing = Here()
    gn.sweep(None, bars(), out=tmp_path, executor=nothing, resume=True)
    assert nothing.given == 0


def test_running_runs_are_kept_when_it_is_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "LOOK", -1.0)
    whole, asked = sweep(tmp_path / "whole"), iter([False, True])

    class Slow(Here):
        def submit(self, f: Any, /, *args: Any, **more: Any) -> Future[Any]:
            (tmp_path / "s" / "stop").touch()  # as the parent does, while the run goes on
            return super().submit(f, *args, **more)

    told = sweep(tmp_path / "s", executor=Slow(), stop=lambda: next(asked, True))
    assert told.results == {} and not (tmp_path / "s" / "stop").exists()
    assert (tmp_path / "s" / "runs" / "0" / CHECKPOINT).exists()
    assert str(sweep(tmp_path / "s", resume=True)) == str(whole)


def test_a_folder_holds_one_sweep(tmp_path: Path) -> None:
    sweep(tmp_path / "s")
    with pytest.raises(gn.ConfigError, match="holds a sweep already"):
        sweep(tmp_path / "s")
    with pytest.raises(gn.ConfigError, match="holds a sweep of other runs"):
        sweep(tmp_path / "s", {"batch": [8]}, resume=True)
    with pytest.raises(gn.ConfigError, match="no such file"):
        sweep(tmp_path / "t", resume=True)
    with pytest.raises(gn.ConfigError, match="can only be resumed"):
        gn.sweep(None, bars(), out=tmp_path / "s", executor=Here())
    with pytest.raises(gn.ConfigError, match="expected one of processes, mpi, dask"):
        gn.sweep(BASE, bars(), RATES, out=tmp_path / "t", executor="cloud")
    (tmp_path / "s" / PLAN).write_text('{"sweep": 1, "runs": [{"settings": {}}]}', encoding="utf-8")
    with pytest.raises(gn.StorageError, match="damaged: 'config'"):
        sweep(tmp_path / "s", resume=True)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(gn.StorageError, match=r"Not a directory|File exists"):
        sweep(tmp_path / "file")


# The table


def line(number: int, accuracy: float, outcome: str = "done", **more: Any) -> dict[str, Any]:
    test = {"accuracy": accuracy, "loss": 1 - accuracy}
    return {"run": number, "settings": {}, "outcome": outcome, "reason": "", "test": test, **more}


def test_the_table_shows_what_differs_best_first() -> None:
    points = make_points(BASE, {"batch": [8, 16], "epochs": [3]}, seeds=[1, 2, 3])
    told = [0.5, 0.75, 0.625, 0.875, 1.0, 0.9375]
    results = {n: line(n, accuracy) for n, accuracy in enumerate(told)}
    results[5] |= {"outcome": "failed", "reason": "no disk", "settings": {"batch": 16}}
    assert table.draw(points, results).splitlines() == [
        "batch  runs    test accuracy          test loss",
        "16     2 of 3  93.75% (87.50–100.00)  0.0625 (0.0000–0.1250)",
        "8      3       62.50% (50.00–75.00)   0.3750 (0.2500–0.5000)",
        "",
        "run 5 (batch=16) failed: no disk",
    ]
    rows = table.rows(points, results)
    assert [row["settings"] for row in rows] == [{"batch": 16}, {"batch": 8}]
    assert [(row["runs"], row["done"]) for row in rows] == [(3, 2), (3, 3)]
    assert rows[1]["test_accuracy"] == {"mean": 0.625, "min": 0.5, "max": 0.75}


def test_validation_judges_where_there_is_some() -> None:
    points = make_points(BASE, {"batch": [8, 16]})
    results = {
        0: line(0, 0.9, validation={"accuracy": 0.5, "loss": 1.0}),
        1: line(1, 0.1, validation={"accuracy": 0.6, "loss": 1.0}),
    }
    assert [row["settings"]["batch"] for row in table.rows(points, results)] == [16, 8]


# On the command line


def test_progress_says_how_much_is_left() -> None:
    assert progress_line(Course(0, 4, 0, None), 60).endswith(" no end in sight yet")
    told = progress_line(Course(3, 4, 1, 62.0), 60)
    assert told.startswith("3/4 runs ") and told.endswith(" 1 failed, 1:02 left")
    assert len(progress_line(Course(3, 4, 1, 62.0), 20)) <= 20

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Terminal()
    _Progress(Console(io.StringIO(), err))(Course(1, 2, 0, 1.0, None))
    assert "1/2 runs " in err.getvalue()


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--out", ""], "which folder? its name is empty"),
        (["--out", "s", "--resume", "--vary", "batch=1"], "leave out --vary"),
        (["--out", "s", "--resume", "--epochs", "1"], "leave out --epochs"),
        (["--out", "s", "--arch", "36,5,4", "--executor", "x"], "expected one of processes"),
        (["--out", "s", "--arch", "36,5,4", "--workers", "0"], "workers: expected at least 1"),
        (["--out", "s", "--arch", "36,5,4", "--log-every", "0"], "expected at least 1"),
        (["--out", "s", "--arch", "36,5,4", "--executor", "mpi:4"], "expected one of processes"),
    ],
)
def test_what_the_command_refuses(glassnet: Any, data: Path, flags: list[str], words: str) -> None:
    ended = glassnet("sweep", "--data", data, *flags)
    assert ended.code == 2 and words in ended.err and not Path("s").exists()
