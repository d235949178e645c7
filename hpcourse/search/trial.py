"""A trial: its configuration, how it is run, what came of it, how it is written down."""

from __future__ import annotations

import json
import math
import pickle
import time
import traceback
from collections.abc import Callable, Sequence
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
    values : tuple of float, or None
        In a study of several directions, what the objective returned; ``value`` is then None.
    user_attrs : dict
        What :meth:`set_user_attr` has set.
    ended_study : bool
        Whether its failure ended the study: an exception that was not to be caught.
    retry_of : int or None
        The trial whose failure ended the study, and that this one tries again.
    judgments : dict
        For each step at which the pruner was asked: how many events of the study it had seen, and
        whether it ended the trial (:meth:`hpcourse.Study.reports` shows what it saw).
    """

    number: int
    params: dict[str, Any]
    state: TrialState = TrialState.RUNNING
    value: float | None = None
    intermediate_values: dict[int, float] = field(default_factory=dict)
    datetime_start: datetime = field(default_factory=lambda: datetime.now(UTC))
    duration: timedelta | None = None
    reason: str = ""
    values: tuple[float, ...] | None = None
    user_attrs: dict[str, Any] = field(default_factory=dict)
    ended_study: bool = False
    retry_of: int | None = None
    judgments: dict[int, tuple[int, bool]] = field(default_factory=dict)
    _judge: Any = field(default=None, repr=False, compare=False)

    def report(self, value: float, step: int) -> None:
        """Record an intermediate value, so that a pruner can compare; a step counts once.

        Parameters
        ----------
        value : float
            NaN and infinity too.
        step : int
            From 0.
        """
        step, value = whole("step", step), _number(value, "a reported value")
        if step not in self.intermediate_values:
            self.intermediate_values[step] = value
            if self._judge is not None:
                self._judge.report(self.number, step, value)

    def should_prune(self) -> bool:
        """Whether the study's pruner would end this trial now."""
        if self._judge is None or not self.intermediate_values:
            return False
        step = max(self.intermediate_values)
        self.judgments[step] = self._judge.judge(self)
        return self.judgments[step][1]

    def set_user_attr(self, key: str, value: Any) -> None:
        """Keep something with the trial, in the study's file too.

        Parameters
        ----------
        key : str
            Its name.
        value : object
            What JSON can hold, and NumPy's numbers.
        """
        if not isinstance(key, str):
            raise ValueError(f"key is a text, got {key!r}")
        try:
            json.dumps(plain(value), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(f"value is what JSON can hold: {error}") from None
        self.user_attrs[str(key)] = plain(value)

    def copy(self, params: dict[str, Any] | None = None) -> Trial:
        """Return a trial that shares nothing with this one.

        Parameters
        ----------
        params : dict, optional
            What it is to have as configuration; by default a copy.
        """
        new = object.__new__(type(self))
        own = new.__dict__ = self.__dict__.copy()
        own["params"] = plain(self.params) if params is None else params
        own["intermediate_values"] = self.intermediate_values.copy()  # of numbers
        own["judgments"] = self.judgments.copy()  # of pairs
        own["user_attrs"] = plain(self.user_attrs) if self.user_attrs else {}
        return new


def _number(value: object, what: str) -> float:
    if type(value) is float:
        return value
    array = np.asarray(value)
    if array.ndim or array.dtype.kind not in "fiub":
        raise TypeError(f"{what} is a number, got {value!r}")
    return float(array)


def numbers(value: Any, what: str, n_values: int) -> tuple[float, ...]:
    """Return what an objective returned, or raise the error that says what it returns."""
    if n_values == 1:
        return (_number(value, what),)
    several = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)
    if not several or len(value) != n_values:
        raise TypeError(f"{what} is a list of {n_values} numbers, got {value!r}")
    return tuple(_number(one, f"each of {n_values} values") for one in value)


def run(
    objective: Callable[[Trial], Any],
    catch: tuple[type[Exception], ...],
    n_values: int,
    elsewhere: bool,
    trial: Trial,
) -> tuple[Trial, Exception | None]:
    """Evaluate a trial; return it finished, and the error that ends the study, if any.

    What is returned from another process is pickled, ``elsewhere``, so an error that cannot be
    is replaced by one that says the same.
    """
    number, start = trial.number, time.perf_counter()
    value, state, error = None, None, None
    try:
        value = numbers(objective(trial), "what the objective returns", n_values)
    except TrialPruned:
        state = TrialState.PRUNED
    except Exception as raised:
        state, trial.reason = TrialState.FAIL, f"{type(raised).__name__}: {raised}"
        error = None if isinstance(raised, catch) else raised
        trial.ended_study = error is not None
        if error is not None and elsewhere:
            error = _portable(error)
    trial.number, trial._judge = number, None  # whatever the objective did to it
    finish(trial, value, state, timedelta(seconds=time.perf_counter() - start))
    # Where others follow before this one is sent back, the objective may still change its own.
    return trial.copy() if elsewhere else trial, error


def _portable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:  # an exception's class may do anything
        told = "".join(traceback.format_exception(error))
        return RuntimeError(f"the objective raised {type(error).__name__}: {error}\n\n{told}")


def finish(
    trial: Trial,
    values: tuple[float, ...] | None,
    state: TrialState | None = None,
    duration: timedelta | None = None,
) -> None:
    """Set what became of a trial; values that are no finite numbers make it fail."""
    trial.duration = duration or datetime.now(UTC) - trial.datetime_start
    if state is TrialState.PRUNED and values is None and trial.intermediate_values:
        values = (trial.intermediate_values[max(trial.intermediate_values)],)
    if state is TrialState.FAIL:
        values = None
    elif values is not None and not all(map(math.isfinite, values)):
        trial.reason = f"the value is {', '.join(map(str, values))}"
        values, state = None, state or TrialState.FAIL
    elif values is None and state in (None, TrialState.COMPLETE):
        state, trial.reason = TrialState.FAIL, "there is no value"
    if state is TrialState.COMPLETE and values is None:
        state = TrialState.FAIL
    trial.state = state or TrialState.COMPLETE
    trial.value = values[0] if values and len(values) == 1 else None
    trial.values = values if values and len(values) > 1 else None


def to_json(trial: Trial) -> dict:
    """Return a trial as JSON can hold it."""
    reported = trial.intermediate_values.items()
    return {
        "number": trial.number,
        "state": trial.state.name,
        **({"value": trial.value} if trial.values is None else {"values": trial.values}),
        "params": trial.params,
        "intermediate_values": {k: v if math.isfinite(v) else repr(v) for k, v in reported},
        "datetime_start": trial.datetime_start.isoformat(),
        "seconds": (trial.duration or timedelta()).total_seconds(),
        "reason": trial.reason,
        **({"user_attrs": trial.user_attrs} if trial.user_attrs else {}),
        **({"ended_study": True} if trial.ended_study else {}),
        **({} if trial.retry_of is None else {"retry_of": trial.retry_of}),
        **({"judgments": trial.judgments} if trial.judgments else {}),
    }


def from_json(record: dict, space: Space) -> Trial:
    """Return the trial that :func:`to_json` wrote."""
    judgments = record.get("judgments", {}).items()
    return Trial(
        number=record["number"],
        params=space.canonical(record["params"]),
        state=TrialState[record["state"]],
        value=record.get("value"),
        intermediate_values={int(k): float(v) for k, v in record["intermediate_values"].items()},
        datetime_start=datetime.fromisoformat(record["datetime_start"]),
        duration=timedelta(seconds=record["seconds"]),
        reason=record["reason"],
        values=tuple(record["values"]) if "values" in record else None,
        user_attrs=record.get("user_attrs", {}),
        ended_study=record.get("ended_study", False),
        retry_of=record.get("retry_of"),
        judgments={int(step): (seen, pruned) for step, (seen, pruned) in judgments},
    )
