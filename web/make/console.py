"""What the build says, the commands it runs (each one echoed), and how it fails: with a reason."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class BuildError(Exception):
    """Something the person at the terminal can mend; the text says what, why and how."""


def say(text: str) -> None:
    print(text, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    advice: str = "",
) -> None:
    """Echo and run a command whose output the reader sees; BuildError when it fails."""
    words = _echo(command, cwd)
    done = subprocess.run(words, cwd=cwd, env=_environment(env), check=False)
    if done.returncode != 0:
        raise BuildError(_failed(words, done.returncode, advice))


def output(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    advice: str = "",
) -> str:
    """Echo and run a command for its standard output; BuildError, with its messages, on failure."""
    words = _echo(command, cwd)
    done = subprocess.run(
        words,
        cwd=cwd,
        env=_environment(env),
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        messages = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise BuildError(_failed(words, done.returncode, f"{messages}\n{advice}".strip()))
    return done.stdout


def _echo(command: Sequence[str | Path], cwd: Path | None) -> list[str]:
    words = [str(word) for word in command]
    where = f"(in {cwd.name}) " if cwd else ""
    say(f"$ {where}{shlex.join(words)}")
    return words


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(extra or {})}


def _failed(words: list[str], code: int, advice: str) -> str:
    return f"{shlex.join(words)}\nended with exit code {code}." + (f"\n{advice}" if advice else "")
