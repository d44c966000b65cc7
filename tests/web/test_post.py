"""Figures in somebody's post: a picture until one comes near, a frame then; one Python for all, with
a world for each; and the page around them left alone. The post is of another site than ours."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from support.after import frames as painted
from support.post import TALL, alive, elsewhere, figure, posted
from support.server import Answer, SiteServer
from support.spells import SPELLBOUND
from support.trainer import BOOT, OpenPage, Serve, until

TRAINING = "document.querySelector('glass-train').training"


@pytest.fixture
def post(server: SiteServer, serve: Serve, open_page: OpenPage) -> Callable[..., Page]:
    """Opens a post: `post(figure("train"), ..., policy=..., init=...)`."""
    return lambda *parts, site=server, **options: posted(site, serve, open_page, *parts, **options)


def room(page: Page) -> Frame:
    return next(frame for frame in page.frames if "room.html" in frame.url)


def step(frame: Frame) -> int:
    return int(frame.evaluate(f"() => {TRAINING}.run.frame.value?.step ?? -1"))


def stepped(frame: Frame, steps: int) -> None:
    """Until its run has taken so many."""
    until(lambda: step(frame) == steps, BOOT)


def press(frame: Frame, command: str) -> None:
    frame.locator(f"[data-command={command}]").click()


def test_nothing_but_the_picture_is_fetched_until_a_figure_is_near(
    post: Callable[..., Page], server: SiteServer
) -> None:
    asked = len(server.requested)
    page = post(figure("home"), TALL, figure("train", digit="4"))
    frame = alive(page)
    assert "home" in frame.url
    whole = page.locator("figure").nth(1)
    expect(whole).to_have_attribute("data-status", "idle")
    assert whole.locator("iframe").count() == 0
    assert whole.locator("a img").is_visible()
    assert page.locator("figure").first.locator("a").is_hidden()  # the picture's place is taken

    def python() -> list[str]:
        """What came of Python; the list of its parts says how many megabytes it has."""
        got = [path for path in server.requested[asked:] if path.startswith("python/")]
        return [path for path in got if "manifest" not in path]

    assert python() == []
    other = alive(page, 1)
    assert "figure=train" in other.url and "digit=4" in other.url
    assert other.locator("glass-train").get_attribute("status") == "ready"
    assert python() == []
    assert "room.html" not in server.requested[asked:]


def test_a_figure_that_comes_first_asks_for_little(
    post: Callable[..., Page], server: SiteServer
) -> None:
    asked = len(server.requested)
    page = post(TALL, figure("train"))
    page.wait_for_load_state("networkidle")
    assert server.requested[asked:] == ["glassnet.js"]


def test_figures_share_one_python_and_nothing_else(post: Callable[..., Page]) -> None:
    """Also one in a frame without an origin, which the post has put there by itself."""
    page = post(figure("train", digit="7"), figure("train", digit="3", rate="1"))
    one, two = alive(page), alive(page, 1)
    assert one.locator("glass-replay").count() == 1
    press(one, "step")
    stepped(one, 1)
    press(two, "start")
    until(lambda: step(two) > 50, BOOT)
    press(two, "pause")
    census = room(page).evaluate("() => room.census")
    assert census == {"members": 2, "workers": 1}
    assert len([worker for worker in page.workers if "/worker-" in worker.url]) == 1
    assert step(one) == 1
    press(one, "reset")
    stepped(one, 0)
    assert step(two) > 50
    losses = [
        frame.evaluate(f"() => {TRAINING}.run.description.value.config.optimizer.lr")
        for frame in (one, two)
    ]
    assert losses == [3, 1]
    press(one, "step")
    stepped(one, 1)  # its run is its own, whatever the other has trained


def test_ten_figures_need_no_python_before_a_touch_and_one_after(post: Callable[..., Page]) -> None:
    kinds = ["home", "train", "network", "race", "train"] * 2
    page = post(*(figure(kind, digit=str(n)) for n, kind in enumerate(kinds)))
    frames = [alive(page, number) for number in range(len(kinds))]
    assert [frame.url for frame in page.frames if "room.html" in frame.url] == []
    assert page.workers == []
    for number in (1, 9):
        press(frames[number], "step")
        stepped(frames[number], 1)
    assert room(page).evaluate("() => room.census") == {"members": 2, "workers": 1}
    assert len([worker for worker in page.workers if "/worker-" in worker.url]) == 1


def test_a_frame_without_an_origin_shares_it_too(
    post: Callable[..., Page], server: SiteServer
) -> None:
    """What WordPress makes of a figure: `sandbox="allow-scripts"`, and no more."""
    page = post(figure("train"))
    one = alive(page)
    with page.expect_event("framenavigated"):
        page.evaluate(
            """() => {
              const frame = document.querySelector('iframe');
              frame.setAttribute('sandbox', 'allow-scripts');
              frame.src += '&seed=1';
            }"""
        )
    one.locator("glass-train[status=ready]").wait_for()
    assert one.evaluate("() => self.origin") == "null"
    press(one, "step")
    stepped(one, 1)
    assert room(page).evaluate("() => room.census.workers") == 1
    assert len([worker for worker in page.workers if "/worker-" in worker.url]) == 1


def test_a_frame_without_our_script_starts_a_python_of_its_own(
    post: Callable[..., Page], server: SiteServer
) -> None:
    address = f"{elsewhere(server)}frame.html?figure=train"
    bare = f'<iframe src="{address}" sandbox="allow-scripts" width="800" height="700"></iframe>'
    page = post(bare.replace("<iframe", '<iframe id="bare"'), policy="frame-src *")
    handle = page.locator("#bare").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame
    frame.locator("glass-train[status=ready]").wait_for()
    press(frame, "step")
    stepped(frame, 1)
    assert not [one for one in page.frames if "room.html" in one.url]


def test_one_that_loops_is_put_apart_and_the_others_go_on(post: Callable[..., Page]) -> None:
    page = post(figure("train"), figure("train", digit="3"), init=SPELLBOUND)
    guilty, other = alive(page), alive(page, 1)
    press(other, "step")
    stepped(other, 1)
    press(guilty, "start")
    until(lambda: step(guilty) > 30, BOOT)
    room(page).evaluate("() => workers.at(-1).postMessage({ spell: 'loop' })")
    status = other.locator("glass-status [role=status]").first
    until(lambda: "another figure on this page stopped it" in status.inner_text(), BOOT)
    until(lambda: step(guilty) > 30 and step(other) == 1, BOOT)
    until(lambda: room(page).evaluate("() => room.census.workers") == 2, BOOT)
    press(other, "step")
    stepped(other, 2)
    before = step(guilty)
    until(lambda: step(guilty) > before, BOOT)  # it goes on as well, by itself


def test_where_the_hidden_frame_is_taken_away_another_comes(post: Callable[..., Page]) -> None:
    """As where a page's router swaps the whole body for another."""
    page = post(figure("train"))
    frame = alive(page)
    press(frame, "step")
    stepped(frame, 1)
    page.evaluate("() => document.querySelector('body > iframe[hidden]').remove()")
    status = frame.locator("glass-status [role=status]").first
    until(lambda: "was started again" in status.inner_text(), BOOT)
    stepped(frame, 1)
    assert room(page).evaluate("() => room.census") == {"members": 1, "workers": 1}


def test_put_in_and_taken_out_fifty_times_nothing_is_left(post: Callable[..., Page]) -> None:
    page = post(figure("train"), "<main></main>")
    one = alive(page)
    press(one, "step")
    stepped(one, 1)
    assert room(page).evaluate("() => room.census") == {"members": 1, "workers": 1}
    page.evaluate(
        """async (html) => {
          const main = document.querySelector('main');
          for (let time = 0; time < 50; time++) {
            main.innerHTML = html;
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            main.replaceChildren();
          }
        }""",
        figure("train"),
    )
    page.evaluate("(html) => { document.querySelector('main').innerHTML = html; }", figure("train"))
    again = alive(page, 1)
    press(again, "step")
    stepped(again, 1)
    until(lambda: room(page).evaluate("() => room.census") == {"members": 2, "workers": 1})
    page.evaluate("() => document.querySelector('main').replaceChildren()")
    until(lambda: room(page).evaluate("() => room.census") == {"members": 1, "workers": 1})
    assert len([frame for frame in page.frames if "frame.html" in frame.url]) == 1
    assert step(one) == 1
    press(one, "step")
    stepped(one, 2)


def test_the_frame_is_as_high_as_its_content_and_says_so_in_five_ways(
    post: Callable[..., Page], server: SiteServer
) -> None:
    listen = """
      window.told = [];
      addEventListener('message', ({ data }) => window.told.push(data));
    """
    page = post(figure("race"), init=listen)
    frame = alive(page)
    high = "() => Math.ceil(document.querySelector('main').getBoundingClientRect().height)"
    frame_height = "() => document.querySelector('iframe').clientHeight"
    until(lambda: frame.evaluate(high) == page.evaluate(frame_height))
    # The frame is of another process, which hears of its new height a little later.
    scrolled = "() => document.scrollingElement.scrollHeight"
    until(lambda: frame.evaluate(scrolled) == frame.evaluate(high))
    page.set_viewport_size({"width": 420, "height": 800})
    painted(page)
    until(lambda: frame.evaluate(high) == page.evaluate(frame_height))
    page.evaluate("() => { document.querySelector('iframe').src += '#?secret=abc123'; }")
    page.evaluate("() => { window.told.length = 0; }")
    page.set_viewport_size({"width": 900, "height": 800})
    until(lambda: frame.evaluate(high) == page.evaluate(frame_height))
    told = page.evaluate("() => window.told")
    height = page.evaluate(frame_height)
    assert {"glassnet": 1, "tell": "height", "height": height} in told
    assert {"sentinel": "amp", "type": "embed-size", "height": height} in told
    assert {"height": height} in told
    assert {"message": "height", "value": height, "secret": "abc123"} in told
    assert any(isinstance(one, str) and '"context":"iframe.resize"' in one for one in told)


HOSTILE = """() => {
  const frame = document.querySelector('iframe').contentWindow;
  const deep = {}; deep.self = deep;
  const odd = [null, 7, 'x', [], deep, { glassnet: 1 }, { glassnet: 1, tell: 'set' },
    { glassnet: 1, tell: 'set', query: 7 }, { glassnet: 1, tell: 'set', query: 'x'.repeat(100000) },
    { glassnet: 1, tell: 'set', query: '?digit=javascript:alert(1)&__proto__=1&rate=<img src=x onerror=alert(1)>' },
    { glassnet: 1, tell: 'room', name: '<b>' }, { glassnet: 2, tell: 'set', query: '?digit=9' }];
  for (let time = 0; time < 100; time++) for (const one of odd) frame.postMessage(one, '*');
}"""


def test_messages_of_the_page_do_nothing_but_set_what_can_be_set(
    post: Callable[..., Page],
) -> None:
    page = post(figure("train", digit="5"))
    frame = alive(page)
    page.evaluate(HOSTILE)
    painted(page)
    assert frame.evaluate("() => document.querySelector('glass-train').settings.toQuery()") == ""
    set_to = "() => document.querySelector('iframe').contentWindow.postMessage({ glassnet: 1, tell: 'set', query: '?digit=9' }, '*')"
    page.evaluate(set_to)
    digit = "() => document.querySelector('glass-train').settings.get('digit')"
    until(lambda: frame.evaluate(digit) == 9)
    assert frame.locator("glass-train img").count() == 0
    # And those of other windows than its frames do nothing to the page.
    page.evaluate("() => postMessage({ glassnet: 1, tell: 'height', height: 5 }, '*')")
    painted(page)
    assert page.evaluate("() => document.querySelector('iframe').clientHeight") > 100


def test_figures_of_a_group_follow_each_other(post: Callable[..., Page]) -> None:
    page = post(figure("train", group="a"), figure("train", group="a"), figure("train", digit="2"))
    told = "window.told = []; addEventListener('glass-change', ({ detail, target }) => told.push([target.tagName, detail.query]));"
    page.evaluate(f"() => {{ {told} }}")
    one, two, three = (alive(page, number) for number in range(3))
    one.evaluate("() => { document.querySelector('glass-train').settings.set('digit', '8'); }")
    digit = "() => document.querySelector('glass-train').settings.get('digit')"
    until(lambda: two.evaluate(digit) == 8)
    assert three.evaluate(digit) == 2
    assert page.evaluate("() => window.told") == [["FIGURE", "?digit=8"]]


def test_on_paper_there_is_the_picture(post: Callable[..., Page]) -> None:
    page = post(figure("train"))
    alive(page)
    assert page.locator("figure a").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("figure a img").is_visible()
    assert page.locator("figure iframe").is_hidden()


def test_who_wants_little_data_is_asked_first(
    post: Callable[..., Page], server: SiteServer
) -> None:
    asked = len(server.requested)
    sparing = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"
    page = post(figure("train"), init=sparing)
    button = page.get_by_role("button", name="Show the living figure")
    button.wait_for()
    assert server.requested[asked:] == ["glassnet.js"]
    button.click()
    alive(page)
    assert button.count() == 0


def test_all_digits_are_asked_for_first(post: Callable[..., Page], server: SiteServer) -> None:
    asked = len(server.requested)
    page = post(figure("browse"))
    button = page.get_by_role("button", name=re.compile(r"Show the living figure \(\d+ MB\)"))
    button.wait_for()
    page.wait_for_load_state("networkidle")
    assert server.requested[asked:] == ["glassnet.js"]
    button.focus()
    page.keyboard.press("Enter")
    frame = alive(page)
    assert frame.locator("glass-plane").is_visible()


def test_a_page_that_has_shut_itself_off_shows_them(post: Callable[..., Page]) -> None:
    isolated = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "credentialless",
    }
    page = post(figure("train"), headers=isolated)
    assert page.evaluate("() => crossOriginIsolated")
    frame = alive(page)
    press(frame, "step")
    stepped(frame, 1)


def test_two_scripts_and_two_of_a_site_do_not_fight(
    post: Callable[..., Page], server: SiteServer
) -> None:
    second = f'<script type="module" src="{elsewhere(server)}glassnet.js?2"></script>'
    page = post(figure("home"), second)
    alive(page)
    assert page.locator("iframe").count() == 1


def test_two_sites_share_the_elements_and_not_the_frames(
    post: Callable[..., Page], serve: Serve
) -> None:
    """Such as an old version and a new one: elements are the first one's, frames each its own."""
    other = serve({})
    script = f'<script type="module" src="{other.url}glassnet.js"></script>'
    elements = "<glass-train></glass-train><glass-race></glass-race>"
    loose = "default-src * 'unsafe-inline' 'wasm-unsafe-eval' blob: data:"
    page = post(script, elements, figure("home"), policy=loose)
    page.locator("glass-train[status=ready]").wait_for()
    page.locator("glass-race[status]").wait_for()
    alive(page)
    # Both look for figures: the one that comes first takes it, and the other leaves it alone.
    assert page.locator("figure iframe").count() == 1


def test_a_figure_that_cannot_be_shown_leaves_its_picture(
    post: Callable[..., Page], serve: Serve, problems: list[str]
) -> None:
    page = post(figure("nonsense"))
    whole = page.locator("figure")
    until(lambda: whole.get_attribute("data-status") == "failed")
    assert whole.locator("a img").is_visible()
    problems.clear()


def test_the_wheel_and_one_finger_scroll_the_post(post: Callable[..., Page]) -> None:
    page = post(figure("browse", reveal="auto"), TALL)
    frame = alive(page)
    plane = frame.locator("glass-plane")
    box = plane.bounding_box()
    assert box
    size = "() => document.querySelector('glass-browse').settings.get('size')"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = frame.evaluate(size)
    page.mouse.wheel(0, 240)
    until(lambda: page.evaluate("() => scrollY") > 100)
    assert frame.evaluate(size) == before
    assert frame.get_by_text("hold Ctrl, and the wheel zooms").is_visible()
    page.evaluate("() => scrollTo(0, 0)")
    listbox = frame.locator("glass-plane [role=listbox]")
    assert listbox.evaluate("(it) => getComputedStyle(it).touchAction") == "pan-y"
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    until(lambda: frame.evaluate(size) != before)
    assert page.evaluate("() => scrollY") == 0
    listbox.focus()  # and once it has the keyboard, the wheel is its own
    before = frame.evaluate(size)
    page.mouse.wheel(0, -240)
    until(lambda: frame.evaluate(size) != before)
    assert page.evaluate("() => scrollY") == 0


def test_no_key_is_taken_from_the_post(post: Callable[..., Page]) -> None:
    page = post('<input id="theirs">', figure("train"))
    frame = alive(page)
    page.locator("#theirs").focus()
    page.keyboard.type(". r")
    assert page.locator("#theirs").input_value() == ". r"
    assert step(frame) == -1


@pytest.mark.parametrize("query", ["train", "network&model=conv", "race", "home", "browse"])
def test_no_frame_is_wider_than_its_column(
    server: SiteServer, open_page: OpenPage, query: str
) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(f"{server.url}frame.html?figure={query}")
    page.locator("main > [status=ready]").wait_for()
    for width in (360, 320, 620, 719):
        page.set_viewport_size({"width": width, "height": 740})
        painted(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        menus = page.locator("glass-menu summary").all()
        boxes = [menu.bounding_box() for menu in menus if menu.is_visible()]
        assert all(box and box["x"] + box["width"] <= width for box in boxes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_frame_has_the_scheme_of_its_post(post: Callable[..., Page], scheme: str) -> None:
    page = post(
        f'<meta name="color-scheme" content="{scheme}">', figure("home"), color_scheme="null"
    )
    frame = alive(page)
    ground = frame.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 24, 29)")


def test_in_firefox_figures_share_one_python(
    firefox: Browser, server: SiteServer, serve: Serve
) -> None:
    site = elsewhere(server)
    html = (
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A post</title>'
        f"{figure('train', digit='7')}{figure('train', digit='3')}"
        f'<script async type="module" src="{site}glassnet.js"></script>'
    )
    foreign = serve({"post.html": Answer(html.encode(), headers={"Content-Security-Policy": ""})})
    page = firefox.new_page(viewport={"width": 900, "height": 800})
    page.goto(foreign.url + "post.html")
    both = [alive(page), alive(page, 1)]
    for frame in both:
        frame.locator("[data-command=step]").evaluate("(it) => it.click()")
        stepped(frame, 1)
    assert room(page).evaluate("() => room.census") == {"members": 2, "workers": 1}
    page.close()
