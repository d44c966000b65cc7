"""The HTML files: each reference to a source file becomes one to its bundled, hashed form."""

from __future__ import annotations

import re
from pathlib import Path

from .bundle import Bundle
from .console import BuildError
from .settings import WEB

_REFERENCE = re.compile(
    r"""(?P<before>\b(?:src|href)=")(?P<path>[^"#?:]+\.(?P<kind>\w+))(?=["#?])"""
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def sources() -> list[Path]:
    """The site's pages."""
    return sorted(WEB.glob("*.html"))


def references(page: Path) -> list[str]:
    """The files of ours, relative to web/, that a page needs; BuildError if one is missing."""
    found = []
    for match in _REFERENCE.finditer(_COMMENT.sub("", page.read_text(encoding="utf-8"))):
        path = match["path"]
        if not (WEB / path).resolve().is_relative_to(WEB) or not (WEB / path).is_file():
            raise BuildError(f"{page.name} refers to {path}, which is not a file in web/.")
        if match["kind"] != "html":
            found.append(Path(path).as_posix())
    return sorted(set(found))


def rewrite(html: str, bundle: Bundle) -> str:
    """`html` with its references rewritten, and with hints for modules its modules import."""

    def bundled(match: re.Match[str]) -> str:
        path = bundle.entries.get(Path(match["path"]).as_posix(), match["path"])
        return match["before"] + path

    html = _COMMENT.sub("", html)
    scripts = re.findall(r'<script[^>]*\bsrc="([^"]+)"', html)
    entries = [bundle.entries[Path(path).as_posix()] for path in scripts]
    hints = sorted({chunk for entry in entries for chunk in _needed(entry, bundle)})
    links = "".join(f'<link rel="modulepreload" href="{chunk}">\n' for chunk in hints)
    return _REFERENCE.sub(bundled, html).replace("</head>", f"{links}</head>", 1)


def _needed(module: str, bundle: Bundle) -> set[str]:
    """All modules that `module` imports statically, directly or through others."""
    needed: set[str] = set()
    waiting = [module]
    while waiting:
        for path in bundle.imports.get(waiting.pop(), []):
            if path not in needed:
                needed.add(path)
                waiting.append(path)
    return needed
