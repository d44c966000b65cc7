"""A slow line: so many bits a second for all connections together, and a wait before each answer."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from io import BufferedIOBase

PIECE = 8192  # bytes that one connection sends before another may


@dataclass
class Line:
    """bits: a second, of everything together. latency: seconds from a request to its answer."""

    bits: float
    latency: float
    _free: float = 0.0  # when all that was promised until now has been sent
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, stream: BufferedIOBase, data: bytes, wire: int) -> None:
        """Write data as if it were `wire` bytes, for hosts send compressed what can be."""
        share = wire / max(len(data), 1)
        for begin in range(0, len(data), PIECE):
            piece = data[begin : begin + PIECE]
            self._wait(8 * len(piece) * share / self.bits)
            stream.write(piece)

    def _wait(self, seconds: float) -> None:
        """Take the line for so long, after all who have taken it before."""
        with self._lock:
            self._free = max(self._free, time.monotonic()) + seconds
            until = self._free
        time.sleep(max(0.0, until - time.monotonic()))
