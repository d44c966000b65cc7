"""What web/PUBLISHING.md and the workflow tell people to run is there to be run."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import tomllib
from argparse import ArgumentParser
from pathlib import Path

import pytest

from make.headers import headers_file
from make.settings import PYLIB, ROOT, WEB

GUIDE = WEB / "PUBLISHING.md"
WORKFLOW = ROOT / ".github" / "workflows" / "publish.yml"
GUIDES = [GUIDE, ROOT / "README.md", WEB / "make" / "README.md"]


def commands(text: str) -> list[list[str]]:
    """The arguments of each `python3 build.py …` in a text, up to a comment or its code's end."""
    found = re.findall(r"python3 build\.py\b([^\n`#]*)", text)
    return [shlex.split(one.replace("$URL", "https://example.org")) for one in found]


@pytest.fixture(scope="module")
def parser() -> ArgumentParser:
    made: ArgumentParser = runpy.run_path(str(ROOT / "build.py"))["parser"]()
    return made


@pytest.mark.parametrize("path", [*GUIDES, WORKFLOW], ids=lambda path: path.name)
def test_every_command_exists(path: Path, parser: ArgumentParser) -> None:
    found = commands(path.read_text(encoding="utf-8"))
    assert found
    for arguments in found:
        if arguments != ["--help"]:
            parser.parse_args(arguments)  # which exits where it does not understand


@pytest.mark.parametrize("words", ["realease", "build --adress x", "serve --port eighty"])
def test_one_that_does_not_is_seen(words: str, parser: ArgumentParser) -> None:
    (arguments,) = commands(f"`python3 build.py {words}`")
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)


def test_every_file_that_is_named_exists() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\.github|web|pylib)/[\w./-]+)`", text))
    assert {"pylib/CHANGELOG.md", ".github/workflows/publish.yml"} <= named
    for name in named:
        assert (ROOT / name).exists(), name


def test_every_host_and_header_is_told_of() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for host in ("GitHub Pages", "Netlify", "Cloudflare Pages", "An S3 bucket"):
        assert f"## {host}\n" in text
    names = re.findall(r"^  ([\w-]+):", headers_file(""), re.MULTILINE)
    assert len(names) > 5
    plain = {"X-Content-Type-Options", "Referrer-Policy"}  # no reader would miss them
    for name in set(names) - plain:
        assert f"`{name}" in text, name


def test_the_largest_file_fits(site: Path) -> None:
    """Cloudflare Pages takes 25 MiB a file."""
    assert max(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 12.5 * 2**20


def test_the_policy_of_the_bucket_is_json() -> None:
    block = re.search(r"```json\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block and json.loads(block[1])[0]["AllowedOrigins"] == ["*"]


def test_the_two_versions_are_one() -> None:
    told = tomllib.loads((PYLIB / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (PYLIB / "src" / "glassnet" / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{told["version"]}"' in text
