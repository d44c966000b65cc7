"""The package's source as pages: one a file, each line with its number to link to, each class,
function and table with its own name, so that a link to one still leads there when lines have moved.

They are made from the files that go into the visitors' Python, and need no script. Names are found
by Python's own parser, the same in every version; that is also why nothing but comments, docstrings
and the names of what is defined is set apart: how the rest falls into tokens is not.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from html import escape
from pathlib import Path, PurePosixPath

from .bundle import Bundle

FOLDER = "source"
STYLES = [f"styles/{name}.css" for name in ("tokens", "base", "source", "print")]

_LINKS = {"Browse": "browse.html", "Network": "network.html", "Train": "train.html"}
_LINKS |= {"Race": "race.html", "Learn": "learn.html"}
_DEFINED = re.compile(r"\b(class|def) (\w+)")


def pages(package: Path, bundle: Bundle) -> dict[str, str]:
    """The pages, by their paths in the site. bundle: has the STYLES."""
    files = {
        path.relative_to(package).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
    }
    made = {place(name): page(name, text, bundle) for name, text in files.items()}
    return {f"{FOLDER}/index.html": index(files, bundle), **made}


def place(name: str) -> str:
    """Where the page of a file is: `layers/dense.py` at `source/layers/dense.html`."""
    return f"{FOLDER}/{PurePosixPath(name).with_suffix('.html')}"


def symbols(text: str) -> dict[str, int]:
    """The line on which each class, function and named value is defined, by its dotted name."""
    found: dict[str, int] = {}
    for name, node in _defined(ast.parse(text), ""):
        found.setdefault(name, node.lineno)
    return found


def page(name: str, text: str, bundle: Bundle) -> str:
    """One file's page."""
    up = "../" * place(name).count("/")
    names = _names(text)
    lines = []
    for number, told in enumerate(marked(text), 1):
        own = f' id="{escape(names[number])}"' if number in names else ""
        link = f'<a id="L{number}" href="#L{number}" tabindex="-1" aria-hidden="true">{number}</a>'
        lines.append(f"<span{own}>{link}{told}\n</span>")
    body = f"""<p class="lead"><a href="{up}{FOLDER}/index.html">All files of the package</a></p>
      <h1>glassnet/{escape(name)}</h1>
      <div class="source" tabindex="0" role="region" aria-label="Source">
        <pre>{"".join(lines)}</pre>
      </div>"""
    return _whole(f"{name} · glassnet", _about(text), body, up, bundle)


def marked(text: str) -> list[str]:
    """The lines of a file as HTML, with comments, docstrings and what is defined set apart."""
    names, quiet, comments = _names(text), _docstrings(text), _comments(text)
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        code = line[: comments.get(number, len(line))]
        rest = line[len(code) :]
        told = f"<i>{escape(code)}</i>" if number in quiet and code else escape(code)
        if number in names:
            told = _DEFINED.sub(r"\1 <b>\2</b>", told, count=1)
        lines.append(told + (f"<i>{escape(rest)}</i>" if rest else ""))
    return lines


def index(files: dict[str, str], bundle: Bundle) -> str:
    """The page that leads to all others. files: their texts, by name."""
    rows = [
        f'<dt><a href="../{place(name)}">{escape(name)}</a></dt><dd>{escape(_about(text))}</dd>'
        for name, text in files.items()
    ]
    words = "The network’s own source: what runs in the browser, file by file."
    body = f"""<h1>How it is computed</h1>
      <p class="lead">{words}</p>
      <dl class="files">{"".join(rows)}</dl>"""
    return _whole("The source · glassnet", words, body, "../", bundle)


def _whole(title: str, description: str, body: str, up: str, bundle: Bundle) -> str:
    paths = [bundle.entries[style] for style in STYLES]
    sums = [f'integrity="{bundle.integrity[path]}" crossorigin' for path in paths]
    sums[-1] += ' media="print"'
    styles = "\n    ".join(
        f'<link rel="stylesheet" href="{up}{path}" {vouched}>'
        for path, vouched in zip(paths, sums, strict=True)
    )
    nav = "".join(f'<a href="{up}{path}">{words}</a>' for words, path in _LINKS.items())
    icon = bundle.entries["styles/icon.svg"]
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{escape(title)}</title>
    <meta name="description" content="{escape(description)}">
    <link rel="icon" href="{up}{icon}">
    {styles}
  </head>
  <body>
    <a class="skip" href="#the-page">To the source</a>
    <header class="bar">
      <a class="brand" href="{up}index.html">glassnet</a>
      <nav aria-label="Pages">{nav}</nav>
    </header>
    <main id="the-page" tabindex="-1">
      {body}
    </main>
  </body>
</html>
"""


def _names(text: str) -> dict[int, str]:
    """What is defined on a line, by line."""
    return {line: symbol for symbol, line in reversed(symbols(text).items())}


def _defined(node: ast.AST, within: str) -> Iterator[tuple[str, ast.stmt]]:
    """What is defined in a module or in a class, by dotted names, in the order of the lines."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield within + part.name, part
            if isinstance(part, ast.ClassDef):
                yield from _defined(part, f"{within}{part.name}.")
        elif isinstance(part, ast.Assign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            yield from ((within + one.id, part) for one in targets if isinstance(one, ast.Name))


def _docstrings(text: str) -> set[int]:
    """The lines that docstrings take."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return found


def _comments(text: str) -> dict[int, int]:
    """The column at which a line's comment begins, by line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {one.start[0]: one.start[1] for one in tokens if one.type == tokenize.COMMENT}


def _about(text: str) -> str:
    """What a module says of itself first."""
    told = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0]
    return " ".join(told.split())
