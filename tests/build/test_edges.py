"""The strongest connections are selected, not sorted: they are those that sorting would find."""

from __future__ import annotations

from typing import Any

import pytest

from support.script import told

CHECK = """
const { strongestEdges } = await import(web + 'draw/edges.js');
const [units, outputs, count, seed] = given.map(Number);
let state = seed;
const random = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648) - 0.5;
const weights = Float32Array.from({ length: units * outputs }, random);
const activations = Float32Array.from({ length: units }, random);
if (seed === 3) weights.fill(0.25); // all alike: the first ones, in order
if (seed === 4) weights.fill(NaN, 0, 7);
const all = [...weights].map((weight, i) => {
  const from = i % units;
  return { from, to: Math.floor(i / units), push: weight * activations[from] };
});
const size = ({ push }) => Math.abs(push);
const numbers = (some) => some.filter(({ push }) => !Number.isNaN(push));
const sorted = (some) => numbers(some).sort((a, b) => size(b) - size(a)).slice(0, count);
console.log(JSON.stringify({
  found: strongestEdges(weights, activations, count),
  expected: sorted(all),
  single: strongestEdges(weights, activations, count, { first: 2, last: 2 }),
  of: sorted(all.filter(({ from }) => from === 2)),
}));
"""


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("units", "outputs", "count"), [(36, 10, 16), (6500, 10, 16), (3, 2, 16), (50, 4, 1)]
)
def test_they_are_those_that_sorting_finds(units: int, outputs: int, count: int, seed: int) -> None:
    found: Any = told(CHECK, *map(str, (units, outputs, count, seed)))
    assert found["found"] == found["expected"]
    assert found["single"] == found["of"]
    assert len(found["found"]) <= count
