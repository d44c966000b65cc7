"""Both archives of a release: what `build.py release` leaves, that it is the same each time, and
that its checks see what is wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from make import node, offline, sets
from make.console import BuildError
from make.node import Node
from make.release import elements, package, step
from make.settings import DIST, ROOT, WEB, settings

USER = """
import { define, type GlassTrainAttributes } from 'glassnet';
const wanted: GlassTrainAttributes = { digit: 7, theme: 'dark' };
define('glass-train').then(() => wanted);
// @ts-expect-error: there is no such element
define('glass-tree');
"""


@pytest.fixture(scope="module")
def made(site: Path) -> list[Path]:
    """What the command leaves, with everything checked on the way."""
    command = [sys.executable, str(ROOT / "build.py"), "release", "--offline"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was uploaded" in done.stdout
    return sorted(DIST.iterdir())


@pytest.fixture(scope="module")
def program() -> Node:
    return node.find(settings(offline=True))


def test_three_archives(made: list[Path]) -> None:
    version = package.project()["version"]
    names = [f"-{version}-py3-none-any.whl", f"-{version}.tar.gz", f"-{version}.tgz"]
    assert [path.name for path in made] == [f"glassnet{name}" for name in names]
    with tarfile.open(made[2]) as archive:
        held = set(archive.getnames())
    assert {"package/frame.html", "package/source/network.html", "package/LICENSE"} <= held
    assert not any(name.endswith(".map") or "wheels/" in name for name in held)
    assert any(name.startswith("package/python/manifest-") for name in held)


def test_same_bytes_again(
    made: list[Path], program: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In other folders, on another day, under another umask."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    before = os.umask(0o077)
    try:
        tree = package.staged(tmp_path / "another")
        os.utime(tree / "README.md", (1_700_000_000, 1_700_000_000))
        again = [package.built(tree, tmp_path, kind) for kind in ("wheel", "sdist")]
        again.append(elements.packed(elements.staged(tmp_path / "package"), tmp_path, program))
    finally:
        os.umask(before)
    for one, other in zip(made, again, strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes(), one.name


def test_what_is_kept_offline_is_in_it(site: Path) -> None:
    """A page that is served out of it would else wait for files that never come."""
    files = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    kept = {name for name in files if offline.group_of(name)}
    assert len(kept) > 50
    assert kept | {"service-worker.js"} <= set(elements.wanted())


def rewritten(wheel: Path, folder: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a wheel, with each file as `change` returns it; None leaves it out."""
    copy = folder / wheel.name
    with ZipFile(wheel) as read, ZipFile(copy, "w") as write:
        for name in read.namelist():
            data = change(name, read.read(name))
            if data is not None:
                write.writestr(name, data)
    return copy


WRONG: dict[str, tuple[str, Callable[[str, bytes], bytes | None]]] = {
    "a module is missing": (
        r"lacks glassnet/network\.py",
        lambda name, data: None if name == "glassnet/network.py" else data,
    ),
    "a module is another": (
        r"glassnet/network\.py is not what RECORD says",
        lambda name, data: data + b"#\n" if name == "glassnet/network.py" else data,
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_wheel_is_refused(made: list[Path], tmp_path: Path, case: str) -> None:
    words, change = WRONG[case]
    package.check_wheel(made[0])
    with pytest.raises(BuildError, match=words):
        package.check_wheel(rewritten(made[0], tmp_path, change))


def test_wrong_metadata_are_refused(made: list[Path]) -> None:
    told = package.project()
    with ZipFile(made[0]) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
        text = wheel.read(name).decode()
    package.check_metadata(made[0], text, told)
    for before, after, words in (
        (f"Version: {told['version']}", "Version: 9.9", "Version is '9.9'"),
        ("License-File: LICENSE\n", "", "License-File is None"),
        ("Requires-Dist: numpy", "Requires-Dist: torch\nRequires-Dist: numpy", "torch"),
        ("# glassnet", "# other", "description is not"),
    ):
        assert before in text
        with pytest.raises(BuildError, match=words):
            package.check_metadata(made[0], text.replace(before, after), told)


@pytest.fixture
def small(tmp_path: Path, site: Path) -> Path:
    """The elements' archive without the parts that they load, as a folder."""
    tree = tmp_path / "package"
    tree.mkdir()
    for name in ("glassnet.js", *elements.NEEDED[3:]):
        shutil.copy(site / name, tree)
    (tree / "package.json").write_text(json.dumps(elements.described()), encoding="utf-8")
    return tree


def test_an_archive_that_lacks_something_is_refused(
    small: Path, tmp_path: Path, program: Node
) -> None:
    archive = elements.packed(small, tmp_path, program)
    elements.check_contents(archive, small)
    (small / "more.js").write_text("", encoding="utf-8")
    with pytest.raises(BuildError, match=r"lacks more\.js"):
        elements.check_contents(archive, small)
    (small / "more.js").unlink()
    (small / "glassnet.d.ts").unlink()
    with pytest.raises(BuildError, match=r"names \./glassnet\.d\.ts"):
        elements.check_contents(elements.packed(small, tmp_path, program), small)


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ("document.title;", "document is not defined"),
        ("globalThis.left = 1;", "left a global"),
        ("console.log('here');", "says something: here"),
    ],
)
def test_a_module_that_does_something_in_node_is_refused(
    small: Path, tmp_path: Path, program: Node, added: str, words: str
) -> None:
    with (small / "glassnet.js").open("a", encoding="utf-8") as file:
        file.write(f"\n{added}\n")
    archive = elements.packed(small, tmp_path, program)
    with pytest.raises(BuildError, match=words):
        elements.try_out(archive, tmp_path / "user", program)


def test_types_come_with_it(small: Path, tmp_path: Path, program: Node) -> None:
    shutil.copytree(small, tmp_path / "node_modules" / "glassnet")
    (tmp_path / "user.ts").write_text(USER, encoding="utf-8")
    options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", ""]
    command: list[str | Path] = [
        WEB / "node_modules" / ".bin" / "tsc",
        *options,
        tmp_path / "user.ts",
    ]
    done = subprocess.run(command, env=program.env, check=False, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0)


def test_sets_of_ones_own_are_not_published(program: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "built", lambda: {"set-mine": {"name": "mine"}})
    with pytest.raises(BuildError, match=r"\(mine\), which a release would publish"):
        step.make(program, settings(offline=True))
