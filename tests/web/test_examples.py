"""The posts in web/examples hold what the share panel gives, and their tools make pages of them in
which the figure lives; where scripts are off, there is its picture."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from make import carriers, node
from make.settings import MAKE, WEB, settings
from support.required import required
from support.server import SiteServer
from support.trainer import BOOT, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EXAMPLES = WEB / "examples"
PLACEHOLDER = "https://example.org/glassnet/"
QUIET = {**os.environ, "ASTRO_TELEMETRY_DISABLED": "1", "CI": "true"}  # they tell nobody of us
KEPT = ["name", "figure", "query", "title", "alt"]
# Which form each holds, and in which file.
FORMS = {
    "html": ("snippet", "post.html"),
    "hugo": ("hugo", "content/posts/digits.md"),
    "jekyll": ("snippet", "_posts/2026-01-15-digits.md"),
    "mkdocs": ("snippet", "docs/index.md"),
    "quarto": ("quarto", "post.qmd"),
    "ghost": ("snippet", "card.html"),
    "eleventy": ("snippet", "digits.md"),
    "astro": ("snippet", "src/pages/digits.md"),
    "vitepress": ("snippet", "digits.md"),
    "docusaurus": ("snippet", "digits.mdx"),
    "jupyter": ("jupyter", "post.ipynb"),
    "marimo": ("iframe", "post.py"),
}


def run(*command: str | Path, text: str = "", cwd: Path | None = None) -> str:
    done = subprocess.run(
        command, input=text, cwd=cwd, env=QUIET, check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tool(name: str) -> str:
    found = shutil.which(name)
    return found or required(name, "`python3 build.py test` installs it where it may")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What the share panel gives for the figure of the examples, by the names of its forms."""
    table = tomllib.loads((MAKE / "embed" / "figures.toml").read_text(encoding="utf-8"))["row"]
    rows = [{name: row[name] for name in KEPT} for row in table if row["name"] == "train"]
    program = node.find(settings(offline=True)).program
    told = run(program, carriers.FOLDER / "examples.mjs", json.dumps(rows))
    made: dict[str, str] = json.loads(told)
    return made


def source(path: Path) -> str:
    """A post as its author sees it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def test_each_kind_is_here_and_told_of() -> None:
    kinds = [*FORMS, "myst"]  # whose directive holds no HTML: test_widget.py
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(kinds)
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE) == kinds


@pytest.mark.parametrize("kind", FORMS)
def test_it_holds_what_the_panel_gives(texts: dict[str, str], kind: str) -> None:
    form, name = FORMS[kind]
    text, _, once = texts[form].partition("\n\nOnce, in a file ")
    assert text in source(EXAMPLES / kind / name)
    if once:
        file, _, words = once.partition(":\n\n")
        assert (EXAMPLES / kind / file).read_text(encoding="utf-8") == f"{words}\n"


def body(path: Path) -> str:
    """A post without its front matter, which its tool takes off before it converts."""
    return path.read_text(encoding="utf-8").split("---\n", 2)[2]


def by_mdx(path: Path) -> str:
    if not carriers.there():
        required("mdx", "`python3 build.py test` installs it")
    program = node.find(settings(offline=True)).program
    return run(program, carriers.FOLDER / "convert.mjs", "mdx", text=body(path))


def notebooks_output(path: Path) -> str:
    """What is shown of a notebook that nobody runs; and its cell makes just that."""
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["nbformat"], told["nbformat_minor"]) == (4, 5)
    (cell,) = [cell for cell in told["cells"] if cell["cell_type"] == "code"]
    kept = "".join(cell["outputs"][0]["data"]["text/html"])
    shown: list[str] = []
    code = "".join(cell["source"]).split("\n", 1)[1]  # without the import of IPython
    exec(code, {"HTML": shown.append, "IFrame": pytest.fail})
    assert shown == [kept]
    return kept


def marimos_output(path: Path) -> str:
    """The notebook is run with a stand-in for marimo."""
    shown: list[str] = []
    cells: list[Callable[..., Any]] = []
    stand_in = SimpleNamespace(Html=shown.append, md=str, App=lambda: SimpleNamespace(cell=keep))

    def keep(cell: Callable[..., Any]) -> Callable[..., Any]:
        cells.append(cell)
        return cell

    before = sys.modules.get("marimo")
    sys.modules["marimo"] = stand_in  # type: ignore[assignment]
    try:
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {"__name__": "post"})
        (mo,) = cells[0]()
        for cell in cells[1:]:
            cell(mo)
    finally:
        sys.modules.pop("marimo") if before is None else sys.modules.update(marimo=before)
    (html,) = shown
    return html


CONVERT: dict[str, Callable[[Path], str]] = {
    "html": lambda path: path.read_text(encoding="utf-8"),
    "quarto": lambda path: run(tool("pandoc"), "-s", "-f", "markdown", path),
    "ghost": lambda path: path.read_text(encoding="utf-8"),
    "docusaurus": by_mdx,
    "jupyter": notebooks_output,
    "marimo": marimos_output,
}


# What builds a whole site out of an example: its package at npm, how it is told where to, and where
# the post is then. They are found from the folder that they build.
SITES = {
    "eleventy": ("@11ty/eleventy/cmd.cjs", ["--quiet", "--output={out}"], "digits/"),
    "astro": ("astro/astro.js", ["build", "--silent", "--outDir", "{out}"], "digits/"),
    "vitepress": (
        "vitepress/bin/vitepress.js",
        ["build", ".", "--base", "/vitepress/", "--outDir", "{out}"],
        "digits.html",
    ),
}


def make(kind: str, folder: Path, out: Path) -> str:
    """The page that a kind's tool makes of its example; returns its path in `out`."""
    if kind == "hugo":
        run(tool("hugo"), "--quiet", "--source", folder, "--destination", out / kind)
        return "hugo/posts/digits/"
    if kind == "jekyll":
        run(tool("jekyll"), "build", "--quiet", "--source", folder, "--destination", out / kind)
        return "jekyll/2026/01/15/digits.html"
    if kind in SITES:
        if not carriers.there():
            required(kind, "`python3 build.py test` installs it")
        script, words, post = SITES[kind]
        if (out / kind).exists():
            return f"{kind}/{post}"
        modules = folder / "node_modules"
        modules.symlink_to(carriers.FOLDER / "node_modules")
        program = node.find(settings(offline=True)).program
        run(program, modules / script, *(w.format(out=out / kind) for w in words), cwd=folder)
        return f"{kind}/{post}"
    if kind == "mkdocs":
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "--site-dir",
            out / kind,
        ]
        run(*command, cwd=folder)
        return "mkdocs/"
    html = CONVERT[kind](folder / FORMS[kind][1])
    if "<!doctype" not in html.lower():
        html = f'<!doctype html><meta charset="utf-8"><title>A post</title><main>{html}</main>'
    (out / f"{kind}.html").write_text(html, encoding="utf-8")
    return f"{kind}.html"


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder of what the tools make, and its address: of another site than ours."""
    folder = tmp_path_factory.mktemp("blog")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def there(example: Path, copy: Path, site: str) -> Path:
    """A copy of an example, for our site."""
    shutil.copytree(example, copy)
    for path in copy.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace(PLACEHOLDER, site)
            path.write_text(text, encoding="utf-8")
    return copy


def lives(page: Page, kind: str) -> bool:
    """Whether the figure has something to show, in its frame."""
    if kind == "marimo":
        frames = [frame for frame in page.frames if "frame.html" in frame.url]
        elements = [frame.locator("glass-train") for frame in frames]
        return any(one.count() and one.get_attribute("status") == "ready" for one in elements)
    figure = page.locator("figure[data-glassnet]")
    return figure.get_attribute("data-status") == "ready" and figure.locator("iframe").is_visible()


@pytest.mark.parametrize("kind", FORMS)
def test_the_figure_lives_in_the_page(
    browser: Browser, server: SiteServer, blog: tuple[Path, str], tmp_path: Path, kind: str
) -> None:
    folder, address = blog
    site = server.url.replace("127.0.0.1", "localhost")
    url = address + make(kind, there(EXAMPLES / kind, tmp_path / kind, site), folder)
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    page.locator("figure[data-glassnet], iframe").first.scroll_into_view_if_needed()
    until(lambda: lives(page, kind), BOOT)
    assert errors == []
    context.close()
    if kind == "marimo":  # a frame has no picture: marimo itself needs scripts
        return
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with page.expect_response(re.compile(r"/embed/train/light\.png$")) as picture:
        page.goto(url)
    assert picture.value.ok
    link = page.locator("figure[data-glassnet] a")
    assert link.get_attribute("href") == f"{site}train.html"
    assert link.locator("img").is_visible()
    context.close()


def test_it_lives_where_a_reader_comes_without_loading_the_page(
    browser: Browser, server: SiteServer, blog: tuple[Path, str], tmp_path: Path
) -> None:
    """VitePress shows another page of its site by its own scripts, and goes back by them."""
    folder, address = blog
    site = server.url.replace("127.0.0.1", "localhost")
    make("vitepress", there(EXAMPLES / "vitepress", tmp_path / "vitepress", site), folder)
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}vitepress/")
    page.evaluate("() => { window.same = true; }")
    for _ in range(2):
        page.get_by_role("link", name="How a network learns to read").click()
        page.locator("figure[data-glassnet]").scroll_into_view_if_needed()
        until(lambda: lives(page, "vitepress"), BOOT)
        page.go_back()
        page.get_by_role("heading", name="A blog").wait_for()
        assert page.locator("iframe[src*='frame.html']").count() == 0
    assert page.evaluate("() => window.same") is True  # nothing was loaded anew
    assert errors == []
    context.close()
