"""What a run has told can be gone back from, to the step of its last checkpoint, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from support.script import told

PROGRAM = """
const { Past } = await import(web + 'models/past.js');
const { History } = await import(web + 'models/history.js');
const { Track } = await import(web + 'models/track.js');
const [steps, size, mark] = given.slice(0, 3).map(Number);
const make = () => (given[3] === 'track' ? new Track() : new History());
const loss = (step) => 1 / step;
const news = (from, to) => {
  const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return {
    losses: Float64Array.from(all.flatMap((step) => [step, loss(step), step / 100])),
    evaluations: all.filter((step) => !(step % 5)).map((step) => ({ step, split: 'test' })),
    log: all.filter((step) => step % 2 === 0).map((step) => ({ event: 'step', step })),
  };
};
const tell = (past, from, to) => {
  const last = (step) => Math.min(to, step + size - 1);
  for (let step = from; step <= to; step += size) past.take(news(step, last(step)));
  return past;
};
const seen = ({ history, log }) =>
  structuredClone({ ...history, version: 0, log, step: history.step });
const past = tell(new Past(make), 1, steps);
past.mark({ step: mark, lines: Math.floor(mark / 2) });
const back = past.back();
const result = { back: seen(back), plain: seen(tell(new Past(make), 1, mark)) };
// From there it goes on as if nothing had happened; what is told again counts once.
result.on = seen(tell(back, mark + 1, steps + 3));
result.whole = seen(tell(new Past(make), 1, steps + 3));
back.mark({ step: mark + 2, lines: 1 }); // of its log since it went on: every other step's
result.again = seen(back.back());
result.there = seen(tell(new Past(make), 1, mark + 2));
console.log(JSON.stringify(result));
"""


@pytest.mark.parametrize("curve", ["history", "track"])
@pytest.mark.parametrize(
    ("steps", "size", "mark"), [(10, 1, 7), (10, 4, 7), (10, 10, 3), (9, 2, 9), (3000, 70, 2501)]
)
def test_it_is_as_it_was_at_the_checkpoint(steps: int, size: int, mark: int, curve: str) -> None:
    found: Any = told(PROGRAM, *map(str, (steps, size, mark)), curve)
    assert found["back"] == found["plain"]
    assert found["on"] == found["whole"]
    assert found["again"] == found["there"]
