"""Python, Node and their packages: harm is refused and named, a dead end says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from make import node, venv
from make.console import BuildError
from make.settings import NODE_MINIMUM, NODE_MODULES, ROOT, TESTS, Settings


@pytest.fixture
def nothing(tmp_path: Path) -> Settings:
    """Offline, with an empty cache."""
    return Settings(offline=True, mnist=None, parts=None, cache=tmp_path / "cache")


def test_python_packages_offline_without_cache(nothing: Settings, tmp_path: Path) -> None:
    wanted = tmp_path / "other.txt"  # a name of its own, so that no stamp vouches for it
    shutil.copy(TESTS / "requirements.txt", wanted)
    wanted.write_text("hypothesis==6.0.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"With --offline only .*wheels is used") as caught:
        venv.install(wanted, nothing)
    assert "GLASSNET_CACHE" in str(caught.value)


def test_harmed_python_package_is_refused_and_named(nothing: Settings, tmp_path: Path) -> None:
    """pip compares the locked sha256 even with what lies in our own cache."""
    wheels = nothing.cache / "wheels"
    wheels.mkdir(parents=True)
    (wheels / "glass_harmed-1.0-py3-none-any.whl").write_bytes(b"not what was locked")
    wanted = tmp_path / "harmed.txt"
    wanted.write_text("glass-harmed==1.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    done = subprocess.run(
        [
            *(venv.PYTHON, "-m", "pip", "install", "--dry-run", "--require-hashes"),
            *("--no-index", "--find-links", wheels, "-r", wanted),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "glass-harmed==1.0" in done.stderr
    with pytest.raises(BuildError):
        venv.install(wanted, nothing)


def test_environment_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(venv, "VENV", tmp_path / "file" / "venv")
    monkeypatch.setattr(venv, "PYTHON", tmp_path / "file" / "venv" / "bin" / "python")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(BuildError, match="apt-get install python3-venv"):
        venv.create()


def test_no_node_and_no_network(nothing: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("make.node.shutil.which", lambda *a, **k: None)
    monkeypatch.setattr("make.venv.stamp.read", lambda *a: None)
    with pytest.raises(BuildError, match=r"node\.txt") as caught:
        node.find(nothing)
    assert "Run once without --offline" in str(caught.value)


def test_old_node_is_passed_over(tmp_path: Path) -> None:
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho v12.22.9\n", encoding="utf-8")
    program.chmod(0o755)
    assert node._major(str(program)) == 12 < NODE_MINIMUM


def test_javascript_packages_offline_without_cache(
    nothing: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "web" / name, tmp_path / name)
    monkeypatch.setattr(node, "WEB", tmp_path)
    monkeypatch.setattr(node, "_STAMP", tmp_path / "node_modules" / ".glassnet")
    with pytest.raises(BuildError, match="With --offline only the cache is used"):
        node.install(nothing)
    assert not (tmp_path / "node_modules" / ".glassnet").exists()


def test_harmed_javascript_package_is_refused_and_named(
    nothing: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """npm compares the locked integrity; here of a tarball that is not what was locked."""
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "package.json").write_text(
        '{"name": "thing", "version": "1.0.0"}', encoding="utf-8"
    )
    program = node.find(Settings(True, None, None, tmp_path / "cache"))
    pack = [*program.npm, "pack", "./thing"]
    environment = {**os.environ, **program.env}
    subprocess.run(pack, cwd=tmp_path, env=environment, check=True, capture_output=True)
    (tmp_path / "package.json").write_text(
        '{"name": "x", "version": "1.0.0", "dependencies": {"thing": "file:thing-1.0.0.tgz"}}',
        encoding="utf-8",
    )
    entry = '{"version": "1.0.0", "resolved": "file:thing-1.0.0.tgz", "integrity": "sha512-%s=="}'
    (tmp_path / "package-lock.json").write_text(
        '{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "x",'
        ' "version": "1.0.0", "dependencies": {"thing": "file:thing-1.0.0.tgz"}},'
        ' "node_modules/thing": ' + entry % ("A" * 86) + "}}",
        encoding="utf-8",
    )
    done = subprocess.run(
        [*program.npm, "ci", "--cache", str(nothing.cache)],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "EINTEGRITY" in done.stderr
    assert "thing" in done.stderr


def test_tool_that_is_not_installed() -> None:
    with pytest.raises(BuildError, match=r"no-such-tool is not in web/node_modules\. Run:"):
        node.tool("no-such-tool")
    assert Path(node.tool("esbuild")).is_relative_to(NODE_MODULES)
