"""The whole site, step by step into `_site/`; a step whose inputs are unchanged is skipped."""

from __future__ import annotations

from pathlib import Path

from . import bundle, headers, model, node, pages, python_parts, recording, shards, stamp
from .console import BuildError, say
from .lock import exclusive
from .settings import MAKE, SITE, WEB, Settings

_SOURCES = ["pages", "figures", "kit", "models", "pictures", "python"]
_SOURCES += ["wire", "data", "draw", "state", "styles"]


def make(settings: Settings) -> None:
    """Bring `_site/` up to date."""
    with exclusive():
        SITE.mkdir(exist_ok=True)
        program = node.install(settings)
        python = python_parts.make(program, settings)
        mnist = shards.make(settings, program)
        shown = {
            "model": model.make(mnist, program, settings),
            "recording": recording.make(mnist, program),
        }
        _pages(program, {"python": python, "mnist": mnist, **shown})
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


def _pages(program: node.Node, parts: dict[str, str]) -> None:
    """Bundle the workers and the pages, and write the HTML files. parts: made before, by name."""
    html = pages.sources()
    if not html:
        raise BuildError(f"There is no page in {WEB}.")
    code = [WEB / name for name in _SOURCES if (WEB / name).is_dir()]
    key = stamp.digest(*parts.values(), *html, *code, MAKE, WEB / "package-lock.json")
    if stamp.read("pages", key) is not None:
        return
    workers = bundle.workers(program)
    assets = {**parts, **{name: workers.entries[path] for name, path in bundle.WORKERS.items()}}
    entries = sorted({path for page in html for path in pages.references(page)})
    bundled = bundle.pages(program, entries, assets)
    written = [*workers.files, *bundled.files]
    for page in html:
        target = SITE / page.name
        target.write_text(
            pages.rewrite(page.read_text(encoding="utf-8"), bundled), encoding="utf-8"
        )
        written.append(target)
    for name, text in {"_headers": headers.headers_file(), ".nojekyll": ""}.items():
        (SITE / name).write_text(text, encoding="utf-8")
        written.append(SITE / name)
    stamp.write("pages", key, written, "made")


def _prune() -> None:
    """Remove from `_site/` what no step of today's build made."""
    steps = ["python", "mnist", "model", "recording", "pages"]
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
