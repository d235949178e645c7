"""What the trials of a study report while they run, and the judge that asks a pruner about it."""

from __future__ import annotations

import json
import math
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from hpcourse.arguments import mapping, one_of, whole

if TYPE_CHECKING:
    from hpcourse.search.trial import Trial

STATES = ("RUNNING", "COMPLETE", "PRUNED", "FAIL")


class Reports:
    """What all trials have reported so far, running ones too; less is better.

    A study that maximizes shows a pruner the negatives. What is reported as NaN stays NaN.

    Parameters
    ----------
    direction : {"minimize", "maximize"}
        Whether small or large values are good.

    Examples
    --------
    >>> reports = Reports()
    >>> reports.take({"number": 0, "step": 3, "value": 0.5})
    >>> reports.at(3), reports.of(0), reports.state(0)
    (mappingproxy({0: 0.5}), mappingproxy({3: 0.5}), 'RUNNING')
    """

    def __init__(self, direction: str = "minimize"):
        one_of("direction", direction, ("minimize", "maximize"))
        self._sign = 1 if direction == "minimize" else -1
        self._by_step: dict[int, dict[int, float]] = {}
        self._by_number: dict[int, dict[int, float]] = {}
        self._states: dict[int, str] = {}
        self.n_events = 0  # that have been taken: reports, and trials that began or ended

    def at(self, step: int) -> Mapping[int, float]:
        """Return what was reported at a step: numbers of trials to values."""
        return MappingProxyType(self._by_step.get(whole("step", step), {}))

    def of(self, number: int) -> Mapping[int, float]:
        """Return what a trial has reported: steps to values, in the order of reporting."""
        return MappingProxyType(self._by_number.get(whole("number", number), {}))

    def state(self, number: int) -> str:
        """Return the name of a trial's state: RUNNING, COMPLETE, PRUNED or FAIL; "" of none."""
        return self._states.get(whole("number", number), "")

    @property
    def numbers(self) -> list[int]:
        """The trials that have begun, in the order of beginning."""
        return list(self._states)

    def take(self, event: Mapping[str, Any]) -> None:
        """Take the next event: a report, or what became of a trial.

        Parameters
        ----------
        event : mapping
            ``number`` and either ``step`` and ``value``, or ``state``; RUNNING begins the trial
            anew.

        Raises
        ------
        ValueError
            For anything else.
        """
        given = mapping("event", event, "number, step and value, or number and state")
        if "number" not in given:
            raise ValueError(f"event has the number of a trial, got {event!r}")
        number = whole("number of event", given["number"])
        if "state" in given:
            state = one_of("state of event", given["state"], STATES)
            if state == "RUNNING":
                for step in self._by_number.pop(number, {}):
                    del self._by_step[step][number]
            self._states[number] = state
        else:
            step, value = whole("step of event", given.get("step")), self._value(given)
            self._states.setdefault(number, "RUNNING")
            self._by_number.setdefault(number, {})[step] = value
            self._by_step.setdefault(step, {})[number] = value
        self.n_events += 1

    def _value(self, event):
        try:
            return self._sign * float(event["value"])  # a file has NaN and infinity as texts
        except (KeyError, TypeError, ValueError):
            given = event.get("value")
            raise ValueError(f"value of event is a number, got {given!r}") from None


class Journal:
    """The events of a study in the order in which they came, for all processes of one machine.

    Without a path they stay in this process. In a file each is a line of JSON; a line that was cut
    off is passed over.
    """

    def __init__(self, direction: str, path: Path | None = None):
        self.direction, self.path = direction, path
        self.events: list[dict] = []  # those without a path
        self._reports, self._size = Reports(direction), 0

    def __getstate__(self):
        if self.path is None:
            raise TypeError(
                "what is reported is kept in this process, so its trials cannot go to another one: "
                "give the study a storage"
            )
        return {"direction": self.direction, "path": self.path, "host": socket.gethostname()}

    def __setstate__(self, state):
        if (here := socket.gethostname()) != (there := state.pop("host")):
            raise RuntimeError(
                f"a pruner needs reports of other trials, which are on {there}, and this is {here}"
            )
        vars(self).update(vars(Journal(**state)))

    def add(self, event: dict) -> None:
        """Add an event; whoever asks for the reports from now on sees it."""
        if self.path is None:
            self.events.append(event)
            return
        if not math.isfinite(event.get("value", 0)):
            event = event | {"value": repr(event["value"])}
        line = json.dumps(event).encode() + b"\n"
        lock = FileLock(f"{self.path}.lock", is_singleton=False)
        with lock, self.path.open("ab+", buffering=0) as file:
            if file.tell():  # a line that was cut off ends here
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)

    def complete(self, trials: Iterable[Trial]) -> None:
        """Add what is known of finished trials and has not been added yet."""
        reports = self.reports()
        for trial in trials:
            if reports.state(trial.number) == trial.state.name:
                continue
            for step, value in trial.intermediate_values.items():
                if step not in reports.of(trial.number):
                    self.add({"number": trial.number, "step": step, "value": value})
            self.add({"number": trial.number, "state": trial.state.name})

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Keep the events where other processes find them."""
        if self.path is not None:
            yield
            return
        with TemporaryDirectory() as folder:
            self.path = Path(folder) / "reports"
            self._reports = Reports(self.direction)
            for event in self.events:
                self.add(event)
            try:
                yield
            finally:
                self.events = self._every()
                self.path, self._reports, self._size = None, Reports(self.direction), 0

    def reports(self, n_events: int | None = None) -> Reports:
        """Return what has been reported, or what had been after so many events."""
        if n_events is not None:
            then = Reports(self.direction)
            for event in self._every()[:n_events]:
                then.take(event)
            return then
        if self.path is None:
            fresh = self.events[self._reports.n_events :]
        else:
            fresh, self._size = self._read(self._size)
        for event in fresh:
            self._reports.take(event)
        return self._reports

    def _every(self):
        return self.events if self.path is None else self._read(0)[0]

    def _read(self, start):
        """Return the events after so many bytes, and the bytes of all whole lines."""
        if not self.path.exists():
            return [], start
        with self.path.open("rb") as file:
            file.seek(start)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        events = []
        for line in whole.splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:  # cut off when its process was killed
                continue
        return events, start + len(whole)


@lru_cache(maxsize=8)
def _opened(direction: str, path: Path) -> Journal:
    """Return this process's reader of a journal, which has read what earlier trials asked for."""
    return Journal(direction, path)


class Judge:
    """What a trial that runs, perhaps in another process, has of its study's pruner."""

    def __init__(self, prune: Callable[[Reports, Trial], bool], journal: Journal):
        self.prune, self.journal = prune, journal

    def __setstate__(self, state):
        vars(self).update(state)
        self.journal = _opened(self.journal.direction, self.journal.path)

    def report(self, number: int, step: int, value: float) -> None:
        """Take what a trial reports to the journal."""
        self.journal.add({"number": number, "step": step, "value": value})

    def judge(self, trial: Trial) -> tuple[int, bool]:
        """Return how many events the pruner has seen, and whether the trial is to end."""
        reports = self.journal.reports()
        return reports.n_events, self.prune_on(reports, trial)

    def prune_on(self, reports: Reports, trial: Trial) -> bool:
        """Return what the pruner says of a trial, given these reports."""
        seen = trial.copy()
        seen._judge = None
        if self.journal.direction == "maximize":
            seen.intermediate_values = {k: -v for k, v in seen.intermediate_values.items()}
        return bool(self.prune(reports, seen))
