"""The page of all digits, as tests drive it: by its address, its keys and its words."""

from __future__ import annotations

import base64
import gzip
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import read_idx
from make.facts import read
from support.trainer import until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

COLLECTION = "document.querySelector('glass-browse').collection"
SETTLED = """
() => {
  const collection = document.querySelector('glass-browse')?.collection;
  return performance.getEntriesByName('all digits').length > 0 && collection.facts.value !== null;
}
"""
LOOK = """
  const plane = document.querySelector('glass-browse').renderRoot.querySelector('glass-plane');
  const canvas = plane.renderRoot.querySelector('canvas');
  const look = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const told = ({ width, height, data }) => {
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return [width, height, btoa(text)];
  };
"""
# Between two looks lies what may follow upon the first: the page's timer for what is written on the
# digits once the wall rests (90 ms, begun before this one), its worker's answer, and two frames.
AT_REST = f"""
  const frame = () => new Promise(requestAnimationFrame);
  const same = (a, b) => {{
    const [one, other] = [a, b].map(({{ data }}) => new Uint32Array(data.buffer));
    return one.length === other.length && one.every((value, i) => value === other[i]);
  }};
  for (let before = null, end = performance.now() + 10_000; performance.now() < end; ) {{
    if (before) await new Promise((done) => setTimeout(done, 100));
    await {COLLECTION}.wall.ask('ping', {{}});
    await frame();
    await frame();
    const after = plane.whole ? look() : null;
    if (before && after && same(before, after)) return told(after);
    before = after;
  }}
  return null;
"""


class Wall:
    """An open browse.html."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait(self) -> Wall:
        """Until all digits, and what the network makes of them, are here and drawn."""
        until(lambda: self.page.evaluate(SETTLED), 90)
        return self

    def value(self, expression: str) -> Any:
        """What an expression over `collection` (web/models/collection.js) is."""
        script = f"() => {{ const collection = {COLLECTION}; return {expression}; }}"
        return self.page.evaluate(script)

    @property
    def address(self) -> str:
        """As the page has it now."""
        return str(self.page.evaluate("() => location.href"))

    @property
    def found(self) -> list[int]:
        """Ids of the digits that are shown, in their order."""
        ids: list[int] = self.value("[...collection.ordered.value]")
        return ids

    @property
    def search(self) -> Locator:
        return self.page.locator("glass-search input")

    @property
    def listbox(self) -> Locator:
        return self.page.locator("glass-plane [role=listbox]")

    @property
    def option(self) -> Locator:
        """The chosen digit, in words."""
        return self.page.locator("glass-plane [role=option]")

    @property
    def panel(self) -> Locator:
        return self.page.locator("glass-browse aside")

    def find(self, text: str) -> None:
        self.search.fill(text)
        self.search.press("Enter")

    def lay_out(self, shape: str) -> None:
        """By the button of that name: Map, Columns, Confusion, Wall or PCA."""
        shapes = self.page.get_by_role("group", name="Lay out as")
        shapes.get_by_role("button", name=shape, exact=True).click()

    def pixels(self) -> NDArray[np.uint8]:
        """The wall's canvas, uint8 (height, width, 4)."""
        return _picture(self.page.evaluate(f"() => {{ {LOOK} return told(look()); }}"))


def settled(wall: Wall) -> NDArray[np.uint8]:
    """The canvas, once all that is in sight is drawn, and two looks at it agree."""
    found = wall.page.evaluate(f"async () => {{ {LOOK} {AT_REST} }}")
    assert found, "the wall does not come to rest"
    return _picture(found)


def settled_at(wall: Wall, places: list[tuple[int, int]]) -> NDArray[np.uint8]:
    """The canvas's pixels at some places (row, column), uint8 (n, 4), once it is settled."""
    some = "const told = ({ data, width }) => places.map(([y, x]) => [...data.subarray(4 * (y * width + x)).subarray(0, 4)]);"
    plain = LOOK.partition("  const told")[0]
    found = wall.page.evaluate(f"async (places) => {{ {plain} {some} {AT_REST} }}", places)
    assert found is not None, "the wall does not come to rest"
    return np.array(found, np.uint8).reshape(-1, 4)


def _picture(told: tuple[int, int, str]) -> NDArray[np.uint8]:
    width, height, data = told
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def truth(site: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images and labels of the page's digits by id: from the IDX files where they are at hand,
    else from the packed set."""
    folder = os.environ.get("GLASSNET_MNIST")
    if folder:
        names = ["t10k", "train"]
        images = [read_idx(next(Path(folder).glob(f"{name}-images*"))) for name in names]
        labels = [read_idx(next(Path(folder).glob(f"{name}-labels*"))) for name in names]
    else:
        dataset = read(next(site.glob("data/mnist-*/index.json")))
        images = [dataset.test.images, dataset.train.images]
        labels = [dataset.test.labels, dataset.train.labels]
    return np.concatenate(images), np.concatenate(labels)


def idx(array: NDArray[np.uint8]) -> bytes:
    """An IDX file of bytes, written independently of the package."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


def upload(name: str, data: bytes, packed: bool = False) -> dict[str, Any]:
    """A file as Playwright hands it to a page."""
    content = gzip.compress(data) if packed else data
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
