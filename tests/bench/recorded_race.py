"""Records the race that race.html plays until somebody starts one: a real one, in Chromium."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Playwright

from bench import machine
from bench.server import running
from make.console import say
from make.settings import WEB

FILE = WEB / "data/recorded-race.json"
SECONDS = 20.0  # that the slowest engine computes
TAKEN = (
    """() => document.querySelector('glass-race').race.lanes.value.map(({ seconds }) => seconds)"""
)
# Notes, from now on, what each network reads the digits as, whenever that is something else.
NOTE = """() => {
  const { race } = document.querySelector('glass-race');
  window.reads = race.runs.map(() => []);
  const note = () => {
    race.answers.value.forEach((answers, i) => {
      const [step, text] = [race.runs[i].frame.value?.step ?? 0, answers?.join('')];
      if (text && step && window.reads[i].at(-1)?.[1] !== text) window.reads[i].push([step, text]);
    });
    requestAnimationFrame(note);
  };
  note();
}"""
# A curve has fewer points the further on it is: its end is one.
TRACKS = """() => {
  const { race } = document.querySelector('glass-race');
  return race.runs.map(({ name, frame }, i) => {
    const [steps, seconds, averages] = ['steps', 'seconds', 'averages'].map((column) => [...race.tracks.value[i][column]]);
    if (steps.at(-1) < frame.value.step) {
      steps.push(frame.value.step);
      seconds.push(frame.value.seconds);
      averages.push(averages.at(-1));
    }
    return { engine: name, steps, seconds, averages, reads: window.reads[i] };
  });
}"""


def record(playwright: Playwright, program: str, site: Path) -> None:
    """Run a race for a while, and keep its curves."""
    with running(site, {}) as server:
        chromium = playwright.chromium.launch(executable_path=program)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{server.url}race.html")
        page.evaluate(NOTE)
        page.locator("glass-race [data-command=start]").click()
        page.wait_for_function(f"() => ({TAKEN})()[0] > {SECONDS}", timeout=600_000)
        lanes = page.evaluate(TRACKS)
        version = chromium.version
        chromium.close()
    for lane in lanes:
        for name, digits in [("seconds", 5), ("averages", 5)]:
            lane[name] = [round(value, digits) for value in lane[name]]
    document = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{machine.processor()}, Chromium {version.partition('.')[0]}",
        "batch": 10,
        "lanes": lanes,
    }
    FILE.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    say(f"recorded {', '.join(str(lane['steps'][-1]) for lane in lanes)} steps in {FILE.name}")
