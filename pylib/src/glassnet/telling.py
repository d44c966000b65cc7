"""A run's events on their way to whoever iterates, and to whoever only listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

from glassnet.engines import Engine
from glassnet.events import Event

Listeners = list[Callable[[Event | None], None]]


def told(events: Iterator[Event | None], listeners: Listeners) -> Iterator[Event]:
    """The events; listeners hear of each before, and None when nobody goes on."""
    try:
        for event in events:
            if event is not None:
                tell(event, listeners)
                yield event
    finally:
        tell(None, listeners)


async def told_later(
    events: Iterator[Event | None], listeners: Listeners, engine: Engine
) -> AsyncIterator[Event]:
    """The same for an engine that must be waited for."""
    try:
        for event in events:
            await engine.settled()
            if event is not None:
                tell(event, listeners)
                yield event
    finally:
        tell(None, listeners)


def tell(event: Event | None, listeners: Listeners) -> None:
    """To all of them."""
    for hear in listeners:
        hear(event)
