"""A model of the objective says where to look next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from hpcourse.arguments import function, instance, one_of, real, whole
from hpcourse.bayes import acquisition as acquisitions
from hpcourse.bayes.proposals import Proposals, features, finite_grid, to_params, to_points
from hpcourse.bayes.surrogates import SURROGATES, Surrogate
from hpcourse.search import Searcher, Space, Study, Trial, TrialState, study_seed

ACQUISITIONS = ("EI", "PI", "LCB")


WARPS = ("auto", "yeo-johnson", "log", "none")


BLAS = ThreadpoolController()  # for matrices this small, more threads than one are slower


class BayesianSearch(Searcher):
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
        The acquisition function, as in the table above.
    warp : {"auto", "yeo-johnson", "log", "none"}
        Of the objective: Yeo and Johnson's transform [3]_ of the values, centered at their
        median and divided by their interquartile range. ``"auto"`` chooses its power by the
        evidence of the Gaussian process (for forests it is ``"yeo-johnson"``), which chooses
        the power that makes the values most normal. ``"log"`` is the logarithm of one plus
        the distance to the best value in interquartile ranges.
    n_initial_points : int, optional
        Trials of the start, from 1; by default 4 and one for each hyperparameter, at most 20.
    n_parallel : int
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
    >>> from hpcourse import Float, Space, Study
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
        n_parallel: int = 1,
        n_candidates: int = 512,
        xi: float = 0.0,
        kappa: float = 1.96,
        constraint: Callable[[dict], bool] | None = None,
    ):
        if constraint is not None:
            function("constraint", constraint, "a configuration")
        self.base_estimator = one_of("base_estimator", base_estimator, SURROGATES)
        self.acq_func = one_of("acq_func", acq_func, ACQUISITIONS)
        self.warp = one_of("warp", warp, WARPS)
        self.n_initial_points = whole("n_initial_points", n_initial_points, 1, optional=True)
        self.n_parallel = whole("n_parallel", n_parallel, 1)
        self.n_candidates = whole("n_candidates", n_candidates, 1)
        self.xi, self.kappa = real("xi", xi, 0), real("kappa", kappa, 0)
        self.constraint = constraint
        self.model_: Surrogate | None = None  # of the last suggestion; None in the start

    def n_start(self, space: Space) -> int:
        """Return how many trials the start has."""
        instance("space", space, Space, "a Space")
        return self.n_initial_points or min(4 + len(space), 20)

    def horizon(self, number: int, space: Space) -> int:
        """Wait for all trials before this one's batch; for none during the start."""
        return 0 if number < self.n_start(space) else number - number % self.n_parallel

    @BLAS.wrap(limits=1, user_api="blas")
    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the configuration with the greatest acquisition."""
        self.model_ = None
        proposals = Proposals(space, trials, finite_grid(space), self.constraint)
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
        """Return the model of these trials; None without any finite value.

        Parameters
        ----------
        space : Space
            To which they belong.
        trials : sequence of Trial
            With values to be minimized.
        rng : numpy.random.Generator, optional
            Of which a forest's seed is drawn; default one of the seed 0.
        """
        instance("space", space, Space, "a Space")
        several = isinstance(trials, Sequence) and not isinstance(trials, str | bytes)
        if not several or not all(isinstance(trial, Trial) for trial in trials):
            raise ValueError(f"trials is a sequence of Trial, got {trials!r:.200}")
        instance("rng", rng, np.random.Generator, "a numpy.random.Generator", optional=True)
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

        Parameters
        ----------
        study : Study
            Of one direction, with a trial that is complete.

        Raises
        ------
        ValueError
            For anything else.
        """
        instance("study", study, Study, "a Study")
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
            return acquisitions.lower_confidence_bound(mean, std, self.kappa, slopes)
        best = surrogate.best
        if self.xi:
            best = float(surrogate.warp(surrogate.warp.inverse(best) - self.xi))
        function = {
            "EI": acquisitions.log_expected_improvement,
            "PI": acquisitions.log_probability_of_improvement,
        }[self.acq_func]
        return function(mean, std, best, slopes)
