"""Text is UTF-8 whatever the machine's own encoding is: every text file is opened by name of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from make.settings import ROOT

ROOMS = ("build.py", "pylib", "tests", "web/make", "web/python")
# The methods that open text, with the place of `encoding` among their arguments. Path's `open` and
# the builtin are told apart by what they are called on.
TEXT = {"read_text": 0, "write_text": 1}
MODE = {"open": 0, "NamedTemporaryFile": 0, "TemporaryFile": 0, "fdopen": 1}
NO_FILE = {"os.open", "webbrowser.open", "tarfile.open", "archive.open", "Image.open"}


def faults(source: str) -> Iterator[str]:
    """The calls of a piece of Python that leave the encoding to the machine."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        name = called.rpartition(".")[2]
        given = {keyword.arg for keyword in node.keywords}
        if "encoding" in given or called in NO_FILE:
            continue
        if (name in TEXT and len(node.args) <= TEXT[name]) or (
            name in MODE and _is_text(node, called, name)
        ):
            yield f"line {node.lineno}: {called}"


def _is_text(node: ast.Call, called: str, name: str) -> bool:
    place = 1 if called == "open" else MODE[name]
    modes = [keyword.value for keyword in node.keywords if keyword.arg == "mode"]
    mode = modes[0] if modes else node.args[place] if len(node.args) > place else None
    if mode is None:
        return "Temporary" not in name  # those are bytes unless told otherwise
    return not (isinstance(mode, ast.Constant) and "b" in str(mode.value))


def sources() -> list[Path]:
    found = [path for room in ROOMS for path in [ROOT / room, *(ROOT / room).rglob("*.py")]]
    return [path for path in found if path.suffix == ".py" and "node_modules" not in path.parts]


def test_every_text_file_is_opened_with_its_encoding() -> None:
    found = {
        str(path.relative_to(ROOT)): list(faults(path.read_text(encoding="utf-8")))
        for path in sources()
    }
    assert len(found) > 200
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_the_check_finds_what_it_looks_for() -> None:
    wrong = ["p.read_text()", "p.write_text(t)", "open(p)", "open(p, 'w')", "p.open()"]
    wrong += ["p.open('a')", "NamedTemporaryFile('w')", "os.fdopen(f, 'w')"]
    right = ["p.read_text('utf-8')", "p.read_text(encoding=e)", "p.write_text(t, encoding=e)"]
    right += ["open(p, 'rb')", "p.open('wb')", "p.open(mode='rb')", "p.read_bytes()"]
    right += ["os.open(p, f)", "NamedTemporaryFile()"]
    assert all(list(faults(text)) for text in wrong)
    assert not any(list(faults(text)) for text in right)
