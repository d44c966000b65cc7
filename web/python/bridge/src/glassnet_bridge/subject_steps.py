"""What the network page asks about one digit: a step on it and what comes of that, the map from it
to the answer, and the smallest change that makes another answer of it."""

from __future__ import annotations

from typing import Any

from glassnet.insight.flip import flip
from glassnet.insight.linear import input_gradient, linear_map
from glassnet.insight.verdict import Row, verdict
from glassnet.tracing import trace
from glassnet_bridge.arrays import Wanted, named
from glassnet_bridge.asked import Asked, Json, told_changes
from glassnet_bridge.tracing import quantity

TESTED = 500  # test digits that a step is judged by


def step(asked: Asked) -> Json:
    """The training step on the digit, array by array, and its verdict; it is not taken."""
    network, optimizer = asked.subject.network, asked.subject.optimizer
    pixels, label, test = asked.pixels, asked.label, asked.test
    others = asked.train.split[: max(asked.subject.config.batch - 1, 0)]
    told = verdict(network, optimizer, pixels, label, others, test.split[:TESTED])
    return {
        "quantities": [quantity(one) for one in trace(network, pixels, label, optimizer)],
        "verdict": {
            "rows": [row(one) for one in told.rows],
            "worse": told_changes(told.worse, test),
            "better": told_changes(told.better, test),
        },
    }


def row(one: Row) -> Json:
    """One row of a verdict, in the protocol's words."""
    return {
        "of": one.of,
        "count": one.count,
        "before": one.before,
        "after": one.after,
        "rightBefore": one.right_before,
        "rightAfter": one.right_after,
    }


def linear(asked: Asked) -> Json:
    """The linear map from the digit to the logits; with a label, also ∂L/∂x."""
    network, pixels = asked.subject.network, asked.pixels
    found, gradient = linear_map(network, pixels), None
    if asked.message.get("label") is not None:
        gradient = named(input_gradient(network, pixels, asked.label))
    return {
        "exact": found.exact,
        "why": found.why,
        "templates": named(found.templates),
        "products": found.products,
        "constants": found.constants,
        "logits": found.logits,
        "gradient": gradient,
        "on": {name: which.reshape(-1) for name, which in found.on.items()},
    }


def flipped(asked: Asked) -> Json:
    """The smallest change of the digit that makes another answer of it, or the wished one."""
    to = asked.message.get("to")
    found = flip(asked.subject.network, asked.pixels, None if to is None else int(to))
    return {
        "path": named(found.path),
        "outputs": named(found.outputs),
        "from": found.before,
        "to": found.after,
        "flipped": found.flipped,
        "distance": found.distance,
    }


def arrays(asked: Asked) -> Any:
    """Arrays by name; of the way forward only with a digit."""
    wanted = Wanted(asked.subject, asked.message["arrays"])
    return wanted.read(None if asked.message.get("pixels") is None else asked.pixels)
