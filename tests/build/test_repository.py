"""What is committed, and that everything which is not ours is pinned by checksum instead."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from make import kernel
from make.pins import PINS
from make.settings import MAKE, ROOT, TESTS, WEB

TOP = {"build.py", "README.md", "pylib", "web", "tests"}
CONVENTIONAL = {"LICENSE", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md"}
LARGE = 400_000  # bytes; nothing we write ourselves is larger
LONG = 320  # lines; a longer file holds more than one noun
OURS = {f"{kernel.BUILT.relative_to(ROOT)}/{name}.wasm" for name in kernel.BUILDS}  # see there
LOCKED = sorted([*MAKE.glob("*.txt"), *TESTS.glob("*.txt")])


@pytest.fixture(scope="module")
def committed() -> list[str]:
    """The files of the repository, as committed or about to be."""
    command = ["git", "ls-files", "--cached"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("not a git checkout, so nothing is known of what is committed")
    return [name for name in done.stdout.splitlines() if (ROOT / name).exists()]


def test_top_level_is_as_drawn(committed: list[str]) -> None:
    top = {name.partition("/")[0] for name in committed}
    assert {name for name in top if not name.startswith(".")} <= TOP | CONVENTIONAL
    assert {"build.py", "pylib", "web", "tests"} <= top


def test_no_third_party_or_built_files(committed: list[str]) -> None:
    for name in committed:
        assert not re.search(r"(^|/)(node_modules|vendor|_site|dist|\.venv)/", name), name
        built = re.search(r"\.(whl|wasm|gz|zip|min\.js|so|pyc)$|-ubyte$", name)
        assert name in OURS or not built, name
        assert (ROOT / name).stat().st_size < LARGE, name


def test_files_hold_one_noun(committed: list[str]) -> None:
    code = [name for name in committed if name.endswith((".py", ".js", ".css"))]
    for name in code:
        if not name.startswith("tests/"):
            assert (ROOT / name).read_text(encoding="utf-8").count("\n") <= LONG, name


def test_no_two_test_files_have_one_name(committed: list[str]) -> None:
    """pytest, which knows them by their names alone, could not collect them together."""
    names = Counter(Path(file).name for file in committed if Path(file).name.startswith("test_"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_registry_is_named(committed: list[str]) -> None:
    """Where packages come from is the machine's choice (a mirror, an inside proxy), not ours."""
    names = [
        f"{name}.{end}" for name in ("pypi", "pythonhosted", "npmjs") for end in ("org", "com")
    ]
    for file in committed:
        text = (ROOT / file).read_bytes()
        for name in [*names, "--" + "index-url", "--extra-" + "index-url"]:
            assert name.encode() not in text, f"{file} names {name}"


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_packages_are_pinned_with_hashes(path: Path) -> None:
    text = re.sub(r"\s*\\\n\s*", " ", path.read_text(encoding="utf-8"))
    requirements = [
        line for line in text.splitlines() if line and not line.lstrip().startswith("#")
    ]
    assert requirements
    for line in requirements:
        assert re.match(r"[\w.-]+==\S+( ;[^-]*)? --hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize(
    "path",
    [p for p in LOCKED if p.with_suffix(".in").exists()],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_locked_file_has_what_is_asked_for(path: Path) -> None:
    wanted = re.findall(
        r"^([\w-]+)(?:\[\w+\])?==([\w.]+)",
        path.with_suffix(".in").read_text(encoding="utf-8"),
        re.M,
    )
    assert wanted
    locked = path.read_text(encoding="utf-8").replace("_", "-").lower()
    for name, version in wanted:
        assert f"\n{name.replace('_', '-').lower()}=={version} " in locked, name


@pytest.mark.parametrize("folder", [WEB, TESTS / "bench", TESTS / "carriers"])
def test_javascript_packages_are_pinned_with_hashes(folder: Path) -> None:
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    for kind in {"dependencies", "devDependencies"} & set(package):
        assert lock["packages"][""][kind] == package[kind]
        assert all(re.fullmatch(r"[\d.]+", version) for version in package[kind].values())
    for name, entry in lock["packages"].items():
        assert not name or re.match(r"sha512-", entry["integrity"]), name
        assert "resolved" not in entry, name


def test_pins() -> None:
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    assert package["dependencies"]["pyodide"] == PINS["pyodide"]["version"]
    digests = [*PINS["pyodide"]["files"].values(), *PINS["mnist"]["files"].values()]
    for sha256 in [*digests, PINS["sample"]["sha256"]]:
        assert re.fullmatch(r"[0-9a-f]{64}", sha256)
    assert len(PINS["mnist"]["files"]) == 4
    assert all(mirror.startswith("https://") for mirror in PINS["mnist"]["mirrors"])


def test_wheels_are_built_by_the_pinned_flit() -> None:
    pinned = re.search(
        r"^flit_core==(\S+)", (MAKE / "requirements.in").read_text(encoding="utf-8"), re.M
    )
    assert pinned
    for project in (ROOT / "pylib", WEB / "python" / "bridge"):
        build = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))[
            "build-system"
        ]
        assert build["requires"] == [f"flit_core=={pinned[1]}"]
