"""What axe finds wrong with a page, as far as it is serious."""

from __future__ import annotations

from typing import TYPE_CHECKING

from make.settings import NODE_MODULES

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

AXE = NODE_MODULES / "axe-core" / "axe.min.js"


def faults(page: Page | Frame) -> list[str]:
    """Everything serious or critical, as `rule: where`."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
