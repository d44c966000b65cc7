"""What a page tells those who show a link to it. A page names its picture as `preview/NAME.png`.

Most readers of Open Graph want a whole address. Only who puts the site somewhere knows it: with
`--address` the pages have whole ones and say which is their own, so that copies of the site do not
compete with it; without, the picture's address is relative.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from .console import BuildError

_PICTURE = re.compile(r'(?<=content=")preview/(\w+)\.png(?=")')
_TITLE = '<meta property="og:title"'


def checked(address: str) -> str:
    """The address of the site's root, with a slash at the end; BuildError if it cannot be one."""
    try:
        parts = urlsplit(address)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fit = False
    if not fit or set(address) & set("?#@\"'<>\\ \t\n"):
        raise BuildError(
            f"{address!r} is no address of a site. Give the one that its first page will have, "
            "such as https://example.org/glassnet/ (--address or GLASSNET_ADDRESS)."
        )
    return address.rstrip("/") + "/"


def told(html: str, page: str, pictures: Mapping[str, str], address: str | None) -> str:
    """The page with its picture's address in it, and its own if that is known.

    Args:
        page: the file's name.
        pictures: paths relative to the site, by name.
        address: of the site's root, checked.
    """

    def place(match: re.Match[str]) -> str:
        if match[1] not in pictures:
            raise BuildError(f"{page} has a picture {match[0]}; there are {sorted(pictures)}.")
        return (address or "") + pictures[match[1]]

    html = _PICTURE.sub(place, html)
    if address is None:
        return html
    own = escape(address + ("" if page == "index.html" else page))
    lines = f'<link rel="canonical" href="{own}">\n    <meta property="og:url" content="{own}">'
    return html.replace(_TITLE, f"{lines}\n    {_TITLE}", 1)
