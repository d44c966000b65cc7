"""The page that reads a step: every file it names is there, and has the functions it names."""

from __future__ import annotations

import ast
import re

import pytest

from make.settings import PYLIB, WEB

PAGE = (WEB / "learn" / "reading-a-step.md").read_text(encoding="utf-8")
PACKAGE = PYLIB / "src" / "glassnet"
FILES = re.findall(r"`([a-z_/]+\.py)`", PAGE)


def defined(source: str) -> set[str]:
    """Functions, classes and methods, these as `Class.method`."""
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            inside = [f for f in node.body if isinstance(f, ast.FunctionDef)]
            names |= {f"{node.name}.{f.name}" for f in inside} | {f.name for f in inside}
    return names


SOURCES = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
KNOWN = {name for source in SOURCES for name in defined(source)}


@pytest.mark.parametrize("file", sorted(set(FILES)))
def test_its_files_are_there(file: str) -> None:
    assert (PACKAGE / file).is_file()


def test_its_headings_name_what_stands_in_their_files() -> None:
    headings = re.findall(r"^## \d\. `([a-z_/]+\.py)`: (.*)$", PAGE, re.MULTILINE)
    assert len(headings) >= 3
    for file, text in headings:
        there = defined((PACKAGE / file).read_text(encoding="utf-8"))
        for name in re.findall(r"`([\w.]+)`", text):
            assert name in there, f"{name} is not in {file}"


def test_every_name_it_mentions_exists() -> None:
    names = re.findall(r"`([A-Z]\w+\.\w+|[a-z]+_[a-z_]+)`", PAGE)
    assert len(names) >= 12
    assert not {name for name in names if name not in KNOWN}


def test_its_lines_are_the_codes() -> None:
    """In a table's left column: as in the file, up to where the page leaves something out."""
    source = " ".join((PACKAGE / "layers" / "dense.py").read_text(encoding="utf-8").split())
    lines = re.findall(r"^\| `(engine\.[^`]+|self\.[^`]+)`", PAGE, re.MULTILINE)
    assert len(lines) >= 6
    for line in lines:
        begin = line.split(", ...")[0].rstrip(")")
        assert begin in source.replace("( ", "("), line
