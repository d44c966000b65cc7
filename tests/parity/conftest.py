"""At its end, a session tells how far simd's losses were from numpy's in each browser."""

from __future__ import annotations

import pytest

Measured = dict[str, dict[str, float]]  # by browser, by what was measured
MEASURED = pytest.StashKey[Measured]()


@pytest.fixture(scope="session")
def browser_flags() -> list[str]:
    """None: here one Python works for minutes, and is to be compiled as a visitor's is."""
    return []


@pytest.fixture(scope="session")
def measured(pytestconfig: pytest.Config) -> Measured:
    """What tests in a browser recorded, for the end of the session."""
    return pytestconfig.stash.setdefault(MEASURED, {})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for browser, found in config.stash.get(MEASURED, {}).items():
        if found:
            terminalreporter.section(f"losses of simd and numpy, relative difference, {browser}")
        for name, difference in found.items():
            terminalreporter.line(f"{difference:.1e}  {name}")
