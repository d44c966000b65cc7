"""The server's answers: types, caching and confinement, and nothing outside the site."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from make import serve as serving
from make.console import BuildError
from make.headers import FOREVER, common, headers_file
from support.server import SiteServer


def ask(
    server: SiteServer, path: str, method: str = "GET", **fields: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body; the path is sent as it is."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.putrequest(method, path)
    for name, value in fields.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {k.lower(): v for k, v in response.getheaders()}, body


def first(site: Path, pattern: str) -> str:
    return next(site.glob(pattern)).relative_to(site).as_posix()


@pytest.mark.parametrize(
    ("pattern", "kind", "cached"),
    [
        ("index.html", "text/html; charset=utf-8", False),
        ("assets/*.js", "text/javascript; charset=utf-8", True),
        ("assets/*.css", "text/css; charset=utf-8", True),
        ("python/pyodide.asm-*.wasm", "application/wasm", True),
        ("python/pyodide.asm-*.mjs", "text/javascript; charset=utf-8", True),
        ("python/manifest-*.json", "application/json", True),
        ("wheels/numpy-*.whl", "application/zip", False),
        ("data/mnist-*/index.json", "application/json", True),
        ("model-*/model.json", "application/json", True),
        ("conv-*/model.json", "application/json", True),
        ("step-*/step.json", "application/json", True),
        ("recording-*/recording.json", "application/json", True),
        ("glassnet.js", "text/javascript; charset=utf-8", False),
        ("data/mnist-*/test-00.bin.gz", "application/octet-stream", True),
        (".nojekyll", "application/octet-stream", False),
    ],
)
def test_types_and_caching(
    pattern: str, kind: str, cached: bool, site: Path, server: SiteServer
) -> None:
    name = first(site, pattern)
    status, headers, body = ask(server, f"/{name}")
    assert status == 200
    assert body == (site / name).read_bytes()
    assert headers["content-type"] == kind
    assert headers["cache-control"] == (FOREVER if cached else "no-cache")
    assert headers["content-length"] == str(len(body))
    assert "content-encoding" not in headers  # shards are unpacked, and checked, by the page
    for field, value in common(body.decode() if pattern.endswith(".html") else "").items():
        assert headers[field.lower()] == value


def test_root_is_the_index_and_queries_are_ignored(site: Path, server: SiteServer) -> None:
    index = (site / "index.html").read_bytes()
    assert ask(server, "/")[2] == ask(server, "/?digit=3#x")[2] == index


def test_unchanged_page_is_not_sent_twice(server: SiteServer) -> None:
    tag = ask(server, "/index.html")[1]["etag"]
    status, headers, body = ask(server, "/index.html", If_None_Match=tag)
    assert (status, body) == (304, b"")
    assert headers["cache-control"] == "no-cache"
    assert ask(server, "/index.html", If_None_Match='"other"')[0] == 200


def test_head(site: Path, server: SiteServer) -> None:
    status, headers, body = ask(server, "/index.html", "HEAD")
    assert (status, body) == (200, b"")
    assert headers["content-length"] == str((site / "index.html").stat().st_size)


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing.js", "/assets", "/assets/", "/../build.py", "/%2e%2e/build.py"),
        *("//etc/passwd", "/..%2fbuild.py", "/assets/../../build.py", "/%00", "/a%00.js"),
    ],
)
def test_nothing_outside_the_site_is_served(path: str, server: SiteServer) -> None:
    status, headers, body = ask(server, path)
    assert status == 404
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert body.startswith(b"404: there is no ")
    for field, value in common().items():
        assert headers[field.lower()] == value


def test_a_name_too_long_for_any_disk_is_not_there(server: SiteServer) -> None:
    assert ask(server, "/" + "a" * 5000)[0] == 404
    assert ask(server, "/" + "a/" * 5000)[0] == 404


def test_prefix(serve: Callable[..., SiteServer], site: Path) -> None:
    server = serve(prefix="/deep/sub/path/")
    assert ask(server, "/deep/sub/path/")[2] == (site / "index.html").read_bytes()
    assert ask(server, "/index.html")[0] == 404


def test_other_methods_are_refused(server: SiteServer) -> None:
    assert ask(server, "/index.html", "POST")[0] == 501


def test_hosts_headers_file_says_the_same(site: Path, server: SiteServer) -> None:
    """One policy for all pages, since they share their inline scripts; and the frames theirs."""
    text = (site / "_headers").read_text(encoding="utf-8")
    frame = (site / "embed" / "train" / "index.html").read_text(encoding="utf-8")
    pages = [*site.glob("*.html"), *site.glob("embed/*/index.html")]
    for page in pages:
        html = page.read_text(encoding="utf-8")
        framed = page.parent != site
        if not framed:
            assert text == headers_file(html + frame)
        name = page.relative_to(site).as_posix()
        policy = ask(server, f"/{name}")[1]["content-security-policy"]
        inline = re.findall('<script(?: type="importmap")?>(.*?)</script>', html, re.DOTALL)
        assert len(inline) == (2 if framed else 3)
        sums = [hashlib.sha256(text.encode()).digest() for text in inline]
        hashes = [f"'sha256-{base64.b64encode(one).decode()}'" for one in sums]
        assert f"script-src 'self' 'wasm-unsafe-eval' {' '.join(hashes)};" in policy
        (told,) = re.findall(r"  Content-Security-Policy: (.*)\n", text)
        assert without_hashes(told) == without_hashes(policy)
        assert all(one in told for one in hashes)
    assert len(re.findall("'sha256-", told)) == 4  # the guard is everywhere, a map here and there
    for field in ("Cross-Origin-Resource-Policy: cross-origin", "Embedder-Policy: require-corp"):
        assert field in text  # or no page that isolates itself could embed ours
    for folder in ("assets/*", "python/*", "data/*", "model-*", "step-*", "conv-*", "recording-*"):
        assert f"/{folder}\n  Cache-Control: {FOREVER}\n" in text


def without_hashes(policy: str) -> str:
    return re.sub(r" 'sha256-[^']+'", "", policy)


def test_taken_port_is_passed_over_and_said(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = serving.open_server(serving.handler(site), "127.0.0.1", port)
        server.server_close()
    assert server.server_port > port
    assert f"Port {port} is taken; using {server.server_port}." in capsys.readouterr().out


def test_no_free_port_is_an_error_with_a_way_out(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "TRIES", 1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BuildError, match="all taken; choose one with --port"):
            serving.open_server(serving.handler(site), "127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
def test_foreign_host_is_an_error_that_names_it(host: str, site: Path) -> None:
    with pytest.raises(BuildError, match=f"{host} is not an address of this machine"):
        serving.open_server(serving.handler(site), host, 8000)
