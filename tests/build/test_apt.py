"""apt while another program uses it: waited for, with a word; and what is said in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from make import apt, browser
from make.console import BuildError
from make.fetch import Unavailable
from make.settings import Settings

BUSY = """#!/bin/sh
echo "$@" >> {folder}/calls
if [ "$(grep -c '{held}' {folder}/calls)" -le {times} ]; then
  case "$*" in *{held}*)
    echo "E: Could not get lock {lock}. It is held by process 4711 (unattended-upgr)" >&2
    exit 100;;
  esac
fi
"""
LISTS, DPKG = "/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend"


@pytest.fixture
def bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose programs are all that PATH finds first; apt waits there without pause."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("make.apt.os.geteuid", lambda: 0)
    monkeypatch.setattr(apt, "PAUSE", 0.0)
    return tmp_path


def put(folder: Path, script: str) -> None:
    (folder / "apt-get").write_text(script, encoding="utf-8")
    (folder / "apt-get").chmod(0o755)


@pytest.mark.parametrize(("held", "lock"), [("update", LISTS), ("install", DPKG)])
def test_a_held_lock_is_waited_for_and_told_once(
    held: str, lock: str, bin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(bin, BUSY.format(folder=bin, held=held, lock=lock, times=3))
    apt.install("thing")
    calls = (bin / "calls").read_text(encoding="utf-8").splitlines()
    assert sum(held in call for call in calls) == 4
    assert calls[-1].endswith("install -y --no-install-recommends thing")
    assert all("DPkg::Lock::Timeout=" in call for call in calls)
    said = capsys.readouterr().out
    assert said.count("Another program is using apt; waiting for it, 10 minutes at most.") == 1


def test_the_wait_has_an_end(bin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bin, BUSY.format(folder=bin, held="update", lock=LISTS, times=10**9))
    monkeypatch.setattr(apt, "SECONDS", 0.2)
    with pytest.raises(BuildError, match="another program has been using apt") as caught:
        apt.install("thing")
    assert LISTS in str(caught.value)


def test_any_other_failure_is_told_at_once(bin: Path) -> None:
    put(bin, "#!/bin/sh\necho 'E: Unable to locate package thing' >&2\nexit 100\n")
    with pytest.raises(BuildError, match=r"exit code 100\. E: Unable to locate package thing"):
        apt.install("thing")


def test_only_root_installs_packages(bin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bin, "#!/bin/sh\n")
    monkeypatch.setattr("make.apt.os.geteuid", lambda: 1000)
    with pytest.raises(Unavailable, match="only root may install packages"):
        apt.install("thing")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'E: Unable to locate package firefox-esr' >&2; exit 100", "Unable to locate"),
        ("exit 0", "although apt-get ended well"),
    ],
)
def test_a_missing_firefox_is_said(
    script: str,
    reason: str,
    bin: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(bin, f"#!/bin/sh\n{script}\n")
    monkeypatch.setattr(browser, "firefox", lambda: None)
    browser.obtain_firefox(Settings(False, None, None, bin))
    said = capsys.readouterr().out
    assert "No firefox-esr" in said and reason in said
    assert "The tests that need it are skipped; with CI=true they fail." in said
