"""The parser, the commands and what their errors become: messages and exit codes.

0    done
1    something was wrong with a file, the data or the run itself
2    something was wrong with the command line or a configuration
130  ended by Ctrl-C (128 plus the signal's number)
141  whoever read the output stopped reading
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import glassnet
from glassnet.cli import adaline, data, evaluate, export, show, sweep, train, watch
from glassnet.cli.console import COLOUR, make_console
from glassnet.errors import ConfigError, GlassnetError

DONE, FAILED, USAGE, INTERRUPTED, UNREAD = 0, 1, 2, 130, 141


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="glassnet", description="A neural network you can see through."
    )
    parser.add_argument("--version", action="version", version=f"glassnet {glassnet.__version__}")
    parser.add_argument(
        "--colour", choices=COLOUR, default="auto", help="colours in pictures (auto)"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (train, sweep, watch, evaluate, show, export, adaline, data):
        module.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command; `argv` is `sys.argv[1:]` if None. Returns the exit code."""
    args = make_parser().parse_args(argv)
    as_json = getattr(args, "json", False)
    console = make_console(sys.stdout, sys.stderr, os.environ, args.colour, as_json)
    try:
        code: int = args.run(args, console)
        console.out.flush()
        return code
    except ConfigError as error:
        console.warn(f"error: {error}")
        return USAGE
    except GlassnetError as error:
        console.warn(f"error: {error}")
        return FAILED
    except MemoryError:
        console.warn("error: there is too little memory for this network or this data set")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes the output once more at its end, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except OSError as error:  # such as a full disk, under a log or an output
        console.warn(f"error: {error}")
        return FAILED
