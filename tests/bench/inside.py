"""The network page: how soon its picture stands and what that takes, how soon a number that is
pointed at is told of, and how often all follows while a network learns.

Pointing is timed from the event to the first moment at which the picture that shows it has been
handed to the painter. That it was told is read off the card: the number, and its formula's terms.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, Playwright

from bench import milestones
from bench.browse import WINDOW
from bench.server import running
from make.console import say

FIGURE = "document.querySelector('glass-network')"
INSIDE = f"{FIGURE}.inside"
NETWORKS = {"784-36-10": "36", "784-512-512-10": "512-512"}
PYTHON = ("python/", "assets/worker-")
POINTED = 24
SECONDS = 3  # of training
FIRST = f"""() => afterPictures(() => {{
  const layer = {FIGURE}?.shadowRoot?.querySelector('glass-anatomy')?.shadowRoot?.querySelector('glass-layer');
  const sheet = layer?.shadowRoot?.querySelector('glass-sheet');
  const outputs = {FIGURE}?.inside?.outputs.value;
  if (!sheet?.values || !outputs || !drawn.anything(sheet.shadowRoot.querySelector('.base'))) return false;
  window.milestones = {{ picture: performance.now() }};
  return true;
}})"""
POINT = f"""async (units) => {{
  const figure = {FIGURE};
  const anatomy = figure.shadowRoot.querySelector('glass-anatomy');
  const card = figure.shadowRoot.querySelector('glass-number');
  const times = [];
  for (let i = 0; i < units; i++) {{
    const [layer, at] = [i % 2, (7 * i) % 10];
    const begin = performance.now();
    anatomy.dispatchEvent(new CustomEvent('point', {{ detail: {{ name: `layers.${{layer}}.z`, at }}, bubbles: true, composed: true }}));
    await figure.updateComplete;
    await card.updateComplete;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - begin);
    const told = Number(card.shadowRoot.querySelector('.value').innerText.replace('−', '-'));
    const value = figure.inside.step.value.named.get(`layers.${{layer}}.z`).data[at];
    if (Math.abs(told - value) > 1e-4 * Math.max(1, Math.abs(value))) throw new Error(`told ${{told}}, not ${{value}}`);
    if (!card.shadowRoot.querySelector('.terms')) throw new Error('no terms are told');
  }}
  return times;
}}"""
LEARN = f"""async (seconds) => {{
  const figure = {FIGURE};
  const {{ inside }} = figure;
  void inside.inquiries.train();
  while (!inside.inquiries.schooling.value.step) await new Promise((done) => setTimeout(done, 20));
  const first = inside.inquiries.schooling.value.step;
  const begin = performance.now();
  let [seen, pictures, longest] = [null, 0, 0];
  while (performance.now() - begin < 1000 * seconds) {{
    const before = performance.now();
    await new Promise((done) => setTimeout(done));
    longest = Math.max(longest, performance.now() - before);
    const {{ known }} = figure.shadowRoot.querySelector('glass-anatomy');
    const activations = known.get('layers.0.a')?.data; // what the picture is drawn from
    if (activations !== seen) [seen, pictures] = [activations, pictures + 1];
  }}
  const steps = inside.inquiries.schooling.value.step - first;
  inside.inquiries.rest();
  return {{ pictures: pictures / seconds, steps: steps / seconds, longest }};
}}"""


def measure(playwright: Playwright, program: str, site: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds, bytes, and pictures a second."""
    found: dict[str, Any] = {"picture": [], "bytes": 0, "pointing": {}, "learning": {}}
    with running(site, {}) as server:
        chromium = playwright.chromium.launch(executable_path=program)
        for _ in range(rounds):
            context = chromium.new_context(viewport=WINDOW)
            page = context.new_page()
            page.add_init_script(path=milestones.PAGES / "drawn.js")
            page.add_init_script(f"({FIRST})()")
            before = len(server.sent)
            page.goto(f"{server.url}network.html")
            found["picture"].append(milestones.wait(page, {"picture"})["picture"])
            files = [one for one in server.sent[before:] if not one.name.startswith(PYTHON)]
            found["bytes"] = sum(one.wire for one in files)
            context.close()
        page = chromium.new_context(viewport=WINDOW).new_page()
        page.goto(f"{server.url}network.html?model=fresh")
        for name, hidden in NETWORKS.items():
            opened(page, hidden)
            found["pointing"][name] = page.evaluate(POINT, POINTED)
            found["learning"][name] = page.evaluate(LEARN, SECONDS)
        chromium.close()
    say(f"network: a picture after {median(found['picture']):.0f} ms")
    return found


def opened(page: Page, hidden: str) -> None:
    """A fresh network, and Python's step on it."""
    page.wait_for_function(f"() => {INSIDE}?.interpreter.phase.value === 'ready'", timeout=90_000)
    page.evaluate(f"(hidden) => {INSIDE}.settings.set('hidden', hidden)", hidden)
    units = int(hidden.split("-")[0])
    there = f"""(units) => {{ const inside = {INSIDE};
      return inside.network.value?.layers[0].output[0] === units && Boolean(inside.steps.of(inside.key.value)); }}"""
    page.wait_for_function(there, arg=units, timeout=90_000)
    time.sleep(2)  # what the panels have asked is answered by then
