"""Recorded trainings, replayed in microseconds.

>>> from hpcourse import RandomSearch, Study
>>> table = load_table("mnist_mlp")
>>> study = Study(table.space, RandomSearch(), direction="maximize", seed=0)
>>> study.optimize(table.objective, n_trials=50)
>>> len(study.trials), bool(study.best_value > 0.96)
(50, True)

To compare search strategies one needs thousands of trainings; to compare them again, the same
ones. So every configuration of a grid was trained once, several times over with other seeds,
and its learning curve kept. A search on the table is then a search among real results, at no
cost; what it cannot do is leave the grid.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Mapping
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpcourse import records
from hpcourse.arguments import is_number, mapping, one_of, takes, whole
from hpcourse.search import Choice, Space, Study, Trial, TrialPruned

__all__ = ["Table", "load_table"]

_TABLES = ("mnist_mlp",)
_METRICS = ("accuracy", "loss")


class Table:
    """The learning curves of all configurations of a grid; :func:`load_table` makes one.

    Attributes
    ----------
    space : Space
        The hyperparameters, each an ordered choice of the values that were recorded.
    metric : {"accuracy", "loss"}
        What the objective returns: of the validation data, after the last epoch.
    direction : {"maximize", "minimize"}
        That of the metric, for a :class:`hpcourse.Study`.
    seed : int or None
        Which repeat is replayed; None their mean.
    epochs : int
        Length of each curve.
    accuracy, loss : arrays of shape (n_1, ..., n_d, seeds, epochs)
        After each epoch, of the validation data; an axis for each hyperparameter. A training
        that diverged has the loss NaN or infinity.
    test_accuracy : array of shape (n_1, ..., n_d, seeds)
        After the last epoch. It is here to show what a choice was worth; do not choose by it.
    seconds : array of shape (n_1, ..., n_d)
        Processor time of one core for an epoch of one network, as one of many trained at once.
    about : dict
        Data, network, machine and versions of the record, and its checksum.
    """

    def __init__(self, arrays: Mapping[str, NDArray], about: dict, metric: str, seed: int | None):
        _require("arrays", arrays, ("hits", "loss", "seconds", "test_hits"))
        _require("about", about, ("axes", "epochs", "n_test", "n_validation", "seeds"))
        if seed is not None and not (is_number(seed, Integral) and seed in about["seeds"]):
            raise ValueError(
                f"seed is one of {about['seeds']} or None for their mean, got {seed!r}"
            )
        self.about, self.metric = about, one_of("metric", metric, _METRICS)
        self.seed = None if seed is None else int(seed)
        self.direction = "maximize" if metric == "accuracy" else "minimize"
        self._axes = {k: Choice(v, ordered=True) for k, v in about["axes"].items()}
        self.space = Space(**self._axes)
        self.epochs = about["epochs"]
        self.accuracy = arrays["hits"] / np.float64(about["n_validation"])
        self.loss = arrays["loss"].astype(float)
        self.test_accuracy = arrays["test_hits"] / np.float64(about["n_test"])
        self.seconds = np.broadcast_to(arrays["seconds"], self.accuracy.shape[:-2])

    def __len__(self) -> int:
        """Number of configurations."""
        return math.prod(self.accuracy.shape[:-2])

    def __repr__(self) -> str:
        seeds, epochs = self.accuracy.shape[-2:]
        return (
            f"{len(self)} configurations of {', '.join(self.space)}; {seeds} seeds, {epochs} epochs"
        )

    def index(self, params: Mapping[str, Any]) -> tuple[int, ...]:
        """Return where a configuration stands in the arrays."""
        self.space.check(mapping("params", params, "names of hyperparameters to values"))
        return tuple(given.place(params[name]) for name, given in self._axes.items())

    def params(self, index: tuple[int, ...] | int) -> dict[str, Any]:
        """Return the configuration at a place in the arrays, or at one counted through them.

        Parameters
        ----------
        index : tuple of int, or int
            As :meth:`index` gives it; or from 0 to the number of configurations less 1.

        Raises
        ------
        ValueError
            For anything else.
        """
        shape = self.accuracy.shape[:-2]
        if not isinstance(index, tuple):
            place = whole("index", index, 0, len(self) - 1)
            index = tuple(map(int, np.unravel_index(place, shape)))
        fits = len(index) == len(shape) and all(
            is_number(i, Integral) and 0 <= i < n for i, n in zip(index, shape, strict=True)
        )
        if not fits:
            raise ValueError(f"index is a place in an array of shape {shape}, got {index!r}")
        axes = self._axes.items()
        return {name: given.options[int(i)] for (name, given), i in zip(axes, index, strict=True)}

    def curves(self, params: Mapping[str, Any], metric: str | None = None) -> NDArray[np.float64]:
        """Return a configuration's learning curves, shape (seeds, epochs)."""
        metric = self.metric if metric is None else one_of("metric", metric, _METRICS)
        return getattr(self, metric)[self.index(params)]

    def values(self, epochs: int | None = None) -> NDArray[np.float64]:
        """Return what the objective gives for every configuration, shape (n_1, ..., n_d).

        Parameters
        ----------
        epochs : int, optional
            After so many; default all.
        """
        epochs = whole("epochs", epochs, 1, self.epochs, optional=True)
        scores = getattr(self, self.metric)[..., (epochs or self.epochs) - 1]
        return scores.mean(axis=-1) if self.seed is None else scores[..., self._repeat()]

    def _repeat(self):
        return self.about["seeds"].index(self.seed)

    def objective(self, trial: Trial) -> float:
        """Replay a training: report the metric after each epoch, return the last one.

        Works in a :class:`hpcourse.Study`, and in Optuna's through
        :func:`hpcourse.bridges.optuna.objective_to_optuna`. Steps are counted from 0.
        """
        if not hasattr(trial, "params"):
            raise ValueError(f"trial is a Trial of a study, got {trial!r}")
        curves = self.curves(trial.params)
        curve = curves.mean(axis=0) if self.seed is None else curves[self._repeat()]
        for step, value in enumerate(curve.tolist()):
            trial.report(value, step)
            if trial.should_prune():
                raise TrialPruned
        return value

    def replay(
        self, make: Callable[[int], Any], n_trials: int, n_seeds: int = 100
    ) -> NDArray[np.float64]:
        """Run many searches on the table, each a study with a seed of its own.

        Parameters
        ----------
        make : function of a seed
            Returns the searcher for the study with that seed.
        n_trials, n_seeds : int
            From 1; the seeds are 0 ... n_seeds - 1.

        Returns
        -------
        array of shape (n_seeds, n_trials)
            Values in the order of the trials; NaN where one failed, or where the searcher had
            no configuration left.

        Examples
        --------
        >>> from hpcourse import RandomSearch
        >>> table = load_table("mnist_mlp")
        >>> values = table.replay(lambda seed: RandomSearch(), n_trials=20, n_seeds=5)
        >>> values.shape, bool(values.max(axis=1).min() > 0.95)
        ((5, 20), True)
        """
        if not takes(make, 0):  # a class too, if its objects are made of a seed
            raise ValueError(f"make is a function of a seed that gives a searcher, got {make!r}")
        n_trials, n_seeds = whole("n_trials", n_trials, 1), whole("n_seeds", n_seeds, 1)
        known = self.values()
        replayed = np.full((n_seeds, n_trials), np.nan)
        for seed in range(n_seeds):
            study = Study(self.space, make(seed), direction=self.direction, seed=seed)
            study.optimize(lambda trial: known[self.index(trial.params)], n_trials)
            for trial in study.trials:
                replayed[seed, trial.number] = np.nan if trial.value is None else trial.value
        return replayed

    def best(self, epochs: int | None = None) -> tuple[dict[str, Any], float]:
        """Return the best configuration, and its value, after so many epochs.

        Parameters
        ----------
        epochs : int, optional
            Of each training; default all.
        """
        values = self.values(epochs)
        sign = 1 if self.direction == "maximize" else -1
        index = np.nanargmax(sign * np.where(np.isinf(values), np.nan, values))
        return self.params(int(index)), float(values.flat[index])


def _require(name, given, needs):
    """Require a mapping with these keys."""
    accepted = f"{', '.join(sorted(needs))} to what was recorded"
    if not set(needs) <= set(mapping(name, given, accepted)):
        raise ValueError(f"{name} maps {accepted}, got {given!r:.200}")


def load_table(name: str = "mnist_mlp", metric: str = "accuracy", seed: int | None = None) -> Table:
    """Return a table that comes with the package.

    ``"mnist_mlp"``: 648 networks 784-units-units-10 on MNIST, 50,000 images for training and
    10,000 for validation, plain SGD; 3 seeds, 27 epochs. ``make table`` records it again.

    Parameters
    ----------
    name : {"mnist_mlp"}
        Which table.
    metric : {"accuracy", "loss"}
        What its objective returns.
    seed : int, optional
        Replay this repeat; default the mean of all.

    Raises
    ------
    ValueError
        For an unknown name, metric or seed, or a file that is not the one recorded.
    """
    about = records.load(one_of("table", name, _TABLES))
    content = records.content(f"{name}.npz")
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise ValueError(f"the record {name}.npz is damaged: install the package again")
    with np.load(io.BytesIO(content)) as arrays:
        return Table(dict(arrays), about, metric, seed)
