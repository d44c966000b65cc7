"""`glassnet watch` as a process and over HTTP: what it serves, to whom, and what it refuses."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import glassnet as gn
from glassnet.cli.main import main
from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from glassnet.following import Following
from glassnet.following.server import WatchServer
from glassnet.run_folder import LOG, WEIGHTS, RunFolder
from glassnet.training import Run
from make.settings import PYLIB
from support.processes import started
from unit.small import CONFIG, bars

GLASSNET = [sys.executable, "-m", "glassnet"]
WAIT = 60  # seconds, on a busy machine
DATA = bars(train=80, test=40)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of few files, beside something that is not for everybody."""
    folder = tmp_path / "site"
    (folder / "assets").mkdir(parents=True)
    (folder / "watch.html").write_text("<p>runs</p>", encoding="utf-8")
    (folder / "index.html").write_text("<p>home</p>", encoding="utf-8")
    (folder / "assets" / "a.js").write_text("0", encoding="utf-8")
    (folder / "_headers").write_text("/*\n  X-One: 1\n/assets/*\n  X-Two: 2\n", encoding="utf-8")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder."""
    trained = Run.from_config(gn.RunConfig.from_saved(CONFIG), DATA)
    with RunFolder(tmp_path / "run") as folder:
        folder.begin(trained)
        folder.save(trained)
    return tmp_path / "run"


@contextmanager
def serving(site: Path, *roots: Path, token: str | None = None) -> Iterator[WatchServer]:
    following = Following(roots)
    following.poll()
    server = WatchServer(following, site, DATA, "127.0.0.1", 0, token)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def get(
    server: WatchServer, path: str, **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=WAIT)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=fields)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data, answer.headers


def test_the_site_is_served_with_its_own_headers(site: Path) -> None:
    with serving(site) as server:
        status, data, fields = get(server, "/")
        assert (status, data, fields["X-One"], fields["X-Two"]) == (200, b"<p>home</p>", "1", None)
        assert fields["Content-Type"] == "text/html; charset=utf-8"
        _, _, fields = get(server, "/assets/a.js")
        assert (fields["X-One"], fields["X-Two"]) == ("1", "2")
        assert fields["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/%2e%2e/secret", "//etc/passwd", "/assets", "/none", "/%00", "/" + 5000 * "a"],
)
def test_nothing_but_the_sites_files_is_served(site: Path, path: str) -> None:
    with serving(site) as server:
        status, data, _ = get(server, path)
        assert status == 404 and data != b"secret"


def test_what_is_told_of_runs(site: Path, run: Path) -> None:
    with serving(site, run) as server:
        news = json.loads(get(server, "/runs/news?after=0")[1])
        assert news["runs"]["run"]["config"]["seed"] == CONFIG.get("seed", 1)
        seen = json.loads(get(server, "/runs/look?run=run")[1])
        assert seen["count"] == 40 and seen["weights"]
        assert get(server, "/runs/weights?run=run")[1] == (run / WEIGHTS).read_bytes()
        for path in ["look?run=other", "look", "weights?run=..%2Fsecret", "news?after=x"]:
            assert get(server, f"/runs/{path}")[0] == 404
        _, _, fields = get(server, "/runs/news?after=0")
        assert fields["Access-Control-Allow-Origin"] is None, "for this site's pages alone"


def test_a_run_that_has_kept_nothing_yet_is_told_so(site: Path, run: Path) -> None:
    (run / WEIGHTS).unlink()
    with serving(site, run) as server:
        status, data, fields = get(server, "/runs/look?run=run")
        assert status == 404 and WEIGHTS in data.decode() and fields["X-Glassnet-Runs"]


def test_a_network_that_is_kept_anew_is_looked_at_anew(site: Path, run: Path) -> None:
    with serving(site, run) as server:
        first = server.look("run")
        assert server.look("run") is first
        time.sleep(0.01)
        trained = Run.from_config(gn.RunConfig.from_saved({**CONFIG, "seed": 7}), DATA)
        (run / LOG).unlink()
        (run / "checkpoint.safetensors").unlink()
        with RunFolder(run) as folder:
            folder.begin(trained)
            folder.save(trained)
        assert server.look("run")["weights"] != first["weights"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "["])
def test_another_sites_page_is_told_nothing(site: Path, run: Path, host: str) -> None:
    """Its name may lead here; the request then says that name."""
    with serving(site, run) as server:
        status, data, _ = get(server, "/runs/news?after=0", Host=host)
        assert status in (403, 404) and b"config" not in data
        assert get(server, "/runs/news?after=0", Host="localhost:1")[0] == 200


def test_with_a_token_only_who_brings_it_is_told(site: Path, run: Path) -> None:
    with serving(site, run, token="right") as server:
        for headers in ({}, {"X_Glassnet_Token": "wrong"}, {"X_Glassnet_Token": ""}):
            status, data, _ = get(server, "/runs/news?after=0", **headers)
            assert status == 403 and b"config" not in data
        assert get(server, "/watch.html")[0] == 200, "the page is no secret"
        assert (
            get(server, "/runs/news?after=0", X_Glassnet_Token="right", Host="a.example")[0] == 200
        )


def test_news_that_come_later_are_waited_for(site: Path, run: Path) -> None:
    with serving(site, run) as server:
        version = json.loads(get(server, "/runs/news?after=0")[1])["version"]

        def grow() -> None:
            time.sleep(0.2)
            with (run / LOG).open("a", encoding="utf-8") as file:
                file.write('{"event":"step","step":9,"epoch":0,"loss":0.5}\n')
            server.following.poll()

        threading.Thread(target=grow).start()
        news = json.loads(get(server, f"/runs/news?after={version}")[1])
        assert news["runs"]["run"]["losses"] == [0, [[9, 0.5]]]


def test_the_command_follows_a_run_in_another_process(site: Path, tmp_path: Path) -> None:
    splits = (DATA.train.images, DATA.train.labels, DATA.test.images, DATA.test.labels)
    for name, array in zip(ANONYMOUS.files, splits, strict=True):
        write_idx(tmp_path / name, array)
    environment = {**os.environ, "PYTHONPATH": str(PYLIB / "src"), "GLASSNET_DATA": str(tmp_path)}
    out = tmp_path / "trained"
    training = [*GLASSNET, "train", "--arch", "36,5,4", "--batch", "8", "--epochs", "100000"]
    training += ["--log-every", "1", "--out", str(out)]
    watching = [*GLASSNET, "watch", str(out), "--site", str(site), "--port", "0"]
    with (
        started(watching, env=environment, stdout=subprocess.PIPE) as server,
        started(training, env=environment, stdout=subprocess.DEVNULL),
    ):
        assert server.stdout
        found = re.search(r"127\.0\.0\.1:(\d+)/watch\.html$", server.stdout.readline().strip())
        assert found
        steps: list[int] = []
        after, end = 0, time.monotonic() + WAIT
        while len(steps) < 5:
            assert time.monotonic() < end
            news = _ask(int(found[1]), after)
            after = news["version"]
            steps += [told["step"] for told in news["runs"].values() if told["step"]]
        assert steps == sorted(steps) and steps[-1] > steps[0], "seen while it is under way"
        server.send_signal(signal.SIGINT)
        assert server.wait(WAIT) == 0


def _ask(port: int, after: int) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    connection.request("GET", f"/runs/news?after={after}")
    told: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return told


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--site", "none"], "python3 build.py build"),
        (["--port", "70000"], "port"),
        (["--token", ""], "token"),
        (["--host", "256.1.1.1"], "256.1.1.1"),
    ],
)
def test_what_cannot_be_is_said(
    site: Path, capsys: pytest.CaptureFixture[str], flags: list[str], words: str
) -> None:
    assert main(["watch", "--site", str(site), *flags]) == 2
    assert words in capsys.readouterr().err


def test_elsewhere_a_token_is_made_up(site: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(PYLIB / "src")}
    command = [*GLASSNET, "watch", str(tmp_path), "--site", str(site), "--port", "0"]
    with started(
        [*command, "--host", "0.0.0.0"], env=environment, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        line = server.stdout.readline()
        assert re.search(r"/watch\.html#token=[\w-]{20,}$", line.strip())
