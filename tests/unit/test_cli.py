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
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS, RunFolder
from glassnet.storage import load_weights, read_beginning, read_runlog
from glassnet.storage.limits import MAX_SIDE
from unit.small import bars, dense, run

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


def test_train_tells_of_every_epoch_however_short(glassnet: Any, data: Path) -> None:
    """40 examples are measured for 80 that are trained on: none of it is left out here."""
    ended = glassnet("train", "--data", data, *SMALL, "--epochs", "7")
    assert [line[:11] for line in ended.out.splitlines() if line.startswith("epoch")] == [
        f"epoch   {number}/7" for number in range(1, 8)
    ]
    spaced = glassnet(
        "train", "--data", data, *SMALL, "--epochs", "7", "--set", "evaluate_spacing=3"
    )
    told = [line[8] for line in spaced.out.splitlines() if line.startswith("epoch")]
    assert told == ["1", "2", "4", "6", "7"]


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
    lines = [Path(out, LOG).read_text(encoding="utf-8").splitlines() for out in ("cut", "whole")]
    told = [[_without_clock(line) for line in log] for log in lines]
    assert told[0] == told[1]


def _without_clock(line: str) -> dict[str, Any]:
    """An event without what depends on the time it took."""
    return {k: v for k, v in json.loads(line).items() if k != "samples_per_second"}


def test_a_killed_runs_log_is_cut_back_to_its_checkpoint(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    log = Path("run", LOG)
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole + '{"event":"step","step":31,"lo', encoding="utf-8")
    ended = glassnet("train", "--data", data, "--resume", "--out", "run", "--epochs", "4")
    assert ended.code == 0 and "resumed after 30 steps" in ended.out
    _, events = read_runlog(log)
    steps = [event["step"] for event in events if event["event"] == "epochend"]
    assert steps == [10, 20, 30, 40]
    log.write_text("", encoding="utf-8")
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
    Path("c.json").write_text(json.dumps(document), encoding="utf-8")
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
        (["--config", "/dev/null"], "config: /dev/null: not a regular file"),
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
        (["--out", ""], "out: which folder? its name is empty"),
        (["--resume", "--out", ""], "out: which folder? its name is empty"),
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


def test_a_run_killed_before_its_first_checkpoint_begins_again(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "whole")
    Path("run").mkdir()
    beginning = Path("whole", LOG).read_text(encoding="utf-8").splitlines(keepends=True)[:3]
    Path("run", LOG).write_text("".join(beginning) + '{"event":"st', encoding="utf-8")
    ended = glassnet("train", "--data", data, *SMALL, "--out", "run")
    assert ended.code == 2 and "--resume begins it again" in ended.err
    ended = glassnet("train", "--data", data, "--resume", "--out", "run")
    assert ended.code == 0 and "resumed after 0 steps" in ended.out
    assert Path("run", WEIGHTS).read_bytes() == Path("whole", WEIGHTS).read_bytes()
    lines = [
        [_without_clock(line) for line in Path(out, LOG).read_text(encoding="utf-8").splitlines()]
        for out in ("run", "whole")
    ]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("log", ["", '{"event":"run","for', '{"event":"run","format":1}\n'])
def test_a_log_without_a_beginning_says_what_to_do(glassnet: Any, data: Path, log: str) -> None:
    Path("run").mkdir()
    Path("run", LOG).write_text(log, encoding="utf-8")
    ended = glassnet("train", "--data", data, "--resume", "--out", "run")
    assert ended.code == 1 and "remove run and train again" in ended.err


def test_a_run_begins_again_on_its_own_data_only(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    Path("run", CHECKPOINT).unlink()
    for place, count in enumerate((88, 88)):
        array = bars(train=count).train
        write_idx(data / (ANONYMOUS.files[place] + ".gz"), [array.images, array.labels][place])
    ended = glassnet("train", "--data", data, "--resume", "--out", "run")
    assert ended.code == 1 and "the run was begun on" in ended.err


def test_the_log_begins_before_the_first_step(glassnet: Any, data: Path) -> None:
    """Whatever comes later, what is on the disk is enough to begin again."""
    with RunFolder("run") as folder:
        folder.begin(run())
        assert read_beginning(Path("run", LOG))["config"] == run().config.to_json()


def test_a_finished_run_that_is_resumed_stops_once(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    before = Path("run", LOG).read_bytes()
    for _ in range(2):
        ended = glassnet("train", "--data", data, "--resume", "--out", "run")
        assert ended.code == 0 and "stopped: 3 epochs are done" in ended.out
        assert Path("run", LOG).read_bytes() == before
    glassnet("train", "--data", data, "--resume", "--out", "run", "--epochs", "4")
    stops = [
        event["step"] for event in read_runlog(Path("run", LOG))[1] if event["event"] == "stop"
    ]
    assert stops == [30, 40]


def test_a_deep_network_is_saved_and_loaded(glassnet: Any, data: Path) -> None:
    arch = ["--arch", "36" + ",4" * 41, "--batch", "8", "--epochs", "1", "--optimizer", "adam"]
    assert glassnet("train", "--data", data, *arch, "--lr", "0.01", "--out", "run").code == 0
    assert glassnet("evaluate", "run", "--data", data).code == 0
    ended = glassnet("train", "--data", data, "--resume", "--out", "run", "--epochs", "2")
    assert ended.code == 0


@pytest.mark.parametrize(
    ("arch", "words"),
    [
        ("36" + ",4" * 513, "1,026 tensors; the limit is 1,024"),
        ("36,60000,1000,4", "bytes of values; the limit is 134,217,728"),
        ("36,20000,20000,4", "bytes of values; the limit is 134,217,728"),
    ],
)
def test_what_could_not_be_loaded_is_not_trained(
    glassnet: Any, data: Path, arch: str, words: str
) -> None:
    ended = glassnet("train", "--data", data, "--arch", arch, "--out", "run")
    assert ended.code == 1 and words in ended.err
    assert not Path("run").exists()


def test_images_that_no_saved_network_may_have_are_not_trained_on(
    glassnet: Any, data: Path
) -> None:
    for place, count in ((0, 80), (2, 40)):
        images = np.zeros((count, 1, MAX_SIDE + 1), np.uint8)
        write_idx(data / (ANONYMOUS.files[place] + ".gz"), images)
    flags = ["--arch", f"{MAX_SIDE + 1},4", "--batch", "8"]
    ended = glassnet("train", "--data", data, *flags, "--out", "run")
    assert ended.code == 1 and "saved networks have 4,096" in ended.err


@pytest.mark.parametrize("rows", [9, 0])
def test_without_test_images_nothing_is_measured(glassnet: Any, tmp_path: Path, rows: int) -> None:
    """The last tenth of nine lines is none; no lines at all is no data set."""
    lines = ["label," + ",".join(f"pixel{i}" for i in range(4))]
    lines += [f"{i % 3},{i},0,255,{9 * i}" for i in range(rows)]
    Path("small.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    flags = ["--arch", "4,10", "--batch", "3", "--epochs", "2"]
    ended = glassnet("train", "--data", "small.csv", *flags, "--out", "run")
    if not rows:
        assert ended.code == 1 and "no images in it" in ended.err
        return
    assert ended.code == 0 and ended.err == ""
    assert "csv: 9 train, 0 test" in ended.out
    assert "stopped: 2 epochs are done; no test images to measure it on" in ended.out
    first, events = read_runlog(Path("run", LOG))
    assert first["data"]["counts"] == {"train": 9, "test": 0}
    assert list(events)[-1]["test_accuracy"] is None
    ended = glassnet("evaluate", "run", "--data", "small.csv")
    assert ended.code == 2 and "split: expected one of train" in ended.err
    assert glassnet("data", "--data", "small.csv").code == 0


def test_no_training_images_are_no_data_set(glassnet: Any, data: Path) -> None:
    write_idx(data / (ANONYMOUS.files[0] + ".gz"), np.zeros((0, 6, 6), np.uint8))
    write_idx(data / (ANONYMOUS.files[1] + ".gz"), np.zeros(0, np.uint8))
    ended = glassnet("train", "--data", data)
    assert ended.code == 1 and "idx: no training images" in ended.err


def test_too_little_memory_is_an_error_not_a_traceback(
    glassnet: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise MemoryError

    monkeypatch.setattr("glassnet.cli.train.Run.from_config", full)
    ended = glassnet("train", "--data", data, *SMALL)
    assert ended.code == 1 and ended.err.startswith("glassnet: error: there is too little memory")
