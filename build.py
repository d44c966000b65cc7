#!/usr/bin/env python3
"""The one command of glassnet: serve it, build it, test it. Needs Python 3.11 and nothing else.

It makes `.venv` with what the build needs (locked, checked by sha256), continues in there, and
calls the steps in web/make/. What is done already is skipped; what is run is echoed.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LAYERS = ["all", "unit", "parity", "web", "build", "native"]


def parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--offline", action="store_true", help="use only what is cached")
    common.add_argument(
        "--mnist", metavar="DIR", help="folder with MNIST's four IDX files (or set GLASSNET_MNIST)"
    )
    main = argparse.ArgumentParser(
        prog="build.py",
        description="Builds, serves and tests glassnet.",
        epilog="Downloads are kept in GLASSNET_CACHE (default: ~/.cache/glassnet).",
    )
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    serve = command("serve", "Build the site if needed, then serve it.")
    serve.add_argument("--port", type=int, default=8000, help="taken? the next one is used")
    serve.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in")
    build = command("build", "Write the complete static site to _site/.")
    build.add_argument(
        "--address",
        metavar="URL",
        help="where the site will be: its pages then tell it (or set GLASSNET_ADDRESS)",
    )
    test = command("test", "Get what the tests need, a browser included, and run them.")
    test.add_argument("layer", nargs="?", default="all", choices=LAYERS, help="default: all")
    test.add_argument("-k", metavar="EXPR", dest="expression", help="only tests whose name matches")
    bench = command("bench", "Measure speed, start and smoothness (tests/bench).")
    bench.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help="W1 W2 W3 losses start slow line frames page browse large; or recorded-race",
    )
    bench.add_argument("--peers", action="store_true", help="other people's libraries, too")
    bench.add_argument("--json", metavar="FILE", help="write all numbers there")
    bench.add_argument("--rounds", metavar="N", help="of everything (default: 5)")
    bench.add_argument("--quick", action="store_true", help="only see whether it all runs")
    command("kernel", "Build the SIMD kernel anew from web/kernel; needs a compiler of 100 MB.")
    data = command("data", "Obtain MNIST and pack it, even if that has been done; or another set.")
    data.add_argument("--set", metavar="NAME", help="build this set into the site, beside MNIST")
    data.add_argument("--from", metavar="DIR", dest="folder", help="where its four IDX files are")
    command("release", "Make and check both archives, for PyPI and npm, in dist/; upload nothing.")
    command("screenshot", "Take the README's picture of the built page.")
    clean = command(
        "clean", "Remove _site/ and dist/, so that the next build makes everything anew."
    )
    clean.add_argument("--all", action="store_true", help="also .venv and web/node_modules")
    clean.add_argument("--cache", action="store_true", help="also everything downloaded")
    return main


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (an older one gets this far, and is told)
        sys.exit(f"glassnet needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    sys.path.insert(0, str(ROOT / "web"))
    from make.console import BuildError

    options = parser().parse_args()
    try:
        run(options)
    except BuildError as error:
        sys.exit(f"\nbuild.py {options.command}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def run(options: argparse.Namespace) -> None:
    """Prepare the environment, enter it, and do what was asked."""
    from make import lock, venv
    from make.console import BuildError
    from make.settings import MAKE, PYLIB, SITE, settings

    address = getattr(options, "address", None)
    chosen = settings(offline=options.offline, mnist=options.mnist, address=address)
    if options.command == "release":  # which may be served from anywhere
        chosen = replace(chosen, address=None)
    if options.command == "clean":
        from make import clean

        clean.clean(everything=options.all, cache=options.cache, settings=chosen)
        return
    if not venv.inside():
        with lock.exclusive():
            venv.create()
        venv.reenter(ROOT / "build.py")
    with lock.exclusive():
        venv.install(MAKE / "requirements.txt", chosen)

    if options.command == "kernel":
        from make import kernel

        kernel.make(chosen)
        return

    from make import site

    if options.command == "data" and options.set is None:
        if options.folder:
            raise BuildError("--from names the folder of another set: which one, says --set NAME")
        site.data(chosen)
        return
    if options.command == "data":
        sys.path.insert(0, str(PYLIB / "src"))  # which knows the published sets
        site.add(options.set, options.folder and Path(options.folder).resolve(), chosen)
    site.make(chosen)
    if options.command == "serve":
        from make.serve import serve

        serve(SITE, options.host, options.port)
    elif options.command == "release":
        from make import node
        from make.release import step

        step.make(node.find(chosen), chosen)
    elif options.command == "screenshot":
        from make import screenshot

        screenshot.take(chosen)
    elif options.command == "test":
        from make import suite

        sys.exit(suite.run(options.layer, options.expression, chosen))
    elif options.command == "bench":
        from make import suite

        sys.exit(suite.bench(options, chosen))


if __name__ == "__main__":
    main()
