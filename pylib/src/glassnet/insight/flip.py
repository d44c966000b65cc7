"""How little it takes to be read otherwise: the smallest change of an image that flips the answer.

Each step takes the network for the linear map that it is here, finds the nearest image that this
would read otherwise, and goes there; as that is not quite what the network is, it looks again
(DeepFool: Moosavi-Dezfooli, Fawzi, Frossard 2016). Where the map holds so briefly that the step
leads away from the border, half of it is tried, and so on. Pixels stay in 0..1: one that is at its
end takes no part in a step that would lead it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import ShapeError
from glassnet.images import as_examples
from glassnet.insight.frozen import Floats, Frozen
from glassnet.network import Network

STEPS = 50
HALVINGS = 6  # of a step
BEYOND = 0.02  # so much further than the border itself,
MARGIN = 1e-4  # and by so much of a logit, or rounding would decide
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Flip:
    """The way from an image to one that is read otherwise.

    Attributes:
        path: float32 (n, *shape), n ≥ 1, from the image on.
        outputs: float32 (n, K), what the network itself answers to each.
        before, after: the answer to the first, and that to the last or, where the answer could
            not be flipped, the class that was wished for.
        flipped: whether the last one is read as `after`.
        distance: how far the last is from the first, √Σ (difference of pixels)².
    """

    path: NDArray[np.float32]
    outputs: NDArray[np.float32]
    before: int
    after: int
    flipped: bool
    distance: float


def flip(network: Network, image: Any, to: int | None = None, steps: int = STEPS) -> Flip:
    """Change an image until the network reads it otherwise; the network stays as it is.

    Args:
        image: of the network's shape or flat: bytes 0..255, or floats 0..1.
        to: the class that it is to be read as; None: whichever is nearest.
        steps: how many at most.

    Raises:
        ShapeError: the image is of another size, or there is no such class.
    """
    if to is not None and not 0 <= to < network.outputs:
        raise ShapeError("class", f"0 to {network.outputs - 1}", to)
    first = as_examples(np.asarray(image)[np.newaxis], network.shape, np.float32)
    path, outputs = [first], [network.predict(first)]
    before = now = aim = int(outputs[0].argmax())
    frozen = Frozen(network, network.outputs)
    x = first.astype(np.float64)

    def there() -> bool:
        return now != before if to is None else now == to

    while not there() and len(path) <= steps:
        border = nearest_border(frozen, x, now, to)
        if border is None:
            break
        x, aim = border
        path.append(x.astype(np.float32))
        outputs.append(network.predict(path[-1]))
        now = int(outputs[-1].argmax())
    difference = path[-1].astype(np.float64) - path[0]
    return Flip(
        np.concatenate(path),
        np.concatenate(outputs),
        before,
        now if there() else aim,
        there(),
        float(np.sqrt((difference * difference).sum())),
    )


def nearest_border(
    frozen: Frozen, x: Floats, now: int, to: int | None
) -> tuple[Floats, int] | None:
    """The nearest image that the linear map at x would read otherwise, and as what.

    With w = template_k − template_now and f = logit_k − logit_now that is x + |f|/|w|² w, of the k
    for which |f|/|w| is least. None: no pixel that could still change makes a difference.
    """
    logits = frozen.answer(np.repeat(x, frozen.network.outputs, axis=0))[0]
    templates = frozen.logits_back(np.eye(frozen.network.outputs))
    best: tuple[float, Floats, int] | None = None
    for k in range(len(logits)) if to is None else [to]:
        if k == now:
            continue
        step = free_step(x, (templates[k] - templates[now])[np.newaxis], logits[now] - logits[k])
        if step is None:
            continue
        length = float(np.sqrt((step * step).sum()))
        if best is None or length < best[0]:
            best = length, step, k
    if best is None:
        return None
    _, step, k = best
    for _ in range(HALVINGS):
        there = frozen.answer(x + step)[0]
        if there[now] - there[k] < logits[now] - logits[k]:
            break
        step = step / 2
    return np.clip(x + step, 0, 1), k


def free_step(x: Floats, w: Floats, gap: float) -> Floats | None:
    """The shortest step along w, of pixels that may still go that way, by which w · step makes up
    for the gap, and a little more; None if there is none.

    Pixels that would leave 0..1 go to their end, and the others make up for what is left.
    """
    gap, step = max(gap, 0.0) * (1 + BEYOND) + MARGIN, np.zeros_like(x)
    free = (w != 0) & np.where(w > 0, x < 1, x > 0)
    for _ in range(10):
        square = float((w * w)[free].sum())
        left = gap - float((w * step).sum())
        if left <= 0:
            return step
        if square < TINY:
            return None if not step.any() else step
        step = np.clip(x + step + np.where(free, left / square * w, 0), 0, 1) - x
        free &= np.where(w > 0, x + step < 1, x + step > 0)
    return step
