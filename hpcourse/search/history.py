"""What a study knows of its trials, and what its searcher may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hpcourse.search.trial import Trial, TrialState


class History:
    """The trials of a study.

    Of each trial there are, by number: what was begun, and its record once it has finished, which
    nobody is ever handed; and for searchers, who may do with them what they like, how it looks
    without what came of it, and how it looks in the end, with values to be minimized. These are two
    lists, so that the history for a suggestion is two slices.

    Parameters
    ----------
    directions : sequence of {"minimize", "maximize"}
        One for each value of a trial.
    """

    def __init__(self, directions: Sequence[str]):
        self._signs = [-1 if direction == "maximize" else 1 for direction in directions]
        self.records: list[Trial | None] = []
        self.begun: list[Trial] = []
        self._asked: list[Trial] = []
        self._seen: list[Trial] = []
        self.running: dict[int, str | None] = {}  # by whom
        self.retried: set[int] = set()  # trials that others try again
        self._n_finished = 0  # so many, from the first, are finished

    def __len__(self) -> int:
        """Number of trials, which is that of the next one."""
        return len(self.begun)

    def finished(self) -> list[Trial]:
        """Return the records of the finished trials, by number."""
        return [trial for trial in self.records if trial is not None]

    def ask(self, trial: Trial, process: str | None = None) -> None:
        """Take a trial that a process begins to run, for the first time or again."""
        if trial.number > len(self):
            raise ValueError(f"the study's file has trial {trial.number}, and no trial {len(self)}")
        if trial.number == len(self):
            self.begun.append(trial)
            self.records.append(None)
            self._asked.append(trial.copy())
            self._seen.append(self._asked[-1])
        self.running[trial.number] = process
        if trial.retry_of is not None:
            self.retried.add(trial.retry_of)

    def finish(self, trial: Trial) -> None:
        """Take the record of a finished trial."""
        number, start = trial.number, trial.datetime_start
        if number >= len(self):
            self.ask(Trial(number, trial.params, datetime_start=start, retry_of=trial.retry_of))
        seen = trial.copy(self._asked[number].params)
        if trial.value is not None:
            seen.value = self._signs[0] * trial.value
        if trial.values is not None:
            seen.values = tuple(s * v for s, v in zip(self._signs, trial.values, strict=True))
        self.records[number], self._seen[number] = trial, seen
        self.running.pop(number, None)
        while self._n_finished < len(self) and self.records[self._n_finished]:
            self._n_finished += 1

    def lacks(self, horizon: int) -> list[int]:
        """Return the trials before a horizon that are not finished."""
        return [n for n in range(self._n_finished, horizon) if self.records[n] is None]

    def before(self, number: int, horizon: int) -> list[Trial]:
        """Return what a searcher may see for a trial: values only of those before a horizon."""
        trials = self._seen[:horizon] + self._asked[horizon:number]
        return _ranked(trials) if len(self._signs) > 1 else trials

    def front(self) -> list[Trial]:
        """Return the records of the complete trials that no other one dominates, by number."""
        complete = [trial for trial in self.finished() if trial.state is TrialState.COMPLETE]
        rows = np.array([trial.values or (trial.value,) for trial in complete], dtype=float)
        rows = rows.reshape(len(complete), len(self._signs)) * self._signs
        no_worse = (rows[:, None] <= rows[None]).all(axis=2)
        better = no_worse & (rows[:, None] < rows[None]).any(axis=2)
        dominated = np.any(better, axis=0).tolist()
        return [trial for trial, worse in zip(complete, dominated, strict=True) if not worse]


def _ranked(trials: list[Trial]) -> list[Trial]:
    """Give trials of several values one: their mean rank among those that have values.

    Ranks are shares, from 0 for the least to 1 for the largest of all; equals share theirs. This is
    the average ranking of P. J. Bentley and J. P. Wakefield, "Finding acceptable solutions in the
    Pareto-optimal range using multiobjective genetic algorithms", 1998.
    """
    rows = [i for i, trial in enumerate(trials) if trial.values is not None]
    if not rows:
        return trials
    values = np.array([trials[i].values for i in rows])
    below = (values[None] < values[:, None]).sum(axis=1)
    equal = (values[None] == values[:, None]).sum(axis=1) - 1
    ranks = (below + equal / 2).mean(axis=1) / max(len(rows) - 1, 1)
    ranked = dict(zip(rows, ranks.tolist(), strict=True))
    return [
        replace(trial, value=ranked[i]) if i in ranked else trial for i, trial in enumerate(trials)
    ]
