"""`glassnet train`, in this very process: what it prints, what it keeps, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from glassnet.model import load_model
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS
from glassnet.storage import load_weights, read_runlog
from unit.small import bars, dense

SMALL = ["--arch", "36,5,4", "--batch", "8", "--epochs", "3", "--seed", "3"]


def test_train_tells_what_it_does(glassnet: Any, data: Path) -> None:
    ended = glassnet("train", "--data", data, *SMALL)
    assert ended.code == 0 and ended.err == ""
    first, second, *epochs, last = ended.out.splitlines()
    assert first == "idx: 80 train, 40 test; 4 classes of 6x6 images"
    assert second.startswith("6x6 - dense 5 sigmoid - dense 4 sigmoid; mse, sgd at 3, batch 8")
    assert len(epochs) == 3
    for number, line in enumerate(epochs, start=1):
        assert line.startswith(f"epoch   {number}/3  loss 0.") and "of 40)" in line
    assert last.startswith("stopped: 3 epochs are done; test accuracy ")


def test_train_keeps_a_run_that_says_what_happened(glassnet: Any, data: Path) -> None:
    ended = glassnet("train", "--data", data, *SMALL, "--json", "--out", "run")
    assert ended.code == 0 and ended.err == ""
    first, log = read_runlog(Path("run") / LOG)
    events = list(log)
    assert ended.events[1:] == events
    assert first["config"] == ended.events[0]["config"]
    assert first["data"]["counts"] == {"train": 80, "test": 40}
    assert events[-1]["event"] == "stop" and ended.events[0]["event"] == "run"
    assert [e["step"] for e in events if e["event"] == "step"] == [10, 20, 30]
    test = [e for e in events if e["event"] == "evaluation"]
    assert events[-1]["test_accuracy"] == test[-1]["accuracy"] > 0.5
    model = load_model(Path("run") / WEIGHTS)
    split = bars(train=80, test=40).test
    accuracy = (model.outputs(split)[0].argmax(axis=1) == split.labels).mean()
    assert accuracy == test[-1]["accuracy"]


def test_the_same_seed_gives_the_same_run(glassnet: Any, data: Path) -> None:
    for out in ("one", "two"):
        glassnet("train", "--data", data, *SMALL, "--out", out)
    glassnet("train", "--data", data, *SMALL, "--seed", "4", "--out", "three")
    one, two, three = (Path(out, WEIGHTS).read_bytes() for out in ("one", "two", "three"))
    assert one == two != three


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    glassnet: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted after every third event: the log and the weights are those of a whole run."""
    whole = glassnet("train", "--data", data, *SMALL, "--out", "whole", "--log-every", "1")
    assert whole.code == 0
    wait = iter([3, 1, 7, 2, 11, 1, 5, 9, 4, 13, 1, 1000])

    class Impatient:
        """A Ctrl-C after so many events."""

        exit_code = 130

        def __init__(self) -> None:
            self.left = next(wait)

        def __enter__(self) -> Impatient:
            return self

        def __exit__(self, *error: object) -> None:
            pass

        @property
        def signal(self) -> int:
            self.left -= 1
            return 2 if self.left <= 0 else 0

    monkeypatch.setattr("glassnet.cli.train.Interrupt", Impatient)
    ended = glassnet("train", "--data", data, *SMALL, "--out", "cut", "--log-every", "1")
    times = 1
    while ended.code == 130:
        assert "kept in cut: go on with `glassnet train --resume --out cut`" in ended.err
        ended = glassnet("train", "--data", data, "--resume", "--out", "cut", "--log-every", "1")
        times += 1
    assert ended.code == 0 and times > 5
    assert Path("cut", WEIGHTS).read_bytes() == Path("whole", WEIGHTS).read_bytes()
    lines = [Path(out, LOG).read_text().splitlines() for out in ("cut", "whole")]
    told = [[_without_clock(line) for line in log] for log in lines]
    assert told[0] == told[1]


def _without_clock(line: str) -> dict[str, Any]:
    """An event without what depends on the time it took."""
    return {k: v for k, v in json.loads(line).items() if k != "samples_per_second"}


def test_a_killed_runs_log_is_cut_back_to_its_checkpoint(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    log = Path("run", LOG)
    whole = log.read_text()
    log.write_text(whole + '{"event":"step","step":31,"lo')
    ended = glassnet("train", "--data", data, "--resume", "--out", "run", "--epochs", "4")
    assert ended.code == 0 and "resumed after 30 steps" in ended.out
    _, events = read_runlog(log)
    steps = [event["step"] for event in events if event["event"] == "epochend"]
    assert steps == [10, 20, 30, 40]
    log.write_text("")
    ended = glassnet("train", "--data", data, "--resume", "--out", "run", "--epochs", "5")
    assert ended.code == 1 and "shorter than when the run was saved" in ended.err


def test_without_a_folder_an_interrupted_run_says_it_is_lost(
    glassnet: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glassnet.cli.interrupt.Interrupt.__init__", _interrupted_at_once)
    ended = glassnet("train", "--data", data, *SMALL)
    assert ended.code == 130
    assert "interrupted after step 1; nothing is kept, for there was no --out" in ended.err


def _interrupted_at_once(self: Any) -> None:
    self.signal, self._before = 2, {}


def test_a_diverging_run_keeps_its_last_finite_weights(glassnet: Any, data: Path) -> None:
    settings = ["--arch", "36,4", "--activation", "identity", "--lr", "1e5"]
    ended = glassnet("train", "--data", data, *settings, "--json", "--out", "run")
    assert ended.code == 1
    assert "glassnet: diverged at step" in ended.err and "lower learning rate" in ended.err
    assert ended.events[-1]["diverged"] and 0 <= ended.events[-1]["test_accuracy"] <= 1
    arrays, _ = load_weights(Path("run", WEIGHTS))
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_validation_is_told_apart_from_test(glassnet: Any, data: Path) -> None:
    ended = glassnet("train", "--data", data, *SMALL, "--validation", "20", "--json")
    splits = [event["split"] for event in ended.events if event["event"] == "evaluation"]
    assert splits == ["validation", "test"] * 3
    told = glassnet("train", "--data", data, *SMALL, "--validation", "20")
    assert "60 train, 20 validation, 40 test" in told.out


def test_a_configuration_file_and_any_field(glassnet: Any, data: Path) -> None:
    document = {"layers": [dense(3, "tanh"), dense(4)], "batch": 8, "epochs": 1}
    Path("c.json").write_text(json.dumps(document))
    flags = ["--config", "c.json", "--set", "layers.0.units=6", "--optimizer", "momentum"]
    flags += ["--lr", "0.5", "--set", "schedule.type=cosine", "--set", "optimizer.momentum=0.8"]
    ended = glassnet("train", "--data", data, *flags, "--json")
    config = ended.events[0]["config"]
    assert ended.code == 0
    assert [layer["units"] for layer in config["layers"]] == [6, 4]
    assert config["layers"][0]["activation"] == "tanh"
    assert (config["optimizer"]["type"], config["optimizer"]["lr"]) == ("momentum", 0.5)
    assert (config["optimizer"]["momentum"], config["schedule"]["type"]) == (0.8, "cosine")


@pytest.mark.parametrize(
    ("loss", "last"),
    [("mse", "relu"), ("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")],
)
def test_the_last_layer_fits_the_loss(glassnet: Any, data: Path, loss: str, last: str) -> None:
    flags = [*SMALL, "--activation", "relu", "--loss", loss, "--lr", "0.1", "--epochs", "1"]
    ended = glassnet("train", "--data", data, *flags, "--json")
    layers = ended.events[0]["config"]["layers"]
    assert [layer["activation"] for layer in layers] == ["relu", last]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--arch", "35,4"], "arch: 35 inputs, but the images are 6x6"),
        (["--arch", "36"], "arch: expected at least inputs and outputs"),
        (["--arch", "36,x"], "arch: expected numbers"),
        (["--arch", "36,0,4"], "layers[0].units: expected 1 to"),
        (["--arch", "36,5"], "layers: 5 outputs for 4 classes"),
        (["--lr", "nan"], "optimizer.lr: expected"),
        (["--lr", "-1"], "optimizer.lr: expected"),
        (["--optimizer", "adam"], "optimizer.lr: is missing"),
        (["--batch", "0"], "batch: expected 1 to"),
        (["--batch", "81"], "batch: "),
        (["--epochs", "-3"], "epochs: expected 1 to"),
        (["--set", "momentum"], "set: expected FIELD=VALUE"),
        (["--set", "layers.9.units=3"], "layers.9.units: there is no '9'"),
        (["--set", "layers.x=3"], "layers.x: there is no 'x'"),
        (["--set", "batch.size=3"], "batch.size: there is no such field"),
        (["--set", "nonsense=3"], "nonsense"),
        (["--config", "absent.json"], "config: absent.json: No such file"),
        (["--config", "/dev/zero"], "config: /dev/zero: not a regular file"),
        (["--config", "."], "config: .: not a regular file"),
        (["--config", ""], "config: : not a regular file"),
        (["--set", "layers=" + "[" * 3000], "layers: not JSON: nested more than 64 deep"),
        (["--set", "layers=[{]"], "layers: not JSON"),
        (["--set", "batch=1e999"], "batch: expected a whole number, got '1e999'"),
        (["--set", "a." * 3000 + "a=1"], "there is no such field"),
        (["--set", "schedule.type." + "a." * 3000 + "a=1"], "there is no such field"),
        (["--set", "layers.²=3"], "layers.²: there is no '²'"),
        (["--set", "layers." + "9" * 5000 + "=3"], "there is no '999"),
        (["--log-every", "0"], "log-every: expected at least 1"),
        (["--validation", "80"], "80"),
        (["--resume"], "resume: which run? --out"),
        (["--resume", "--out", "empty"], "no such file"),
        (["--resume", "--out", "empty", "--lr", "1"], "leave out --lr"),
    ],
)
def test_a_wrong_command_line_is_named_and_nothing_is_written(
    glassnet: Any, data: Path, flags: list[str], message: str
) -> None:
    base = [] if "--resume" in flags else ["--arch", "36,5,4", "--batch", "8", "--out", "new"]
    ended = glassnet("train", "--data", data, *base, *flags)
    assert ended.code == 2
    assert ended.err.startswith("glassnet: error: ") and message in ended.err
    assert len(ended.err.splitlines()) == 1, "no traceback"
    assert not Path("new").exists() and not Path("empty").exists()


@pytest.mark.parametrize(
    "argv", [[], ["nonsense"], ["train", "--loss", "x"], ["train", "--epochs", "x"]]
)
def test_unknown_words_are_a_usage_error(glassnet: Any, argv: list[str]) -> None:
    ended = glassnet(*argv)
    assert ended.code == 2 and ended.out == "" and "usage: glassnet" in ended.err


def test_help_and_version_are_no_errors(glassnet: Any) -> None:
    for argv in (["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)):
        ended = glassnet(*argv)
        assert ended.code == 0 and ended.err == "" and "glassnet" in ended.out


COMMANDS = ("train", "evaluate", "show", "adaline", "data")


def test_data_can_be_named_by_the_environment(
    glassnet: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = glassnet("data")
    assert ended.code == 2 and "GLASSNET_DATA" in ended.err
    monkeypatch.setenv("GLASSNET_DATA", str(data))
    assert glassnet("data").code == 0


def test_a_second_run_does_not_overwrite_the_first(glassnet: Any, data: Path) -> None:
    assert glassnet("train", "--data", data, *SMALL, "--out", "run").code == 0
    before = {path.name: path.read_bytes() for path in Path("run").iterdir()}
    ended = glassnet("train", "--data", data, *SMALL, "--out", "run")
    assert ended.code == 2 and "holds a run already" in ended.err
    assert before == {path.name: path.read_bytes() for path in Path("run").iterdir()}
    assert set(before) == {LOG, CHECKPOINT, WEIGHTS}


def test_a_run_is_resumed_on_its_own_data_only(glassnet: Any, data: Path) -> None:
    assert glassnet("train", "--data", data, *SMALL, "--out", "run").code == 0
    labels = bars(train=80, test=40).train.labels[::-1].copy()
    write_idx(data / (ANONYMOUS.files[1] + ".gz"), labels)
    ended = glassnet("train", "--data", data, "--resume", "--out", "run")
    assert ended.code == 1 and "the run was trained on" in ended.err
