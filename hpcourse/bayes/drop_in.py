"""A drop-in for ``skopt.gp_minimize``."""

from __future__ import annotations

import copy
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult
from skopt.callbacks import VerboseCallback, check_callback
from skopt.utils import create_result, eval_callbacks, normalize_dimensions

from hpcourse.arguments import array, flag, function, is_number, plain, takes, whole
from hpcourse.bayes.bayesian_search import BayesianSearch
from hpcourse.search import Choice, Float, Int, Space, Study


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
        Points that fill the space before the model is used, from 0; those of ``x0`` with their
        values in ``y0`` count among them, failed ones too, the others of ``x0`` do not. By
        default as many as :class:`BayesianSearch` takes, if ``n_calls`` allows. A model needs a
        point: 0 is for calls with ``x0``.
    acq_func, warp, xi, kappa
        As for :class:`BayesianSearch`.
    x0 : list, or list of lists, optional
        Points to begin with.
    y0 : list of numbers or number, optional
        Their values, if they are known; NaN and infinity are those of failures.
    random_state : int, RandomState, optional
        The same whole number gives the same search; None another one each time, and NumPy's
        own generator is left alone.
    verbose, callback, model_queue_size
        As for scikit-optimize; a callback that returns True ends the search.
    n_points : int
        Candidates over the whole space for each suggestion.
    space_constraint : function of a point, optional
        Only points of which it is true are suggested.
    n_random_starts : int, optional
        An older name of ``n_initial_points``.
    initial_point_generator, acq_optimizer, n_restarts_optimizer, noise, n_jobs
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

    Notes
    -----
    With ``x0=result.x_iters, y0=result.func_vals`` a search goes on: no known point is evaluated
    again, and with the same whole number as ``random_state`` it goes on as if it had never
    stopped. There scikit-optimize differs: to it ``n_initial_points`` (10 by default) are always
    new evaluations, so that a search that goes on begins with as many random points, unless
    0 is given.

    Examples
    --------
    >>> def distance(x):
    ...     return (x[0] - 0.3) ** 2
    >>> result = gp_minimize(distance, [(-2.0, 2.0)], n_calls=15, random_state=0)
    >>> abs(result.x[0] - 0.3) < 1e-3
    True
    >>> known = {"x0": result.x_iters, "y0": result.func_vals}
    >>> longer = gp_minimize(distance, [(-2.0, 2.0)], n_calls=5, random_state=0, **known)
    >>> len(longer.x_iters), longer.fun <= result.fun
    (20, True)
    """
    _refuse(
        initial_point_generator=(initial_point_generator, (None, "sobol")),
        acq_optimizer=(acq_optimizer, ("auto", "lbfgs")),
        n_restarts_optimizer=(n_restarts_optimizer, (None,)),
        noise=(noise, (None, "gaussian")),
        n_jobs=(n_jobs, (1, None)),
    )
    n_initial_points = _one_name(n_random_starts, n_initial_points)
    if isinstance(acq_func, str) and acq_func == "gp_hedge":
        raise ValueError("acq_func is 'EI', 'PI' or 'LCB', got 'gp_hedge': choose one of them")
    function("func", func, "a list of values")
    function("space_constraint", space_constraint, "a point", optional=True)
    model_queue_size = whole("model_queue_size", model_queue_size, optional=True)
    n_points, verbose = whole("n_points", n_points, 1), flag("verbose", verbose)
    callbacks = _functions(callback)

    def allowed(params):
        return space_constraint(list(params.values()))

    searcher = BayesianSearch(
        "GP" if base_estimator is None else base_estimator,
        acq_func,
        warp,
        n_candidates=n_points,
        xi=xi,
        kappa=kappa,
        constraint=None if space_constraint is None else allowed,
    )
    skopt_space, space = _spaces(dimensions)
    points, values = _given(space, x0, y0)
    n_known = 0 if values is None else len(points)
    n_first = len(points) - n_known
    n_start = _n_start(n_initial_points, searcher.n_start(space), len(points), n_known)
    n_calls = whole("n_calls", n_calls, max(1, n_first + (n_start if n_initial_points else 0)))
    if n_initial_points is None:
        n_start = max(min(n_start, n_calls - n_first), 0 if n_known else 1)
    searcher.n_initial_points = n_start + len(points)
    if verbose:
        callbacks.append(VerboseCallback(n_init=n_first, n_random=n_start, n_total=n_calls))
    rng = _generator(random_state)
    given: Any = random_state
    seed = int(given) if is_number(given, Integral) else int(rng.randint(2**31))
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
            error.partial_result = result()  # type: ignore[attr-defined]
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


def space_from_skopt(dimensions):
    """Return the space of scikit-optimize's dimensions; those without a name are x0, x1, ..."""
    made: dict[str, Float | Int | Choice] = {}
    for position, given in enumerate(dimensions):
        name = given.name or f"x{position}"
        if name in made:
            raise ValueError(f"two dimensions have the name {name!r}")
        if hasattr(given, "categories"):
            options = plain(list(given.categories))
            made[name] = Choice(options, ordered=given.transform_ == "label")
        else:
            kind = Int if np.issubdtype(given.dtype, np.integer) else Float
            made[name] = kind(given.low, given.high, given.prior == "log-uniform")
    return Space(**made)


def _refuse(**given):
    for name, (value, accepted) in given.items():
        value = plain(value)
        if not any(type(value) is type(one) and value == one for one in accepted):
            shown = ", ".join(map(repr, accepted))
            raise ValueError(f"{name} is one of {shown}, got {value!r}")


def _one_name(n_random_starts, n_initial_points):
    """Return the size of the start, which has two names."""
    older = whole("n_random_starts", n_random_starts, optional=True)
    n_initial_points = whole("n_initial_points", n_initial_points, optional=True)
    if None not in (older, n_initial_points) and older != n_initial_points:
        raise ValueError(
            f"n_random_starts is another name of n_initial_points: give one of them, "
            f"got {older} and {n_initial_points}"
        )
    return n_initial_points if older is None else older


def _n_start(n_initial_points, default, n_points, n_known):
    """Return how many evaluations of the start are left."""
    if n_initial_points == 0 and not n_points:
        raise ValueError(
            "n_initial_points is a whole number from 1 without x0, for a model needs a point; got 0"
        )
    return max((default if n_initial_points is None else n_initial_points) - n_known, 0)


def _functions(callback):
    """Return the callbacks as a list of its own."""
    several = callback if isinstance(callback, list | tuple) else [callback]
    several = [] if callback is None else list(several)
    if not all(takes(one, "result") and not isinstance(one, type) for one in several):
        raise ValueError(f"callback is a function of a result or a list of them, got {callback!r}")
    return check_callback(several)


def _generator(random_state):
    """Return NumPy's old generator, which results carry."""
    if random_state is None:
        return np.random.RandomState()
    if isinstance(random_state, np.random.RandomState):
        return random_state
    try:
        return np.random.RandomState(whole("random_state", random_state, 0, 2**32 - 1))
    except ValueError as error:
        raise ValueError(f"{error}; a RandomState and None are accepted too") from None


def _spaces(dimensions):
    """Return scikit-optimize's space and ours, or say what the dimensions are."""
    accepted = "dimensions is a list with one entry for each"
    no_list = isinstance(dimensions, str | Mapping) or not isinstance(dimensions, Iterable)
    if no_list or not len(own := [copy.deepcopy(given) for given in dimensions]):
        raise ValueError(f"{accepted}, at least one hyperparameter, got {dimensions!r}")
    try:
        theirs = normalize_dimensions(own)
        return theirs, space_from_skopt(theirs.dimensions)
    except Exception as error:  # scikit-optimize's are of several kinds
        raise ValueError(f"{accepted}, got {own!r}: {error}") from None


def _given(space, x0, y0):
    """Return the points to begin with, and their values if they are known."""
    if x0 is None:
        if y0 is not None:
            raise ValueError(f"y0 gives the values of x0, which is missing: {y0!r}")
        return [], None
    given = plain(x0)
    if not isinstance(given, list | tuple) or not given:
        raise ValueError(f"x0 is a point or a list of points, got {x0!r}")
    points = list(given) if isinstance(given[0], list | tuple) else [given]
    if not all(isinstance(point, list | tuple) for point in points):
        raise ValueError(f"x0 is a point or a list of points, got {x0!r}")
    for point in points:
        if len(point) != len(space):
            raise ValueError(
                f"a point of x0 has a value for each of {len(space)} dimensions, got {point!r}"
            )
        try:
            space.check(dict(zip(space, point, strict=True)))
        except ValueError as error:
            raise ValueError(f"a point of x0 lies in the space, got {point!r}: {error}") from None
    if y0 is None:
        return points, None
    given = plain(y0)
    try:
        alone = isinstance(given, Real) and not isinstance(given, bool)
        values = array("y0", [given] if alone else given, "n", finite=False).tolist()
    except ValueError:
        raise ValueError(f"y0 is a number or a list of numbers, got {y0!r}") from None
    if len(values) != len(points):
        raise ValueError(
            f"y0 has a value for each point of x0: {len(points)} points, got {len(values)} values"
        )
    return points, values
