"""The settings and the address are the same thing, whatever an address may say."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Dialog, Page

from support.after import NEVER_IDLE
from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until

DEFAULTS = {
    "digit": 0,
    "split": "test",
    "drawing": "",
    "rate": 3,
    "batch": 10,
    "seed": 1,
    "epochs": 30,
    "keys": True,
}
BOUNDS = {
    "digit": (0, 59999),
    "rate": (0, 1e6),
    "batch": (1, 10**9),
    "seed": (0, 2**53 - 1),
    "epochs": (1, 10**9),
}


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    opened = open_page()
    opened.add_init_script(NEVER_IDLE)
    return opened


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One page for many addresses: the site's files are fetched once."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(NEVER_IDLE)
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def settings(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        "(names) => { const { settings } = document.querySelector('glass-train');"
        " return Object.fromEntries(names.map((name) => [name, settings.get(name)])); }",
        list(DEFAULTS),
    )
    return found


def test_an_address_sets_everything(server: SiteServer, page: Page) -> None:
    page.goto(server.url + "train.html?digit=17&rate=0.5&batch=32&seed=42&keys=off")
    given = {"digit": 17, "rate": 0.5, "batch": 32, "seed": 42, "keys": False}
    assert settings(page) == {**DEFAULTS, **given}
    for label, value in [("Test digit", "17"), ("Learning rate", "0.5"), ("Seed", "42")]:
        assert page.get_by_label(label, exact=True).input_value() == value


def test_what_is_set_is_in_the_address_and_survives_a_reload(
    server: SiteServer, page: Page
) -> None:
    page.goto(server.url + "train.html?utm=x#part")
    Trainer(page).wait_for_digits()
    for label, value in [("Learning rate", "0.25"), ("Batch", "64"), ("Seed", "9")]:
        page.get_by_label(label, exact=True).fill(value)
        page.get_by_label(label, exact=True).press("Enter")
    page.get_by_role("button", name="The digit after").click()
    wanted = "?utm=x&digit=1&rate=0.25&batch=64&seed=9#part"
    until(lambda: page.evaluate("() => location.search + location.hash") == wanted)
    page.reload()
    assert settings(page) == {**DEFAULTS, "digit": 1, "rate": 0.25, "batch": 64, "seed": 9}
    assert page.evaluate("() => history.length") == 2  # about:blank and this page: no entries added


def test_defaults_make_the_shortest_address(server: SiteServer, page: Page) -> None:
    page.goto(server.url + "train.html?rate=3&seed=1")
    until(lambda: page.evaluate("() => location.search") == "")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("rate", text) for text in ["", "abc", "-1", "1e9", "NaN", "Infinity", "3,5", "0x10"]],
        *[("batch", text) for text in ["0", "1000000001", "1.5", "-0", "1e2", "９"]],
        *[("seed", text) for text in ["-1", "9007199254740992", "1" * 400, "true", "\0", "1;DROP"]],
        *[
            ("digit", text)
            for text in ["60000", "javascript:alert(1)", "<img src=x onerror=alert(1)>"]
        ],
        ("keys", "maybe"),
        *[("split", text) for text in ["", "Test", "validation", "__proto__"]],
        *[
            ("drawing", text)
            for text in ["1", "AB", "AAA.", ".AAA", "AAAx", "AAA..AAA", "0.AAA", "AA A", "A" * 901]
        ],
    ],
)
def test_a_bad_value_becomes_the_default_and_a_note(
    server: SiteServer, tab: Page, name: str, text: str
) -> None:
    tab.goto(f"{server.url}train.html?{name}={quote(text)}")
    assert settings(tab) == DEFAULTS
    notes = tab.locator("glass-status .notes li")
    assert notes.count() == 1
    said = notes.inner_text()
    assert "has to " in said
    default = {"keys": "on", "drawing": "none"}.get(name, DEFAULTS[name])
    assert f"so {default} is used" in said
    assert len(said) < 200


def test_unknown_and_inherited_names_are_ignored(server: SiteServer, page: Page) -> None:
    page.goto(server.url + "train.html?__proto__=1&constructor=2&toString=x&nobody=1&seed=5&seed=6")
    assert settings(page) == {**DEFAULTS, "seed": 5}
    assert page.locator("glass-status .notes").count() == 0


def test_a_digit_that_the_data_set_has_not_is_noted(
    server: SiteServer, page: Page, site: Path
) -> None:
    sample = (
        "sample" in next(site.glob("data/mnist-*/index.json")).read_text(encoding="utf-8").lower()
    )
    page.goto(server.url + "train.html?digit=9999")
    Trainer(page).wait_for_digits()
    has = page.evaluate(
        "() => document.querySelector('glass-train').shadowRoot.querySelector('glass-strip').digits.total"
    )
    assert settings(page)["digit"] == (9999 if has == 10_000 else 0)
    assert page.locator("glass-status .notes").count() == (0 if has == 10_000 else 1), sample


def test_three_hundred_random_addresses_leave_valid_settings(
    server: SiteServer, page: Page
) -> None:
    """Every reading ends in values within their bounds, and whatever is written reads back."""
    dialogs: list[str] = []

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.goto(server.url + "train.html")
    chance = random.Random(11)
    pieces = [
        "digit",
        "split",
        "train",
        "drawing",
        "AbC",
        ".",
        "rate",
        "batch",
        "seed",
        "keys",
        "=",
        "&",
        "%00",
        "%",
        "7",
        "0.5",
        "-",
        "e9",
    ]
    pieces += ["<script>", "on", "off", "NaN", "__proto__", "%F0%9F", "1" * 30, ";", "#", "?", "+"]
    for _ in range(300):
        query = "".join(chance.choices(pieces, k=chance.randint(1, 12)))
        found = page.evaluate(
            """([query, names]) => {
                const { settings } = document.querySelector('glass-train');
                const all = () => Object.fromEntries(names.map((name) => [name, settings.get(name)]));
                settings.fromQuery(query);
                const before = all();
                settings.fromQuery(settings.toQuery());
                return [before, all(), settings.notes.value.length];
            }""",
            [query, list(DEFAULTS)],
        )
        assert found[0] == found[1], query
        assert found[2] == 0
        for name, (low, high) in BOUNDS.items():
            assert low <= found[0][name] <= high, query
        assert isinstance(found[0]["keys"], bool)
        assert found[0]["split"] in ("test", "train")
        assert re.fullmatch(r"|0|[A-Za-w]{3,}(\.[A-Za-w]{3,})*", found[0]["drawing"])
    assert dialogs == []


def test_going_back_restores_the_settings(server: SiteServer, page: Page) -> None:
    page.goto(server.url + "train.html?seed=4")
    page.evaluate("() => history.pushState(null, '', '?seed=8')")
    page.evaluate("() => history.back()")
    until(lambda: settings(page)["seed"] == 4)
