"""The pages that explain: every formula is there, as MathML; every way from it leads somewhere; and
a text that means something the build does not know is refused."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from glassnet.formulas import tree
from make.console import BuildError
from make.learn import markdown, stops
from make.learn.code import Code
from make.learn.formulas import Formulas, Place, defined
from make.learn.mathml import Formula
from make.learn.page import PAGES, Text
from make.learn.symbols import Meaning, Symbols
from make.settings import PYLIB, WEB

PACKAGE = PYLIB / "src" / "glassnet"
MATHS = (WEB / "learn" / "maths.md").read_text(encoding="utf-8")
FORMULA = re.compile(r"^- (.+) \(\[[\w.]+\]\([^)]+\)\)$", re.M)
LISTED = FORMULA.findall(MATHS)
IN_TABLES = [
    cell.strip()
    for line in MATHS.split("\n")
    if line.startswith("|") and line.endswith("|") and ".py)" in line
    for cell in line.split("|")[2:-2]
]


@pytest.fixture(scope="module")
def formulas() -> Formulas:
    return Formulas(PACKAGE)


@pytest.fixture(scope="module")
def html(site: Path) -> str:
    return (site / "learn.html").read_text(encoding="utf-8")


def spoken(math: str) -> str:
    """The letters and signs of some MathML in their order, without spaces."""
    root = ElementTree.fromstring(math.replace("&nbsp;", " "))
    return "".join(" ".join(root.itertext()).split())


def letters(text: str) -> str:
    """The same of a formula as text: what MathML sets below, above or without brackets is told
    apart by where it stands, so that here it is as if on the line."""

    def walk(node: list[object]) -> str:
        return "".join(walk(one) if isinstance(one, list) else str(one) for one in node[1:])

    flat = walk(tree(text)).replace("Σ", "∑")
    return flat.replace("\u0302", "^").replace("\u0304", "\u00af").replace(" ", "")


def test_every_formula_is_there(html: str) -> None:
    assert len(LISTED) > 40 and len(IN_TABLES) == 20
    shown = [spoken(math) for math in re.findall(r"<math .*?</math>", html)]
    for text in [*LISTED, *IN_TABLES]:
        assert letters(text) in shown, text


@pytest.mark.parametrize("name", ["learn.html", "reading.html"])
def test_every_way_leads_somewhere(site: Path, name: str) -> None:
    html = (site / name).read_text(encoding="utf-8")
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', html)]
    assert sum(link.startswith("source/") for link in links) > 40
    pages = {path: path.read_text(encoding="utf-8") for path in site.glob("**/*.html")}
    for link in links:
        path, _, anchor = link.partition("#")
        target = site / urlsplit(path).path if path else site / name
        assert target.is_file(), link
        assert not anchor or f'id="{anchor}"' in pages[target], link


def test_a_line_says_what_stands_there(site: Path, html: str) -> None:
    found = re.findall(
        r'<a class="line" href="source/([\w/]+).html#L(\d+)"><code>(.*?)</code>', html
    )
    assert len(found) > 60
    for file, number, words in found:
        lines = (PACKAGE / f"{file}.py").read_text(encoding="utf-8").split("\n")
        begin = lines[int(number) - 1].split("  #")[0].strip()
        assert unescape(words).startswith(begin.rstrip("(")), (file, number)


def test_every_stop_is_an_array_of_a_step(html: str) -> None:
    found = [urlsplit(unescape(link)) for link in re.findall(r'class="stop" href="([^"]+)"', html)]
    assert len(found) > 18
    for link in found:
        query = parse_qs(link.query, strict_parsing=True)
        assert link.path == stops.PAGE and set(query) <= {"model", "stop"}
        assert query.get("model", ["conv"]) == ["conv"]
        part = r"[azs]|da|dx|ds|delta|loss|(weight|bias)(\.gradient)?"
        assert re.fullmatch(rf"(layers\.(\d+|last)\.)?({part})", query["stop"][0])


def test_every_stop_has_its_formula(formulas: Formulas) -> None:
    """A key of the table that no formula has would be a link that nobody sees."""
    html = Text("maths.md", formulas).html()
    assert html.count('class="stop"') == len(stops._STOPS)


def test_the_line_is_the_one_that_computed_it(formulas: Formulas) -> None:
    def lines(text: str, name: str, file: str) -> list[str]:
        found = formulas.located(text, Place(name, file))
        return [formulas.code.statement(*one)[1] for one in found.lines]

    assert lines("z = x Wᵀ + b", "Dense.forward", "layers/dense.py") == [
        "engine.product(x, self.weight, z, transpose_b=True)",
        "engine.add_bias(z, self.bias)",
    ]
    assert lines("a = max(s)", "MaxPool2D.forward", "layers/windows.py") == [
        "engine.pool(s, flow.a, winner)"
    ]
    assert lines("v ← μ v + g", "momentum", "optimizers.py") == ["v = μ * v + g"]
    assert lines("θ ← θ − η v", "momentum", "optimizers.py") == ["return θ - η * v, v"]
    (xhat,) = lines("x̂ = (x − μ)/√(σ² + ε)", "BatchNorm.forward", "layers/batch_norm.py")
    assert "m.sqrt(var + EPSILON)" in xhat


def test_it_moves_along(tmp_path: Path, formulas: Formulas) -> None:
    copy = tmp_path / "src" / "glassnet"
    shutil.copytree(PACKAGE, copy)
    file = copy / "layers" / "dense.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("@dataclass", "# new\n\n\n@dataclass", 1), encoding="utf-8")
    place = Place("Dense.forward", "layers/dense.py")
    before = formulas.located("a = f(z)", place).lines
    after = Formulas(copy).located("a = f(z)", place).lines
    assert [one.number for one in after] == [one.number + 3 for one in before]


def test_what_a_symbol_means_depends_on_where_it_stands() -> None:
    symbols = Symbols.of(markdown.blocks(MATHS, "maths.md"), "maths.md")
    assert symbols.meaning("μ", ("Update",)).text.startswith("momentum")
    assert symbols.meaning("μ", ("Backward", "Back through the other layers")).text.startswith(
        "mean"
    )
    assert symbols.meaning("x", ("Forward",)).shape == "(B, I)"
    assert "height" in symbols.meaning("x", ("Forward", "Layers for images")).shape
    with pytest.raises(BuildError, match=r"no table says what q means \(Update\)"):
        symbols.meaning("q", ("Update",))


def test_symbols_of_a_formula_are_numbered() -> None:
    def find(symbol: str) -> Meaning | None:
        return Meaning(symbol, "told", "(B, U)") if symbol in known else None

    def need(symbol: str) -> Meaning:
        assert symbol in known, symbol
        return Meaning(symbol, "told", "(B, U)")

    known = {"L", "W", "δ", "x", "σ²", "ε", "Σ", "e", "xₙ"}
    made = Formula(tree("∂L/∂W = δᵀ x"), find, need)
    assert list(made.meanings) == ["∂L/∂W", "δ", "x"]
    assert "how L changes with W" in made.meanings["∂L/∂W"].text
    assert made.meanings["∂L/∂W"].shape == "(B, U)"
    made = Formula(tree("Σₑ √(σ² + ε) xₙ"), find, need)
    assert list(made.meanings) == ["Σ", "e", "σ²", "ε", "xₙ"]
    assert '<munder><mo class="s1"' in made.math
    assert '<mi class="s2" tabindex="-1">e</mi>' in made.math


def test_brackets_grow_with_what_is_high() -> None:
    def math(text: str) -> str:
        return Formula(tree(text), lambda one: None, lambda one: Meaning(one, "", "")).math

    assert math("(1 − a)²").count('stretchy="false"') == 2
    assert "stretchy" not in math("(1/B − a)") + math("(Σₖ a)")
    assert "<mspace" in math("ln a") and "<mspace" not in math("f(a) W b")
    assert math("x̂ f′").count("<mover") == 1 and "<mo lspace" in math("f′")


PLAIN = "# A\n\nText with `code`, *stress* and [words](to.md).\n\n- one\n- two\n"


def test_markdown() -> None:
    found = markdown.blocks(PLAIN + "\n| a | b |\n|---|---|\n| 1 | 2 |\n\n    x = 1\n", "a.md")
    kinds = [type(one).__name__ for one in found]
    assert kinds == ["Heading", "Paragraph", "Items", "Table", "Indented"]
    text = "a < b `c` [d](e) *f* it's"
    made = markdown.inline(text, "a.md", lambda c: f"<{c}>", lambda w, t: f"<{w}|{t}>")
    assert made == "a &lt; b <c> <d|e> <em>f</em> it’s"


@pytest.mark.parametrize(
    "text",
    [
        *("> quoted", "1. numbered", "* starred", "```\ncode\n```", "#### deep", "#tag"),
        *("- one\n  and on", "---", "<div>", "    two\n    lines", "[a]: b"),
        *(
            "| a |\n|---|",
            "| a | b |\n|---|---|\n| 1 |",
            "| a\n|---|\n| b |",
            "| a |\n| b |\n| c |",
        ),
    ],
)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(BuildError, match=r"^a\.md: "):
        markdown.blocks(text, "a.md")


@pytest.mark.parametrize(
    "text", ["an `open", "![a](b)", "[a](b c)", "**bold**", "a <b>c</b>", "a\\*"]
)
def test_nor_is_it_in_a_line(text: str) -> None:
    with pytest.raises(BuildError, match="what is meant by"):
        markdown.inline(text, "a.md", str, lambda words, to: words)


NOTATION = (
    "# A\n\n## Notation\n\n| symbol | meaning | shape |\n|---|---|---|\n| z | z | |\n| a | a | |\n"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- z = a ([Dense.gone](../../pylib/src/glassnet/layers/dense.py))", "has no Dense.gone"),
        (
            "- z = a ([Dense](../../pylib/src/glassnet/gone.py))",
            "neither a page nor of the package",
        ),
        ("See [here](https://example.org/).", "neither a page nor of the package"),
        ("- z = q ([Dense.forward](../../pylib/src/glassnet/layers/dense.py))", "what q means"),
        ("- z = a ([Dense.forward](../../pylib/src/glassnet/layers/dense.py))\n- other", "is none"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "neither symbols nor formulas"),
        ("## Twice\n\n## Twice", "two headings"),
        ("| symbol | meaning | shape |\n|---|---|---|\n| z | b | |", "explains z twice"),
    ],
)
def test_what_leads_nowhere_is_refused(
    tmp_path: Path, formulas: Formulas, text: str, words: str
) -> None:
    (tmp_path / "maths.md").write_text(NOTATION + "\n" + text + "\n", encoding="utf-8")
    with pytest.raises(BuildError, match=words):
        Text("maths.md", formulas, tmp_path).html()


def test_the_text_is_whole(site: Path, formulas: Formulas) -> None:
    for name, (page, _) in PAGES.items():
        made = Text(name, formulas).html()
        assert made in (site / page).read_text(encoding="utf-8")
        ids = re.findall(r' id="([^"]+)"', made)
        assert len(ids) == len(set(ids)) > 5
        assert re.findall(r'<a href="#([^"]+)">', made) == re.findall(r'<h[23] id="([^"]+)"', made)


def test_code_is_asked() -> None:
    code = Code(PACKAGE)
    assert code.where("Affine.forward_affine") == "layers/dense.py"
    assert code.where("forward") is None
    assert code.within("layers/dense.py", code.span("layers/dense.py", "Dense.forward")[1]) == (
        "Dense.forward"
    )
    with pytest.raises(BuildError, match=r"no statement that begins 'engine\.gone"):
        code.begins("layers/dense.py", "engine.gone(")
    assert defined("θ ← θ − η g") == "θ" and defined("a") == "a"
