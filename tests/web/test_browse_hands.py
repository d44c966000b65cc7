"""The wall in people's hands: files dropped on it, digits copied, fingers, and what steps back."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from support.after import frames
from support.server import SiteServer
from support.trainer import OpenPage, until
from support.wall import Wall, idx, truth

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

RNG = np.random.default_rng(2)
IMAGES = RNG.integers(0, 256, (12, 20, 31)).astype(np.uint8)
LABELS = (np.arange(12) % 10).astype(np.uint8)
WIDE = {"width": 1280, "height": 800}


@pytest.fixture
def wall(server: SiteServer, open_page: OpenPage) -> Wall:
    return Wall(open_page(server.url + "browse.html", viewport=WIDE)).wait()


def drag(session: CDPSession, kind: str, paths: list[Path]) -> None:
    """As when the system drags files over the page; folders, too."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session.send("Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 500, "data": data})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "fashion-mnist"
    made.mkdir()
    (made / "train-images-idx3-ubyte").write_bytes(idx(IMAGES))
    (made / "train-labels-idx1-ubyte").write_bytes(idx(LABELS))
    (made / "README.md").write_text("no data", encoding="utf-8")
    return made


@pytest.mark.parametrize("whole", [False, True], ids=["files", "a folder"])
def test_files_are_dropped(wall: Wall, folder: Path, whole: bool) -> None:
    paths = [folder] if whole else sorted(folder.glob("train-*"))
    session = wall.page.context.new_cdp_session(wall.page)
    words = wall.page.get_by_text("Drop IDX files here")
    drag(session, "dragEnter", paths)
    drag(session, "dragOver", paths)
    words.wait_for()
    words.wait_for(state="detached")  # it was given up
    drag(session, "dragEnter", paths)
    drag(session, "dragOver", paths)
    drag(session, "drop", paths)
    until(lambda: wall.value("collection.about.value.count") == len(IMAGES))
    words.wait_for(state="detached")
    # Only the folder's name tells these files from those of any other set.
    ninth = wall.value("collection.about.value.classes[9]")
    assert ninth == ("Ankle boot" if whole else "9")


def test_a_bad_file_dropped_is_told(wall: Wall, tmp_path: Path) -> None:
    broken = tmp_path / "broken-images"
    broken.write_bytes(idx(IMAGES)[:-5])
    session = wall.page.context.new_cdp_session(wall.page)
    before = wall.value("collection.about.value.title")
    for kind in ("dragEnter", "dragOver", "drop"):
        drag(session, kind, [broken])
    told = wall.page.locator("glass-browse .refusal")
    told.wait_for()
    assert "broken-images: truncated: its header says 12 × 20 × 31, 7,440" in told.inner_text()
    assert wall.value("collection.about.value.title") == before


DROP = """
([name, text]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (name) transfer.items.add(new File([bytes], name));
  else transfer.setData('text/plain', 'no file');
  const init = { dataTransfer: transfer, bubbles: true, cancelable: true };
  const wall = document.querySelector('glass-browse');
  const over = new DragEvent('dragover', init);
  wall.dispatchEvent(over);
  const shown = over.defaultPrevented;
  wall.dispatchEvent(new DragEvent('drop', init));
  return shown;
}
"""


def test_a_drop_event_of_the_page(wall: Wall) -> None:
    assert not wall.page.evaluate(DROP, [None, ""])  # a text is none of our business
    assert wall.page.get_by_text("Drop IDX files here").count() == 0
    data = base64.b64encode(idx(IMAGES)).decode()
    assert wall.page.evaluate(DROP, ["photos.idx", data])
    until(lambda: wall.value("collection.about.value.count") == len(IMAGES))
    assert wall.value("collection.about.value.classes") == ["unlabelled"]


def opened(server: SiteServer, open_page: OpenPage, script: str = "") -> Wall:
    """The page with one digit in the drawer, its clipboard as `script` makes it."""
    allowed = ["clipboard-read", "clipboard-write"]
    page = open_page(viewport=WIDE, permissions=allowed)
    if script:
        page.add_init_script(script)
    page.goto(server.url + "browse.html?digit=test-18&panel=digit")
    wall = Wall(page).wait()
    wall.panel.get_by_role("button", name="Copy PNG").wait_for()
    return wall


COPIED_PICTURE = """
async () => {
  const [item] = await navigator.clipboard.read();
  const bitmap = await createImageBitmap(await item.getType('image/png'));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return [bitmap.height, bitmap.width, [...data.filter((_, i) => i % 4 === 0)]];
}
"""


def test_copies(server: SiteServer, open_page: OpenPage, site: Path) -> None:
    wall = opened(server, open_page)
    images, labels = truth(site)
    status = wall.panel.locator("glass-take [role=status]")

    wall.panel.get_by_role("button", name="Copy PNG").click()
    until(lambda: status.inner_text() == "The PNG is copied.")
    assert wall.page.evaluate(COPIED_PICTURE) == [28, 28, images[18].ravel().tolist()]

    def text() -> str:
        return str(wall.page.evaluate("() => navigator.clipboard.readText()"))

    wall.panel.get_by_role("button", name="Copy numpy code").click()
    until(lambda: status.inner_text() == "The numpy code is copied.")
    names: dict[str, Any] = {}
    exec(text(), names)
    np.testing.assert_array_equal(names["x"], images[18])
    assert names["x"].dtype == np.uint8
    assert f"# Test digit 18: labelled {labels[18]}" in text()

    wall.panel.get_by_role("button", name="Copy link").click()
    until(lambda: status.inner_text() == "The link is copied.")
    other = Wall(open_page(text(), viewport=WIDE)).wait()
    other.panel.get_by_role("heading", name="Test digit 18, labelled").wait_for()


REFUSED = """
for (const name of ['write', 'writeText']) {
  Clipboard.prototype[name] = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
}
"""
MISSING = "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });"


@pytest.mark.parametrize("script", [REFUSED, MISSING], ids=["refused", "missing"])
def test_without_a_clipboard_all_can_be_taken_by_hand(
    server: SiteServer, open_page: OpenPage, site: Path, script: str
) -> None:
    wall = opened(server, open_page, script)
    status = wall.panel.locator("glass-take [role=status]")
    wall.panel.get_by_role("button", name="Copy numpy code").click()
    until(lambda: "does not let the page copy" in status.inner_text())
    names: dict[str, Any] = {}
    exec(wall.panel.get_by_label("What could not be copied").input_value(), names)
    images, _ = truth(site)
    np.testing.assert_array_equal(names["x"], images[18])
    wall.panel.get_by_role("button", name="Copy link").click()
    until(lambda: "digit=test-18" in wall.panel.get_by_label("What could not").input_value())
    wall.panel.get_by_role("button", name="Copy PNG").click()
    with wall.page.expect_download() as download:
        wall.panel.get_by_role("button", name="Save PNG").click()
    assert download.value.suggested_filename == "test-18.png"
    data = Path(download.value.path()).read_bytes()
    assert io.BytesIO(data).read(8) == b"\x89PNG\r\n\x1a\n"
    wall.value("collection.choose(19)")  # what could not be copied was another digit
    until(lambda: status.inner_text() == "")


Touch = Callable[..., None]


@pytest.fixture
def phone(server: SiteServer, open_page: OpenPage) -> Wall:
    page = open_page(
        server.url + "browse.html?shape=grid&columns=100&x=50&y=60&size=20",
        has_touch=True,
        viewport={"width": 360, "height": 740},
    )
    return Wall(page).wait()


def fingers(wall: Wall) -> Touch:
    """Sends touches: `touch("touchMove", (x, y), (x, y))`, from the wall's upper left corner."""
    session = wall.page.context.new_cdp_session(wall.page)
    box = wall.listbox.bounding_box()
    assert box

    def touch(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": box["x"] + x, "y": box["y"] + y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    return touch


def view(wall: Wall) -> tuple[float, float, float]:
    x, y, size = wall.value("['x', 'y', 'size'].map((name) => collection.settings.get(name))")
    return x, y, size


def test_one_finger_moves_the_wall(phone: Wall) -> None:
    touch = fingers(phone)
    x, y, size = view(phone)
    touch("touchStart", (180, 200))
    for k in range(1, 11):
        touch("touchMove", (180 - 8 * k, 200 + 6 * k))
    touch("touchEnd")
    until(lambda: view(phone)[0] == pytest.approx(x + 80 / size, abs=0.4))
    assert view(phone)[1] == pytest.approx(y - 60 / size, abs=0.4)
    assert view(phone)[2] == size
    assert phone.page.evaluate("() => scrollY") == 0
    assert phone.value("collection.settings.get('panel')") == "none"  # it was no tap


@pytest.mark.parametrize("factor", [3.0, 0.5])
def test_two_fingers_pinch(phone: Wall, factor: float) -> None:
    """What lies under the middle of the fingers stays there."""
    touch = fingers(phone)
    x, y, size = view(phone)
    box = phone.listbox.bounding_box()
    assert box
    middle = (120.0, 150.0)
    held = (x + (middle[0] - box["width"] / 2) / size, y + (middle[1] - box["height"] / 2) / size)

    def spread(reach: float) -> list[tuple[float, float]]:
        return [(middle[0] - reach, middle[1]), (middle[0] + reach, middle[1])]

    touch("touchStart", *spread(30))
    for k in range(1, 13):
        touch("touchMove", *spread(30 * factor ** (k / 12)))
    touch("touchEnd")
    until(lambda: view(phone)[2] == pytest.approx(size * factor, rel=0.05))
    x, y, size = view(phone)
    assert x + (middle[0] - box["width"] / 2) / size == pytest.approx(held[0], abs=0.5)
    assert y + (middle[1] - box["height"] / 2) / size == pytest.approx(held[1], abs=0.5)


def opacity(wall: Wall) -> list[float]:
    """Of the search line, the arrangements, and what is asked for often."""
    names = ["glass-search", "glass-arrange", "glass-browse .asks"]
    return [
        float(wall.page.locator(name).evaluate("one => getComputedStyle(one).opacity"))
        for name in names
    ]


def fading(wall: Wall, within: str = "*") -> int:
    """How many things around the wall, inside of what CSS calls so, are stepping back or coming."""
    script = """
      (one, within) => one.shadowRoot.getAnimations().filter(
        ({ transitionProperty, effect }) => transitionProperty === 'opacity' && effect.target.closest(within),
      ).length
    """
    return int(wall.page.locator("glass-browse").evaluate(script, within))


def stir(wall: Wall) -> bool:
    """Turns the wheel over the wall; whether the page knows at once that the wall is moving."""
    wall.page.mouse.move(640, 500)
    return bool(
        wall.listbox.evaluate(
            """wall => {
              wall.dispatchEvent(new WheelEvent('wheel', { deltaY: -30, ctrlKey: true }));
              return document.querySelector('glass-browse').hasAttribute('moving');
            }"""
        )
    )


def test_what_lies_around_steps_back_while_the_wall_is_moved(wall: Wall) -> None:
    boxes = [wall.page.locator(n).bounding_box() for n in ("glass-search", "glass-plane")]
    wall.listbox.focus()

    def faded() -> bool:
        stir(wall)
        return max(opacity(wall)) < 0.3

    until(faded)
    until(lambda: min(opacity(wall)) == 1)
    wall.page.mouse.down()

    def dragged() -> bool:
        wall.page.mouse.move(600, 470, steps=2)
        wall.page.mouse.move(640, 500, steps=2)
        return max(opacity(wall)) < 0.3

    until(dragged)
    wall.page.mouse.up()
    until(lambda: min(opacity(wall)) == 1)
    after = [wall.page.locator(n).bounding_box() for n in ("glass-search", "glass-plane")]
    assert boxes == after


def test_what_one_types_in_stays(wall: Wall) -> None:
    wall.search.focus()
    for _ in range(12):
        assert stir(wall)
        frames(wall.page)
        assert opacity(wall) == [1, 1, 1]
        assert fading(wall, ".top") == 0  # what is told of the wall below it may step back


def test_nothing_fades_under_reduced_motion(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "browse.html", viewport=WIDE, reduced_motion="reduce")
    wall = Wall(page).wait()
    for _ in range(12):
        assert stir(wall)
        frames(wall.page)
        assert opacity(wall) == [1, 1, 1]
        assert fading(wall) == 0
