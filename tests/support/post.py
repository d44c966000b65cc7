"""Somebody's post, of another site than ours, with figures of ours in it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Frame, Page

from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, Serve, until

# What a careful host allows: our scripts and frames, no connection, no style but its own.
STRICT = (
    "default-src 'none'; style-src 'sha256-YfQ9sZm1Nq0'; img-src *; connect-src 'none'; "
    "script-src http://localhost:*; frame-src http://localhost:*"
)
TALL = "<p>…</p>" * 120


def figure(kind: str, **settings: str) -> str:
    told = "".join(f' data-{name}="{value}"' for name, value in settings.items())
    picture = '<img src="picture.svg" width="1200" height="630" alt="A picture of it" />'
    return f'<figure data-glassnet="{kind}"{told}>\n<a href="{kind}.html">{picture}</a>\n</figure>'


def elsewhere(server: SiteServer) -> str:
    """Our site's address, of another origin than the servers that tests start."""
    return server.url.replace("127.0.0.1", "localhost")


def posted(
    site: SiteServer,
    serve: Serve,
    open_page: OpenPage,
    *parts: str,
    policy: str = STRICT,
    init: str = "",
    headers: dict[str, str] | None = None,
    script: bool = True,
    **options: Any,
) -> Page:
    """Opens a post. script: whether it has ours. init: what is run before all else."""
    ours = f'<script async type="module" src="{elsewhere(site)}glassnet.js"></script>'
    html = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="icon.svg">'
        f"<title>A post</title>{''.join(parts)}{ours if script else ''}"
    )
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="12" height="6"/>'
    told = {"Content-Security-Policy": policy, **(headers or {})}
    pages = {"post.html": Answer(html.encode(), headers=told)}
    foreign = serve({**pages, "picture.svg": Answer(svg), "icon.svg": Answer(svg)})
    page = open_page(**{"viewport": {"width": 900, "height": 800}, **options})
    if init:
        page.add_init_script(init)
    page.goto(foreign.url + "post.html")
    return page


def alive(page: Page, number: int = 0) -> Frame:
    """The frame of a figure, once there is something to see in it."""
    whole = page.locator("figure[data-glassnet]").nth(number)
    whole.scroll_into_view_if_needed()
    until(lambda: whole.get_attribute("data-status") in ("ready", "running"), BOOT)
    handle = whole.locator("iframe").element_handle()
    assert handle
    frame = handle.content_frame()
    assert frame
    return frame
