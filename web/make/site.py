"""The whole site, step by step into `_site/`; a step whose inputs are unchanged is skipped."""

from __future__ import annotations

import json
from pathlib import Path

from . import (
    bundle,
    declarations,
    headers,
    letters,
    manifest,
    node,
    offline,
    pages,
    parts,
    sets,
    shards,
    social,
    source,
    stamp,
    widget,
)
from .console import BuildError, say
from .embed import folder
from .embed import step as embed
from .embed.table import Row
from .learn import page as learn
from .learn.formulas import Formulas
from .lock import exclusive
from .preview import step as preview
from .settings import MAKE, PYLIB, SITE, WEB, Settings

_SOURCES = ["pages", "figures", "kit", "models", "pictures", "python"]
_SOURCES += ["wire", "offline", "embed", "data", "draw", "state", "styles", "learn"]
_SOURCES += [bundle.FRONT, widget.ENTRY]


def make(settings: Settings) -> None:
    """Bring `_site/` up to date."""
    address = settings.address and social.checked(settings.address)
    with exclusive():
        SITE.mkdir(exist_ok=True)
        program = node.install(settings)
        made = parts.make(parts.Making(program, settings))
        pictures, embeds = preview.make(made, program), embed.make(made, program)
        _pages(program, made, pictures, embeds, address)
        _prune()
        _readable()
    say(f"The site is in {SITE}")


def data(settings: Settings) -> None:
    """Obtain and pack the data set anew."""
    with exclusive():
        SITE.mkdir(exist_ok=True)
        program = node.install(settings)
        path = SITE / shards.make(settings, program, again=True)
    say(f"The data set is in {path.parent}")


def add(name: str, folder: Path | None, settings: Settings) -> None:
    """Pack one more data set, which stays in the site."""
    from . import published  # which brings numpy

    with exclusive():
        SITE.mkdir(exist_ok=True)
        path = published.add(name, folder, settings, node.install(settings))
    say(f"{name} is in {path}")


def _pages(
    program: node.Node,
    made: dict[str, str],
    pictures: dict[str, str],
    embeds: list[Row],
    address: str | None,
) -> None:
    """Bundle all scripts and write the HTML files. made: the other parts, paths by name, as are the
    pictures for links. embeds: the canonical figures. address: of the site, if it is known."""
    html = pages.sources()
    if not html:
        raise BuildError(f"There is no page in {WEB}.")
    code = [WEB / name for name in _SOURCES if (WEB / name).exists()]
    options = declarations.make()
    learned = letters.make(program)
    declared = json.dumps([options, learned])
    told_of = [row.told() for row in embeds]
    given = [*made.values(), *pictures.values(), json.dumps(told_of), address or "", declared]
    package = PYLIB / "src" / "glassnet"
    key = stamp.digest(*given, *html, pages.FRAME, *code, package, MAKE, WEB / "package-lock.json")
    if stamp.read("pages", key) is not None:
        return
    alone = bundle.alone(program, list(parts.SCRIPTS.values()))
    scripts = {name: alone.entries[source] for name, source in parts.SCRIPTS.items()}
    referred = {path for page in [*html, pages.FRAME] for path in pages.references(page)}
    entries = sorted(referred.union(source.STYLES) - {bundle.GUARD})
    table = parts.table({**made, **scripts})
    told = {"__EARLY__": {name: table[name] for name in ("worker", "python", "wall", "mnist")}}
    early, guard = bundle.text(program, bundle.EARLY, told), bundle.text(program, bundle.GUARD)
    bundled = alone | bundle.pages(program, entries, table, options, learned, told_of)
    modules = {tag: bundled.entries[source] for tag, source in bundle.FIGURES.items()}
    needed = {tag: [path, *sorted(bundled.needed(path))] for tag, path in modules.items()}
    figures = {tag: [parts.entry(path) for path in paths] for tag, paths in needed.items()}
    digits = _bytes(SITE / made["mnist"])
    front = bundle.front(program, figures, digits, told_of)
    written = [*bundled.files, *front.files]
    constants = bundle.constants(table, options, told_of)
    constants |= {"__ADDRESS__": address or "", "__DIGITS__": digits}
    written += widget.make(program, constants)
    own = {path for source, path in bundled.entries.items() if source.startswith("pages/")}
    # Of a page's own script its tag tells what it must be.
    integrity = {path: told for path, told in bundled.integrity.items() if path not in own}
    first = pages.inline([early, guard], integrity)
    framed = pages.inline([guard], integrity, folder.UP)  # it starts nothing unasked
    texts = source.pages(package, bundled)
    formulas = Formulas(package)
    for page in html:
        text = social.told(page.read_text(encoding="utf-8"), page.name, pictures, address)
        texts[page.name] = learn.filled(pages.rewrite(text, bundled, first), formulas)
    template = pages.FRAME.read_text(encoding="utf-8")
    for row in embeds:
        for name, text in folder.files(row, template, address).items():
            whole = name.endswith(".html")
            texts[name] = pages.rewrite(text, bundled, framed, folder.UP) if whole else text
    texts |= manifest.made(program, options)
    texts |= {"_headers": headers.headers_file(first + framed), ".nojekyll": ""}
    for name, text in texts.items():
        (SITE / name).parent.mkdir(parents=True, exist_ok=True)
        (SITE / name).write_text(text, encoding="utf-8")
        written.append(SITE / name)
    made_before = set[Path]().union(*(stamp.files(step) for step in parts.STEPS))
    written += offline.make(program, offline.table([*made_before, *written]))
    stamp.write("pages", key, written, "made")


def _bytes(index: Path) -> int:
    """Of all shards of a packed data set."""
    splits = json.loads(index.read_text(encoding="utf-8"))["splits"].values()
    return sum(shard["bytes"] for split in splits for shard in split["shards"])


def _prune() -> None:
    """Remove from `_site/` what neither a step of today's build nor `data --set` made."""
    steps = [*parts.STEPS, preview.STEP, embed.STEP, "pages", *sets.built()]
    wanted = set[Path]().union(*(stamp.files(step) for step in steps))
    for path in sorted(SITE.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path not in wanted:
            path.unlink()


def _readable() -> None:
    """Whatever the umask and wherever a file was copied from: any web server may read the site."""
    for path in [SITE, *SITE.rglob("*")]:
        mode = 0o755 if path.is_dir() else 0o644
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)
