"""Third-party files: where they are looked for, that harm is noticed, and what a failure says."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from make import fetch, numpy_wheel, python_parts
from make.console import BuildError
from make.fetch import Source, Unavailable
from make.pins import PINS
from make.settings import NODE_MODULES, Settings

GOOD = bytes(range(256)) * 40
SHA256 = hashlib.sha256(GOOD).hexdigest()


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def no_source(reason: str) -> Source:
    def read() -> bytes:
        raise Unavailable(reason)

    return Source(reason.split()[0], read)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(offline=False, mnist=None, parts=None, cache=tmp_path / "cache")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of a server for the files in tmp_path/web."""
    (tmp_path / "web").mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path / "web"))  # type: ignore[arg-type]

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_first_good_source_wins(capsys: pytest.CaptureFixture[str]) -> None:
    sources = [
        no_source("first is away"),
        Source("second", lambda: flipped(GOOD, 3)),
        Source("third", lambda: GOOD),
        Source("fourth", lambda: pytest.fail("asked without need")),
    ]
    assert fetch.fetch("thing", SHA256, sources, "", offline=False) == GOOD
    assert "thing: from third" in capsys.readouterr().out


def test_failure_lists_every_source_its_reason_and_the_way_out() -> None:
    sources = [no_source("first is away"), Source("second", lambda: flipped(GOOD, 0))]
    with pytest.raises(BuildError) as caught:
        fetch.fetch("thing", SHA256, sources, "Do this.", offline=False)
    found = hashlib.sha256(flipped(GOOD, 0)).hexdigest()
    assert str(caught.value) == (
        f"thing (sha256 {SHA256}) could not be had.\nTried:\n"
        "  - first: first is away\n"
        f"  - second: damaged or another version, sha256 {found}\n"
        "Do this."
    )


def test_offline_asks_no_network() -> None:
    asked = Source("far", lambda: pytest.fail("asked although offline"))
    near = Source("near", lambda: GOOD, network=False)
    assert fetch.fetch("thing", SHA256, [asked, near], "", offline=True) == GOOD
    with pytest.raises(BuildError, match="far: not asked, because of --offline"):
        fetch.fetch("thing", SHA256, [asked], "", offline=True)


def test_download(web: str, tmp_path: Path) -> None:
    (tmp_path / "web" / "file.bin").write_bytes(GOOD)
    assert fetch.download(web + "file.bin") == GOOD
    with pytest.raises(Unavailable, match="404"):
        fetch.download(web + "other.bin")


def test_closed_network_is_noticed_quickly() -> None:
    start = time.monotonic()
    with pytest.raises(Unavailable, match=r"cannot be reached|did not answer"):
        fetch.download("https://nowhere.invalid/file")
    with pytest.raises(Unavailable, match="cannot be reached"):
        fetch.download("http://127.0.0.1:9/file")
    assert time.monotonic() - start < 2 * fetch.CONNECT_SECONDS + 1


@pytest.mark.parametrize("at", [0, len(GOOD) // 2, len(GOOD) - 1])
def test_numpy_flipped_everywhere_is_refused_and_named(
    at: int, web: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cache, own folder, CDN and package index, each with one wrong bit: four reasons, no wheel."""
    bad, parts = flipped(GOOD, at), tmp_path / "parts"
    fetch.keep(fetch.cached(settings, "numpy.whl"), bad)
    fetch.keep(parts / "numpy.whl", bad)
    (tmp_path / "web" / "numpy.whl").write_bytes(bad)
    carrier = zip_with(tmp_path / "carrier.whl", bad)
    monkeypatch.setitem(PINS["pyodide"], "cdn", web)
    monkeypatch.setattr(numpy_wheel, "_address", lambda requirement: carrier.as_uri())
    chosen = Settings(False, None, parts, settings.cache)
    with pytest.raises(BuildError) as caught:
        numpy_wheel.obtain("numpy.whl", SHA256, chosen)
    text = str(caught.value)
    assert text.startswith("numpy for Pyodide, numpy.whl")
    assert text.count("damaged or another version") == 4
    for place in ["the cache (", "GLASSNET_PARTS (", web, "open-webui==0.12.4"]:
        assert place in text
    for way_out in ["--offline", "GLASSNET_CACHE", "GLASSNET_PARTS"]:
        assert way_out in text.split("What you can do:")[1]


def test_numpy_from_each_source(
    web: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PINS["pyodide"], "cdn", web)
    carrier = zip_with(tmp_path / "carrier.whl", GOOD)
    monkeypatch.setattr(numpy_wheel, "_address", lambda requirement: carrier.as_uri())
    keeping = fetch.cached(settings, "numpy.whl")

    assert numpy_wheel.obtain("numpy.whl", SHA256, settings) == GOOD  # the index; CDN has none
    assert keeping.read_bytes() == GOOD
    carrier.unlink()
    assert numpy_wheel.obtain("numpy.whl", SHA256, settings) == GOOD  # the cache
    keeping.write_bytes(flipped(GOOD, 9))
    (tmp_path / "web" / "numpy.whl").write_bytes(GOOD)
    assert numpy_wheel.obtain("numpy.whl", SHA256, settings) == GOOD  # the CDN, cache mended
    assert keeping.read_bytes() == GOOD
    offline = Settings(True, None, tmp_path / "web", tmp_path / "empty")
    assert numpy_wheel.obtain("numpy.whl", SHA256, offline) == GOOD  # one's own folder


def test_pip_that_finds_nothing_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(Unavailable, match=r"pip does not find it: .*open-webui"):
        numpy_wheel._address("open-webui==0.12.4")


@pytest.mark.parametrize("name", PINS["pyodide"]["files"])
def test_flipped_core_file_is_refused_and_named(
    name: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in PINS["pyodide"]["files"]:
        original = NODE_MODULES / "pyodide" / file
        (tmp_path / "pyodide").mkdir(exist_ok=True)
        (tmp_path / "pyodide" / file).symlink_to(original)
    data = (tmp_path / "pyodide" / name).read_bytes()
    (tmp_path / "pyodide" / name).unlink()
    (tmp_path / "pyodide" / name).write_bytes(flipped(data, len(data) // 2))
    monkeypatch.setattr(python_parts, "CORE", tmp_path / "pyodide")
    (tmp_path / "out").mkdir()
    with pytest.raises(BuildError, match=rf"{name} is damaged or another version.*\n.*Delete"):
        python_parts.collect(tmp_path / "out", settings)


def test_numpy_is_the_one_in_pyodides_lock() -> None:
    """The lock file is itself pinned, so its sha256 of numpy's wheel is, too."""
    lock = json.loads((NODE_MODULES / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert len(lock["packages"]["numpy"]["sha256"]) == 64
    package = json.loads((NODE_MODULES / "pyodide" / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == PINS["pyodide"]["version"]


def zip_with(path: Path, data: bytes) -> Path:
    """A wheel that carries `numpy.whl` where the redistributing package has it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(PINS["redistribution"]["folder"] + "numpy.whl", data)
    return path


def test_two_checkouts_may_keep_the_same_file_at_once(tmp_path: Path) -> None:
    """Whoever comes last wins; nobody meets half a file, or the other's name for it."""
    path = tmp_path / "cache" / "file.bin"
    contents = [bytes([n]) * 3_000_000 for n in range(8)]
    failures: list[BaseException] = []

    def keep(data: bytes) -> None:
        try:
            for _ in range(5):
                fetch.keep(path, data)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=keep, args=(data,)) for data in contents]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert not path.exists() or path.read_bytes() in contents
    for thread in threads:
        thread.join()
    assert failures == []
    assert [found.name for found in path.parent.iterdir()] == ["file.bin"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_file_that_cannot_be_kept_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        fetch.keep(tmp_path / "file.bin", GOOD)
    assert list(tmp_path.iterdir()) == []
