"""Bayesian optimization: a model of the objective says where to look next.

The models are scikit-optimize's. What is ours around them: the objective is warped until the
model fits it, the hyperparameters of the model and of the warp are those with the greatest
evidence, and the acquisition functions are computed as logarithms and climbed by gradient.

>>> from hpcourse.landscapes import get
>>> beale = get("beale")
>>> result = gp_minimize(beale, list(map(tuple, beale.bounds)), n_calls=30, random_state=0)
>>> result.fun < 0.1
True

All that this package needs of scikit-optimize stands here, in the models of ``_surrogates`` and
in :meth:`hpcourse.space.Space.to_skopt`.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult
from sklearn.utils import check_random_state
from skopt.callbacks import VerboseCallback, check_callback
from skopt.utils import create_result, eval_callbacks, normalize_dimensions
from threadpoolctl import ThreadpoolController

from hpcourse import _gaussian_process as gp
from hpcourse._dimensions import is_number
from hpcourse._proposals import Proposals, features, finite_grid, to_params, to_points
from hpcourse._surrogates import SURROGATES, Surrogate
from hpcourse._validation import unknown_name
from hpcourse.search import study_seed
from hpcourse.space import Space
from hpcourse.study import Study, Trial, TrialState

__all__ = ["BayesianSearch", "Surrogate", "gp_minimize"]

ACQUISITIONS = ("EI", "PI", "LCB")
WARPS = ("auto", "yeo-johnson", "log", "none")
BLAS = ThreadpoolController()  # for matrices this small, more threads than one are slower


class BayesianSearch:
    r"""Try next what a model of the objective promises most of.

    After a start that fills the space evenly (a scrambled Sobol sequence), each suggestion

    1. fits the model to the trials so far, their values warped [3]_, [4]_ so that it fits,
    2. maximizes an acquisition function of its mean :math:`\mu(x)` and deviation
       :math:`\sigma(x)`: over points of the whole space and around the best, the most
       promising of which are climbed by gradient.

    With :math:`f^*` the best mean of the points tried and :math:`u = (f^* - \mu) / \sigma`,

    =========  ===================================================================
    ``"EI"``   expected improvement :math:`\sigma (u \Phi(u) + \phi(u))` [1]_, as its
               logarithm, which does not vanish far from the best [2]_
    ``"PI"``   probability of improvement :math:`\Phi(u)`
    ``"LCB"``  lower confidence bound :math:`\mu - \kappa \sigma`
    =========  ===================================================================

    No configuration is suggested twice; when all are tried, there is none left. Those that are
    being evaluated count with the values that the model predicts. Failed trials count with the
    worst value seen, as far as the model believes that they tell something of their place.

    Parameters
    ----------
    base_estimator : {"GP", "RF", "ET"}
        Gaussian process, random forest or extremely randomized trees.
    acq_func : {"EI", "PI", "LCB"}
    warp : {"auto", "yeo-johnson", "log", "none"}
        Of the objective: Yeo and Johnson's transform [3]_ of the values, centered at their
        median and divided by their interquartile range. ``"auto"`` chooses its power by the
        evidence of the Gaussian process (for forests it is ``"yeo-johnson"``), which chooses
        the power that makes the values most normal. ``"log"`` is the logarithm of one plus
        the distance to the best value in interquartile ranges.
    n_initial_points : int, optional
        Trials of the start, from 1; by default 4 and one for each hyperparameter, at most 20.
    batch_size : int
        Trials that do not wait for each other's results; for ``n_jobs`` above 1.
    n_candidates : int
        Points of the whole space that are compared.
    xi : float
        From 0: an improvement below it counts nothing; in units of the objective.
    kappa : float
        From 0: of LCB.
    constraint : function of a configuration, optional
        Only configurations of which it is true are suggested.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> from hpcourse.space import Float, Space
    >>> from hpcourse.study import Study
    >>> study = Study(Space(x=Float(-5, 5), y=Float(-5, 5)), BayesianSearch(), seed=0)
    >>> study.optimize(lambda trial: (trial.params["x"] - 2) ** 2 + trial.params["y"] ** 2, 20)
    >>> study.best_value < 1e-3
    True

    References
    ----------
    .. [1] D. R. Jones, M. Schonlau and W. J. Welch, "Efficient global optimization of expensive
       black-box functions", Journal of Global Optimization 13, 1998.
    .. [2] S. Ament, S. Daulton, D. Eriksson, M. Balandat and E. Bakshy, "Unexpected improvements
       to expected improvement for Bayesian optimization", 2023.
    .. [3] I.-K. Yeo and R. A. Johnson, "A new family of power transformations to improve
       normality or symmetry", Biometrika 87, 2000.
    .. [4] E. Snelson, C. E. Rasmussen and Z. Ghahramani, "Warped Gaussian processes", 2003.
    """

    def __init__(
        self,
        base_estimator: str = "GP",
        acq_func: str = "EI",
        warp: str = "auto",
        n_initial_points: int | None = None,
        batch_size: int = 1,
        n_candidates: int = 512,
        xi: float = 0.0,
        kappa: float = 1.96,
        constraint: Callable[[dict], bool] | None = None,
    ):
        for name, given, accepted in (
            ("base_estimator", base_estimator, tuple(SURROGATES)),
            ("acq_func", acq_func, ACQUISITIONS),
            ("warp", warp, WARPS),
        ):
            if given not in accepted:
                raise unknown_name(name, given, accepted)
        for name, given in (
            ("n_initial_points", 1 if n_initial_points is None else n_initial_points),
            ("batch_size", batch_size),
            ("n_candidates", n_candidates),
        ):
            if not is_number(given, Integral) or given < 1:
                raise ValueError(f"{name} is a whole number from 1, got {given!r}")
        for name, given in (("xi", xi), ("kappa", kappa)):
            if not is_number(given, Real) or given < 0:
                raise ValueError(f"{name} is a number from 0, got {given!r}")
        if constraint is not None and not callable(constraint):
            raise ValueError(f"constraint is a function of a configuration, got {constraint!r}")
        self.base_estimator, self.acq_func, self.warp = base_estimator, acq_func, warp
        self.n_initial_points, self.batch_size = n_initial_points, batch_size
        self.n_candidates, self.xi, self.kappa = n_candidates, xi, kappa
        self.constraint = constraint
        self._grids: list[tuple[Space, Any]] = []  # computed once for each space
        self.model_: Surrogate | None = None  # of the last suggestion; None in the start

    def _grid(self, space):
        for known, grid in self._grids:
            if known is space:
                return grid
        self._grids.append((space, finite_grid(space)))
        return self._grids[-1][1]

    def n_start(self, space: Space) -> int:
        """Return how many trials the start has."""
        return self.n_initial_points or min(4 + len(space), 20)

    def horizon(self, number: int) -> int:
        """Wait for all trials before this one's batch."""
        return number - number % self.batch_size

    @BLAS.wrap(limits=1, user_api="blas")
    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the configuration with the greatest acquisition."""
        self.model_ = None
        proposals = Proposals(space, trials, self._grid(space), self.constraint)
        if len(trials) < self.n_start(space):
            start = proposals.start(self.n_start(space), study_seed(rng))
            if len(start):
                return to_params(space, start[0])
        candidates = proposals.candidates(self.n_candidates, rng)
        self.model_ = self.surrogate(space, trials, rng)
        if self.model_ is None:
            return to_params(space, candidates[rng.integers(len(candidates))])
        acquisition = partial(self._acquisition, self.model_)
        return to_params(space, proposals.best(candidates, self.model_, acquisition))

    @BLAS.wrap(limits=1, user_api="blas")
    def surrogate(
        self, space: Space, trials: Sequence[Trial], rng: np.random.Generator | None = None
    ) -> Surrogate | None:
        """Return the model of these trials; None without any finite value."""
        values = [trial.value for trial in trials]
        finite = np.array([value is not None for value in values], dtype=bool)
        if not finite.any():
            return None
        failed = np.array([trial.state is TrialState.FAIL for trial in trials])
        known = finite | failed
        worst = max(value for value in values if value is not None)
        y = np.array([worst if value is None else value for value in values], dtype=float)
        x = features(space, to_points(space, trials))
        seed = int((rng or np.random.default_rng(0)).integers(2**31))
        surrogate = SURROGATES[self.base_estimator](self.warp, seed)
        surrogate.fit(x[known], y[known], failed[known])
        surrogate.best = surrogate.posterior(x[finite])[0].min()
        if not known.all():
            surrogate.believe(x[~known])
            surrogate.best = min(surrogate.best, surrogate.posterior(x[~known])[0].min())
        return surrogate

    def best_predicted(self, study: Study) -> tuple[dict[str, Any], float]:
        """Return the tried configuration with the best predicted value, and that value.

        With noise the best value of a study is a lucky one; what the model predicts at the
        points that were tried is not.
        """
        sign = 1 if study.direction == "minimize" else -1
        trials = [
            trial if trial.value is None else replace(trial, value=sign * trial.value)
            for trial in study.trials
        ]
        complete = [trial for trial in trials if trial.state is TrialState.COMPLETE]
        if not complete:
            raise ValueError(f"none of {len(trials)} trials is complete")
        surrogate = self.surrogate(study.space, trials)
        predicted = surrogate.predict(features(study.space, to_points(study.space, complete)))
        best = int(np.argmin(predicted))
        return complete[best].params, sign * float(predicted[best])

    def _acquisition(self, surrogate, mean, std, slopes=None):
        """Return what is to be maximized, with ``slopes`` also its gradient."""
        if self.acq_func == "LCB":
            return gp.lower_confidence_bound(mean, std, self.kappa, slopes)
        best = surrogate.best
        if self.xi:
            best = float(surrogate.warp(surrogate.warp.inverse(best) - self.xi))
        function = {
            "EI": gp.log_expected_improvement,
            "PI": gp.log_probability_of_improvement,
        }[self.acq_func]
        return function(mean, std, best, slopes)


def gp_minimize(
    func: Callable[[list], float],
    dimensions: Sequence,
    base_estimator: str | None = None,
    n_calls: int = 100,
    n_random_starts: int | None = None,
    n_initial_points: int | None = None,
    initial_point_generator: str | None = None,
    acq_func: str = "EI",
    acq_optimizer: str = "auto",
    x0: Sequence | None = None,
    y0: Sequence[float] | float | None = None,
    random_state: int | np.random.RandomState | None = None,
    verbose: bool = False,
    callback: Callable | Sequence[Callable] | None = None,
    n_points: int = 512,
    n_restarts_optimizer: int | None = None,
    xi: float = 0.0,
    kappa: float = 1.96,
    noise: str | None = None,
    n_jobs: int = 1,
    model_queue_size: int | None = None,
    space_constraint: Callable[[list], bool] | None = None,
    warp: str = "auto",
) -> OptimizeResult:
    """Minimize a function as ``skopt.gp_minimize`` does, by :class:`BayesianSearch`.

    Parameters
    ----------
    func : function of a list with a value for each dimension
        It returns a number. NaN and infinity are failures: the search goes on.
    dimensions : sequence
        As scikit-optimize takes them: (low, high), (low, high, "log-uniform"), lists of
        categories, or its dimensions.
    base_estimator : {"GP", "RF", "ET"}, optional
        "GP" by default.
    n_calls : int
        Evaluations, those of ``x0`` included unless ``y0`` gives them. A finite space may
        have fewer points: then each is evaluated once, with a warning.
    n_initial_points : int, optional
        Evaluations that fill the space before the model is used, those of ``x0`` not
        counted. By default as many as :class:`BayesianSearch` takes, if ``n_calls`` allows.
    acq_func, warp, xi, kappa
        As for :class:`BayesianSearch`.
    x0 : list, or list of lists, optional
        Points to begin with.
    y0 : list of numbers or number, optional
        Their values, if they are known.
    random_state : int, RandomState, optional
    verbose, callback, model_queue_size
        As for scikit-optimize; a callback that returns True ends the search.
    n_points : int
        Candidates over the whole space for each suggestion.
    space_constraint : function of a point, optional
        Only points of which it is true are suggested.
    n_random_starts, initial_point_generator, acq_optimizer, n_restarts_optimizer, noise, n_jobs
        For scikit-optimize's sake: the start is a Sobol sequence, the acquisition is climbed
        by gradient, the noise is found by evidence, on one core. Anything else is an error.

    Returns
    -------
    scipy.optimize.OptimizeResult
        As scikit-optimize's: ``x``, ``fun``, ``x_iters``, ``func_vals`` (infinity for
        failures), ``models`` (one :class:`Surrogate` for each suggestion, and a last one),
        ``space``, ``random_state``, ``specs``; ``skopt.plots`` show it.

    Raises
    ------
    ValueError
        Before the first evaluation, for bad arguments; after the last if all have failed.
    Exception
        What ``func`` raises, KeyboardInterrupt too: the result so far is then its attribute
        ``partial_result``.

    Examples
    --------
    >>> result = gp_minimize(lambda x: (x[0] - 0.3) ** 2, [(-2.0, 2.0)], n_calls=15, random_state=0)
    >>> abs(result.x[0] - 0.3) < 1e-3
    True
    """
    _refuse(
        initial_point_generator=(initial_point_generator, (None, "sobol")),
        acq_optimizer=(acq_optimizer, ("auto", "lbfgs")),
        n_restarts_optimizer=(n_restarts_optimizer, (None,)),
        noise=(noise, (None, "gaussian")),
        n_jobs=(n_jobs, (1, None)),
        n_random_starts=(n_random_starts, (None, n_initial_points)),
    )
    if acq_func == "gp_hedge":
        raise ValueError("acq_func is 'EI', 'PI' or 'LCB', got 'gp_hedge': choose one of them")
    if not callable(func):
        raise ValueError(f"func is a function of a list of values, got {func!r}")
    if not (space_constraint is None or callable(space_constraint)):
        raise ValueError(f"space_constraint is a function of a point, got {space_constraint!r}")
    if not (model_queue_size is None or is_number(model_queue_size, Integral)):
        raise ValueError(f"model_queue_size is a whole number or None, got {model_queue_size!r}")
    searcher = BayesianSearch(
        "GP" if base_estimator is None else base_estimator,
        acq_func,
        warp,
        n_initial_points=n_initial_points,
        n_candidates=n_points,
        xi=xi,
        kappa=kappa,
        constraint=space_constraint and (lambda params: space_constraint(list(params.values()))),
    )
    if isinstance(dimensions, str) or not isinstance(dimensions, Iterable):
        raise ValueError(f"dimensions is a list with one entry for each, got {dimensions!r}")
    skopt_space = normalize_dimensions(dimensions)
    space = Space.from_skopt(skopt_space.dimensions)
    points, values = _given(space, x0, y0)
    n_points_only = len(points) if values is None else 0
    least = max(1, n_points_only + (n_initial_points or 0))
    if not is_number(n_calls, Integral) or n_calls < least:
        raise ValueError(
            f"n_calls is a whole number from {least} (the points to begin with), got {n_calls!r}"
        )
    n_start = n_initial_points or max(min(searcher.n_start(space), n_calls - n_points_only), 1)
    searcher.n_initial_points = n_start + len(points)
    callbacks = [*check_callback(callback)]
    if verbose:
        shown = VerboseCallback(n_init=n_points_only, n_random=n_start, n_total=n_calls)
        callbacks.append(shown)
    rng = check_random_state(random_state)
    seed = random_state if is_number(random_state, Integral) else int(rng.randint(2**31))
    study = Study(space, searcher, seed=seed)
    models: deque = deque(maxlen=model_queue_size)

    def result():
        values = [np.inf if trial.value is None else trial.value for trial in study.trials]
        visited = [list(trial.params.values()) for trial in study.trials]
        specs = {"function": "gp_minimize", "args": {"acq_func": acq_func, "n_calls": n_calls}}
        return create_result(visited, values, skopt_space, rng, specs, list(models))

    for point in points:
        study.enqueue_trial(dict(zip(space, point, strict=True)))
    for value in values or []:
        study.tell(study.ask(), value)
    try:
        stop = bool(values) and eval_callbacks(callbacks, result())
        for number in range(0 if stop else n_calls):
            try:
                trial = study.ask()
            except StopIteration:
                why = f"no other point of the space is left after {number} evaluations"
                warnings.warn(why, stacklevel=2)
                break
            if searcher.model_ is not None:
                models.append(searcher.model_)
            study.tell(trial, func(list(trial.params.values())))
            if callbacks and eval_callbacks(callbacks, result()):
                break
    except BaseException as error:
        if study.trials:
            error.partial_result = result()
            error.add_note("What was found before is this exception's partial_result.")
        raise
    if not study.trials:
        raise ValueError("no point of the space fulfills space_constraint")
    if not any(trial.value is not None for trial in study.trials):
        raise ValueError(f"none of {len(study.trials)} evaluations gave a finite value")
    if len(study.trials) >= searcher.n_initial_points:
        models.append(searcher.surrogate(space, study.trials))
    final = result()
    final.fun = float(final.fun)
    return final


def _refuse(**given):
    for name, (value, accepted) in given.items():
        if value not in accepted:
            shown = ", ".join(map(repr, accepted))
            raise ValueError(f"{name} is one of {shown}, got {value!r}")


def _given(space, x0, y0):
    """Return the points to begin with, and their values if they are known."""
    if x0 is None:
        if y0 is not None:
            raise ValueError(f"y0 gives the values of x0, which is missing: {y0!r}")
        return [], None
    try:
        several = isinstance(x0[0], list | tuple | np.ndarray)
        points = [list(point) for point in (x0 if several else [x0])]
    except (TypeError, IndexError, KeyError):
        raise ValueError(f"x0 is a point or a list of points, got {x0!r}") from None
    for point in points:
        if len(point) != len(space):
            raise ValueError(
                f"a point of x0 has a value for each of {len(space)} dimensions, got {point!r}"
            )
        space.check(dict(zip(space, point, strict=True)))
    if y0 is None:
        return points, None
    try:
        values = np.atleast_1d(np.asarray(y0, dtype=float)).tolist()
    except (TypeError, ValueError):
        raise ValueError(f"y0 is a number or a list of numbers, got {y0!r}") from None
    if len(values) != len(points):
        raise ValueError(
            f"y0 has a value for each point of x0: {len(points)} points, {len(values)} values"
        )
    return points, values
