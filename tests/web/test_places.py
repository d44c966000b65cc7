"""The page works wherever it is put: below a path, inside other people's pages, in every one."""

from __future__ import annotations

import pytest

from support.after import frames
from support.server import Answer, SiteServer
from support.trainer import OpenPage, Serve, Trainer, until

# What a page sends that wants threads: only frames that agree to it load there.
ISOLATING = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


def embedding(address: str, sandbox: str | None, **more: str) -> Answer:
    """Somebody else's page, which embeds ours and has no policy of its own. more: headers."""
    attribute = "" if sandbox is None else f'sandbox="{sandbox}"'
    html = f'<!doctype html><link rel="icon" href="data:,"><iframe src="{address}" width="700" height="900" {attribute}></iframe>'
    return Answer(
        html.encode(),
        headers={"Content-Security-Policy": "default-src * data: 'unsafe-inline'", **more},
    )


def test_below_a_path(serve: Serve, open_page: OpenPage) -> None:
    deep = serve(prefix="/a/deep/path/")
    trainer = Trainer(open_page(deep.url + "train.html"))
    trainer.wait_for_network()
    trainer.step(2)
    assert len(trainer.losses()) == 2
    trainer.page.get_by_role("link", name="glassnet", exact=True).click()
    trainer.page.wait_for_url(deep.url + "index.html")


@pytest.mark.parametrize("sandbox", [None, "allow-scripts allow-same-origin", "allow-scripts"])
def test_inside_a_page_of_another_origin(
    server: SiteServer, serve: Serve, open_page: OpenPage, sandbox: str | None
) -> None:
    ours = server.url.replace("127.0.0.1", "localhost") + "train.html?seed=3"
    host = serve({"host.html": embedding(ours, sandbox)})
    page = open_page(host.url + "host.html", viewport={"width": 800, "height": 1000})
    until(lambda: len(page.frames) > 1 and page.frames[1].url.startswith("http://localhost"))
    trainer = Trainer(page.frames[1])
    trainer.wait_for_network()
    trainer.step(2)
    assert trainer.frame()["config"]["seed"] == 3
    assert len(trainer.losses()) == 2


@pytest.mark.parametrize("sandbox", [None, "allow-scripts"])
def test_inside_a_page_that_isolates_itself(
    server: SiteServer, serve: Serve, open_page: OpenPage, sandbox: str | None
) -> None:
    ours = server.url.replace("127.0.0.1", "localhost") + "train.html"
    host = serve({"host.html": embedding(ours, sandbox, **ISOLATING)})
    page = open_page(host.url + "host.html", viewport={"width": 800, "height": 1000})
    assert page.evaluate("() => crossOriginIsolated")
    until(lambda: len(page.frames) > 1 and page.frames[1].url.startswith("http://localhost"))
    trainer = Trainer(page.frames[1])
    trainer.wait_for_network()
    trainer.step(2)
    assert len(trainer.losses()) == 2


def test_no_width_overflows(trainer: Trainer) -> None:
    page = trainer.page
    trainer.step(1)
    for summary in page.locator("glass-train summary").all():
        summary.press("Enter")  # a menu that is open lies over what is below it
    for width in [320, 360, 480, 768, 1024, 1280, 1920]:
        page.set_viewport_size({"width": width, "height": 800})
        frames(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        assert page.locator("glass-unit canvas").first.is_visible()


def top(trainer: Trainer, name: str) -> float:
    """How far below the window's upper edge an element begins."""
    box = trainer.page.locator(name).first.bounding_box()
    assert box is not None
    return box["y"]


def test_a_narrow_page_reads_downwards(trainer: Trainer) -> None:
    """Controls, digit, tiles, curves, mistakes, all digits: each begins below the one before."""
    trainer.page.set_viewport_size({"width": 360, "height": 740})
    names = [
        "glass-controls",
        "glass-digit",
        "glass-tiles",
        "glass-curve",
        "glass-score",
        "glass-strip",
    ]
    tops = [top(trainer, name) for name in names]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops)
    assert abs(top(trainer, "glass-outputs") - tops[1]) < 160, "beside the digit"


def test_the_buttons_stay_in_sight_on_a_phone(trainer: Trainer) -> None:
    trainer.page.set_viewport_size({"width": 360, "height": 740})
    trainer.page.evaluate("() => scrollTo(0, 900)")
    until(lambda: 0 <= top(trainer, "[data-command=start]") < 60)
