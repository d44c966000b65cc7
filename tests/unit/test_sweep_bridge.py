"""What the sweep page asks of Python; and a sweep that goes on elsewhere as one file."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import glassnet as gn
from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from glassnet.errors import ConfigError, StorageError
from glassnet.sweeping import archive
from glassnet.sweeping.folder import PLAN, RESULTS, read_plan, read_results
from unit.here import Here
from unit.hosting import SMALL, TEST, TRAIN, Page, dataset, piece

ASKED = {"config": SMALL, "vary": ["optimizer.lr=1,3"], "seeds": "2", "random": 0}


@pytest.fixture
def page() -> Page:
    return Page()


def trained(page: Page, number: int, run: dict[str, Any], steps: int | None = None) -> Any:
    """A run's files, as a page saves them: of its end, or after so many steps."""
    name = f"run {number}"
    page.create(name, config=run["config"])
    page.train(name, steps)
    log = [line for frame in page.frames[name] for line in frame["log"]]
    return page.ask("save", run=name, log=log)["files"]


def result(page: Page, number: int, run: dict[str, Any], files: Any, count: int = 4) -> str:
    what = {"number": number, "count": count, "settings": run["settings"], "config": run["config"]}
    line: str = page.ask("sweep_result", log=files["log.jsonl"], **what)
    return line


def packed(page: Page) -> tuple[dict[str, Any], bytes]:
    """A sweep of four: two have ended, one stands in its midst, one has not begun."""
    planned = page.ask("sweep_plan", **ASKED)
    runs = planned["runs"]
    files = {str(k): trained(page, k, runs[k], None if k < 2 else 5) for k in range(3)}
    lines = [result(page, k, runs[k], files[str(k)]) for k in range(2)]
    what = {"plan": planned["plan"], "count": 4, "lines": lines, "runs": files}
    return planned, page.ask("sweep_pack", **what)


def test_the_plan_is_that_of_the_command_line(page: Page, tmp_path: Path) -> None:
    planned = page.ask("sweep_plan", **ASKED)
    settings = [run["settings"] for run in planned["runs"]]
    assert settings == [{"optimizer.lr": lr, "seed": seed} for lr in (1, 3) for seed in (1, 2)]
    (tmp_path / PLAN).write_text(planned["plan"], encoding="utf-8")
    points = read_plan(tmp_path)
    assert [point.settings for point in points] == settings
    assert [point.config.to_json() for point in points] == [r["config"] for r in planned["runs"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vary": ["optimizer.lr=-1,3"]}, "optimizer.lr"),
        ({"vary": ["nothing=1"]}, "nothing"),
        ({"vary": ["batch"]}, "vary: expected FIELD=VALUES"),
        ({"vary": ["optimizer.lr=0.1..1"]}, "a range is drawn from"),
        ({"seeds": "x"}, "seeds: expected 3"),
    ],
)
def test_what_no_run_can_have_is_refused(page: Page, change: Any, message: str) -> None:
    assert message in page.refused("sweep_plan", **{**ASKED, **change})["message"]


def test_a_sweep_that_a_page_saved_goes_on_natively(page: Page, tmp_path: Path) -> None:
    """Ended runs stay as they are, one in its midst goes on to what the page would have made."""
    planned, data = packed(page)
    archive.lay_out(archive.read(data), tmp_path / "sweep")
    before = read_results(tmp_path / "sweep")
    assert [(line["run"], line["outcome"]) for line in before] == [(0, "done"), (1, "done")]
    executor = Here()
    done = gn.sweep(None, dataset(), out=tmp_path / "sweep", resume=True, executor=executor)
    assert sorted(done.results) == [0, 1, 2, 3] and executor.given == 2
    for number in (2, 3):
        run = planned["runs"][number]
        line = json.loads(result(page, number, run, trained(Page(), number, run)))
        assert done.results[number]["test"] == pytest.approx(line["test"], rel=1e-5)
    assert [done.results[k] for k in (0, 1)] == before


def test_a_sweep_of_the_command_line_goes_on_in_a_page(page: Page, tmp_path: Path) -> None:
    settings = {"optimizer.lr": [1, 3]}
    done = gn.sweep(SMALL, dataset(), settings, out=tmp_path, executor=Here())
    (tmp_path / RESULTS).write_text(  # the second's end was not written
        (tmp_path / RESULTS).read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        for path in sorted(tmp_path.rglob("*")):
            zipped.write(path, f"anything/{path.relative_to(tmp_path)}")
    opened = page.ask("sweep_open", file=target.getvalue())
    first, second = opened["runs"]
    assert json.loads(first["line"]) == done.results[0] and second["line"] is None
    assert first["news"]["state"] == second["news"]["state"] == "ended"
    assert first["news"]["accuracies"][1][-1][1] == done.results[0]["test"]["accuracy"]
    what = {"run": "run 1", "set": "digits", "files": second["files"]}
    assert page.ask("open", **what)["description"]["config"]["optimizer"]["lr"] == 3
    alone = page.ask("sweep_open", file=(tmp_path / PLAN).read_bytes())
    assert [run["settings"] for run in alone["runs"]] == [{"optimizer.lr": 1}, {"optimizer.lr": 3}]
    assert [run["line"] for run in alone["runs"]] == [None, None]


def test_a_run_that_failed_is_a_line_and_is_tried_again(page: Page, tmp_path: Path) -> None:
    run = page.ask("sweep_plan", **ASKED)["runs"][3]
    what = {"number": 3, "count": 4, "settings": run["settings"], "config": run["config"]}
    line = json.loads(page.ask("sweep_result", reason="its worker died, twice", **what))
    assert (line["run"], line["folder"], line["outcome"]) == (3, "runs/3", "failed")
    plan = page.ask("sweep_plan", **ASKED)["plan"]
    lines = [json.dumps(line) + "\n"]
    data = page.ask("sweep_pack", plan=plan, count=4, lines=lines, runs={})
    assert page.ask("sweep_open", file=data)["runs"][3]["line"] is None


def test_a_look_at_its_network(page: Page) -> None:
    run = page.ask("sweep_plan", **ASKED)["runs"][0]
    weights = trained(page, 0, run)["weights.safetensors"]
    look = page.ask("sweep_look", set="digits", weights=weights)
    assert (look["units"], look["count"]) == (4, 20) and 0 <= look["wrong"] <= 20


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no sweep that was saved"),
        (b"PK\x03\x04 and no more", "no sweep that was saved"),
        (zipped(**{"notes.txt": b"?"}), "no sweep.json in it"),
        (zipped(**{"a/sweep.json": b"{}", "b/sweep.json": b"{}"}), "sweep.json is twice in it"),
    ],
)
def test_a_file_that_holds_no_sweep_is_refused(page: Page, data: bytes, message: str) -> None:
    assert message in page.refused("sweep_open", file=data)["message"]


def test_only_the_files_of_a_sweep_are_taken_out(tmp_path: Path) -> None:
    inside = {"sweep.json": b"{}", "../../evil": b"x", "runs/1/log.jsonl": b"a"}
    others = {"runs/../../x/log.jsonl": b"x", "runs/1/other.py": b"x", "/etc/passwd": b"x"}
    files = archive.read(zipped(**inside, **others))
    assert sorted(files) == ["runs/1/log.jsonl", "sweep.json"]
    archive.lay_out(files, tmp_path / "out")
    assert (tmp_path / "out" / "runs" / "1" / "log.jsonl").read_bytes() == b"a"
    with pytest.raises(ConfigError, match="holds a sweep already"):
        archive.lay_out(files, tmp_path / "out")


def test_a_damaged_or_huge_archive_is_refused(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    _, data = packed(page)
    middle = len(data) // 3
    with pytest.raises(StorageError, match="no sweep that was saved"):
        archive.read(data[:middle] + bytes(64) + data[middle + 64 :])
    monkeypatch.setattr(archive, "MOST", 1000)
    with pytest.raises(StorageError, match="larger than the limit of 1,000 bytes"):
        archive.read(data)


@pytest.mark.skipif(sys.platform == "emscripten", reason="not in the browser: it has no processes")
def test_the_command_line_goes_on_from_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from glassnet.cli import main

    whole, folder = dataset(), tmp_path / "digits"
    folder.mkdir()
    page = Page(digits=False)
    for split, count in (("train", TRAIN), ("test", TEST)):  # called as files are that nobody knows
        page.ask("data", **{**piece(split, 0, count, count), "name": ANONYMOUS.name})
    for split, name in (("train", "train"), ("test", "t10k")):
        part = whole.splits()[split]
        write_idx(folder / f"{name}-images-idx3-ubyte", part.images)
        write_idx(folder / f"{name}-labels-idx1-ubyte", part.labels)
    _, data = packed(page)
    (tmp_path / "sweep.zip").write_bytes(data)
    told = ["--from", str(tmp_path / "sweep.zip"), "--out", str(tmp_path / "out"), "--workers", "1"]
    assert main(["sweep", *told, "--data", str(folder)]) == 0, capsys.readouterr()
    assert len(read_results(tmp_path / "out")) == 4
    assert main(["sweep", *told, "--data", str(folder)]) == 2
    assert "holds a sweep already" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--resume"], ["--vary", "batch=1,2"], ["--epochs", "3"]])
def test_a_file_is_gone_on_with_as_it_is(
    page: Page, tmp_path: Path, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What else is asked for is refused, before anything is written."""
    from glassnet.cli import main

    _, data = packed(page)
    (tmp_path / "sweep.zip").write_bytes(data)
    told = ["--from", str(tmp_path / "sweep.zip"), "--out", str(tmp_path / "out")]
    assert main(["sweep", *told, "--data", str(tmp_path), *flags]) == 2
    assert "the sweep keeps its settings; leave out --" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
