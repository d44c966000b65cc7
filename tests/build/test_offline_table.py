"""What the service worker is told: every file that a page can ask for, and what it must be."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from make import offline


@pytest.fixture(scope="module")
def told(site: Path) -> dict[str, dict[str, str]]:
    """The table in the built script."""
    script = (site / "service-worker.js").read_text(encoding="utf-8")
    row = (
        r'"(?P<name>[^"]+)":\{bytes:(?P<bytes>[\de]+),'
        r'integrity:"sha256-(?P<sum>[^"]+)",group:"(?P<group>\w+)"'
    )
    return {match["name"]: match.groupdict() for match in re.finditer(row, script)}


def test_every_row_is_true(site: Path, told: dict[str, dict[str, str]]) -> None:
    assert len(told) > 150
    for name, row in told.items():
        data = (site / name).read_bytes()
        assert len(data) == float(row["bytes"]), name
        assert base64.b64encode(hashlib.sha256(data).digest()).decode() == row["sum"], name
        assert offline.group_of(name) == row["group"]


def test_all_is_in_it_but_what_no_page_asks_for(
    site: Path, told: dict[str, dict[str, str]]
) -> None:
    others = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    apart = re.compile(
        r"(embed|wheels)/|assets/preview-|.*\.map$|_headers$|\.nojekyll$|glassnet(-widget)?\.(js|d\.ts)$"
        r"|custom-elements\.json$|service-worker\.js$|posters\.js$"
    )
    built_in = {name for name in others if re.match(r"data/(?!mnist-|sets-)", name)}
    assert {name for name in others - set(told) - built_in if not apart.match(name)} == set()


def test_the_first_visit_costs_little(told: dict[str, dict[str, str]], site: Path) -> None:
    """What is kept at once: about what the pages' scripts weigh, no Python and few digits."""
    shell = [name for name, row in told.items() if row["group"] == "shell"]
    assert not [name for name in shell if name.startswith("python/")]
    assert sum((site / name).stat().st_size for name in shell) < 3_000_000
    assert {"index.html", "train.html", "frame.html", "room.html"} <= set(shell)
    assert [name for name in shell if name.startswith("data/") and name.endswith(".gz")] == [
        next(site.glob(f"data/mnist-*/test-0{n}.bin.gz")).relative_to(site).as_posix()
        for n in (0, 1)
    ]
