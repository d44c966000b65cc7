"""The licences of what others made and the elements carry along, as one text."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

from ..console import BuildError, say
from ..settings import NODE_MODULES, SITE, WEB

# Whose licence is not in their package: where it can be read.
ELSEWHERE = {
    "pyodide": "Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/; its source:"
    " https://github.com/pyodide/pyodide. It brings CPython and its standard library, under the"
    " Python Software Foundation License 2, https://docs.python.org/3/license.html.",
}
OF_LIT = ["lit-html", "lit-element", "@lit/reactive-element"]  # which it comes in
RULE = "-" * 72


def third_party() -> str:
    """All of them, in order of their names."""
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    parts = [_of_package(name) for name in sorted([*package["dependencies"], *OF_LIT])]
    return f"\n{RULE}\n\n".join([*parts, *_of_numpy(), *_of_digits()])


def in_scripts() -> str:
    """Of what is bundled into scripts that draw, for whoever has only such a script."""
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    drawing = [name for name in package["dependencies"] if "lit" in name or "preact" in name]
    return f"\n{RULE}\n\n".join(_of_package(name) for name in sorted([*drawing, *OF_LIT]))


def _of_package(name: str) -> str:
    folder = NODE_MODULES / name
    told = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    head = f"{name} {told['version']} ({told['license']})\n\n"
    found = sorted(folder.glob("LICEN[CS]E*"))
    if not found and name not in ELSEWHERE:
        raise BuildError(f"{folder} has no licence; say in {Path(__file__).name} where it is.")
    text = found[0].read_text(encoding="utf-8") if found else ELSEWHERE[name]
    return head + text.strip() + "\n"


def _of_numpy() -> list[str]:
    """Those in its wheel, of the libraries in it, too."""
    wheels = sorted((SITE / "wheels").glob("numpy-*.whl"))
    if len(wheels) != 1:
        raise BuildError(f"{SITE / 'wheels'} has {len(wheels)} wheels of numpy, not one.")
    with ZipFile(wheels[0]) as wheel:
        names = sorted(name for name in wheel.namelist() if ".dist-info/licenses/" in name)
        if not names:
            raise BuildError(f"{wheels[0].name} has no licence in it.")
        return [f"{name}\n\n{wheel.read(name).decode().strip()}\n" for name in names]


def _of_digits() -> list[str]:
    """As the data set itself tells; a sample of it is worth a word to whoever publishes it."""
    indexes = [
        json.loads(path.read_text(encoding="utf-8")) for path in SITE.glob("data/*/index.json")
    ]
    for told in indexes:
        if told["sample"]:
            say(f"The elements will have a sample only: {told['title']}. For all digits: --mnist.")
    return [f"{told['title']}\n\n{told['source']}\n" for told in indexes]
