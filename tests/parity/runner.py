"""Runs one file of the unit tests and tells, as JSON, how each test ended. Used in the browser."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stdout
from typing import Any

import hypothesis
import pytest

# A phone-like machine under a loaded one: time limits of single examples say nothing here.
hypothesis.settings.register_profile(
    "browser",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)


class Recorder:
    """A pytest plugin that keeps the outcome of every test, by its id."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self.tests.setdefault(report.nodeid, {"outcome": "passed", "text": "", "seconds": 0})
        test["seconds"] += report.duration
        test["measured"] = dict(report.user_properties)
        if report.outcome != "passed":
            test["outcome"] = report.outcome
            test["text"] = (
                report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
            )


def run(file: str) -> str:
    """Run `file`, such as "tests/unit/test_layers.py"; returns JSON.

    {"exit": pytest's exit code, "output": what it printed,
     "tests": {id: {"outcome": "passed", "failed" or "skipped", "text": why, "seconds": float,
                    "measured": what the test recorded, by name}}}
    """
    os.chdir("/parity")
    hypothesis.settings.load_profile("browser")
    recorder, printed = Recorder(), io.StringIO()
    options = ["-c", ".pytest.ini", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-q"]
    # One process runs file after file, so Hypothesis is imported before pytest could rewrite it.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    with redirect_stdout(printed):
        code = pytest.main([*options, "--capture=sys", file], plugins=[recorder])
    return json.dumps({"exit": int(code), "output": printed.getvalue(), "tests": recorder.tests})
