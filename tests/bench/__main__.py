"""The bench as a program; `python3 build.py bench` prepares everything and starts it.

Chromium is driven headless. Each sitting measures all that is compared with each other, in rounds
that take turns, on the machine it runs on: compare within a table, not across tables.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench import (
    browse,
    digits,
    frames,
    inside,
    large,
    losses,
    machine,
    peers,
    post,
    recorded_race,
    report,
    stage,
    start,
    through,
)
from bench.contenders import Contender, InBrowser, has_pytorch, native, open_worker
from bench.race import PYTORCH, Result, race
from bench.server import running
from bench.visitors import WAYS
from bench.workloads import WORKLOADS
from make import browser as browsers
from make.console import BuildError, say
from make.settings import SITE, Settings, settings

PARTS = [*WORKLOADS, "losses", *WAYS, "frames", "page", "browse", "network", "post", "large"]
RECORDED = "recorded-race"  # no measurement: what the page of the race shows at first


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(prog="build.py bench", description="Measure speed and size.")
    main.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    main.add_argument("--peers", action="store_true", help="other people's libraries, too")
    main.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there")
    main.add_argument("--rounds", type=int, default=5, help="of everything (default: 5)")
    main.add_argument(
        "--quick", action="store_true", help="does it run at all? Few steps, one round"
    )
    main.add_argument("--offline", action="store_true", help=argparse.SUPPRESS)
    return main


def main() -> None:
    options = parser().parse_args()
    parts = options.parts or PARTS
    if unknown := set(parts) - {*PARTS, RECORDED}:
        sys.exit(f"build.py bench: there is no {', '.join(sorted(unknown))}; see --help")
    try:
        bench(parts, options, settings(offline=options.offline))
    except BuildError as error:
        sys.exit(f"\nbuild.py bench: {error}")


def bench(parts: list[str], options: argparse.Namespace, chosen: Settings) -> None:
    """Measure, print, and keep what was measured."""
    rounds = 1 if options.quick else options.rounds
    found: dict[str, Any] = {"machine": machine.machine(), "versions": {}, "results": []}
    program = browsers.obtain(chosen)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        found["versions"] |= machine.versions(browser.version)
        if workloads := [name for name in parts if name in WORKLOADS]:
            others = peers.obtain(chosen) if options.peers else {}
            found["results"] = speed(browser, workloads, others, rounds, options.quick, found)
        browser.close()
        if RECORDED in parts:
            recorded_race.record(playwright, program, SITE)
        rest(playwright, program, parts, rounds, options.quick, found)
    say(text := report.text(found))
    if options.json:
        options.json.write_text(report.as_json(found), encoding="utf-8")
    if set(PARTS) <= set(parts) and not options.quick:
        report.RESULTS.write_text(text, encoding="utf-8")
        say(f"Written to {report.RESULTS}")


def speed(
    browser: Browser,
    names: list[str],
    others: dict[str, bytes | Path],
    rounds: int,
    quick: bool,
    found: dict[str, Any],
) -> list[Result]:
    """The race on each workload, in one page: a worker for Python and one for each peer."""
    parts = digits.read(SITE)
    share, warm = (0.02, 0.1) if quick else (1.0, 1.0)
    examples = len(parts["train"][1])
    workloads = [WORKLOADS[name].fitting(examples, share) for name in names]
    files = {**stage.python_files(parts), **others}
    if others:
        files |= stage.peer_files(parts, workloads)
    with ExitStack() as stack:
        server = stack.enter_context(running(SITE, files))
        page = browser.new_page()
        page.goto(f"{server.url}bench/index.html")
        manifest = f"{server.url}{start.manifest(SITE)}"
        data = f"{server.url}bench/data/"
        first = {"manifest": manifest, "data": data}
        inside = open_worker(page, "python", f"{server.url}bench/python.js", first)
        outside = stack.enter_context(native(SITE, "native", "native"))
        found["versions"] |= inside
        everywhere = frozenset(WORKLOADS)
        contenders: list[Contender] = [
            InBrowser(page, "python", "numpy", everywhere),
            InBrowser(page, "python", "simd", everywhere),
            outside,
        ]
        if others:
            found["versions"] |= peers.versions()
            for name, (source, only, _) in peers.PEERS.items():
                open_worker(page, name, f"{server.url}bench/peers/{source}.js", first)
                contenders.append(InBrowser(page, name, name, only))
            if has_pytorch():
                beside = stack.enter_context(native(SITE, PYTORCH, "pytorch"))
                found["versions"] |= beside.versions
                contenders.append(beside)
            else:
                say("PyTorch is not to be had here, so it is left out")
        return [race(contenders, workload, rounds, warm) for workload in workloads]


def rest(
    playwright: Playwright,
    program: str,
    parts: list[str],
    rounds: int,
    quick: bool,
    found: dict[str, Any],
) -> None:
    """The losses in all browsers, and what is measured in whole pages."""
    if "losses" in parts:
        found["losses"] = losses.measure(playwright, program)
    for way in [name for name in WAYS if name in parts]:
        turns = rounds if way == "start" else (rounds + 1) // 2  # the others take long
        found.setdefault("start", []).extend(start.measure(playwright, program, SITE, way, turns))
    if "frames" in parts:
        found["frames"] = frames.measure(playwright, program, SITE, 500 if quick else 10_000)
    if "page" in parts:
        found["page"] = through.measure(playwright, program, SITE, rounds, quick)
    if "browse" in parts:
        found["browse"] = browse.measure(playwright, program, SITE, rounds, quick)
    if "network" in parts:
        found["network"] = inside.measure(playwright, program, SITE, rounds)
    if "post" in parts:
        found["post"] = post.measure(playwright, program, SITE, rounds)
    if "large" in parts:
        found["large"] = large.measure(playwright, program, SITE)


if __name__ == "__main__":
    main()
