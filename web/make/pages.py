"""The HTML files: each reference to a source file becomes one to its bundled, hashed form, which is
run only if its bytes are the ones that were built (`integrity`).

Modules that other modules import have no tag of their own. An import map says what they must be.
It is written into the pages, as is the script that watches over all others: the same in each, so
that their hashes let them through the security policy (headers.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from .bundle import GUARD, Bundle
from .console import BuildError
from .settings import WEB

_REFERENCE = re.compile(
    r"""(?P<before>\b(?:src|href)=")(?P<path>[^"#?:]+\.(?P<kind>\w+))(?=["#?])"""
)
_FETCHED = re.compile(r"""(?P<tag><(?:script|link)\b[^>]*\b(?:src|href)="(?P<path>[^"]+)"[^>]*)>""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


FRAME = WEB / "embed.html"  # the page of every canonical figure; embed/folder.py fills it in


def sources() -> list[Path]:
    """The site's pages."""
    return sorted(set(WEB.glob("*.html")) - {FRAME})


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


def inline(scripts: Sequence[str], integrity: Mapping[str, str], up: str = "./") -> str:
    """What is written into every page: its first scripts, and what every module of the site must
    be. up: the site's root, seen from the page."""
    modules = {f"{up}{path}": value for path, value in integrity.items() if path.endswith(".js")}
    imports = json.dumps({"integrity": dict(sorted(modules.items()))}, separators=(",", ":"))
    code = [script.partition("//# sourceMappingURL")[0].strip() for script in scripts]
    assert not any("</" in text for text in [*code, imports])
    inlined = "\n".join(f"<script>{text}</script>" for text in code)
    return f'{inlined}\n<script type="importmap">{imports}</script>'


def rewrite(html: str, bundle: Bundle, first: str = "", up: str = "") -> str:
    """`html` with its references rewritten and vouched for, and with hints for modules that its
    modules import. first: what is written where the guard is referred to, before any module. up:
    the site's root, seen from the page."""

    def bundled(match: re.Match[str]) -> str:
        path = bundle.entries.get(Path(match["path"]).as_posix())
        return match["before"] + (match["path"] if path is None else up + path)

    def vouched(match: re.Match[str]) -> str:
        value = bundle.integrity.get(match["path"].removeprefix(up))
        return f'{match["tag"]} integrity="{value}" crossorigin>' if value else match[0]

    html = _COMMENT.sub("", html).replace(f'<script src="{GUARD}"></script>', first, 1)
    modules = re.findall(r'<script type="module"[^>]*\bsrc="([^"]+)"', html)
    entries = [bundle.entries[Path(path).as_posix()] for path in modules]
    hints = sorted({chunk for entry in entries for chunk in bundle.needed(entry)})
    links = "".join(f'<link rel="modulepreload" href="{up}{chunk}">\n' for chunk in hints)
    html = _REFERENCE.sub(bundled, html).replace("</head>", f"{links}</head>", 1)
    return _FETCHED.sub(vouched, html)
