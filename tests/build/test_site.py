"""The built site as a whole: complete, self-contained, movable, true to its manifests."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import tarfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from make import bundle, pages, parts
from make.bundle import Bundle
from make.console import BuildError
from make.pins import PINS
from make.settings import NODE_MODULES, WEB

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
        seen = References(page.read_text(encoding="utf-8"))
        assert any(path.startswith("assets/") for path in seen.loads), page.name
        for path in seen.loads:
            assert not re.match(r"[a-z]+:|/", path), f"{page.name} loads {path}"
            assert (site / path).is_file(), f"{page.name} loads {path}"
        for path in seen.links:
            if not re.match(r"https?:", path) and not path.startswith("#"):
                target = re.split("[#?]", path)[0]
                assert (site / target).is_file(), f"{page.name} links to {path}"


def test_nothing_comes_from_another_origin(site: Path) -> None:
    texts = [*site.glob("assets/*.js"), *site.glob("assets/*.css"), *site.glob("*.js")]
    assert texts
    for path in texts:
        assert off_origin(path.read_text(encoding="utf-8")) == [], path.name


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
    text = "".join(path.read_text(encoding="utf-8") for path in site.glob("assets/*.js"))
    for pattern in (
        r"assets/worker-\w{8}\.js",
        r"python/manifest-\w+\.json",
        r"data/mnist-\w+/index\.json",
        r"data/sets-\w+\.json",
        r"model-\w+/model\.json",
        r"recording-\w+/recording\.json",
    ):
        named = set(re.findall(rf"\b({pattern})\b", text))
        assert len(named) == 1, pattern
        assert (site / named.pop()).is_file()


def test_nothing_is_left_over(site: Path) -> None:
    """One manifest of Python, one folder of digits: older builds are cleared away."""
    assert len(list(site.glob("python/manifest-*.json"))) == 1
    assert len(list(site.glob("data/mnist-*"))) == 1
    assert len(list(site.glob("data/sets-*"))) == 1
    assert len(list(site.glob("assets/worker-*.js"))) == 1
    assert (site / ".nojekyll").exists()


def test_python_manifest_is_true_and_complete(site: Path) -> None:
    """Every file is listed with its true length and sha256, under a name that carries it."""
    folder = site / "python"
    path = next(folder.glob("manifest-*.json"))
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["version"] == 2
    assert manifest["versions"]["pyodide"] == PINS["pyodide"]["version"]
    entries = manifest["files"] + manifest["later"]
    assert {file.name for file in folder.iterdir()} == {path.name, *(e["file"] for e in entries)}
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:12] in path.name
    for entry in entries:
        data = (folder / entry["file"]).read_bytes()
        assert len(data) == entry["bytes"]
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert entry["sha256"][:12] in entry["file"]
        assert (entry.get("encoding") == "gzip") == entry["file"].endswith(".gz")


def test_the_core_is_the_pinned_one(site: Path) -> None:
    """Pyodide's own files come to the visitor as they were published."""
    manifest = json.loads(next(site.glob("python/manifest-*.json")).read_text(encoding="utf-8"))
    contents = {entry["name"]: unpacked(site, entry) for entry in manifest["files"]}
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"):
        digest = hashlib.sha256(contents[name]).hexdigest()
        assert digest == PINS["pyodide"]["files"][name]


def test_bytecode_is_complete_and_split_once(site: Path) -> None:
    """Start and rest together are the standard library; our own source comes along."""
    manifest = json.loads(next(site.glob("python/manifest-*.json")).read_text(encoding="utf-8"))
    data = {e["name"]: unpacked(site, e) for e in manifest["files"] + manifest["later"]}
    start, rest = (
        set(zipfile.ZipFile(io.BytesIO(data[name])).namelist())
        for name in ("stdlib.zip", "rest.zip")
    )
    whole = zipfile.ZipFile(NODE_MODULES / "pyodide" / "python_stdlib.zip").namelist()
    expected = {f"{name}c" if name.endswith(".py") else name for name in whole}
    assert start | rest == {name for name in expected if not name.endswith("/")}
    assert not start & rest
    assert "traceback.pyc" in start
    assert "xml/dom/minidom.pyc" in rest
    ours = set(names_of_tar(data["glassnet.tar"]))
    assert {"glassnet/layers/dense.py", "glassnet_bridge/host.py"} <= ours
    assert "glassnet_bridge/__pycache__/host.cpython-314.pyc" in ours
    numpy = names_of_tar(data["numpy.tar"])
    assert "numpy/__init__.pyc" in numpy
    late = zipfile.ZipFile(io.BytesIO(data["numpy-rest.zip"])).namelist()
    assert "numpy/linalg/_linalg.pyc" in late
    assert not set(numpy) & set(late)
    both = [*numpy, *late]
    assert not [name for name in both if name.endswith((".py", ".pyi", ".h")) or "/tests/" in name]


def names_of_tar(data: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return archive.getnames()


def unpacked(site: Path, entry: dict[str, str]) -> bytes:
    data = (site / "python" / entry["file"]).read_bytes()
    return gzip.decompress(data) if entry.get("encoding") == "gzip" else data


def test_lock_holds_three_packages_that_lie_beside_it(site: Path) -> None:
    folder = site / "wheels"
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert set(packages) == {"numpy", "glassnet", "glassnet-bridge"}
    assert packages["glassnet"]["depends"] == ["numpy"]
    assert packages["glassnet-bridge"]["depends"] == ["glassnet"]
    for package in packages.values():
        data = (folder / package["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == package["sha256"]


def test_our_wheels_are_pure_and_hold_only_our_package(site: Path) -> None:
    for name in ("glassnet", "glassnet_bridge"):
        wheel = next(site.glob(f"wheels/{name}-*.whl"))
        assert wheel.name.endswith("-py3-none-any.whl")
        with zipfile.ZipFile(wheel) as archive:
            for file in archive.namelist():
                assert file.startswith((f"{name}/", f"{name}-")), file
                assert not file.endswith((".pyc", ".so")), file


def test_missing_reference_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_text('<script src="pages/gone.js"></script>', encoding="utf-8")
    monkeypatch.setattr(pages, "WEB", tmp_path)
    with pytest.raises(BuildError, match=r"page.html refers to pages/gone.js, which is not a file"):
        pages.references(tmp_path / "page.html")
    (tmp_path / "page.html").write_text('<img src="../secret.png">', encoding="utf-8")
    (tmp_path.parent / "secret.png").write_text("", encoding="utf-8")
    with pytest.raises(BuildError, match=r"refers to \.\./secret.png"):
        pages.references(tmp_path / "page.html")


def test_rewriting_a_page() -> None:
    made = Bundle(
        entries={"pages/a.js": "assets/a-1.js", "styles/a.css": "assets/a-2.css"},
        imports={"assets/a-1.js": ["assets/c-1.js"], "assets/c-1.js": ["assets/c-2.js"]},
        files=[],
        integrity={
            "assets/a-1.js": "sha256-A",
            "assets/a-2.css": "sha256-B",
            "assets/c-2.js": "sha256-C",
        },
    )
    html = (
        '<head><link href="styles/a.css"><!-- src="x.js" -->'
        '<script src="pages/guard.js"></script>'
        '<script type="module" src="pages/a.js"></script></head>'
        '<a href="other.html#top"></a><a href="https://example.org/a.js">'
    )
    assert pages.rewrite(html, made, "MAP") == (
        '<head><link href="assets/a-2.css" integrity="sha256-B" crossorigin>'
        "MAP"
        '<script type="module" src="assets/a-1.js" integrity="sha256-A" crossorigin></script>'
        '<link rel="modulepreload" href="assets/c-1.js">\n'
        '<link rel="modulepreload" href="assets/c-2.js" integrity="sha256-C" crossorigin>\n</head>'
        '<a href="other.html#top"></a><a href="https://example.org/a.js">'
    )


def test_broken_script_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from make import node, settings

    (tmp_path / "broken.js").write_text("import './gone.js';", encoding="utf-8")
    monkeypatch.setattr(bundle, "WEB", tmp_path)
    monkeypatch.setattr(bundle, "ASSETS", tmp_path / "out")
    with pytest.raises(BuildError, match=r'Could not resolve "\./gone\.js"'):
        bundle.alone(node.find(settings.settings(offline=True)), ["broken.js"])


def integrity(path: Path) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def test_every_script_and_style_is_vouched_for(site: Path) -> None:
    """By the page that loads it, or, for modules that others import, by the import map."""
    maps, own = set(), set[str]()
    for page in html_pages(site):
        html = page.read_text(encoding="utf-8")
        inline = re.findall(r'<script type="importmap">(.*?)</script>', html)
        maps.update(inline)
        assert html.index("importmap") < html.index('type="module"')
        tags = re.findall(r'<(?:script|link)[^>]*"(assets/[^"]+\.(?:js|css))"[^>]*>', html)
        vouched = re.findall(r'"(assets/[^"]+)"[^>]* integrity="(sha256-[^"]+)" crossorigin>', html)
        assert tags == [path for path, _ in vouched]
        own.update(re.findall(r'<script type="module" src="(assets/[^"]+)"', html))
        assert all(value == integrity(site / path) for path, value in vouched)
    assert len(maps) == 1
    listed = json.loads(maps.pop())["integrity"]
    modules = {f"./{path.relative_to(site).as_posix()}" for path in site.glob("assets/*.js")}
    assert set(listed) == modules - {f"./{path}" for path in own} and own
    assert all(value == integrity(site / path) for path, value in listed.items())


def test_the_parts_are_one_table() -> None:
    """Their names are typed; nothing that is kept for ever misses a rule for hosts."""
    declared = (
        (WEB / "globals.d.ts")
        .read_text(encoding="utf-8")
        .split("type PartName =")[1]
        .split("declare")[0]
    )
    assert re.findall(r"\| '(\w+)'", declared) == [part.name for part in parts.PARTS]


def test_what_is_checked_first_is_in_the_table(site: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in site.glob("assets/*.js"))
    for path in (*site.glob("data/mnist-*/index.json"), *site.glob("*/model.json")):
        name = path.relative_to(site).as_posix()
        assert name in text
        assert hashlib.sha256(path.read_bytes()).hexdigest() in text
    assert (site / "glassnet.js").is_file()
