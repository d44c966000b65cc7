"""The snippet goes through what carries it on other people's sites, the real ones, and is in the
browser what it was; where scripts are lost, the picture and its link are left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from make import carriers, node
from make.settings import settings
from support.required import required

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STATES = ["plain", "less", "hostile"]
NPM = ["commonmark", "markdown-it", "mdx"]
CARRIERS = [*NPM, "kramdown", "pandoc", "python-markdown", "python-markdown-extra"]
PLACES: dict[str, Callable[[str], str]] = {
    "alone": lambda text: text,
    "between paragraphs": lambda text: f"Words before.\n\n{text}\n\nWords *after*.",
    "in a list": lambda text: f"1.  One:\n\n{indented(text, '    ')}\n\n2.  Two.",
    "in a quotation": lambda text: f"Words.\n\n> Somebody:\n>\n{indented(text, '> ')}\n\nWords.",
}

# Of a piece of HTML, as a browser takes it: its figures and our script, each as nested lists, and
# what they stand in. White space counts for nothing.
FOUND = """
html => {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const told = (element) => [element.localName, Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    [...element.childNodes].flatMap((node) => (node.nodeType === 1 ? [told(node)] : node.nodeType === 3 && node.data.trim() ? [node.data.trim()] : node.nodeType === 8 ? ['comment'] : []))];
  const around = (element) => { const names = []; for (let at = element.parentElement; at !== body; at = at.parentElement) names.push(at.localName); return names; };
  const kept = [...body.querySelectorAll('figure[data-glassnet], script')];
  return { kept: kept.map(told), around: kept.map(around), text: body.textContent };
}
"""
# What strict sanitizers leave, as those of feeds and of shared blogs: a link and a picture, by the
# browser's own.
SANITIZED = """
html => {
  const at = document.createElement('div');
  const elements = [{ name: 'a', attributes: ['href'] }, { name: 'img', attributes: ['src', 'alt', 'width', 'height'] }];
  at.setHTML(html, { sanitizer: { elements, replaceWithChildrenElements: ['figure', 'picture'] } });
  return at.innerHTML;
}
"""
LINKED = """
html => [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('a > img, a > picture > img')]
  .map((image) => ({ href: image.closest('a').getAttribute('href'), src: image.getAttribute('src'), alt: image.alt }))
"""


def indented(text: str, by: str) -> str:
    return "\n".join(by + line for line in text.splitlines())


def run(text: str, *command: str) -> str:
    environment = {**os.environ, **node.find(settings(offline=True)).env, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, input=text, env=environment, check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def script(text: str, name: str, *words: str) -> str:
    program = node.find(settings(offline=True)).program
    return run(text, str(program), str(carriers.FOLDER / name), *words)


def converted(text: str, carrier: str) -> str:
    """HTML made of Markdown by one of CARRIERS; the test is skipped where that is not to be had."""
    if carrier.startswith("python-markdown"):
        extensions = ["-x", "extra"] if carrier.endswith("extra") else []
        return run(text, sys.executable, "-m", "markdown", "-e", "utf-8", *extensions)
    if carrier in NPM:
        if not carriers.there():
            required(carrier, "`python3 build.py test` installs it")
        return script(text, "convert.mjs", carrier)
    if shutil.which(carrier) is None:
        required(carrier, "`python3 build.py test` installs it where it may")
    return run(text, carrier)


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, str]]:
    """The texts of each state, by the names of their forms."""
    texts: dict[str, dict[str, str]] = json.loads(script("", "snippets.mjs"))
    assert list(texts) == STATES
    return texts


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, to parse with."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_snippet_arrives(
    made: dict[str, dict[str, str]], page: Page, carrier: str, place: str
) -> None:
    for state in STATES:
        snippet = made[state]["snippet"]
        html = converted(PLACES[place](snippet), carrier)
        wanted, found = page.evaluate(FOUND, snippet), page.evaluate(FOUND, html)
        assert [one[0] for one in wanted["kept"]] == ["figure", "script"]
        if carrier == "pandoc" and found["kept"][0][2][0][0] == "p":  # as all else in a loose list
            found["kept"][0][2] = found["kept"][0][2][0][2]
        assert found["kept"] == wanted["kept"], html
        assert "p" not in {name for names in found["around"] for name in names}, html
        assert "glassnet" not in found["text"], html  # nothing of it is shown as words


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_picture_in_markdown_arrives(
    made: dict[str, dict[str, str]], page: Page, carrier: str
) -> None:
    for state in STATES:
        html = converted(f"Words: {made[state]['markdown']}, words.", carrier)
        wanted = page.evaluate(LINKED, made[state]["snippet"])
        assert page.evaluate(LINKED, html) == wanted, html
        assert made[state]["alt"] in (None, wanted[0]["alt"])


def test_a_sanitizer_leaves_the_picture_and_its_link(
    made: dict[str, dict[str, str]], page: Page
) -> None:
    if not page.evaluate("() => 'setHTML' in Element.prototype"):
        required("Element.setHTML", "this browser is too old for it")
    for state in STATES:
        snippet = made[state]["snippet"]
        html = page.evaluate(SANITIZED, snippet)
        assert "<script" not in html
        assert page.evaluate(LINKED, html) == page.evaluate(LINKED, snippet) != []


def test_quarto(made: dict[str, dict[str, str]], page: Page) -> None:
    """Quarto is Pandoc with a hand on some classes: its raw block, and the picture for all else."""
    if shutil.which("pandoc") is None:
        required("pandoc", "`python3 build.py test` installs it where it may")
    for state in STATES:
        texts = made[state]
        found = page.evaluate(FOUND, run(texts["quarto"], "pandoc"))
        assert found["kept"] == page.evaluate(FOUND, texts["snippet"])["kept"]
        paper = run(texts["quarto"], "pandoc", "-t", "latex")
        assert r"\includegraphics" in paper
        assert "<figure" not in paper


def test_a_notebooks_cell(made: dict[str, dict[str, str]], page: Page) -> None:
    """The cell is run with a stand-in for IPython, which shows what it is given."""
    for state in STATES:
        shown: list[Any] = []
        code = made[state]["jupyter"]
        first, rest = code.split("\n", 1)
        assert first == "from IPython.display import HTML, IFrame"
        exec(rest, {"HTML": shown.append, "IFrame": pytest.fail})
        wanted = page.evaluate(FOUND, made[state]["snippet"])
        assert page.evaluate(FOUND, shown[0])["kept"] == wanted["kept"]
