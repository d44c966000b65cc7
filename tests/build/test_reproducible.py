"""The same sources make the same bytes: in another folder, offline, and once more from nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from make.settings import ROOT


def contents(site: Path) -> dict[str, str]:
    """The sha256 of every file, by its path in the site."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def build(checkout: Path) -> dict[str, str]:
    """The contents of a checkout's site after an offline build."""
    done = subprocess.run(
        [sys.executable, str(checkout / "build.py"), "build", "--offline"],
        env={name: value for name, value in os.environ.items() if name != "GLASSNET_MNIST"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return contents(checkout / "_site")


def test_same_bytes_elsewhere_offline_and_twice(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    parts = shutil.ignore_patterns("node_modules", "__pycache__", ".*_cache")
    for name in ("pylib", "web"):
        shutil.copytree(ROOT / name, copy / name, ignore=parts)
    shutil.copy(ROOT / "build.py", copy)
    here = build(ROOT)
    first = build(copy)
    shutil.rmtree(copy / "_site")
    second = build(copy)
    assert first == second
    # The digits may come from elsewhere there, and the pages name them; Python and worker do not.
    assert any(name.startswith("python/") for name in first)
    for name, digest in first.items():
        if name.startswith(("python/", "wheels/", "assets/worker-")):
            assert here[name] == digest, name
