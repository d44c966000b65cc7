"""What a canonical figure's folder holds beside its pictures: the page, which is web/embed.html
with the row in it, and what oEmbed asks for, as a file.

A static oEmbed can be had because each folder answers for one address only. It is of use only with
whole addresses, for whoever reads it shows its HTML somewhere else. So without `--address` there is
none, and the page leads to none; its picture and its link are relative then.
"""

from __future__ import annotations

import json
from html import escape
from string import Template

from ..console import BuildError
from .table import PAGES, PICTURE, WIDTH, Row

UP = "../../"  # from a folder to the site's root
# No storage and no origin: WordPress takes even the rest away, and the figures do without.
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


def place(row: Row) -> str:
    """Its folder, relative to the site's root."""
    return f"embed/{row.name}/"


def files(row: Row, template: str, address: str | None) -> dict[str, str]:
    """The texts in a folder, by their paths in the site; the page's references are not bundled yet.

    Args:
        template: web/embed.html.
        address: of the site's root, checked; None if it is not known.
    """
    made = {f"{place(row)}index.html": page(row, template, address)}
    if address is not None:
        made[f"{place(row)}oembed.json"] = oembed(row, address)
    return made


def page(row: Row, template: str, address: str | None) -> str:
    """The figure alone. Where its fallback links to is whole, too, if the site's address is known;
    its pictures lie beside it, wherever a copy of the site is (the policy lets no others in)."""
    own = "" if address is None else address + place(row)
    told = {
        "figure": row.figure,
        "query": row.query,
        "title": row.title,
        "description": row.description,
        "alt": row.alt,
        "picture": f"{own}light.png",
        "light": "light.png",
        "dark": "dark.png",
        "page": _page(row, UP if address is None else address),
    }
    values = {name: escape(value) for name, value in told.items()}
    values["discovery"] = "" if address is None else _discovery(row, own)
    try:
        return Template(template).substitute(values)
    except (KeyError, ValueError) as error:
        raise BuildError(f"embed.html asks for what no row has: {error}.") from error


def oembed(row: Row, address: str) -> str:
    """The answer of an oEmbed provider (version 1.0, type `rich`), as JSON."""
    own = address + place(row)
    title = escape(row.title)
    # WordPress keeps links, one blockquote and one iframe, and shows the first until the second
    # answers.
    html = (
        f'<blockquote class="glassnet"><a href="{escape(_page(row, address))}">{title}</a>'
        f'</blockquote><iframe sandbox="{SANDBOX}" src="{escape(own)}" width="{WIDTH}"'
        f' height="{row.height}" title="{title}" loading="lazy"></iframe>'
    )
    document = {
        "version": "1.0",
        "type": "rich",
        "title": row.title,
        "provider_name": "glassnet",
        "provider_url": address,
        "width": WIDTH,
        "height": row.height,
        "thumbnail_url": f"{own}light.png",
        "thumbnail_width": PICTURE[0],
        "thumbnail_height": PICTURE[1],
        "html": html,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _page(row: Row, root: str) -> str:
    """The page that the figure is from, in the row's state."""
    page = PAGES[row.figure]
    shown = page if root == UP or page != "index.html" else ""
    return f"{root}{shown}{row.query}"


def _discovery(row: Row, own: str) -> str:
    """Which page this is, for those who follow it, and where an embedding is to be had: as oEmbed
    and as Iframely look for it."""
    here, title = escape(own), escape(row.title)
    return "\n    ".join(
        [
            f'<link rel="canonical" href="{here}">',
            f'<meta property="og:url" content="{here}">',
            '<link rel="alternate" type="application/json+oembed"'
            f' href="{here}oembed.json" title="{title}">',
            f'<link rel="iframely player" type="text/html" href="{here}"'
            f' media="(aspect-ratio: {WIDTH}/{row.height})">',
        ]
    )
