"""A small network that has learnt digits a little, and what may be asked about it, computed by
numpy as one would by hand: answers for panels of the network page that are true of one another."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glassnet as gn
from make.mnist import sample

Floats = NDArray[np.floating[Any]]

CLASSES = list("0123456789")
ASKED = 1000  # test digits
UNITS = 16


def typed(value: Any) -> Any:
    """JSON of it, arrays as `{"Float32Array": [...]}`."""
    kinds = {"f4": "Float32Array", "f8": "Float64Array", "u1": "Uint8Array", "u4": "Uint32Array"}
    kind = kinds[f"{value.dtype.kind}{value.dtype.itemsize}"]
    return {kind: value.ravel().tolist()}


def as_json(properties: dict[str, Any]) -> str:
    """Properties of a panel as its page reads them."""
    return json.dumps(properties, default=typed)


def named(array: Floats) -> dict[str, Any]:
    return {"shape": list(array.shape), "data": array.astype(np.float32)}


@dataclass
class Asked:
    """The network and its test digits. hidden: the activation of its hidden layer."""

    hidden: str = "relu"
    network: gn.Network = field(init=False)
    images: NDArray[np.uint8] = field(init=False)
    labels: NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        digits = sample()

        def split(part: Any, count: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
            raw = np.frombuffer(part.raw(0, count), np.uint8)
            return raw[count:].reshape(count, 28, 28), raw[:count].copy()

        images, labels = split(digits.train, 6000)
        self.images, self.labels = split(digits.test, ASKED)
        layers = [gn.Dense(UNITS, activation=self.hidden), gn.Dense(10, activation="softmax")]
        self.network = gn.Network(
            layers, shape=(28, 28), loss="cross_entropy", initializer="he_normal", seed=3
        )
        data = gn.load((images, labels), test=(self.images, self.labels))
        learner = gn.Learner(self.network, gn.Adam(lr=0.002), data.train, batch=20, seed=3)
        for _ in range(900):
            learner.step()

    @cached_property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The weights and biases of both layers, in float64."""
        named = self.network.parameters()
        names = [f"layers.{i}.{what}" for i in (0, 1) for what in ("weight", "bias")]
        w1, b1, w2, b2 = (named[name].astype(np.float64) for name in names)
        return w1, b1, w2, b2

    @property
    def packed(self) -> str:
        return base64.b64encode(self.images.tobytes()).decode()

    def x(self, index: int) -> Floats:
        return np.asarray(self.images[index].ravel() / 255, np.float64)

    def logits(self, x: Floats, parts: Any = None) -> Floats:
        """Of any number of digits (..., 784)."""
        w1, b1, w2, b2 = parts or self.parts
        z = x @ w1.T + b1
        a = np.maximum(z, 0) if self.hidden == "relu" else 1 / (1 + np.exp(-z))
        logits: Floats = a @ w2.T + b2
        return logits

    def shares(self, x: Floats, parts: Any = None) -> Floats:
        raised = np.exp(self.logits(x, parts))
        return np.asarray(raised / raised.sum(-1, keepdims=True))

    def map(self, index: int) -> dict[str, Any]:
        w1, b1, w2, b2 = self.parts
        x = self.x(index)
        z = w1 @ x + b1
        exact = self.hidden == "relu"
        share = 1 / (1 + np.exp(-z))
        slope = (z > 0).astype(np.float64) if exact else share * (1 - share)
        templates = (w2 * slope) @ w1
        return {
            "exact": exact,
            "why": "" if exact else f"{self.hidden} in layers.0",
            "templates": named(templates.reshape(10, 28, 28)),
            "products": templates @ x,
            "constants": w2 @ (slope * b1) + b2,
            "logits": self.logits(x),
            "on": {"layers.0": (z > 0).astype(np.uint8)},
        }

    def flip(self, index: int, to: int) -> dict[str, Any]:
        """Steps along the difference of two classes' gradients, until the answer is `to`."""
        x = self.x(index)
        start = int(self.logits(x).argmax())
        path = [x]
        w1, b1, w2, _ = self.parts
        while len(path) < 80 and self.logits(path[-1]).argmax() != to:
            now = path[-1]
            gradient = ((w2[to] - w2[start]) * (w1 @ now + b1 > 0)) @ w1
            behind = self.logits(now)[start] - self.logits(now)[to] + 0.1
            step = gradient * (0.3 * behind + 0.05) / (gradient**2).sum()
            path.append(np.clip(now + step, 0, 1))
        way = np.stack(path)
        return {
            "path": named(way.reshape(-1, 28, 28)),
            "outputs": named(self.shares(way)),
            "from": start,
            "to": to,
            "flipped": bool(self.logits(way[-1]).argmax() == to),
            "distance": float(np.linalg.norm(way[-1] - way[0])),
        }

    def activations(self, unit: int) -> Floats:
        w1, b1, _, _ = self.parts
        z: Floats = self.images.reshape(-1, 784) / 255 @ w1[unit] + b1[unit]
        return np.maximum(z, 0)

    def unit(self, unit: int, index: int) -> dict[str, Any]:
        all_of_them = self.activations(unit)
        counts, edges = np.histogram(all_of_them, 32)
        order = np.argsort(all_of_them, kind="stable")
        along = order[np.linspace(0, len(order) - 1, 9).astype(int)]

        def told(chosen: Any) -> list[dict[str, Any]]:
            return [
                {"index": int(i), "activation": all_of_them[i], "label": int(self.labels[i])}
                for i in chosen
            ]

        return {
            "here": float(all_of_them[index]),
            "edges": edges.astype(np.float32),
            "counts": counts.astype(np.uint32),
            "along": told(along),
            "most": told(order[::-1][:9]),
        }

    def edited(self, edits: list[dict[str, Any]]) -> dict[str, Any]:
        """What comes of edits, as they are fired."""
        w1, b1, w2, b2 = (part.copy() for part in self.parts)
        arrays = {"layers.0.weight": w1, "layers.1.weight": w2}
        for edit in edits:
            if edit["kind"] == "off":
                w2[:, edit["unit"]] = 0
                continue
            values = edit["values"] if edit["kind"] == "paint" else [edit["value"]]
            arrays[edit["array"]].reshape(-1)[edit["at"] : edit["at"] + len(values)] = values
        x = self.images.reshape(-1, 784) / 255
        before, after = self.shares(x), self.shares(x, (w1, b1, w2, b2))
        was, now, labels = before.argmax(1), after.argmax(1), self.labels

        def state(shares: Floats) -> dict[str, float]:
            right = int((shares.argmax(1) == labels).sum())
            return {"loss": float(-np.log(shares[np.arange(ASKED), labels]).mean()), "right": right}

        def told(which: NDArray[np.bool_]) -> list[dict[str, int]]:
            return [
                {
                    "index": int(i),
                    "label": int(labels[i]),
                    "before": int(was[i]),
                    "after": int(now[i]),
                }
                for i in np.flatnonzero(which)
            ]

        changed = was != now
        return {
            "count": ASKED,
            "before": state(before),
            "after": state(after),
            "worse": told(changed & (was == labels)),
            "better": told(changed & (now == labels)),
            "changed": told(changed),
        }
