"""The built site as a whole: complete, self-contained, movable, true to its manifests."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from make import bundle, pages
from make.bundle import Bundle
from make.console import BuildError
from make.pins import PINS

LOADING = {  # attributes that make a browser fetch something
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
}
LINKING = {"a": "href", **LOADING}
# Names of XML namespaces, never fetched; and what our libraries say in their error messages.
HARMLESS = ("http://www.w3.org/", "https://lit.dev/")


class References(HTMLParser):
    """Collects what a page loads and where it links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        assert "style" not in values, f"<{tag} style>: the security policy forbids it"
        for table, found in ((LOADING, self.loads), (LINKING, self.links)):
            if value := values.get(table.get(tag, "")):
                found.append(value)


def html_pages(site: Path) -> list[Path]:
    found = sorted(site.glob("*.html"))
    assert found
    return found


def off_origin(text: str) -> list[str]:
    """Addresses of other hosts in a piece of JavaScript or CSS, outside comments."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found = re.findall(r"""["'`(=]((?:https?:|wss?:)?//[\w-]+\.[^"'`)\s]+)""", text)
    return [address for address in found if not address.startswith(HARMLESS)]


def test_every_reference_is_relative_and_there(site: Path) -> None:
    for page in html_pages(site):
        seen = References(page.read_text())
        assert any(path.startswith("assets/") for path in seen.loads), page.name
        for path in seen.loads:
            assert not re.match(r"[a-z]+:|/", path), f"{page.name} loads {path}"
            assert (site / path).is_file(), f"{page.name} loads {path}"
        for path in seen.links:
            if not re.match(r"https?:", path) and not path.startswith("#"):
                target = re.split("[#?]", path)[0]
                assert (site / target).is_file(), f"{page.name} links to {path}"


def test_nothing_comes_from_another_origin(site: Path) -> None:
    texts = [*site.glob("assets/*.js"), *site.glob("assets/*.css")]
    assert texts
    for path in texts:
        assert off_origin(path.read_text()) == [], path.name


@pytest.mark.parametrize(
    "text",
    [
        'fetch("https://cdn.example.org/x.js")',
        "import('//cdn.example.org/x.js')",
        "a{background:url(https://example.org/a.png)}",
        "const u=`http://example.org/${x}`",
        "new WebSocket('wss://example.org/s')",
    ],
)
def test_planted_address_is_seen(text: str) -> None:
    assert off_origin(text)


def test_assets_of_the_bundle_exist(site: Path) -> None:
    """The paths that pages resolve against the site's root are in it."""
    text = "".join(path.read_text() for path in site.glob("assets/*.js"))
    for pattern in (
        r"assets/worker-\w{8}\.js",
        r"python-\w+/manifest\.json",
        r"data/mnist-\w+/index\.json",
    ):
        named = set(re.findall(rf'"({pattern})"', text))
        assert len(named) == 1, pattern
        assert (site / named.pop()).is_file()


def test_nothing_is_left_over(site: Path) -> None:
    """One folder of Python, one of digits: older builds are cleared away."""
    assert len(list(site.glob("python-*"))) == 1
    assert len(list((site / "data").iterdir())) == 1
    assert len(list(site.glob("assets/worker-*.js"))) == 1
    assert (site / ".nojekyll").exists()


def test_python_manifest_is_true_and_complete(site: Path) -> None:
    folder = next(site.glob("python-*"))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["version"] == 1
    assert manifest["versions"]["pyodide"] == PINS["pyodide"]["version"]
    assert manifest["packages"] == ["numpy", "glassnet", "glassnet_bridge"]
    named = {entry["name"]: entry for entry in manifest["files"]}
    assert {path.name for path in folder.iterdir()} == {*named, "manifest.json"}
    for name, entry in named.items():
        data = (folder / name).read_bytes()
        assert len(data) == entry["bytes"]
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    for name, sha256 in PINS["pyodide"]["files"].items():
        assert name == "pyodide-lock.json" or named[name]["sha256"] == sha256
    text = (folder / "manifest.json").read_text()
    assert folder.name == f"python-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def test_lock_holds_three_packages_that_lie_beside_it(site: Path) -> None:
    folder = next(site.glob("python-*"))
    packages = json.loads((folder / "pyodide-lock.json").read_text())["packages"]
    assert set(packages) == {"numpy", "glassnet", "glassnet-bridge"}
    assert packages["glassnet"]["depends"] == ["numpy"]
    assert packages["glassnet-bridge"]["depends"] == ["glassnet"]
    for package in packages.values():
        data = (folder / package["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == package["sha256"]


def test_our_wheels_are_pure_and_hold_only_our_package(site: Path) -> None:
    for name in ("glassnet", "glassnet_bridge"):
        wheel = next(site.glob(f"python-*/{name}-*.whl"))
        assert wheel.name.endswith("-py3-none-any.whl")
        with zipfile.ZipFile(wheel) as archive:
            for file in archive.namelist():
                assert file.startswith((f"{name}/", f"{name}-")), file
                assert not file.endswith((".pyc", ".so")), file


def test_missing_reference_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_text('<script src="pages/gone.js"></script>')
    monkeypatch.setattr(pages, "WEB", tmp_path)
    with pytest.raises(BuildError, match=r"page.html refers to pages/gone.js, which is not a file"):
        pages.references(tmp_path / "page.html")
    (tmp_path / "page.html").write_text('<img src="../secret.png">')
    (tmp_path.parent / "secret.png").write_text("")
    with pytest.raises(BuildError, match=r"refers to \.\./secret.png"):
        pages.references(tmp_path / "page.html")


def test_rewriting_a_page() -> None:
    made = Bundle(
        entries={"pages/a.js": "assets/a-1.js", "styles/a.css": "assets/a-2.css"},
        imports={"assets/a-1.js": ["assets/c-1.js"], "assets/c-1.js": ["assets/c-2.js"]},
        files=[],
    )
    html = (
        '<head><link href="styles/a.css"><!-- src="x.js" -->'
        '<script src="pages/a.js"></script></head>'
        '<a href="other.html#top"></a><a href="https://example.org/a.js">'
    )
    assert pages.rewrite(html, made) == (
        '<head><link href="assets/a-2.css"><script src="assets/a-1.js"></script>'
        '<link rel="modulepreload" href="assets/c-1.js">\n'
        '<link rel="modulepreload" href="assets/c-2.js">\n</head>'
        '<a href="other.html#top"></a><a href="https://example.org/a.js">'
    )


def test_broken_script_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from make import node, settings

    (tmp_path / "broken.js").write_text("import './gone.js';")
    monkeypatch.setattr(bundle, "WEB", tmp_path)
    monkeypatch.setattr(bundle, "ASSETS", tmp_path / "out")
    with pytest.raises(BuildError, match=r'Could not resolve "\./gone\.js"'):
        bundle.pages(node.find(settings.settings(offline=True)), ["broken.js"], {})
