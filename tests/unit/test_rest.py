"""Modules that the start leaves out are found when they are imported, and only then."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassnet_bridge.rest import Rest, Unpacked

TOP = "antigravity"  # of the standard library, imported by nobody


def archive(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return buffer.getvalue()


class Fixture:
    """A start archive with the package `parted`, and a rest that continues it."""

    def __init__(self, folder: Path) -> None:
        start, rest = folder / "start.zip", folder / "rest.zip"
        start.write_bytes(archive({"parted/__init__.py": "", "parted/one.py": "here = 'start'"}))
        files = {"parted/two.py": "here = 'rest'", f"{TOP}.py": "here = 'top'"}
        self.data = gzip.compress(archive(files))
        self.start, self.fetched = str(start), 0
        sha256 = hashlib.sha256(self.data).hexdigest()
        self.finder = Rest(self.fetch, sha256, [TOP, "parted"], str(start), str(rest))

    def fetch(self) -> bytes:
        self.fetched += 1
        return self.data


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fixture]:
    made = Fixture(tmp_path)
    monkeypatch.syspath_prepend(made.start)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, made.finder])
    before = set(sys.modules)
    yield made
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_nothing_is_fetched_before_it_is_needed(parts: Fixture) -> None:
    import parted.one  # type: ignore[import-not-found]

    assert parted.one.here == "start"
    assert parts.finder.find_spec("glassnet_of_another_planet") is None
    assert parts.fetched == 0


def test_a_package_goes_on_in_the_rest(parts: Fixture) -> None:
    import parted.two  # type: ignore[import-not-found]

    assert parted.two.here == "rest"
    assert parts.fetched == 1


def test_a_module_of_the_rest_is_found_by_its_name(parts: Fixture) -> None:
    spec = parts.finder.find_spec(TOP)
    assert spec is not None
    assert spec.origin is not None
    assert "rest.zip" in spec.origin
    assert parts.finder.find_spec(TOP) is not None
    assert parts.fetched == 1


def test_a_damaged_archive_is_refused_and_named(parts: Fixture) -> None:
    parts.data = parts.data[:-1] + bytes([parts.data[-1] ^ 1])
    with pytest.raises(ImportError, match=f"{TOP}: its archive is damaged"):
        parts.finder.find_spec(TOP)


def test_a_failed_fetch_is_an_import_error(parts: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline() -> bytes:
        raise OSError("offline")

    monkeypatch.setattr(parts.finder, "_fetch", offline)
    with pytest.raises(ImportError, match=f"{TOP}: its archive could not be fetched: offline"):
        parts.finder.find_spec(TOP)


def test_files_are_put_beside_those_of_their_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spread").mkdir()
    (tmp_path / "spread" / "__init__.py").write_text("", encoding="utf-8")
    files = {"spread/late.py": "here = 'late'", "spread/deep/__init__.py": "here = 'deep'"}
    data, fetched = gzip.compress(archive(files)), []

    def fetch() -> bytes:
        fetched.append(1)
        return data

    modules = ["spread.late", "spread.deep"]
    finder = Unpacked(fetch, hashlib.sha256(data).hexdigest(), modules, str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    before = set(sys.modules)
    import spread  # type: ignore[import-not-found]

    assert finder.find_spec("spread.nowhere", spread.__path__) is None
    assert not fetched
    import spread.deep  # type: ignore[import-not-found]
    import spread.late  # type: ignore[import-not-found]

    assert (spread.late.here, spread.deep.here, len(fetched)) == ("late", "deep", 1)
    with pytest.raises(ModuleNotFoundError):
        import spread.deep.nothing  # type: ignore[import-not-found]
    for name in set(sys.modules) - before:
        del sys.modules[name]
