"""The site as if its build had made another file: whoever wrote it vouches for it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from support.server import Answer


def forged(site: Path, files: Mapping[str, bytes]) -> dict[str, Answer]:
    """Answers to put over the site. files: new contents by path; each is one that scripts know with
    its length and checksum. The scripts that name them are told the new ones, and pages let them."""
    answers = {path: Answer(data) for path, data in files.items()}
    for script in site.glob("assets/*.js"):
        text = changed = script.read_text(encoding="utf-8")
        for path, data in files.items():
            old = (site / path).read_bytes()
            changed = changed.replace(sha256(old), sha256(data))
            changed = re.sub(
                rf'("{re.escape(path)}",bytes:){len(old)}\b', rf"\g<1>{len(data)}", changed
            )
        if changed != text:
            answers[script.relative_to(site).as_posix()] = Answer(changed.encode())
    assert len(answers) > len(files), "no script names any of these files"
    for page in site.glob("*.html"):
        html = re.sub(r' integrity="[^"]*" crossorigin', "", page.read_text(encoding="utf-8"))
        html = re.sub(r'<script type="importmap">.*?</script>', "", html)
        answers[page.name] = Answer(html.encode())
    return answers


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
