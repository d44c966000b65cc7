"""What web/PUBLISHING.md and the workflow tell people to run is there to be run."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import tomllib
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from make.headers import headers_file
from make.settings import PYLIB, ROOT, SITE, WEB

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


def parsed(text: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = import_module("yaml").safe_load(text)  # it has no types
    return loaded


def workflow_faults(text: str) -> list[str]:
    """What a workflow calls that is not there, or not pinned."""
    faults = []
    jobs = parsed(text)["jobs"]
    for name, job in jobs.items():
        needed = job.get("needs", [])
        faults += [f"no job {one}" for one in [needed] if one and one not in jobs]
        ids = {step["id"] for step in job["steps"] if "id" in step}
        used = set(re.findall(r"steps\.(\w+)\.", json.dumps(job)))
        faults += [f"no step {one} in {name}" for one in sorted(used - ids)]
        for step in job["steps"]:
            if "uses" in step and not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]):
                faults.append(f"{step['uses']} is not pinned by its commit")
            if "${{" in step.get("run", ""):
                faults.append(f"{step['run']} takes text into the shell")
    return faults


def test_the_workflow_calls_what_is_there() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    assert workflow_faults(text) == []
    told = parsed(text)
    assert told[True] == {"workflow_dispatch": None, "push": {"tags": ["v*"]}}  # YAML's "on"
    jobs = told["jobs"]
    assert told["permissions"] == {"contents": "read"}
    assert jobs["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    (upload,) = [step for step in jobs["build"]["steps"] if "upload" in step.get("uses", "")]
    assert ROOT / upload["with"]["path"] == SITE
    (built,) = [step for step in jobs["build"]["steps"] if "run" in step]
    assert built["run"] == 'python3 build.py build --address "$ADDRESS"'


def test_a_workflow_that_does_not_is_seen() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    for before, after, fault in (
        ("needs: build", "needs: bild", "no job bild"),
        ("id: pages", "id: page", "no step pages in build"),
        ("@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e", "@v4", "deploy-pages@v4 is not pinned"),
        ('"$ADDRESS"', "${{ inputs.address }}", "takes text into the shell"),
    ):
        assert before in text
        (found,) = workflow_faults(text.replace(before, after))
        assert fault in found
