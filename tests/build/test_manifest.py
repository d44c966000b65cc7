"""What tools are told of the elements is what the elements are: their tables, in the forms of a
Custom Elements Manifest and of types."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from make import bundle, declarations, manifest, node
from make.console import BuildError
from make.settings import PYLIB, WEB, settings
from support.script import told

TABLES = """
globalThis.__OPTIONS__ = JSON.parse(given[0]);
const { TABLE } = await import(web + 'state/table.js');
const { BROWSE_TABLE } = await import(web + 'state/browse-table.js');
const { INSIDE_TABLE } = await import(web + 'state/inside-table.js');
const tables = { train: TABLE, browse: BROWSE_TABLE, network: INSIDE_TABLE, race: {} };
console.log(JSON.stringify(tables));
"""

USER = """
import { define, reach, type GlassTrainAttributes } from './glassnet.js';
const wanted: GlassTrainAttributes = { digit: 7, split: 'train', theme: 'dark' };
const waits: GlassTrainAttributes = { loading: 'touch', poster: 'a.png', alt: 'A picture' };
define('glass-train').then(() => [wanted, waits]);
const figure = document.querySelector('glass-network');
figure?.addEventListener('glass-change', ({ detail }) => detail.query.length);
document.querySelector('glass-train')?.play();
document.querySelector('glass-network')?.inspect({ layer: 1, unit: 7 }).then(() => {});
document.querySelector('glass-race')?.toBlob({ scale: 2 }).then((blob) => blob.size);
reach(document.body).describe().then((words) => words.length);
// @ts-expect-error: a race has nothing to inspect
document.querySelector('glass-race')?.inspect({ unit: 1 });
// @ts-expect-error: there is no such part of a network
document.querySelector('glass-network')?.inspect({ units: 1 });
// @ts-expect-error: there is no such split
const other: GlassTrainAttributes = { split: 'both' };
// @ts-expect-error: there is no such element
define('glass-tree');
console.log(other);
"""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    found = node.find(settings(offline=True))
    return manifest.made(found, declarations.read(PYLIB / "src"))


@pytest.fixture(scope="module")
def declared(made: dict[str, str]) -> dict[str, Any]:
    """The declarations by tag."""
    modules = json.loads(made["custom-elements.json"])["modules"]
    assert {one["path"] for one in modules} == {"glassnet.js"}
    return {one["declarations"][0]["tagName"]: one["declarations"][0] for one in modules}


def test_each_element_of_the_script_is_declared(declared: dict[str, Any]) -> None:
    assert list(declared) == list(bundle.FIGURES)
    for tag, one in declared.items():
        assert one["customElement"] is True and one["kind"] == "class"
        assert one["description"].endswith(".") and "*" not in one["description"], tag
        names = [attribute["name"] for attribute in one["attributes"]]
        assert len(names) == len(set(names))
        assert {"theme", "controls", "status", "loading", "poster"} <= set(names)
        assert [slot["name"] for slot in one["slots"]] == ["", "controls", "caption"]
        assert all(attribute["description"] for attribute in one["attributes"])


def test_attributes_are_the_rows_of_the_tables(declared: dict[str, Any]) -> None:
    tables = told(TABLES, json.dumps(declarations.read(PYLIB / "src")))
    for figure, table in tables.items():
        given = {one["name"]: one for one in declared[f"glass-{figure}"]["attributes"]}
        for name, row in table.items():
            one = given[f"data-{name}" if name in ("hidden", "python") else name]
            usual = json.loads(one["default"])
            if row["kind"] == "flag":
                usual = usual == "on"
            assert usual == row["default"], (figure, name)
            if row["kind"] == "choice":
                assert one["type"]["text"] == " | ".join(f"'{value}'" for value in row["values"])


def test_types_check_a_page_that_uses_them(made: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "glassnet.d.ts").write_text(made["glassnet.d.ts"], encoding="utf-8")
    (tmp_path / "user.ts").write_text(USER, encoding="utf-8")
    found = node.find(settings(offline=True))
    options = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler"]
    options += ["--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types", ""]
    tsc = WEB / "node_modules" / ".bin" / "tsc"
    command: list[str | Path] = [tsc, *options, tmp_path / "user.ts"]
    done = subprocess.run(command, env=found.env, check=False, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0)


def test_they_lie_beside_the_script(site: Path, made: dict[str, str]) -> None:
    for name, text in made.items():
        assert (site / name).read_text(encoding="utf-8") == text


def test_an_element_that_does_not_say_what_it_is_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(manifest, "FIGURES", {"glass-train": "package.json"})
    with pytest.raises(BuildError, match=r"package\.json does not say at its top what it is"):
        manifest.made(node.find(settings(offline=True)), declarations.read(PYLIB / "src"))
