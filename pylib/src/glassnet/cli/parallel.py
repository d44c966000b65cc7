"""`glassnet train --data-parallel`: what rank 0 does besides, and what the other ranks do."""

from __future__ import annotations

import signal
import time

from glassnet.cli.console import Console
from glassnet.parallel import Group, follow, lead
from glassnet.run_folder import RunFolder
from glassnet.training import Run


def lead_all(run: Run, folder: RunFolder | None, group: Group, console: Console) -> Run:
    """On rank 0: the run, taken over by the group. A launcher that ends all ranks when one is lost
    leaves no time to keep anything, so the folder has a checkpoint from the first step on."""
    run = lead(run, group, time.perf_counter)
    console.say(f"data-parallel: {group.size} ranks")
    if folder:
        folder.save(run)
    return run


def take_part(group: Group) -> int:
    """On the others: silent, until rank 0 is done, whose signals and data these are."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    follow(group)
    return 0
