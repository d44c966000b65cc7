"""The response headers of the site, one rule for our own server and for hosts that read `_headers`.

The pages work without any of them (GitHub Pages sets none); they add speed and confinement.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import PurePosixPath

from .parts import FOLDERS, PARTS

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

_HASHED = re.compile("|".join(sorted({part.hashed for part in PARTS})))
_INLINE = re.compile(r'<script(?: type="importmap")?>(.*?)</script>', re.DOTALL)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".ts": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".zip": "application/zip",
    ".gz": "application/octet-stream",  # and never Content-Encoding: the page unpacks it itself
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


def common(html: str = "") -> dict[str, str]:
    """The headers of every answer; the policy allows the inline scripts of `html`, and no other."""
    return {
        "Content-Security-Policy": _policy(html),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Access-Control-Allow-Origin": "*",  # pages in a sandbox have no origin of their own
        # Without these two no page that isolates itself (to have threads, say) can embed ours.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }


def _policy(html: str) -> str:
    """Pyodide needs WebAssembly; an embedded page without an origin starts its worker from a blob
    or data address; drawings are saved from blobs; a figure is shown as it will be embedded in
    a frame of our own. Nothing else may load, from nowhere else."""
    inline = [hashlib.sha256(text.encode()).digest() for text in _INLINE.findall(html)]
    hashes = [f"'sha256-{base64.b64encode(one).decode()}'" for one in dict.fromkeys(inline)]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *hashes]),
            "worker-src 'self' blob: data:",
            "connect-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "frame-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors *",
        ]
    )


def headers(path: str, data: bytes = b"") -> dict[str, str]:
    """The headers for a file of the site. path: relative to its root; data: what is in it."""
    kind = PurePosixPath(path).suffix
    return {
        "Content-Type": TYPES.get(kind, "application/octet-stream"),
        "Cache-Control": FOREVER if _HASHED.match(path) else ASK_AGAIN,
        **common(data.decode(errors="replace") if kind == ".html" else ""),
    }


def headers_file(html: str) -> str:
    """The same as a `_headers` file, which some static hosts (Netlify, Cloudflare Pages) obey.

    html: what has the inline scripts: all pages share theirs, and all frames theirs.
    """
    blocks = [("/*", common(html))]
    blocks += [(f"/{folder}", {"Cache-Control": FOREVER}) for folder in FOLDERS]
    lines = []
    for pattern, fields in blocks:
        lines += [pattern, *(f"  {name}: {value}" for name, value in fields.items())]
    return "\n".join(lines) + "\n"
