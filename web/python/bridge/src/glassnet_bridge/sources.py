"""The package's own source, which the pages show."""

from __future__ import annotations

from pathlib import Path

import glassnet
from glassnet_bridge.failure import Unknown

PACKAGE = Path(glassnet.__file__).parent


def read_source(file: str) -> str:
    """The text of one file of the package, as `layers/dense.py`.

    Raises:
        Unknown: the package has no such file; there is no way out of its folder.
    """
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    if file not in files:
        raise Unknown("file of the package", file, sorted(files))
    return files[file].read_text(encoding="utf-8")
