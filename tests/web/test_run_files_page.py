"""A run leaves the page as files and is opened again; natively written ones are opened, too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from make.settings import PYLIB
from support.trainer import Trainer, until


def disclose(trainer: Trainer) -> None:
    trainer.page.locator("glass-files details").evaluate("(details) => { details.open = true; }")


def save(trainer: Trainer, folder: Path) -> list[Path]:
    """Press Save and download every file that is offered."""
    disclose(trainer)
    trainer.page.get_by_role("button", name="Save the run").click()
    links = trainer.page.locator("glass-files a[download]")
    links.first.wait_for()
    paths = []
    for link in links.all():
        with trainer.page.expect_download() as download:
            link.click()
        paths.append(folder / download.value.suggested_filename)
        download.value.save_as(paths[-1])
    return paths


def reopen(trainer: Trainer, paths: list[Path]) -> None:
    run = trainer.frame()["run"]
    disclose(trainer)
    trainer.page.locator("glass-files input[type=file]").set_input_files(paths)
    until(lambda: trainer.frame()["run"] > run)


def test_a_run_goes_on_from_its_files(trainer: Trainer, tmp_path: Path) -> None:
    trainer.train(30)
    step = trainer.frame()["step"]
    files = save(trainer, tmp_path)
    assert [path.name for path in files] == [
        "checkpoint.safetensors",
        "weights.safetensors",
        "log.jsonl",
    ]
    trainer.step(1)
    outputs = trainer.frame()["outputs"]
    trainer.press("reset")
    until(lambda: trainer.frame()["step"] == 0)
    reopen(trainer, files)
    assert (trainer.frame()["state"], trainer.frame()["step"]) == ("paused", step)
    trainer.step(1)
    assert trainer.frame()["outputs"] == outputs


def test_save_and_open_again_in_three_actions(trainer: Trainer, tmp_path: Path) -> None:
    trainer.step(20)
    page = trainer.page
    run = trainer.frame()["run"]
    page.get_by_role("button", name="Save the run").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="checkpoint").click()
    file = tmp_path / "checkpoint.safetensors"
    download.value.save_as(file)
    page.get_by_label("Open a run").set_input_files(file)
    until(lambda: trainer.frame()["run"] > run)
    assert trainer.frame()["step"] == 20


def test_the_fields_say_what_the_opened_run_was_begun_with(
    trainer: Trainer, tmp_path: Path
) -> None:
    trainer.train(20)
    files = save(trainer, tmp_path)
    trainer.page.get_by_label("Seed").fill("7")
    trainer.page.get_by_label("Seed").press("Enter")
    trainer.press("reset")
    until(lambda: trainer.frame()["config"]["seed"] == 7)
    reopen(trainer, files)
    assert trainer.frame()["config"]["seed"] == 1
    assert trainer.page.get_by_label("Seed").input_value() == "1"


@pytest.mark.usefixtures("all_digits")  # the page's own
def test_the_command_line_goes_on_with_a_pages_run(trainer: Trainer, tmp_path: Path) -> None:
    trainer.train(50)
    step = trainer.frame()["step"]
    save(trainer, tmp_path)
    command = [sys.executable, "-m", "glassnet", "evaluate", str(tmp_path), "--json"]
    done = subprocess.run(
        [*command, "--data", os.environ["GLASSNET_MNIST"]],
        env={**os.environ, "PYTHONPATH": str(PYLIB / "src")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f'"step": {step}' in done.stdout


def test_a_file_that_is_no_run_is_refused_in_the_page(trainer: Trainer, tmp_path: Path) -> None:
    trainer.train(5)
    step = trainer.frame()["step"]
    (tmp_path / "weights.safetensors").write_bytes(b"<html>not found</html>")
    disclose(trainer)
    trainer.page.locator("glass-files input[type=file]").set_input_files(
        tmp_path / "weights.safetensors"
    )
    trainer.page.locator("glass-status").get_by_text("E-STORAGE").wait_for()
    trainer.page.locator("glass-status").get_by_text("weights.safetensors").first.wait_for()
    assert trainer.frame()["step"] == step


def test_an_opened_run_says_how_well_it_reads(trainer: Trainer, tmp_path: Path) -> None:
    """Before it is trained any further: it was measured when it was opened."""
    trainer.train(300)
    files = save(trainer, tmp_path)
    (tmp_path / "log.jsonl").unlink()  # which might tell
    trainer.press("reset")
    until(lambda: trainer.frame()["step"] == 0)
    reopen(trainer, [file for file in files if not str(file).endswith(".jsonl")])
    value = trainer.page.locator("glass-curve .value").first
    until(lambda: value.inner_text().endswith("%"))
    assert 40 < float(value.inner_text().split()[0].rstrip("\u202f%").replace("\u202f", "")) < 95
