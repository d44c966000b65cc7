"""How ranks notice that one of them is gone: a connection from rank 0 to each other rank, on which
nothing is sent but a last word.

The operating system closes a process's connections however it ended, kill -9 included, and the
other end learns of it at once. A rank that is only slow keeps its connection, so nobody has to
guess how long is too long. A machine that is gone without a word is found by TCP's keep-alive.
"""

from __future__ import annotations

import secrets
import selectors
import socket
import time
from contextlib import suppress
from typing import Any

from glassnet.errors import GlassnetError

PATIENCE = 30.0  # seconds within which all ranks must have connected
# Seconds of silence before a probe, between probes, and how many: a dead machine is found in 9.
KEEP_ALIVE = {"TCP_KEEPIDLE": 3, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}
DONE = b"!"  # this rank has all that it waited for, and ends as it should
BYE = b"."  # rank 0 ends, and has told why
TOKEN = 16  # bytes that only ranks of this run know
RANK = 4  # bytes of a rank's number


class LostRank(GlassnetError):
    """A process of a data-parallel run is gone. `rank` is its number; `told` whether rank 0, which
    it is then, has said why."""

    code = "E-RANK"

    def __init__(self, rank: int, told: bool = False) -> None:
        super().__init__(f"rank {rank} was lost: its process has ended")
        self.rank, self.told = rank, told


class Lifeline:
    """The connections of one rank.

    Args:
        world: mpi4py's communicator; every rank makes its lifeline at the same time.

    Raises:
        LostRank: a rank did not connect in time.
    """

    def __init__(self, world: Any) -> None:
        self._others: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        size, names = world.Get_size(), world.allgather(socket.gethostname())
        if size == 1:
            return
        if world.Get_rank() == 0:
            local = len(set(names)) == 1
            with socket.create_server(("127.0.0.1" if local else "", 0), backlog=size) as server:
                host = "127.0.0.1" if local else names[0]
                token = secrets.token_bytes(TOKEN)
                world.bcast((host, server.getsockname()[1], token))
                self._accept(server, token, size)
        else:
            host, port, token = world.bcast(None)
            line = socket.create_connection((host, port), PATIENCE)
            line.sendall(token + world.Get_rank().to_bytes(RANK))
            self._keep(0, line)

    def _accept(self, server: socket.socket, token: bytes, size: int) -> None:
        end = time.monotonic() + PATIENCE
        while missing := set(range(1, size)) - self._others.keys():
            try:
                server.settimeout(max(end - time.monotonic(), 0.01))
                line, _ = server.accept()
                line.settimeout(1.0)
                said = line.recv(TOKEN + RANK, socket.MSG_WAITALL)
            except OSError:
                if time.monotonic() >= end:
                    raise LostRank(min(missing)) from None
                continue
            rank = int.from_bytes(said[TOKEN:])
            if secrets.compare_digest(said[:TOKEN], token) and rank in missing:
                self._keep(rank, line)
            else:
                line.close()  # a stranger

    def _keep(self, rank: int, line: socket.socket) -> None:
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEP_ALIVE.items():
            if hasattr(socket, name):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        self._others[rank] = line
        self._selector.register(line, selectors.EVENT_READ, rank)

    def check(self, seconds: float = 0.0) -> None:
        """Raise LostRank if a rank is gone, or goes within so many seconds."""
        if not self._others:
            return
        for key, _ in self._selector.select(seconds):
            rank = key.data
            try:
                said = self._others[rank].recv(1)
            except OSError:  # its machine is gone
                said = b""
            if said != DONE:
                raise LostRank(rank, told=said == BYE)
            self._selector.unregister(self._others[rank])
            self._others.pop(rank).close()

    def hang_up(self) -> None:
        """Tell the others that this rank is in trouble; it still hears when they end."""
        for line in self._others.values():
            with suppress(OSError):  # it is gone already
                line.shutdown(socket.SHUT_WR)

    def close(self, word: bytes) -> None:
        """Let go, with a last word to the others; none is what a lost rank says."""
        for line in self._others.values():
            with suppress(OSError):  # it is gone already
                line.send(word)
            line.close()
        self._others.clear()
        self._selector.close()
