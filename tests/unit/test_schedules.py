"""Each schedule at steps where its value is known."""

from __future__ import annotations

import math
from typing import Any

import pytest

from glassnet.options import make
from glassnet.schedules import SCHEDULES
from unit.small import run

# One row a schedule: its document, and factors at some of the steps 0 to 100.
ROWS: list[tuple[dict[str, Any], dict[int, float]]] = [
    ({"type": "constant"}, {0: 1, 50: 1, 99: 1}),
    ({"type": "constant", "warmup": 4}, {0: 0.25, 1: 0.5, 3: 1, 4: 1, 99: 1}),
    (
        {"type": "step", "every": 10, "factor": 0.5},
        {0: 1, 9: 1, 10: 0.5, 19: 0.5, 20: 0.25, 35: 0.125},
    ),
    ({"type": "step", "every": 10, "by": 0.5, "warmup": 5}, {4: 1, 14: 1, 15: 0.5}),
    ({"type": "cosine"}, {0: 1, 25: (1 + math.sqrt(0.5)) / 2, 50: 0.5, 100: 0}),
    ({"type": "cosine", "final": 0.2}, {0: 1, 50: 0.6, 100: 0.2, 200: 0.2}),
    ({"type": "cosine", "warmup": 20}, {0: 0.05, 19: 1, 20: 1, 60: 0.5, 100: 0}),
]


def test_every_schedule_has_a_row() -> None:
    assert {document["type"] for document, _ in ROWS} == SCHEDULES.keys()


@pytest.mark.parametrize(("document", "factors"), ROWS)
def test_factors(document: dict[str, Any], factors: dict[int, float]) -> None:
    schedule = make(SCHEDULES, document)
    for step, factor in factors.items():
        assert schedule.multiplier(step, 101) == pytest.approx(factor, abs=1e-12), step


def test_a_run_follows_its_schedule() -> None:
    made = run(schedule={"type": "step", "every": 3, "by": 0.1}, optimizer={"type": "sgd", "lr": 2})
    rates = []
    for _ in zip(range(7), made.events(), strict=False):
        rates.append(made.optimizer.rate)
    assert rates[:5] == pytest.approx([2, 2, 2, 0.2, 0.2])
