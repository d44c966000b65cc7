"""`glassnet watch`: follows runs in the browser while other processes train them."""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path
from urllib.parse import quote

from glassnet.cli.console import Console
from glassnet.cli.source import VARIABLE, add_data_flags, load_data
from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError

PAGE = "watch.html"
PORT = 8765
LOOPBACK = "127.0.0.1"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet watch`."""
    parser = commands.add_parser(
        "watch",
        help="follow runs in the browser",
        description="Serve the built site, and follow runs in it while they are trained: their "
        "curves, their weights, what they misread. Nothing is written.",
    )
    parser.add_argument(
        "runs",
        nargs="*",
        default=["run"],
        metavar="RUN",
        help="runs' folders, sweeps' folders, or folders that hold such (run)",
    )
    parser.add_argument("--site", default="_site", metavar="FOLDER", help="the built site (_site)")
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help=f"where to listen ({LOOPBACK}: this machine alone); elsewhere a token is needed",
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"0: any that is free ({PORT})")
    parser.add_argument("--token", help="who may look, if not this machine alone (made up)")
    add_data_flags(parser)
    parser.set_defaults(run=watch)


def watch(args: argparse.Namespace, console: Console) -> int:
    """Serve until interrupted. Returns the exit code."""
    # Not above: it brings a web server, which the other commands and the browser do without.
    import secrets

    from glassnet.following import Following
    from glassnet.following.server import LOOPBACK as OURS
    from glassnet.following.server import WatchServer

    site = Path(args.site)
    if not (site / PAGE).exists():
        raise ConfigError("site", f"{site / PAGE}: no such file; python3 build.py build makes it")
    if not 0 <= args.port < 1 << 16:
        raise ConfigError("port", f"expected 0 to 65535, got {args.port}")
    if args.token == "":
        raise ConfigError("token", "an empty one keeps nobody out")
    token = args.token or (None if args.host in OURS else secrets.token_urlsafe(16))
    following = Following([Path(run) for run in args.runs])
    data = _data(args)
    try:
        server = WatchServer(following, site, data, args.host, args.port, token)
    except (OSError, OverflowError) as error:
        told = getattr(error, "strerror", None) or error
        raise ConfigError("port", f"{args.host}, port {args.port}: {told}") from error
    stop = threading.Event()
    threading.Thread(target=following.follow, args=(stop,), daemon=True).start()
    named = f"[{args.host}]" if ":" in args.host else args.host
    secret = f"#token={quote(token)}" if token else ""
    console.say(
        f"Watching {', '.join(args.runs)} at http://{named}:{server.server_port}/{PAGE}{secret}"
    )
    for root in following.roots:
        if not root.exists():
            console.say(f"{root} is not there yet; it is looked for again and again.")
    if data is None:
        console.say(f"No data set was named (--data, {VARIABLE}): mistakes are not shown.")
    console.say("Ctrl-C ends it.")
    console.out.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        console.say()
    finally:
        stop.set()
        server.server_close()
    return 0


def _data(args: argparse.Namespace) -> Dataset | None:
    """The data set that networks are measured on, if one is named."""
    named = args.data is not None or args.dataset is not None or os.environ.get(VARIABLE)
    return load_data(args) if named else None
