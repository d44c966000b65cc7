"""The package's source as pages: whole, escaped, and with anchors that move along with what they
name."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from make import source
from make.bundle import Bundle
from make.settings import PYLIB, WEB

PACKAGE = PYLIB / "src" / "glassnet"
BUNDLE = Bundle(
    entries={path: f"assets/{path}" for path in [*source.STYLES, "styles/icon.svg"]},
    imports={},
    files=[],
    integrity={f"assets/{path}": "sha256-A" for path in source.STYLES},
)


class Lines(HTMLParser):
    """What a page shows in its lines: their texts without the numbers, and where each anchor is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.anchors: dict[str, int] = {}
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._line, self._within, self._number = 0, False, False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        assert not {"style", "onclick"} & set(values)
        self.tags.add(tag)
        self._within |= tag == "pre"
        self._line += self._within and tag == "span"
        self._number = self._within and tag == "a"
        if name := values.get("id"):
            assert name not in self.anchors, name
            self.anchors[name] = self._line
        self.links += [link for link in (values.get("href"),) if link]

    def handle_endtag(self, tag: str) -> None:
        self._within &= tag != "pre"
        self._number &= tag != "a"

    def handle_data(self, data: str) -> None:
        if self._within and not self._number:
            self.text += data


def test_the_pages_show_what_the_browser_runs(site: Path) -> None:
    packed = next(site.glob("python/glassnet-*.tar.gz")).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed))) as tar:
        files = {
            name.removeprefix("glassnet/"): tar.extractfile(name).read().decode()  # type: ignore[union-attr]
            for name in tar.getnames()
            if name.startswith("glassnet/") and name.endswith(".py")
        }
    assert len(files) > 50
    assert len(list(site.glob("source/**/*.html"))) == len(files) + 1
    for name, text in files.items():
        page = Lines((site / source.place(name)).read_text(encoding="utf-8"))
        assert page.text.rstrip("\n") == text.rstrip("\n"), name
        assert not page.tags & {"script", "style", "iframe"}
        for symbol, line in source.symbols(text).items():
            assert page.anchors[symbol] == line
        for number in range(1, len(text.splitlines()) + 1):
            assert page.anchors[f"L{number}"] == number


def test_every_link_is_there(site: Path) -> None:
    found = set()
    for path in site.glob("source/**/*.html"):
        page = Lines(path.read_text(encoding="utf-8"))
        for link in page.links:
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), f"{path.name} links to {link}"
            found.add(target)
            assert not anchor or name or anchor in page.anchors
    assert found >= set(site.glob("source/**/*.html"))  # the index leads to every one


def named() -> list[str]:
    """The symbols that figures link to."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(WEB.glob("figures/**/*.js")))
    return [symbol for text in texts for symbol in re.findall(r"sourceAt\('([^']*)'\)", text)]


def test_every_figure_names_what_computes_it() -> None:
    cards = sum(
        len(re.findall(r"<glass-(?:card|menu) ", path.read_text(encoding="utf-8")))
        for path in WEB.glob("figures/**/*.js")
    )
    assert len(named()) == cards > 5


@pytest.mark.parametrize("symbol", sorted(set(named())))
def test_what_figures_link_to_is_there(site: Path, symbol: str) -> None:
    module, name = symbol.split(":")
    top, _, rest = module.partition(".")
    assert top == "glassnet"
    page = site / source.place(f"{rest.replace('.', '/')}.py")
    assert Lines(page.read_text(encoding="utf-8")).anchors[name] > 1


def test_an_anchor_moves_along_with_its_lines(tmp_path: Path) -> None:
    copy = tmp_path / "glassnet"
    shutil.copytree(PACKAGE, copy)
    before = source.pages(copy, BUNDLE)
    file = copy / "layers" / "dense.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("class Dense", "# new\n\n\nclass Dense", 1), encoding="utf-8")
    after = source.pages(copy, BUNDLE)
    place = source.place("layers/dense.py")
    old, new = Lines(before[place]).anchors, Lines(after[place]).anchors
    assert new["Dense.forward"] == old["Dense.forward"] + 3
    assert new["Affine"] == old["Affine"]
    assert {name for name in before if before[name] != after[name]} == {place}


def test_names_of_what_is_defined() -> None:
    text = "A: int = 1\nB, c = 1, 2\nb = 3\n\n@x\ndef f():\n    def inner(): pass\n"
    text += "class K:\n    n = 1\n    def f(self): pass\n    class L: pass\n    def f(self): pass\n"
    names = ["A", "b", "f", "K", "K.n", "K.f", "K.L"]
    assert source.symbols(text) == dict(zip(names, [1, 3, 6, 8, 9, 10, 11], strict=True))


def test_nothing_in_a_source_is_markup() -> None:
    text = '"""A <b> & "c"."""\n\nx = "</pre><script>"  # <i>\n\n\ndef f(a):\n    return "#" + a\n'
    html = source.page("x.py", text, BUNDLE)
    assert Lines(html).text == text
    assert "<script" not in html and "A &lt;b&gt; &amp; &quot;c&quot;." in html
    assert "<i>&quot;&quot;&quot;A &lt;b&gt; &amp;" in html
    assert "<i># &lt;i&gt;</i>" in html
    assert "def <b>f</b>(a):" in html
    assert "<i>#&quot;" not in html  # that one is a string


STEP = """
import json, numpy as np, glassnet
from glassnet.layers import Dense
network = glassnet.Network([Dense(3), Dense(2)], (4, 4))
steps = glassnet.trace(network, np.ones((4, 4), np.float32), 1)
told = {one.name: [one.sources[-1].file, one.sources[-1].line] for one in steps if one.sources}
print(json.dumps(told))
"""


def test_a_step_tells_the_lines_that_computed_it_wherever_they_are(tmp_path: Path) -> None:
    """Edit the package: what a number leads to moves along, in the step and in its page."""
    edited = tmp_path / "src" / "glassnet"
    shutil.copytree(PACKAGE, edited)
    for path in [edited / "layers" / "dense.py", edited / "engines" / "numpy.py"]:
        text = path.read_text(encoding="utf-8")
        path.write_text(f"# one\n# two\n# three\n{text}", encoding="utf-8")
    before, after = (
        json.loads(
            subprocess.run(
                [sys.executable, "-c", STEP],
                env={**os.environ, "PYTHONPATH": str(root)},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for root in (PACKAGE.parent, edited.parent)
    )
    moved = 0
    for name, (file, line) in before.items():
        by = 3 if file in ("layers/dense.py", "engines/numpy.py") else 0
        assert after[name] == [file, line + by], name
        moved += by > 0
        text = (edited / file).read_text(encoding="utf-8")
        shown = Lines(source.page(file, text, BUNDLE))
        assert shown.anchors[f"L{line + by}"] == line + by
        original = (PACKAGE / file).read_text(encoding="utf-8").splitlines()[line - 1]
        assert text.splitlines()[line + by - 1] == original
    assert moved > 5
