"""Who may import whom, in Python and in JavaScript: the arrows of the house, and no other."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from make.settings import BRIDGE, MAKE, PYLIB, ROOT, WEB

# A room of the package imports from lower floors, and from within itself.
FLOORS = [
    ["errors"],
    ["options", "data", "storage", "looking", "events", "formulas", "images", "series"],
    ["engines", "adaline", "showing"],
    ["notebook"],
    ["browse", "watching", "shown", "telling"],
    ["activations", "losses", "initializers", "optimizers", "schedules"],
    ["layers"],
    ["network", "config"],
    ["training", "tracing", "gradient_check"],
    ["insight", "export", "parallel"],
    ["model"],
    ["terminal", "scale", "run_folder"],
    ["sweeping", "following"],
    ["cli"],
    ["__main__"],
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# For each part of web/, what it may import: places of ours by prefix, packages by name. The first
# prefix that fits a file counts, with all its rows.
JAVASCRIPT = [
    ("draw/", ["draw/"]),
    ("state/", ["state/", "@preact/signals-core"]),
    ("wire/", ["wire/"]),
    ("data/", ["data/", "wire/"]),
    ("python/", ["python/", "wire/", "pyodide"]),
    ("pictures/", ["pictures/", "data/", "draw/", "wire/"]),
    ("models/", ["models/", "pictures/client.js", "python/client.js", "data/", "draw/", "wire/"]),
    ("models/", ["state/", "@preact/signals-core"]),
    ("kit/", ["kit/", "draw/", "state/", "lit", "uplot", "@preact/signals-core"]),
    ("kit/", ["offline/keep.js", "@lit-labs/preact-signals"]),
    ("figures/", ["figures/", "kit/", "models/", "draw/", "state/", "data/", "wire/places.js"]),
    ("figures/", ["wire/script.js"]),
    ("figures/", ["pictures/tile-size.js", "lit", "uplot", "@preact/signals-core"]),
    ("figures/", ["@lit-labs/preact-signals"]),
    ("offline/", ["offline/", "wire/places.js", "@preact/signals-core"]),
    ("embed/", ["embed/"]),
    ("pages/early.js", ["wire/early.js"]),
    ("pages/frame.js", ["figures/", "state/", "embed/", "python/enter.js", "wire/places.js"]),
    ("pages/frame.js", ["@preact/signals-core"]),
    ("pages/room.js", ["embed/messages.js", "python/room.js", "wire/places.js"]),
    ("pages/", ["pages/", "figures/", "kit/", "state/"]),
    ("glassnet.js", ["wire/", "embed/", "python/enter.js"]),
    ("glassnet-widget.js", ["embed/", "figures/notebook/", "kit/host-theme.js"]),
]

_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^'"();]*?\bfrom\s*['"](?P<a>[^'"]+)['"]"""
    r"""|^\s*import\s*['"](?P<b>[^'"]+)['"]"""
    r"""|\bimport\(\s*['"](?P<c>[^'"]+)['"]""",
    re.MULTILINE,
)


def python_imports(source: str) -> set[str]:
    """The modules that a piece of Python imports, wherever in it and for whatever sake: what only a
    type checker follows is an arrow, too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
            if node.module == "glassnet":
                found |= {f"glassnet.{alias.name}" for alias in node.names}
    return found


def package_faults(room: str, imports: set[str]) -> Iterator[str]:
    """What a module of `glassnet` in `room` may not import."""
    for name in sorted(imports):
        top, _, rest = name.partition(".")
        if top == "glassnet":
            other = rest.partition(".")[0]
            known = not other or other in FLOOR or other == "__version__"
            if not known:
                yield f"{name}: no room of that name; give it a floor in FLOORS"
            elif other in FLOOR and other != room and FLOOR[other] >= FLOOR[room]:
                yield f"{room} may not import {name}"
        elif top != "numpy" and top not in sys.stdlib_module_names:
            yield f"{room} may not import {name}: numpy and the standard library are all"


def javascript_imports(file: str, source: str) -> set[str]:
    """What a module imports: places of ours relative to web/, packages by their name."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)  # types are named in comments
    found = set()
    for match in _IMPORT.finditer(source):
        name = match["a"] or match["b"] or match["c"]
        if name.startswith("."):
            found.add((WEB / file).parent.joinpath(name).resolve().relative_to(WEB).as_posix())
        else:
            parts = name.split("/")
            found.add("/".join(parts[:2]) if name.startswith("@") else parts[0])
    return found


def javascript_faults(file: str, imports: set[str]) -> Iterator[str]:
    """What a module of the site may not import."""
    rows = [row for row in JAVASCRIPT if file.startswith(row[0])]
    if not rows:
        yield f"{file}: web/ has no such room"
        return
    allowed = [place for row in rows if row[0] == rows[0][0] for place in row[1]]
    for name in sorted(imports):
        if not any(
            name == place or (place[-1] == "/" and name.startswith(place)) for place in allowed
        ):
            yield f"{file} may not import {name}"


# What only a page has. A model knows none of it: it is told what it needs, and so can be followed
# anywhere. `fetch` and timers are no page's alone.
_PAGE = re.compile(
    r"""(?<![\w.'"`$])(?P<name>document|window|matchMedia|navigator|location|history(?=\.(?:push|replace))"""
    r"""|localStorage|sessionStorage|customElements|getComputedStyle|devicePixelRatio"""
    r"""|requestAnimationFrame|requestIdleCallback|ResizeObserver|IntersectionObserver"""
    r"""|MutationObserver|HTML\w*Element|Element|addEventListener)\b(?!\s*:)"""
)
_QUIET = re.compile(r"""/\*.*?\*/|//[^\n]*|'[^'\n]*'|"[^"\n]*\"""", re.DOTALL)


def page_faults(source: str) -> list[str]:
    """What of a page a model's code mentions, comments and quoted words apart."""
    return [match["name"] for match in _PAGE.finditer(_QUIET.sub("", source))]


def _room(path: Path) -> str:
    return path.relative_to(PYLIB / "src" / "glassnet").parts[0].removesuffix(".py")


MODULES = sorted((PYLIB / "src" / "glassnet").rglob("*.py"))
SCRIPTS = [
    path.relative_to(WEB).as_posix()
    for path in sorted(WEB.rglob("*.js"))
    if path.relative_to(WEB).parts[0] not in ("node_modules", "make", "engines")
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PYLIB / "src")))
def test_package(path: Path) -> None:
    room, imports = _room(path), python_imports(path.read_text(encoding="utf-8"))
    if room == "__init__":  # the package's front door may show whatever is inside
        assert all(name.split(".")[0] in {"glassnet", *sys.stdlib_module_names} for name in imports)
        return
    assert room in FLOOR, f"{room} has no floor yet; give it one in FLOORS"
    assert list(package_faults(room, imports)) == []


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Modules that import each other, directly or through others: each circle once, sorted."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        ahead = [start]
        while ahead:
            for name in imports.get(ahead.pop(), set()) - seen:
                seen.add(name)
                ahead.append(name)
        return seen

    far = {name: reached(name) for name in imports}
    found = {tuple(sorted(o for o in far[name] if name in far.get(o, ()))) for name in imports}
    return [list(circle) for circle in sorted(found) if circle]


def module_name(path: Path) -> str:
    """`glassnet.layers.dense`; of a room's `__init__.py` the room."""
    parts = path.relative_to(PYLIB / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_circles() -> None:
    """Not within a room either: each file can be read after those that it imports."""
    paths = {module_name(path): path for path in MODULES}
    del paths["glassnet"]  # the front door shows whatever is inside
    assert circles({name: read_first(path, set(paths)) for name, path in paths.items()}) == []


def read_first(path: Path, modules: set[str]) -> set[str]:
    """The modules that a file imports; of a room's files those, and not the room."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & modules or {node.module}
    return found & modules


def test_a_circle_is_seen() -> None:
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from b import B\n"
    graph = {"a": python_imports(typed), "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert circles(graph) == [["a", "b", "c"]]


@pytest.mark.parametrize("file", SCRIPTS)
def test_site(file: str) -> None:
    imports = javascript_imports(file, (WEB / file).read_text(encoding="utf-8"))
    assert list(javascript_faults(file, imports)) == []


@pytest.mark.parametrize("file", [file for file in SCRIPTS if file.startswith("models/")])
def test_a_model_knows_no_page(file: str) -> None:
    assert page_faults((WEB / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "if (document.hidden) return;",
        "const still = matchMedia('(x)').matches;",
        "window.setTimeout(act)",
        "class X extends HTMLElement {}",
        "const box = new ResizeObserver(act);",
    ],
)
def test_planted_page_in_a_model_is_seen(source: str) -> None:
    assert page_faults(source)


def test_words_about_a_page_are_none() -> None:
    assert (
        page_faults("/** the document */ const a = 'window'; // location\nrun.history.step") == []
    )


def test_bridge_knows_the_package_and_nothing_of_browsers() -> None:
    for path in BRIDGE.rglob("*.py"):
        for name in python_imports(path.read_text(encoding="utf-8")):
            top = name.lstrip(".").partition(".")[0]
            known = {"glassnet", "glassnet_bridge", "numpy", *sys.stdlib_module_names}
            assert name.startswith(".") or top in known, f"{path.name} imports {name}"


def test_build_starts_on_the_standard_library() -> None:
    """What runs before there is a virtual environment imports nothing that would be in it."""
    early = ["__init__", "clean", "console", "lock", "settings", "stamp", "venv"]
    for path in [ROOT / "build.py", *(MAKE / f"{name}.py" for name in early)]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                source = ast.unparse(node)
                for name in python_imports(source):
                    top = name.partition(".")[0]
                    assert name.startswith(".") or top in sys.stdlib_module_names, (path, name)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("engines", "from glassnet.layers import Dense"),
        ("network", "from glassnet import training"),
        ("tracing", "def f():\n    import glassnet.training"),
        ("errors", "import js"),
        ("data", "import scipy.ndimage"),
        ("layers", "from glassnet.nowhere import x"),
    ],
)
def test_planted_python_fault_is_seen(room: str, source: str) -> None:
    assert list(package_faults(room, python_imports(source)))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("draw/tiles.js", "import { theme } from '../state/theme.js';"),
        ("state/table.js", "export * from '../models/words.js';"),
        ("models/run.js", "import {\n  boot,\n} from '../python/boot.js';"),
        ("models/run.js", "import { html } from 'lit';"),
        ("figures/wall.js", "import '../python/worker.js';"),
        ("figures/wall.js", "const d3 = await import('d3');"),
        ("pages/train.js", "import { draw } from '../draw/tiles.js';"),
        ("attic/x.js", ""),
    ],
)
def test_planted_javascript_fault_is_seen(file: str, source: str) -> None:
    assert list(javascript_faults(file, javascript_imports(file, source)))


def test_types_in_comments_are_no_imports() -> None:
    source = "/** @typedef {import('./boot.js').Manifest} M */\nimport { V } from './protocol.js';"
    assert javascript_imports("python/client.js", source) == {"python/protocol.js"}
