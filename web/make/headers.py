"""The response headers of the site, one rule for our own server and for hosts that read `_headers`.

The pages work without any of them (GitHub Pages sets none); they add speed and confinement.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# Pyodide needs WebAssembly; an embedded page without an origin starts its worker from a blob or
# data address; drawings are saved from blobs. Nothing else may load, from nowhere else.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob: data:",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    ]
)

COMMON = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",  # pages embedded in a sandbox have no origin of their own
}

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

HASHED_FOLDERS = ["assets/*", "python/*", "model-*/*", "data/*"]
_HASHED = re.compile(
    r"^(assets/.+-[A-Z0-9]{8}\.|python/.+-[0-9a-f]{12}\.|(data/\w+|model)-[0-9a-f]{12}/)"
)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
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


def headers(path: str) -> dict[str, str]:
    """The headers for a file of the site, `path` being relative to its root."""
    return {
        "Content-Type": TYPES.get(PurePosixPath(path).suffix, "application/octet-stream"),
        "Cache-Control": FOREVER if _HASHED.match(path) else ASK_AGAIN,
        **COMMON,
    }


def headers_file() -> str:
    """The same as a `_headers` file, which some static hosts (Netlify, Cloudflare Pages) obey."""
    blocks = [("/*", COMMON)]
    blocks += [(f"/{folder}", {"Cache-Control": FOREVER}) for folder in HASHED_FOLDERS]
    lines = []
    for pattern, fields in blocks:
        lines += [pattern, *(f"  {name}: {value}" for name, value in fields.items())]
    return "\n".join(lines) + "\n"
