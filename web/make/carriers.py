"""What carries our snippets on other people's sites, for the tests: Markdown processors and makers
of sites, locked ones from npm, and others from the distribution. Where one is not to be had its
tests are skipped, or fail where CI=true."""

from __future__ import annotations

import shutil

from . import apt, node, stamp
from .console import BuildError, say
from .fetch import Unavailable
from .settings import TESTS, Settings

FOLDER = TESTS / "carriers"
PROGRAMS = [
    "kramdown",
    "jekyll",
    "pandoc",
    "hugo",
]  # packages of the distribution, and what they bring

_STAMP = FOLDER / "node_modules" / ".glassnet"


def obtain(settings: Settings) -> None:
    """Install what is not here yet."""
    try:
        _packages(settings)
    except BuildError as error:
        say(f"No Markdown processors and makers of sites from npm. {error}")
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return
    if settings.offline:
        say(f"No {' and '.join(missing)}, and nothing is fetched with --offline.")
        return
    try:
        apt.install(*missing)
    except (Unavailable, BuildError) as error:
        say(f"No {' and '.join(missing)}: {error}")


def there() -> bool:
    """Whether those from npm are installed."""
    return _STAMP.exists()


def _packages(settings: Settings) -> None:
    key = stamp.digest(FOLDER / "package.json", FOLDER / "package-lock.json")
    if _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == key:
        return
    node.ci(node.find(settings), FOLDER, settings)
    _STAMP.write_text(key, encoding="utf-8")
