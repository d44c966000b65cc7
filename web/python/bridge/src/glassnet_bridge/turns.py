"""Whose turn it is: runs share computing time, whatever a step costs each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glassnet_bridge.held import Clock, Held


def share(
    runs: Sequence[Held],
    clock: Clock,
    seconds: float,
    failed: Callable[[Held, Exception], None],
) -> None:
    """Let runs go on for about so long, the one with the least computing time always next.

    One that has just got work begins at the least of the others: it owes nothing, and has saved
    nothing up. A turn is not left between two events, so a slow step makes a slice longer; the
    others then make up for it.
    """
    now = clock()
    end = now + seconds
    while working := admit(runs):
        held = min(working, key=lambda one: one.spent)
        try:
            held.turn(clock, min(end, now + seconds / len(working)))
        except Exception as error:
            failed(held, error)
        now = clock()
        if now >= end:
            break


def admit(runs: Sequence[Held]) -> list[Held]:
    """The runs with work; those that have only just got some are placed beside the others."""
    working = [held for held in runs if held.runnable]
    least = min((held.spent for held in working if held.admitted), default=0.0)
    for held in runs:
        if not held.runnable:
            held.admitted = False
        elif not held.admitted:
            held.admitted, held.spent = True, least
    return working
