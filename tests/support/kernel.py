"""What a notebook's kernel says to its page, heard without a kernel: anywidget's own messages, as
they would go over the wire."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from support.required import required

Json = dict[str, Any]


class Heard(list[Json]):
    """Messages, oldest first: `kind` (`comm_open`, `comm_msg`, ...), `data`, `buffers`."""

    @property
    def opened(self) -> list[Json]:
        """Those that tell of a new widget of ours."""
        named = [one for one in self if one["kind"] == "comm_open"]
        return [one for one in named if one["data"]["state"].get("kind")]

    @property
    def updates(self) -> list[Json]:
        """Those that tell of changes."""
        return [one for one in self if one["data"].get("method") == "update"]


def wire(message: Json) -> Json:
    """A message as JSON, its buffers in base64."""
    return {**message, "buffers": [base64.b64encode(one).decode() for one in message["buffers"]]}


@contextmanager
def listening() -> Iterator[Heard]:
    """Whoever makes a widget in here is heard."""
    try:
        comm: Any = import_module("comm")
        base: Any = import_module("comm.base_comm")
        import_module("anywidget")
    except ImportError as error:
        required("anywidget", f"tests/notebook.txt has it ({error})")
    heard = Heard()

    class Comm(base.BaseComm):  # type: ignore[misc]
        def publish_msg(
            self,
            msg_type: str,
            data: Any = None,
            metadata: Any = None,
            buffers: Any = None,
            **_: Any,
        ) -> None:
            copies = [bytes(one) for one in buffers or []]
            heard.append({"kind": msg_type, "data": data or {}, "buffers": copies})

    before = comm.create_comm
    comm.create_comm = Comm
    try:
        yield heard
    finally:
        comm.create_comm = before
