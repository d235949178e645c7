"""A trial: its configuration, how it is run, what came of it, how it is written down."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import numpy as np

from hpcourse.arguments import plain, whole
from hpcourse.search.space import Space


class TrialPruned(Exception):
    """Raise this in an objective to end a trial that is not worth going on with."""


class TrialState(Enum):
    """What became of a trial."""

    RUNNING = "running"
    COMPLETE = "complete"
    PRUNED = "pruned"
    FAIL = "fail"


@dataclass
class Trial:
    """One configuration and what came of it.

    Attributes
    ----------
    number : int
        From 0, in the order of asking.
    params : dict
        The configuration.
    state : TrialState
    value : float or None
        What the objective returned; of a pruned trial, what it reported last.
    intermediate_values : dict
        What was reported, by step.
    datetime_start : datetime
    duration : timedelta or None
    reason : str
        Why the trial failed.
    """

    number: int
    params: dict[str, Any]
    state: TrialState = TrialState.RUNNING
    value: float | None = None
    intermediate_values: dict[int, float] = field(default_factory=dict)
    datetime_start: datetime = field(default_factory=lambda: datetime.now(UTC))
    duration: timedelta | None = None
    reason: str = ""
    _prune: Callable[[Trial], bool] | None = field(default=None, repr=False, compare=False)

    def report(self, value: float, step: int) -> None:
        """Record an intermediate value, so that a pruner can compare; a step counts once."""
        step = whole("step", step)
        self.intermediate_values.setdefault(step, _number(value, "a reported value"))

    def should_prune(self) -> bool:
        """Whether the study's pruner would end this trial now."""
        return bool(self._prune and self.intermediate_values and self._prune(self))


def _number(value: object, what: str) -> float:
    array = np.asarray(value)
    if array.ndim or array.dtype.kind not in "fiub":
        raise TypeError(f"{what} is a number, got {value!r}")
    return float(array)


def judge(prune: Callable, history: list[Trial], direction: str, trial: Trial) -> bool:
    """Ask a pruner; a function of the trial alone once the rest is bound, and it pickles."""
    return prune(history, trial, direction)


def run(
    objective: Callable[[Trial], float], catch: tuple[type[Exception], ...], trial: Trial
) -> tuple[Trial, Exception | None]:
    """Evaluate a trial; return it finished, and the error that ends the study, if any."""
    start, value, state, error = time.perf_counter(), None, None, None
    try:
        value = _number(objective(trial), "what the objective returns")
    except TrialPruned:
        state = TrialState.PRUNED
    except Exception as raised:
        state, trial.reason = TrialState.FAIL, f"{type(raised).__name__}: {raised}"
        error = None if isinstance(raised, catch) else raised
    trial._prune = None
    finish(trial, value, state, timedelta(seconds=time.perf_counter() - start))
    return trial, error


def finish(
    trial: Trial, value: object, state: TrialState | None = None, duration: timedelta | None = None
) -> None:
    """Set what became of a trial; a value that is no finite number makes it fail."""
    trial.duration = duration or datetime.now(UTC) - trial.datetime_start
    if state is TrialState.PRUNED and value is None and trial.intermediate_values:
        value = trial.intermediate_values[max(trial.intermediate_values)]
    failed = value is None or state is TrialState.FAIL
    number = None if failed else _number(value, "a value")
    if number is not None and not math.isfinite(number):
        state, trial.reason, number = TrialState.FAIL, f"the value is {number}", None
    elif number is None and state in (None, TrialState.COMPLETE):
        state, trial.reason = TrialState.FAIL, "there is no value"
    trial.state, trial.value = state or TrialState.COMPLETE, number


def to_json(trial: Trial) -> dict:
    """Return a finished trial as JSON can hold it."""
    reported = trial.intermediate_values.items()
    return {
        "number": trial.number,
        "state": trial.state.name,
        "value": trial.value,
        "params": {name: plain(value) for name, value in trial.params.items()},
        "intermediate_values": {k: v if math.isfinite(v) else repr(v) for k, v in reported},
        "datetime_start": trial.datetime_start.isoformat(),
        "seconds": (trial.duration or timedelta()).total_seconds(),
        "reason": trial.reason,
    }


def from_json(record: dict, space: Space) -> Trial:
    """Return the trial that :func:`to_json` wrote."""
    return Trial(
        number=record["number"],
        params=space.canonical(record["params"]),
        state=TrialState[record["state"]],
        value=record["value"],
        intermediate_values={int(k): float(v) for k, v in record["intermediate_values"].items()},
        datetime_start=datetime.fromisoformat(record["datetime_start"]),
        duration=timedelta(seconds=record["seconds"]),
        reason=record["reason"],
    )
