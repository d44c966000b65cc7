"""Everything can be done with the keyboard alone."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import Page

from support.after import TOLD
from support.trainer import Trainer, until

ACTIVE = """() => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return `${active.localName} ${active.getAttribute('role') ?? ''} ${active.dataset.command ?? ''}`
    + ` ${active.getAttribute('aria-label') ?? active.textContent.trim()}`;
}"""


def selected(page: Page) -> int:
    index = "document.querySelector('glass-train').settings.get('digit')"
    return int(page.evaluate(f"() => {index}"))


def test_space_dot_and_r_drive_the_run(trainer: Trainer) -> None:
    page = trainer.page
    page.keyboard.press(".")
    until(lambda: trainer.frame()["step"] == 1 and trainer.frame()["state"] == "paused")
    page.keyboard.press(" ")  # while it runs this would pause it
    until(lambda: trainer.frame()["step"] > 20)
    page.keyboard.press(" ")
    until(lambda: trainer.frame()["state"] == "paused")
    page.keyboard.press("r")
    until(lambda: trainer.frame()["step"] == 0)
    assert page.evaluate("() => scrollY") == 0  # space did not scroll as well


def test_keys_are_left_alone_while_typing_and_when_switched_off(trainer: Trainer) -> None:
    page = trainer.page
    page.get_by_label("Seed").focus()
    page.keyboard.press(".")
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press(" ")  # presses this button, and only that
    until(lambda: trainer.frame()["step"] == 1)
    page.get_by_label("Shortcuts").uncheck()
    page.locator(".prose h2").first.click()
    page.evaluate(TOLD)
    page.keyboard.press(".")
    page.keyboard.press("r")
    page.keyboard.press(" ")
    assert page.evaluate("() => told") == []
    trainer.step(1)
    assert page.evaluate("() => told") == ["step"]
    assert trainer.frame()["step"] == 2
    until(lambda: page.evaluate("() => location.search") == "?keys=off")


def test_modifiers_are_somebody_elses(trainer: Trainer) -> None:
    trainer.step(1)
    trainer.page.evaluate(TOLD)
    trainer.page.keyboard.press("Alt+r")
    trainer.page.keyboard.press("Control+.")
    assert trainer.page.evaluate("() => told") == []
    trainer.page.keyboard.press(".")
    until(lambda: trainer.frame()["step"] == 2)
    assert trainer.page.evaluate("() => told") == ["step"]


def test_arrows_move_over_the_wall(trainer: Trainer) -> None:
    page = trainer.page
    page.locator("glass-strip [role=listbox]").focus()
    across = page.evaluate(
        "() => document.querySelector('glass-train').shadowRoot.querySelector('glass-strip').layout.across"
    )
    for key, where in [
        ("ArrowRight", 1),
        ("ArrowDown", 1 + across),
        ("ArrowLeft", across),
        ("ArrowUp", 0),
        ("ArrowUp", 0),
        ("End", 3 * across - 1),
        ("Home", 0),
        ("PageDown", 3 * across),
    ]:
        page.keyboard.press(key)
        assert selected(page) == where, key
    option = page.locator("glass-strip [role=option]")
    label = page.evaluate(
        "() => { const { digits } = document.querySelector('glass-train').shadowRoot"
        ".querySelector('glass-strip'); return digits.labels[120]; }"
    )
    assert option.get_attribute("aria-label") == f"Test digit 120: {label}"
    listbox = page.locator("glass-strip [role=listbox]")
    assert listbox.get_attribute("aria-activedescendant") == option.get_attribute("id")


def test_arrows_move_over_the_tiles_and_show_the_unit(trainer: Trainer) -> None:
    page = trainer.page
    page.get_by_role("button", name="Hidden unit 1,").focus()
    for key, unit in [
        ("ArrowRight", 2),
        ("ArrowDown", 8),
        ("End", 36),
        ("ArrowRight", 36),
        ("Home", 1),
    ]:
        page.keyboard.press(key)
        assert page.evaluate(ACTIVE).split(",")[0].endswith(f"Hidden unit {unit}")
        assert page.locator("glass-unit strong").first.inner_text() == f"Hidden unit {unit}"
    assert page.locator("glass-tiles button[tabindex='0']").count() == 1


def test_arrows_read_the_curve(trainer: Trainer) -> None:
    trainer.step(5)
    page = trainer.page
    slider = page.get_by_role("slider", name="Values along the run")
    slider.focus()
    page.keyboard.press("Home")
    until(lambda: slider.get_attribute("aria-valuenow") == "1")
    page.keyboard.press("ArrowRight")
    until(lambda: slider.get_attribute("aria-valuenow") == "2")
    said = slider.get_attribute("aria-valuetext") or ""
    assert said.startswith("Step 2, average loss 0.")
    assert page.locator("glass-curve .read").inner_text() == said


def test_tab_visits_everything_in_order(trainer: Trainer) -> None:
    page = trainer.page
    page.locator(".skip").focus()
    seen = [page.evaluate(ACTIVE)]
    while "listbox" not in seen[-1] and len(seen) < 90:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(ACTIVE))
    order = [
        "To the network",
        "glassnet",
        "Train",
        "Theme",
        "start",
        "step",
        "epoch",
        "reset",
        "Hidden unit 1",
        "slider",
        "Evaluations",
        "listbox",
    ]
    places = [next((i for i, one in enumerate(seen) if word in one), -1) for word in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)
    assert sum("Hidden unit" in one for one in seen) == 1, "the tiles are one stop"


def test_focus_is_always_visible(trainer: Trainer) -> None:
    page = trainer.page
    page.locator(".skip").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => {
              let active = document.activeElement;
              while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
              const { outlineStyle, outlineWidth } = getComputedStyle(active);
              return [outlineStyle, parseFloat(outlineWidth)];
            }"""
        )
        assert outline[0] != "none", page.evaluate(ACTIVE)
        assert outline[1] >= 2


def test_the_status_speaks_at_most_about_once_a_second(trainer: Trainer) -> None:
    page = trainer.page
    page.evaluate(
        """() => {
          const status = document.querySelector('glass-train').shadowRoot
            .querySelector('glass-status').shadowRoot.querySelector('[role=status]');
          window.said = [];
          new MutationObserver(() => said.push([performance.now(), status.textContent]))
            .observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    # One digit a step: else a small data set could be through before the time is.
    page.evaluate("() => document.querySelector('glass-train').settings.set('batch', '1')")
    until(lambda: trainer.frame()["config"]["batch"] == 1)
    trainer.press("start")
    training = "said.filter(([, text]) => text.startsWith('Training'))"
    until(lambda: page.evaluate(f"() => {training}.length") >= 3)
    steps = trainer.frame()["step"]
    trainer.press("pause")
    until(lambda: trainer.status().startswith("Paused"))
    times = page.evaluate(f"() => {training}.map(([time]) => time)")
    pauses = [after - before for before, after in pairwise(times)]
    assert min(pauses) > 990, (pauses, "once a second, and at once when the state changes")
    assert steps > 20 * len(times), "there was more to tell"
