"""The wire between a page and Python, by itself: many runs, failures answered, workers that die.

The page has nothing of the site but the modules of the wire; the worker is the built one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from make.settings import WEB
from support.modules import MODULES
from support.server import Answer, SiteServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Worker

HERE = Path(__file__).parent
PAGE = b"<!doctype html><html lang=en><title>wire</title><link rel=icon href=data:,>"
NOTICED = 3000  # milliseconds within which a lost worker is told

# A run so wide that making it keeps Python for a while, which the worker says before.
WIDE = [{"type": "dense", "units": 3000}, {"type": "dense", "units": 10}]
SLOW = {"run": "wide", "set": "digits", "config": {"layers": WIDE}}


@pytest.fixture(scope="module")
def bare(serve: Callable[..., SiteServer]) -> SiteServer:
    """The site with a page beside it that has nothing but the wire."""
    return serve(
        {
            "bare/index.html": Answer(PAGE),
            "bare/page.js": Answer((HERE / "wire_page.js").read_bytes()),
            **{f"bare/{name}": Answer((WEB / name).read_bytes()) for name in MODULES},
        }
    )


@pytest.fixture
def opened(site: Path, browser: Browser, bare: SiteServer) -> Iterator[Page]:
    """The page, with `window.wire` made and nothing started."""
    page = browser.new_page()
    page.goto(f"{bare.url}bare/index.html")
    page.evaluate("() => import('./page.js')")
    worker, manifest = (
        next(site.glob(name)) for name in ("assets/worker-*.js", "python/manifest-*.json")
    )
    places = [f"{bare.url}{path.relative_to(site).as_posix()}" for path in (worker, manifest)]
    page.evaluate("([worker, manifest]) => { window.wire = new Wire(worker, manifest); }", places)
    yield page
    page.close()


@pytest.fixture
def page(opened: Page) -> Page:
    """The page with Python and digits."""
    assert opened.evaluate("() => wire.boot()") == "ready"
    opened.evaluate("() => wire.data()")
    return opened


def worker_of(page: Page) -> Worker:
    return page.workers[-1]


def test_three_runs_train_in_one_worker_and_one_is_hidden(page: Page) -> None:
    found = page.evaluate("""async () => {
      const engines = ['python', 'numpy', 'simd'];
      for (const engine of engines) {
        await wire.create(engine, { engine });
        await wire.watch(engine, engine !== 'simd');
      }
      for (const run of engines) await wire.client.ask('step', { run, steps: 100 });
      const ended = () => ['python', 'numpy'].every((run) => wire.frames[run].at(-1)?.step === 100);
      const done = await wire.until(ended, 60_000);
      const hidden = wire.frames.simd.length;
      wire.client.drawn('reader of simd', wire.frames.simd[0].id);
      await wire.until(() => wire.frames.simd.length > 1);
      return { done, hidden, frames: wire.frames };
    }""")
    assert found["done"]
    assert found["hidden"] == 1  # nothing more until it has been acknowledged
    told = {
        run: [number for frame in frames for number in frame["losses"]]
        for run, frames in found["frames"].items()
    }
    for run, losses in told.items():
        assert losses[::3] == list(range(1, 101)), run
    assert found["frames"]["numpy"][0]["arrays"] == ["layers.0.weight", "layers.1.weight"]
    engines = {run: frames[0]["engine"] for run, frames in found["frames"].items()}
    assert engines == {"python": "python", "numpy": "numpy", "simd": "simd"}
    assert told["numpy"][1::3] == pytest.approx(told["python"][1::3], rel=1e-4)
    assert told["numpy"][1::3] == pytest.approx(told["simd"][1::3], rel=1e-4)


def test_two_hundred_requests_fail_and_the_next_one_works(page: Page) -> None:
    """Mostly Python errors; every tenth is answered too late, every fiftieth finds its worker dead."""
    found = page.evaluate(
        """async (SLOW) => {
      const bad = [
        ['create', { run: 'x', set: 'digits', config: { batch: 0 } }, 'E-CONFIG'],
        ['create', { run: 'x', set: 'digits', config: { constructor: 1, __proto__: 2 } }, 'E-CONFIG'],
        ['create', { run: 'x', set: 'none', config: {} }, 'E-UNKNOWN'],
        ['start', { run: 'nobody' }, 'E-UNKNOWN'],
        ['watch', { reader: 'r', run: 'one', digit: null, arrays: ['layers.7.weight'] }, 'E-UNKNOWN'],
        ['query', { expression: '1 <' }, 'E-QUERY'],
        ['query', { expression: '('.repeat(5000) }, null],
        ['source', { file: '../../../etc/passwd' }, 'E-UNKNOWN'],
        ['open', { run: 'one', set: 'digits', files: JSON.parse('{"__proto__": 1, "constructor": 2}') }, null],
        ['dance', {}, 'E-UNKNOWN'],
      ];
      const make = async () => {
        await wire.create('one');
        const columns = { y: new Uint8Array(20), test: new Uint8Array(20) };
        await wire.client.ask('columns', { columns });
      };
      const hurried = (type, what) => {
        const { setTimeout } = window;
        window.setTimeout = (act) => setTimeout(act, 0); // the request's limit, which is set at once
        const told = wire.told(type, what);
        window.setTimeout = setTimeout;
        return told;
      };
      const unheard = [];
      addEventListener('unhandledrejection', ({ reason }) => unheard.push(String(reason)));
      const count = { 'E-TIMEOUT': 0, 'E-ENDED': 0, python: 0 };
      const wrong = [];
      await make();
      for (let i = 0; i < 200; i++) {
        let [type, what, code] = bad[i % bad.length];
        const dies = i % 50 === 49;
        const hurries = i % 10 === 5;
        if (dies || hurries) [type, what, code] = ['create', SLOW, dies ? 'E-ENDED' : 'E-TIMEOUT'];
        const asking = hurries ? hurried(type, what) : wire.told(type, what);
        if (dies) wire.worker.terminate();
        const failed = await asking;
        if (!failed.code || (code && failed.code !== code)) wrong.push([i, type, failed]);
        count[failed.code in count ? failed.code : 'python'] += 1;
        if (dies) {
          await wire.boot();
          await wire.data();
          await make();
        }
        const works = await wire.told('arrays', { run: 'one', digit: null, arrays: ['layers.1.bias'] });
        if (works.value?.['layers.1.bias'].data.length !== 10) wrong.push([i, 'after', type, works]);
      }
      const lost = wire.lost.map((failure) => failure.code);
      return { wrong, count, unheard, lost, state: wire.client.state };
    }""",
        SLOW,
    )
    assert found == {
        "wrong": [],
        "count": {"python": 176, "E-TIMEOUT": 20, "E-ENDED": 4},
        "unheard": [],
        "lost": ["E-ENDED"] * 4,
        "state": "ready",
    }


LOST_AND_FOUND = """async ([act, within]) => {
  const waiting = [wire.told('arrays', { run: 'none', digit: null, arrays: [] })];
  const begun = performance.now();
  if (act === 'terminate') wire.worker.terminate();
  waiting.push(wire.told('query', { expression: 'y > 1' }), wire.told('start', { run: 'one' }));
  const noticed = await wire.until(() => wire.lost.length > 0, within);
  const told = await Promise.all(waiting);
  const { code, message, fatal } = wire.lost[0] ?? {};
  const after = performance.now() - begun;
  const refused = await wire.told('start', { run: 'one' });
  return { noticed, after, code, message, fatal, told: told.map((one) => one.code), state: wire.client.state, refused: refused.code };
}"""


def lose(page: Page, act: str = "") -> dict[str, Any]:
    """What the page is told of a worker that is lost, or is ended now."""
    found: dict[str, Any] = page.evaluate(LOST_AND_FOUND, [act, NOTICED])
    assert found["noticed"], found
    assert found["state"] == "failed"
    assert found["fatal"]
    assert found["refused"] == found["code"]
    return found


def works_again(page: Page) -> None:
    """After a failure, `boot` begins anew, without any run."""
    assert page.evaluate("() => wire.boot()") == "ready"
    page.evaluate("() => wire.data()")
    assert page.evaluate("() => wire.told('start', { run: 'one' })")["code"] == "E-UNKNOWN"
    page.evaluate("() => wire.create('one')")
    page.evaluate("() => wire.watch('one')")
    page.evaluate("() => wire.client.ask('step', { run: 'one', steps: 5 })")
    assert page.evaluate("() => wire.until(() => wire.frames.one.at(-1)?.step === 5)")


@pytest.mark.parametrize("how", ["terminate", "close", "loop", "loop in mid-run"])
def test_a_worker_that_is_lost_is_noticed_and_told(page: Page, how: str) -> None:
    page.evaluate("() => wire.create('one')")
    page.evaluate("() => wire.watch('one')")
    if how == "loop in mid-run":
        page.evaluate("() => wire.client.ask('start', { run: 'one' })")
        assert page.evaluate("() => wire.until(() => wire.frames.one.at(-1)?.step > 50)")
    if how == "close":
        worker_of(page).evaluate("() => self.close()")
    elif how != "terminate":
        worker_of(page).evaluate("() => void setTimeout(() => { for (;;); })")
    found = lose(page, how)
    code, told = found["code"], set(found["told"][1:])
    assert told == {code}
    if how == "terminate":
        assert code == "E-ENDED" and "the worker that runs Python has ended" in found["message"]
    elif how == "close":  # a browser may take its time to give back a lock
        assert code in ("E-ENDED", "E-SILENT")
    else:
        assert code == "E-SILENT" and "has given no sign of life" in found["message"]
    works_again(page)


BUSY_AND_GONE = """async ([what, within]) => {
  const asked = what ? wire.told('create', what) : wire.boot();
  const busy = await new Promise((resolve) => {
    wire.worker.addEventListener('message', ({ data }) => {
      if (data.news !== 'busy' || !data.seconds) return;
      wire.worker.terminate();
      resolve(data.seconds);
    });
  });
  const noticed = await wire.until(() => wire.lost.length > 0, within);
  const lost = wire.lost.map((failure) => failure.code);
  return { noticed, busy, lost, told: noticed && what ? (await asked).code : null };
}"""


@pytest.mark.parametrize("when", ["at its start", "in a request"])
def test_a_worker_that_ends_while_it_is_busy_is_noticed(opened: Page, when: str) -> None:
    """It has said that it will be silent for long: that it has ended is noticed all the same."""
    starting = when == "at its start"
    if not starting:
        opened.evaluate("() => wire.boot()")
        opened.evaluate("() => wire.data()")
    found = opened.evaluate(BUSY_AND_GONE, [None if starting else SLOW, NOTICED])
    assert found["busy"] >= 30
    assert found["noticed"]
    assert found["lost"] == ["E-ENDED"]
    assert found["told"] == (None if starting else "E-ENDED")
    works_again(opened)


@pytest.mark.parametrize("training", [False, True], ids=["asked", "in mid-run"])
def test_an_interpreter_that_breaks_down_says_so_at_once(page: Page, training: bool) -> None:
    """A clock that throws goes through the interpreter's own code, as an abort of it would."""
    page.evaluate("() => wire.create('one')")
    if training:
        page.evaluate("() => wire.client.ask('start', { run: 'one' })")
    worker_of(page).evaluate("() => { performance.now = () => { throw new Error('shut'); }; }")
    if not training:
        page.evaluate("() => wire.told('step', { run: 'one', steps: 1 })")
    assert page.evaluate("() => wire.until(() => wire.lost.length > 0)")
    found = page.evaluate("() => [wire.lost[0], wire.client.state]")
    assert found[0]["code"] == "E-WORKER" and "shut" in found[0]["message"]
    assert found[1] == "failed"
    works_again(page)


def test_a_message_too_deep_to_be_read_costs_nothing_but_itself(page: Page) -> None:
    found = page.evaluate("""async () => {
      const deep = {};
      for (let i = 0, at = deep; i < 3000; i++) at = at.a = {};
      const failed = await wire.told('create', { run: 'one', set: 'digits', config: deep });
      await wire.create('one');
      return [failed.code, wire.lost];
    }""")
    assert found[0] and found[1] == []


def test_a_worker_that_says_hello_and_nothing_else_is_noticed(opened: Page) -> None:
    """Its successor is given more time: on a busy machine it may have been slow, and no more."""
    found = opened.evaluate(
        """async (within) => {
      const silent = () => Promise.resolve({ postMessage() {}, onmessage: null, terminate() {} });
      void wire.boot(silent);
      const begun = performance.now();
      await wire.until(() => wire.lost.length > 0, within);
      const again = performance.now();
      void wire.boot();
      await wire.until(() => wire.lost.length > 1, 10 * within);
      const [first, second] = wire.lost;
      return [first.code, second.code, wire.states, (second.at - again) / (first.at - begun)];
    }""",
        NOTICED,
    )
    assert found[:3] == ["E-SILENT", "E-SILENT", ["loading", "failed"] * 2]
    assert found[3] > 2


def test_a_worker_that_does_not_start_is_told(opened: Page) -> None:
    assert opened.evaluate("() => wire.boot(() => Promise.resolve(null))") == "failed"
    assert opened.evaluate("() => wire.lost[0].code") == "E-WORKER-START"


def test_a_worker_of_another_version_refuses_to_start(opened: Page) -> None:
    found = opened.evaluate("""async () => {
      const { Requests } = await import('./wire/requests.js');
      const worker = new Worker(wire.places.worker, { type: 'module' });
      const requests = new Requests(worker, () => {});
      const what = { version: 1, manifest: wire.places.manifest };
      try { await requests.ask('boot', what, { seconds: 20 }); } catch (error) { return error.failure; }
    }""")
    assert (found["code"], found["fatal"]) == ("E-VERSION", True)


def test_a_port_is_as_good_as_a_worker(opened: Page) -> None:
    state = opened.evaluate("""() => wire.boot(() => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const worker = new Worker(wire.places.worker, { type: 'module' });
      worker.onmessage = () => {
        worker.onmessage = ({ data }) => port2.postMessage(data);
        port2.onmessage = ({ data }) => worker.postMessage(data);
        resolve(port1);
      };
    }))""")
    assert state == "ready"
    opened.evaluate("() => wire.data()")
    opened.evaluate("() => wire.create('one')")
    opened.evaluate("() => wire.watch('one')")
    opened.evaluate("() => wire.client.ask('step', { run: 'one', steps: 5 })")
    assert opened.evaluate("() => wire.until(() => wire.frames.one.at(-1)?.step === 5)")


def test_a_run_is_raised_again_in_a_new_worker(page: Page) -> None:
    found = page.evaluate("""async () => {
      const train = async (steps, to) => {
        await wire.watch('one');
        await wire.client.ask('step', { run: 'one', steps });
        await wire.until(() => wire.frames.one.at(-1)?.step === to);
        return wire.frames.one.flatMap((frame) => frame.losses.filter((_, i) => i % 3 === 1));
      };
      await wire.create('one');
      await train(20, 20);
      const { step, state } = await wire.client.ask('state', { run: 'one' });
      const before = await train(20, 40);
      wire.worker.terminate();
      await wire.until(() => wire.lost.length > 0);
      await wire.boot();
      await wire.data();
      await wire.client.ask('restore', { run: 'one', set: 'digits', state });
      return { step, before: before.slice(-20), after: await train(20, 40) };
    }""")
    assert found["step"] == 20
    assert len(found["after"]) == 20
    assert found["before"] == found["after"]  # bit for bit
