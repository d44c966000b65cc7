"""The interpreter's side of the wire: data sets, runs and readers by name; requests answered.

The worker's JavaScript owns the clock and calls `advance` for a few milliseconds at a time; the
requests are those of `web/python/protocol.js`. Nothing in here knows a browser, so the same host
is tested under CPython.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from glassnet.config import RunConfig
from glassnet.errors import DataError
from glassnet.training import Run
from glassnet_bridge import checkpoint, run_files, turns
from glassnet_bridge.arrays import Wanted
from glassnet_bridge.arrival import Arrival, as_bytes
from glassnet_bridge.browse import Browse
from glassnet_bridge.choice import as_choice
from glassnet_bridge.describe import describe_run
from glassnet_bridge.digit import read_digit
from glassnet_bridge.failure import Failure, Unknown, describe
from glassnet_bridge.held import Announce, Chosen, Clock, Held
from glassnet_bridge.readers import Reader
from glassnet_bridge.sources import read_source
from glassnet_bridge.versions import here

if TYPE_CHECKING:
    from glassnet_bridge.adaline import Letters

Json = dict[str, Any]
Message = Mapping[str, Any]

# Of the network page, which others start without: see `glassnet_bridge.subjects`.
INSIDE = ["examples", "subject", "subject_file", "subject_fresh", "subject_close"]
INSIDE += ["subject_step", "subject_map", "subject_flip", "subject_arrays", "subject_census"]
INSIDE += ["subject_unit", "subject_active", "subject_edit", "subject_train"]
SWEEP = [f"sweep_{what}" for what in ("plan", "open", "result", "pack", "look")]
ENGINE = "simd"  # of runs that do not say: the fastest; numpy, where a browser cannot run it
ADALINE = [f"adaline_{what}" for what in ("open", "train", "letter", "measure", "close")]


class Host:
    """Holds everything by name, and answers one request after another."""

    def __init__(
        self, clock: Clock = time.perf_counter, announce: Announce = lambda seconds: None
    ) -> None:
        self._clock, self._announce = clock, announce
        self._sets: dict[str, Arrival] = {}
        self._runs: dict[str, Held] = {}
        self._readers: dict[str, Reader] = {}
        self._generations: dict[str, int] = {}  # of every name that was ever given
        self._trouble: list[Json] = []
        self._letters: Letters | None = None
        browse = Browse()
        self._answers: dict[str, Callable[[Message], Any]] = {
            "data": self._data,
            "create": self._create,
            "fork": self._fork,
            "dispose": self._dispose,
            "start": lambda message: self._run(message).go(None),
            "pause": lambda message: self._run(message).pause(),
            "step": lambda message: self._run(message).go(int(message["steps"])),
            "reset": self._reset,
            "watch": self._watch,
            "unwatch": self._unwatch,
            "arrays": self._arrays,
            "trace": self._trace,
            "source": lambda message: {"text": read_source(str(message["file"]))},
            "state": self._state,
            "restore": self._restore,
            "save": self._save,
            "open": self._open,
            "columns": browse.columns,
            "images_part": browse.images_part,
            "query": browse.query,
            "map": browse.map,
            **dict.fromkeys(INSIDE, self._inside),
            **dict.fromkeys(ADALINE, self._adaline),
            **dict.fromkeys(SWEEP, self._sweep),
        }
        self._subjects: Any = None

    def versions(self) -> dict[str, str]:
        """What computes here, by name."""
        return here()

    # Requests --------------------------------------------------------------------------------

    def handle(self, message: Any) -> Json:
        """Answer one request.

        Returns:
            `{"value": ...}`; or `{"failure": ...}`, and then everything is as it was.
        """
        request = message.to_py() if hasattr(message, "to_py") else message
        try:
            kind = request["type"]
            if kind not in self._answers:
                raise Unknown("request", kind, self._answers)
            return {"value": self._answers[kind](request)}
        except Exception as error:
            return {"failure": describe(error)}

    def _data(self, message: Message) -> Json:
        name = message["set"]
        arrival = self._sets.get(name) or Arrival(str(message["name"]), message.get("classes"))
        blank = not arrival.complete
        arrival.take(message)
        self._sets[name] = arrival
        for held in [held for held in self._runs.values() if held.arrival is arrival]:
            if blank and arrival.complete and held.chosen:
                self._renew(held)  # chosen digits are copies, made while some of them were blank
            held.changes += 1
        return {"arrived": arrival.arrived()}

    def _create(self, message: Message) -> Json:
        arrival = self._set(message)
        config = RunConfig.from_json({"engine": ENGINE, **message["config"]})
        chosen = as_choice(message.get("chosen"))
        run = Run.from_config(config, arrival.whole().choose(**chosen))
        description = self._hold(message["run"], run, arrival)
        if message.get("start"):
            self._run(message).go(None)
        return description

    def _reset(self, message: Message) -> Json:
        held = self._run(message)
        run = Run.from_config(held.run.config, held.arrival.whole().choose(**held.chosen))
        return self._hold(held.name, run, held.arrival)

    def _fork(self, message: Message) -> Json:
        held = self._run(message)
        run = Run.restore(*held.run.state(), held.arrival.whole())
        description = self._hold(message["as"], run, held.arrival)
        self._runs[message["as"]].follow(held)
        return description

    def _renew(self, held: Held) -> None:
        """The same run from its beginning, its state kept: it has only waited until now."""
        run = Run.from_config(held.run.config, held.arrival.whole().choose(**held.chosen))
        self._hold(held.name, run, held.arrival)
        self._runs[held.name].wait(held)

    def _dispose(self, message: Message) -> None:
        name = self._run(message).name
        del self._runs[name]
        self._readers = {key: one for key, one in self._readers.items() if one.run != name}

    def _watch(self, message: Message) -> None:
        held, name = self._run(message), message["reader"]
        reader = self._readers.get(name) or Reader(name)
        digit = read_digit(message["digit"], held.run.dataset.shape)
        reader.watch(held, digit, message["arrays"])
        self._readers[name] = reader

    def _unwatch(self, message: Message) -> None:
        self._readers.pop(message["reader"], None)  # it may have ended with its run

    def _arrays(self, message: Message) -> Json:
        held = self._run(message)
        wanted = Wanted(held.run.learner, message["arrays"])
        digit = read_digit(message["digit"], held.run.dataset.shape)
        return wanted.read(digit.here(held.arrival)[0] if digit else None)

    def _trace(self, message: Message) -> list[Json]:
        from glassnet_bridge.tracing import trace_step  # a start need not wait for it

        held = self._run(message)
        digit = read_digit(message["digit"], held.run.dataset.shape)
        if digit is None:
            raise DataError("trace: expected a digit")
        pixels, label = digit.here(held.arrival)
        told = message.get("label")
        return trace_step(held.run, pixels, label if told is None else int(told))

    def _inside(self, message: Message) -> Any:
        from glassnet_bridge.subjects import Subjects  # nor for this

        self._subjects = self._subjects or Subjects(self._clock)
        return self._subjects.answer(message)

    def _adaline(self, message: Message) -> Any:
        from glassnet_bridge.adaline import Letters  # a start need not wait for it

        self._letters = self._letters or Letters(self._clock)
        return self._letters.answer(message)

    def _sweep(self, message: Message) -> Any:
        from glassnet_bridge import sweeps  # nor for this

        return sweeps.answer(message, lambda asked: self._set(asked).whole())

    def _state(self, message: Message) -> Json:
        held = self._run(message)
        held.arrival.need_all()
        return {
            "step": held.run.step,
            "lines": len(held.history.log),
            "state": checkpoint.freeze(held),
        }

    def _restore(self, message: Message) -> Json:
        arrival = self._set(message)
        arrival.need_all()
        thawed = checkpoint.thaw(as_bytes(message["state"]).tobytes(), arrival.whole())
        description = self._hold(message["run"], thawed.run, arrival)
        self._runs[message["run"]].stand(thawed.seconds, thawed.measuring, thawed.stopped)
        return description

    def _save(self, message: Message) -> Json:
        held = self._run(message)
        held.arrival.need_all()
        return {"step": held.run.step, "files": run_files.pack(held.run, message["log"])}

    def _open(self, message: Message) -> Json:
        arrival = self._set(message)
        arrival.need_all()
        files = {name: as_bytes(data).tobytes() for name, data in message["files"].items()}
        chosen = as_choice(message.get("chosen"))
        opened = run_files.unpack(files, arrival.whole(), ENGINE, chosen)
        opened.measure()
        description = self._hold(message["run"], opened.run, arrival)
        self._runs[message["run"]].stand(0.0, 0.0, None)
        return {
            "description": description,
            "chosen": dict(opened.run.dataset.chosen),
            **opened.told(),
        }

    def _hold(self, name: str, run: Run, arrival: Arrival) -> Json:
        """Let a run have a name, which another may have had until now; tells what it is."""
        generation = self._generations.get(name, 0) + 1
        chosen: Chosen = dict(run.dataset.chosen)
        held = Held(name, generation, run, arrival, chosen, self._announce)
        description = describe_run(held)
        self._generations[name], self._runs[name] = generation, held
        return description

    def _run(self, message: Message) -> Held:
        name = message["run"]
        if name not in self._runs:
            raise Unknown("run", name, self._runs)
        return self._runs[name]

    def _set(self, message: Message) -> Arrival:
        name = message["set"]
        if name not in self._sets:
            raise Unknown("data set", name, self._sets)
        return self._sets[name]

    # Training --------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether another slice of `advance` has something to do."""
        return any(held.runnable for held in self._runs.values())

    @property
    def silence(self) -> float:
        """Seconds for which the next slice may be silent, to be told before; 0: no need to."""
        return max((held.silence for held in self._runs.values() if held.runnable), default=0.0)

    def advance(self, milliseconds: float) -> list[Json] | None:
        """Train for about so long, all in fair turns.

        Returns:
            `{"run", "failure"}` of each run that an error has stopped; what it learnt until then
            is kept. None: there was none.
        """
        turns.share(list(self._runs.values()), self._clock, milliseconds / 1000, self._stop)
        trouble, self._trouble = self._trouble, []
        return trouble or None

    def _stop(self, held: Held, error: Exception) -> None:
        failure: Failure = describe(error)
        held.end(failure["message"])
        self._trouble.append({"run": held.name, "failure": failure})

    # Frames ----------------------------------------------------------------------------------

    def acknowledge(self, reader: str, frame: int) -> None:
        """A watcher has drawn a frame; that of a reader that has ended is nobody's."""
        if reader in self._readers:
            self._readers[reader].acknowledge(frame)

    def frames(self) -> list[Json] | None:
        """What is to be told now, as `{"reader", "frame"}`, or `{"run", "failure"}` where a frame
        could not be made; None if there is nothing."""
        told: list[Json] = []
        for reader in self._readers.values():
            held = self._runs[reader.run]
            if not reader.due(held):
                continue
            try:
                told.append({"reader": reader.name, "frame": reader.frame(held, self._clock())})
            except Exception as error:
                reader.see_nothing(held)
                told.append({"run": held.name, "failure": describe(error)})
        return told or None
