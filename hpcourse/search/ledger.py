"""How trials come and go: begun, finished, written down, and known from other processes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from hpcourse.arguments import plain
from hpcourse.search.history import History
from hpcourse.search.reports import Journal, Judge
from hpcourse.search.searcher import Prune, Suggest
from hpcourse.search.space import Space
from hpcourse.search.storage import Log
from hpcourse.search.trial import Trial, TrialState, from_json, to_json


class Ledger:
    """What a study keeps, in memory and in its file; it begins trials and takes their results.

    Parameters
    ----------
    space : Space
        What is searched.
    directions : list of str
        One for each value.
    suggest : function of (space, trials, rng)
        The searcher's.
    horizon : function of (number, space)
        The searcher's too: how many trials must be finished before this one is suggested.
    prune : function of (reports, trial), optional
        The pruner's.
    seed : int, optional
        As for a study.
    path : Path, optional
        Of the file, absolute.
    """

    def __init__(
        self,
        space: Space,
        directions: list[str],
        suggest: Suggest,
        horizon: Callable[[int, Space], int],
        prune: Prune | None,
        seed: int | None,
        path: Path | None,
    ):
        self.space, self._suggest, self._horizon, self._prune = space, suggest, horizon, prune
        self.n_values, self.history = len(directions), History(directions)
        self.running: dict[int, Trial] = {}  # those that this study has handed out
        self._enqueued: deque[tuple[dict, bool]] = deque()
        self._unwritten: list[Trial] = []
        self._retries: list[int] = []
        self._mutex, self._depth = threading.RLock(), 0
        drawn = int(np.random.SeedSequence().generate_state(1)[0])
        self.seed, self.log = drawn if seed is None else seed, None
        if path is not None:
            header = {"study": 1, "directions": directions, "space": space.to_dict()}
            header["seed"] = self.seed
            self.log = Log(path, header, adopt=["seed"] if seed is None else [])
            with self.current():
                self.seed = self.log.header["seed"]
        self.journal = None
        if prune is not None:
            beside = None if path is None else path.with_name(f"{path.name}.reports")
            self.journal = Journal(directions[0], beside)
            self.journal.complete(self.history.finished())
        self.resume()

    def __getstate__(self):
        """A pickled study has no file: it would not be the same study."""
        return {key: value for key, value in vars(self).items() if key != "_mutex"} | {"log": None}

    def __setstate__(self, state):
        vars(self).update(state, _mutex=threading.RLock(), _depth=0)

    def current(self) -> AbstractContextManager:
        """Hold the study, and its file, with all that other processes have written to it."""
        return self._mutex if self.log is None else self

    def __enter__(self) -> Ledger:
        self._mutex.acquire()
        self._depth += 1
        try:
            if self._depth == 1 and self.log is not None:
                self._take(self.log.hold())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._depth -= 1
        try:
            if self._depth == 0 and self.log is not None:
                self.log.release()
        finally:
            self._mutex.release()

    def _take(self, records: list[dict]) -> None:
        for record in records:
            if record["state"] == TrialState.RUNNING.name:
                self.history.ask(self._asked(record), record["process"])
            elif record["number"] < len(self.history) and not self._lacks(record["number"]):
                raise RuntimeError(f"trial {record['number']} was finished twice")
            else:
                self.history.finish(from_json(record, self.space))

    def _asked(self, record: dict) -> Trial:
        start = datetime.fromisoformat(record["datetime_start"])
        params, retry_of = self.space.canonical(record["params"]), record.get("retry_of")
        return Trial(record["number"], params, datetime_start=start, retry_of=retry_of)

    def _lacks(self, number: int) -> bool:
        return self.history.records[number] is None

    def _orphan(self) -> int | None:
        """Return the first trial whose process has died, or has given it back."""
        running = self.history.running
        if len(running) == len(self.running):  # all of them are ours
            return None
        for number in sorted(running.keys() - self.running.keys()):
            if self.log is None or not self.log.lives(running[number]):
                return number
        return None

    def begin(self) -> Trial:
        """Begin a trial: one that nobody runs any more, one to be tried again, or a new one."""
        number = self._orphan()
        if number is not None:
            asked = self.history.begun[number]
        else:
            retry_of = None
            if self._retries:
                self._retries = [n for n in self._retries if n not in self.history.retried]
                retry_of = self._retries[0] if self._retries else None
            number = len(self.history)
            asked = Trial(number, self._choose(number, retry_of), retry_of=retry_of)
        if self.log is not None:
            self._write_asked(asked, **self.log.me)
        self.history.ask(asked, None if self.log is None else self.log.me["process"])
        handed = self.running[number] = asked.copy()
        if self.journal is not None and self._prune is not None:
            self.journal.add({"number": number, "state": "RUNNING"})
            handed._judge = Judge(self._prune, self.journal)
        return handed

    def _choose(self, number: int, retry_of: int | None) -> dict[str, Any]:
        """Return the configuration of a new trial."""
        if retry_of is not None:
            return plain(self.history.begun[retry_of].params)
        known, complete = self._enqueued[0] if self._enqueued else ({}, False)
        params: Any = {}
        if not complete:
            history = self.history.before(number, min(self._horizon(number, self.space), number))
            try:
                rng = np.random.default_rng((self.seed, number))
                params = self._suggest(self.space, history, rng)
            except StopIteration:
                if not known:
                    raise
            if not isinstance(params, Mapping):
                raise TypeError(f"the searcher returns a dict of values, got {params!r}")
        if not self._enqueued:
            return self.space.canonical(params)
        chosen = self.space.completed(known, params, np.random.default_rng((self.seed, number, 1)))
        self._enqueued.popleft()
        return chosen

    def _write_asked(self, asked: Trial, **process: str | None) -> None:
        assert self.log is not None
        line = {"number": asked.number, "state": "RUNNING", "params": asked.params}
        line["datetime_start"] = asked.datetime_start.isoformat()
        if asked.retry_of is not None:
            line["retry_of"] = asked.retry_of
        self.log.append(line | process, sync=False)

    def record(self, trial: Trial) -> Trial:
        """Take a finished trial into the study and its file; if that fails, the next one does.

        The record, which is returned, is what was begun and what came of it.
        """
        with self.current():
            number = trial.number
            self.running.pop(number, None)
            if number < len(self.history):
                if not self._lacks(number):
                    raise RuntimeError(f"another process has finished trial {number} meanwhile")
                asked = self.history.begun[number]
                finished = trial.copy(asked.params)
                finished.retry_of, finished.datetime_start = asked.retry_of, asked.datetime_start
            else:
                finished = trial.copy()
            finished._judge = None
            self.history.finish(finished)
            self._unwritten.append(finished)
            while self.log is not None and self._unwritten:
                self.log.append(to_json(self._unwritten[0]))
                del self._unwritten[0]
            if self.journal is not None:
                self.journal.complete([finished])
            return finished

    def enqueue(self, params: dict, complete: bool) -> None:
        """Have a configuration, or a part of one, begun before others."""
        with self._mutex:
            self._enqueued.append((params, complete))

    def resume(self) -> None:
        """Have what failed and ended the study tried again, once."""
        failed = (t for t in self.history.finished() if t.ended_study and t.retry_of is None)
        self._retries = [t.number for t in failed if t.number not in self.history.retried]

    def waits(self, aside: Collection[int] = ()) -> bool:
        """Whether the next trial needs results that are not there, and not put aside."""
        known = self._enqueued and self._enqueued[0][1]
        if known or self._retries or self._orphan() is not None:
            return False
        number = len(self.history)
        lacking = self.history.lacks(min(self._horizon(number, self.space), number))
        return any(n not in aside for n in lacking)

    def give_back(self, begun: Collection[int]) -> None:
        """Let trials that were begun and not finished be run again by whoever asks next."""
        for number in begun:
            del self.running[number]
            self.history.running[number] = None
        if self.log is not None and begun:
            with suppress(OSError), self.current():
                for number in begun:
                    self._write_asked(self.history.begun[number], process=None)
