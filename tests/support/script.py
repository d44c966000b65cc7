"""Runs JavaScript of ours in the Node that builds the site; no page, no browser."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from make import node
from make.settings import WEB
from make.settings import settings as read_settings


def told(source: str, *arguments: str) -> Any:
    """What a module prints, read as JSON. `web` is the address of our scripts, `given` the
    arguments."""
    head = f"const web = {json.dumps(WEB.as_uri() + '/')}; const given = process.argv.slice(1);"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", head + source, "--", *arguments],
        env={**os.environ, **node.find(read_settings(offline=True)).env},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
