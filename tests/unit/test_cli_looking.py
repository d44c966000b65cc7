"""`glassnet evaluate`, `show`, `adaline` and `data`, in this very process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from glassnet.model import load_model
from glassnet.run_folder import WEIGHTS
from glassnet.storage import load_weights, save_weights
from unit.small import bars

SMALL = ["--arch", "36,5,4", "--batch", "8", "--epochs", "3", "--seed", "3"]


def test_evaluate_counts_what_the_network_says(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--epochs", "1", "--out", "run")
    ended = glassnet("evaluate", "run", "--data", data, "--json")
    (result,) = ended.events
    split = bars(train=80, test=40).test
    answers = load_model(Path("run", WEIGHTS)).outputs(split)[0].argmax(axis=1)
    assert result["accuracy"] == (answers == split.labels).mean()
    assert np.sum(result["confusion"]) == 40 == result["count"]
    assert all(answers[index] != split.labels[index] for index in result["mistakes"])
    assert len(result["mistakes"]) == min(10, (answers != split.labels).sum()) > 0
    told = glassnet("evaluate", Path("run", WEIGHTS), "--data", data, "--split", "train")
    assert told.code == 0 and "train: " in told.out and "Surest mistakes:" in told.out
    wrong = glassnet("evaluate", "run", "--data", data, "--split", "validation")
    assert wrong.code == 2 and "split: expected one of train, test" in wrong.err


def test_evaluate_takes_weights_without_a_configuration(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    arrays, meta = load_weights(Path("run", WEIGHTS))
    save_weights("w.npz", arrays)
    Path("c.json").write_text(json.dumps(meta["config"]), encoding="utf-8")
    same = [
        glassnet("evaluate", *argv, "--data", data, "--json").events[0]["confusion"]
        for argv in (["run"], ["w.npz", "--config", "c.json"])
    ]
    assert same[0] == same[1]
    ended = glassnet("evaluate", "w.npz", "--data", data)
    assert ended.code == 1 and "weights alone" in ended.err


def test_a_model_is_not_tried_on_other_images(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    for name, count in ((ANONYMOUS.files[0], 80), (ANONYMOUS.files[2], 40)):
        write_idx(data / (name + ".gz"), np.zeros((count, 5, 5), np.uint8))
    ended = glassnet("evaluate", "run", "--data", data)
    assert ended.code == 1 and "4 classes of (6, 6) pixels" in ended.err


def test_show_draws_read_and_misread_digits(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--epochs", "1", "--out", "run")
    ended = glassnet("show", "run", "--data", data, "--digit", "2", "--count", "1")
    assert ended.code == 0 and ended.err == ""
    assert "=== 2: read, " in ended.out and "=== 2: misread, " in ended.out
    assert "of 5 active" in ended.out and "layer 1: " in ended.out
    assert "\x1b" not in ended.out, "no colours into a file"
    coloured = glassnet("--colour", "always", "show", "run", "--data", data, "--digit", "2")
    assert "\x1b[38;" in coloured.out and "▀" in coloured.out
    never = glassnet("--colour", "never", "show", "run", "--data", data, "--digit", "2")
    assert "\x1b" not in never.out


def test_the_model_is_looked_for_in_run(glassnet: Any, data: Path) -> None:
    assert glassnet("evaluate", "--data", data).code == 1
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    assert glassnet("evaluate", "--data", data).code == 0
    assert glassnet("show", "--data", data, "--digit", "1").code == 0


def test_a_full_disk_is_an_error_not_a_traceback(
    glassnet: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object, event: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("glassnet.storage.RunLog.write", full)
    ended = glassnet("train", "--data", data, *SMALL, "--out", "run")
    assert ended.code == 1
    assert ended.err == "glassnet: error: [Errno 28] No space left on device\n"


def test_show_draws_every_unit_of_a_layer(glassnet: Any, data: Path) -> None:
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    ended = glassnet("show", "run", "--data", data, "--layer", "0")
    assert [f"unit {unit}" in ended.out for unit in range(6)] == [True] * 5 + [False]
    ended = glassnet("show", "run", "--data", data, "--layer", "7")
    assert ended.code == 2 and "layer: expected one with a weight for each input: 0, 1" in ended.err
    ended = glassnet("show", "run", "--data", data, "--digit", "9")
    assert ended.code == 2 and "digit: expected one of 0, 1, 2, 3" in ended.err


def test_adaline_runs_on_our_letters_and_on_anyones(glassnet: Any, tmp_path: Path) -> None:
    ended = glassnet("adaline")
    assert ended.code == 0 and ended.out.rstrip().endswith("30 of 30 recognised")
    for name, text in (("A.txt", "#......."), ("A.2.txt", "##......"), ("B.txt", ".......#")):
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / name).write_text((text + "\n") * 8, encoding="utf-8")
    ended = glassnet("adaline", "own", "own", "--json")
    assert ended.events[-1] == {"event": "stop", "recognised": 3, "count": 3}
    assert ended.events[0]["event"] == "epoch"
    for argv, code in ((["own"], 2), (["own", "absent"], 1), (["own", "own", "--lr", "0"], 2)):
        ended = glassnet("adaline", *argv)
        assert ended.code == code and ended.err.startswith("glassnet: error: ")


def test_data_tells_what_a_folder_holds(glassnet: Any, data: Path) -> None:
    ended = glassnet("data", "--data", data, "--show", "0", "--show", "3")
    assert ended.code == 0
    assert ended.out.count("sound; no checksum to compare with") == 4
    assert "train 0: 0" in ended.out and "train 3: 3" in ended.out
    (told,) = glassnet("data", "--data", data, "--json").events
    assert told["counts"] == {"train": [20] * 4, "test": [10] * 4}
    assert len({file["sha256"] for file in told["files"]}) == 4
    assert glassnet("data", "--data", data, "--show", "80").code == 2
    assert "emnist-letters" in glassnet("data", "--list").out
    wrong = glassnet("data", "--data", data, "--dataset", "mnist")
    assert wrong.code == 1 and "expected 60000x28x28 values" in wrong.err


def test_what_is_no_model_says_what_it_is(glassnet: Any, data: Path) -> None:
    ended = glassnet("evaluate", "--data", data)
    assert "run: no such run, and no such file; see glassnet train --out" in ended.err
    glassnet("train", "--data", data, *SMALL, "--out", "run")
    ended = glassnet("evaluate", "run/checkpoint.safetensors", "--data", data)
    assert ended.code == 1 and "its network is in weights.safetensors, beside it" in ended.err
    Path("run", WEIGHTS).unlink()
    ended = glassnet("show", "run", "--data", data)
    assert ended.code == 1 and "run: no weights.safetensors in it" in ended.err
    assert glassnet("evaluate", "", "--data", data).code == 2
    assert glassnet("evaluate", "run", "--data", "").code == 2


def test_a_folder_that_is_a_file_is_refused(glassnet: Any, data: Path) -> None:
    Path("file").write_text("", encoding="utf-8")
    ended = glassnet("train", "--data", data, *SMALL, "--out", "file")
    assert ended.code == 1 and "file: a file, where the run's folder should be" in ended.err
    ended = glassnet("train", "--data", data, "--resume", "--out", "run", "--epochs", "0")
    assert ended.code == 2 and "epochs: expected at least 1, got 0" in ended.err
