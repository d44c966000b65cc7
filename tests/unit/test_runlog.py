"""Run logs: the first line says what ran, each other line is one event, and half a line is none."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from glassnet.errors import StorageError
from glassnet.storage import RunLog, parse_runlog, read_runlog
from unit import small


def written(config: dict[str, Any], events: list[dict[str, Any]]) -> str:
    file = io.StringIO()
    log = RunLog(file, config, {"name": "bars"})
    for event in events:
        log.write(event)
    return file.getvalue()


def test_a_runs_own_events_are_read_back() -> None:
    run = small.run()
    events = [event.to_json() for event in run.events()]
    text = written(run.config.to_json(), events)
    assert len(text.splitlines()) == len(events) + 1
    first, read = parse_runlog(text)
    assert first["config"] == run.config.to_json()
    assert first["data"] == {"name": "bars"}
    assert set(first["versions"]) == {"glassnet", "numpy", "python", "platform"}
    assert list(read) == json.loads(json.dumps(events))


def test_a_resumed_log_has_no_second_first_line() -> None:
    file = io.StringIO(written({}, [{"event": "step", "step": 1}]))
    file.seek(0, io.SEEK_END)
    RunLog(file, {}, {}, resumed=True).write({"event": "step", "step": 2})
    _, events = parse_runlog(file.getvalue())
    assert [event["step"] for event in events] == [1, 2]


def test_a_killed_runs_last_half_line_is_dropped() -> None:
    text = written({}, [{"event": "step", "step": 1}, {"event": "step", "step": 2}])
    for cut in range(1, 20):
        _, events = parse_runlog(text[:-cut])
        assert [event["step"] for event in events] == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("{}\n", "line 1: expected an object with an event's name"),
        ('{"event":"step"}\n', "line 1: expected the run's configuration"),
        ('{"event":"run","format":2,"config":{}}\n', "line 1: format 2, expected 1"),
        ("[" * 100_000 + "\n", "line 1: not JSON"),
        ("x" * (1 << 21) + "\n", "line 1: longer than"),
    ],
)
def test_a_wrong_first_line_is_refused(text: str, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        parse_runlog(text, name="log.jsonl")


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        '{"event":1}',
        "[]",
        '{"event":"step","loss":NaN}',
        '{"event":"step","loss":1e999}',
        '{"event":"step","loss":[-1e999]}',
    ],
)
def test_a_wrong_later_line_is_named(line: str) -> None:
    text = written({}, [{"event": "step"}]) + line + "\n"
    _, events = parse_runlog(text, name="log.jsonl")
    next(events)
    with pytest.raises(StorageError, match=r"log\.jsonl, line 3"):
        next(events)


def test_nan_is_not_written() -> None:
    with pytest.raises(StorageError, match="event 'step'"):
        written({}, [{"event": "step", "loss": float("nan")}])


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="absent: No such file"):
        read_runlog(tmp_path / "absent")
    (tmp_path / "binary").write_bytes(b"\xff\n")
    with pytest.raises(StorageError, match="binary: not text"):
        read_runlog(tmp_path / "binary")
    (tmp_path / "log").write_text(written({"seed": 1}, []), encoding="utf-8")
    assert read_runlog(tmp_path / "log")[0]["config"] == {"seed": 1}
