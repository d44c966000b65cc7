"""What the measuring was done on and with."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import numpy as np


def machine() -> dict[str, Any]:
    """The processor, as far as the system tells; its load, for other work spoils numbers."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def versions(browser: str) -> dict[str, str]:
    """Natively, and the browser's."""
    return {
        "chromium": browser,
        "native python": platform.python_version(),
        "native numpy": np.__version__,
    }


def processor() -> str:
    """Its name, as far as the system tells."""
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
