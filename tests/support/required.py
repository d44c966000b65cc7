"""What a test needs of the machine: without it the test is skipped, but on a machine that decides
whether a change is good (CI=true) it fails, for a skip is green and nobody looks at it."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def required(what: str, reason: str) -> NoReturn:
    """End the test, because `what` is missing. reason: why, or how to get it."""
    text = f"{what} is missing: {reason}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{text} (with CI=true that is a failure)", pytrace=False)
    pytest.skip(text)
