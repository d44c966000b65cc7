"""What the author of a page can ask of a figure: of an element, and of a frame, which is asked by
messages and looks at each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from support.after import frames as painted
from support.post import TALL, alive, elsewhere, figure, posted
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, Serve, until

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

LOOSE = "default-src * blob: data: 'unsafe-inline' 'wasm-unsafe-eval'"
KINDS = ["element", "figure", "frame"]

ASK = """async ([site, selector, method, detail]) => {
  const { reach } = await import(site + 'glassnet.js');
  try {
    const value = await reach(document.querySelector(selector))[method](detail ?? undefined);
    if (!(value instanceof Blob)) return { value: value ?? null };
    if (value.type !== 'image/png') return { type: value.type, text: await value.text() };
    const picture = await createImageBitmap(value);
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const { data } = canvas.getContext('2d').getImageData(0, 0, picture.width, picture.height);
    return { type: value.type, width: picture.width, height: picture.height, colours: new Set(new Uint32Array(data.buffer)).size,
      marked: new Uint32Array(data.buffer).reduce((sum, one) => sum + Number(one !== 0xffffffff), 0) / data.length };
  } catch (error) {
    return { fault: error.message };
  }
}"""


class Asked:
    """A page with one figure, of a kind, which is asked through `reach`."""

    def __init__(self, page: Page, site: str, kind: str, name: str) -> None:
        self.page, self.site, self.kind, self.name = page, site, kind, name
        self.selector = {"element": f"glass-{name}", "figure": "figure", "frame": "#bare"}[kind]

    def ask(self, method: str, detail: Any = None) -> dict[str, Any]:
        told: dict[str, Any] = self.page.evaluate(ASK, [self.site, self.selector, method, detail])
        return told

    @property
    def inside(self) -> Page | Frame:
        """Where its element is."""
        if self.kind == "element":
            return self.page
        return next(frame for frame in self.page.frames if "frame.html" in frame.url)

    def evaluate(self, told: str) -> Any:
        return self.inside.evaluate(
            f"() => {{ const it = document.querySelector('glass-{self.name}'); return {told}; }}"
        )


@pytest.fixture
def asked(server: SiteServer, serve: Serve, open_page: OpenPage) -> Callable[..., Asked]:
    site = elsewhere(server)

    def opened(kind: str, name: str, far: bool = False, **settings: str) -> Asked:
        said = "".join(f' data-{one}="{value}"' for one, value in settings.items())
        query = "".join(f"&{one}={value}" for one, value in settings.items())
        frame = f'<iframe id="bare" sandbox="allow-scripts" width="800" height="900" src="{site}frame.html?figure={name}{query}"></iframe>'
        html = {
            "element": f"<glass-{name}{said}></glass-{name}>",
            "figure": figure(name, **settings),
            "frame": frame,
        }
        page = posted(
            server,
            serve,
            open_page,
            f"{TALL if far else ''}{html[kind]}",
            policy=LOOSE,
            script=kind != "frame",
        )
        return Asked(page, site, kind, name)

    return opened


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_opens_a_unit_and_a_number(asked: Callable[..., Asked], kind: str) -> None:
    it = asked(kind, "network", stop="x")
    assert it.ask("inspect", {"layer": 0, "unit": 7}) == {"value": None}
    settings = "['layer', 'unit', 'panel', 'stop'].map((name) => it.settings.get(name))"
    assert it.evaluate(settings) == [0, 7, "unit", "layers.0.a"]
    assert it.evaluate("it.inside.cell.value") == {"name": "layers.0.a", "at": 7}
    it.inside.get_by_text("hidden unit 8").first.wait_for()  # readers count from 1
    assert it.ask("inspect", {"stop": "layers.1.z", "at": 3}) == {"value": None}
    assert it.evaluate("it.inside.cell.value") == {"name": "layers.1.z", "at": 3}
    it.inside.get_by_text("hidden unit 8").wait_for(state="hidden")
    assert (
        "layer 1 has 10 units, 0 to 9; not 10"
        in it.ask("inspect", {"layer": 1, "unit": 10})["fault"]
    )
    assert "there are 2 layers, 0 to 1; not 5" in it.ask("inspect", {"layer": 5})["fault"]
    assert (
        "there is no stop nowhere; there are x, " in it.ask("inspect", {"stop": "nowhere"})["fault"]
    )
    assert (
        "layers.1.z has 10 numbers" in it.ask("inspect", {"stop": "layers.1.z", "at": 10})["fault"]
    )
    assert "not code" in it.ask("inspect", {"code": "alert(1)"})["fault"]
    assert "whole number" in it.ask("inspect", {"unit": "7"})["fault"]
    assert it.evaluate(settings) == [0, 7, "unit", "layers.1.z"]  # and as it was


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_figure_opens_a_unit_and_draws_itself(
    asked: Callable[..., Asked], kind: str
) -> None:
    it = asked(kind, "train")
    assert it.ask("inspect", {"unit": 9, "digit": 4}) == {"value": None}
    assert it.evaluate("it.settings.get('digit')") == 4
    until(lambda: it.inside.get_by_text("Hidden unit 10").count() > 0)
    picture = it.ask("toBlob", {"scale": 1})
    assert picture["type"] == "image/png"
    assert picture["width"] > 300 and picture["height"] > 200 and picture["colours"] > 50
    assert it.ask("toBlob", {"scale": 2})["width"] == pytest.approx(2 * picture["width"], abs=2)
    told = it.ask("toBlob", {"type": "image/svg+xml"})
    words = it.ask("describe")["value"]
    assert "The network: 784" in words and "recorded, step " in words and "Curves" in words
    assert "<title>The network: 784" in told["text"]
    assert "at most 4" in it.ask("toBlob", {"scale": 100})["fault"]
    assert "not text/html" in it.ask("toBlob", {"type": "text/html"})["fault"]
    part = it.ask("toBlob", {"part": "curves", "scale": 1})
    assert 0 < part["height"] < picture["height"] + 300
    assert 'no part "nonsense"' in it.ask("toBlob", {"part": "nonsense"})["fault"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_what_is_far_from_the_screen_is_whole(
    asked: Callable[..., Asked], kind: str
) -> None:
    near, far = asked(kind, "train"), asked(kind, "train", far=True)
    pictures = [it.ask("toBlob", {"scale": 1}) for it in (near, far)]
    for one in pictures:
        assert one["colours"] > 50

    def marked(it: Asked) -> float:
        return float(it.ask("toBlob", {"scale": 1})["marked"])

    # Each as it stands, and what it shows is coming: until both have it.
    until(lambda: marked(far) == pytest.approx(marked(near), rel=0.1), BOOT)
    assert "<path" in far.ask("toBlob", {"type": "image/svg+xml"})["text"]
    assert far.page.evaluate("() => scrollY") == 0


@pytest.mark.parametrize("kind", KINDS)
def test_others_say_what_they_have(asked: Callable[..., Asked], kind: str) -> None:
    it = asked(kind, "race")
    assert "nothing to inspect" in it.ask("inspect", {"unit": 1})["fault"]
    assert "has no step()" in it.ask("step")["fault"]
    assert "no drawing" in it.ask("toBlob", {"type": "image/svg+xml", "part": "reads"})["fault"]
    assert it.ask("toBlob")["colours"] > 10
    words = it.ask("describe")["value"]
    assert "recorded race" in words and "python" in words and "simd" in words


@pytest.mark.parametrize("kind", KINDS)
def test_a_wall_opens_a_digit(asked: Callable[..., Asked], kind: str) -> None:
    it = asked(kind, "browse", loading="lazy")
    assert it.ask("inspect", {"digit": "test-18"}) == {"value": None}
    assert it.evaluate("[it.settings.get('digit'), it.settings.get('panel')]") == [
        "test-18",
        "digit",
    ]
    assert "Digit" in it.ask("inspect", {"digit": "<img>"})["fault"]
    assert "Wall of" in it.ask("describe")["value"]
    until(lambda: it.ask("toBlob")["colours"] > 10, BOOT)  # as it stands: its digits are coming
    it.evaluate("void it.collection.openFiles(Promise.resolve([]))")
    told = it.ask("toBlob")
    # What a reader opens is theirs: a page around a frame never has it. Its own elements it has anyway.
    assert ("what the reader has opened" in told.get("fault", "")) == (kind != "element")


def test_a_touch_is_not_waited_for_where_the_author_asks(asked: Callable[..., Asked]) -> None:
    it = asked("figure", "network", loading="touch")
    it.page.get_by_role("button", name="Show the living figure").wait_for()
    assert it.ask("play") == {"value": None}
    until(lambda: it.evaluate("it.inside.player.playing.value || it.settings.get('stop')"))
    assert it.page.locator("figure > button").count() == 0
    element = asked("element", "race", loading="touch")
    assert element.ask("load") == {"value": None}
    assert element.page.locator("glass-race").get_attribute("status") == "ready"


def test_what_is_no_figure_is_named(asked: Callable[..., Asked]) -> None:
    it = asked("figure", "race")
    it.selector = "body"
    assert "<body> is no figure of glassnet's" in it.ask("load")["fault"]


HOSTILE = """() => {
  window.answers = [];
  addEventListener('message', ({ data }) => data?.tell === 'answer' && window.answers.push(data));
  const frame = document.querySelector('iframe').contentWindow;
  const odd = [{ ask: 'constructor', id: '1' }, { ask: '__proto__', id: '2' }, { ask: 'remove', id: '3' },
    { ask: 'inspect', id: 4, detail: { unit: 1 } }, { ask: 'inspect', id: '5'.repeat(1000), detail: { unit: 1 } },
    { ask: ['step'], id: '6' }, { ask: 'inspect', id: '7', detail: { unit: 1, __proto__: null, src: 'https://evil.example/x.js' } },
    { ask: 'inspect', id: '8', detail: null }, { ask: 'toBlob', id: '9', detail: { type: 'text/html' } },
    { ask: 'step', id: '10' }, { ask: 'step', id: '10' }, { ask: 'step', id: '10' }];
  for (const one of odd) frame.postMessage({ glassnet: 1, ...one }, '*');
}"""


def test_questions_do_what_a_hand_could_and_no_more(
    server: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    page = posted(server, serve, open_page, figure("network", stop="x"))
    frame = alive(page)
    stop = "() => { const { inside } = document.querySelector('glass-network'); return inside.stop.value; }"
    before = frame.evaluate(stop)
    page.evaluate(HOSTILE)
    until(lambda: len(page.evaluate("() => answers")) >= 7)
    painted(page)
    answers = {one["id"]: one.get("fault", "done") for one in page.evaluate("() => answers")}
    assert sorted(answers) == ["1", "10", "2", "3", "7", "8", "9"]
    assert answers["10"] == "done" and frame.evaluate(stop) == before + 1  # put again, done once
    assert all("has no" in answers[one] for one in "123")
    assert "not src" in answers["7"] and "wants an object" in answers["8"]
    assert frame.locator("glass-network").count() == 1


def test_frames_hear_the_page_around_and_no_other_window(
    server: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    page = posted(server, serve, open_page, figure("network", stop="x"), figure("race"))
    frame, other = alive(page), alive(page, 1)
    page.evaluate("() => scrollTo(0, 0)")
    stop = "() => document.querySelector('glass-network').inside.stop.value"
    before = frame.evaluate(stop)
    page.evaluate(
        "() => { window.heard = 0; addEventListener('message', ({ data }) => { window.heard += data?.id === 'last'; }); }"
    )
    other.evaluate(
        "() => parent.frames[0].postMessage({ glassnet: 1, ask: 'step', id: 'forged' }, '*')"
    )
    page.evaluate("() => frames[0].postMessage({ glassnet: 1, ask: 'load', id: 'last' }, '*')")
    until(lambda: page.evaluate("() => heard"))
    assert frame.evaluate(stop) == before
