"""The tree-structured Parzen estimator: where good trials are dense and bad ones are not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri

from hpcourse.arguments import flag, real, whole
from hpcourse.search.dimensions import Choice, Float, Int, to_units
from hpcourse.search.searcher import Searcher
from hpcourse.search.space import Space
from hpcourse.search.trial import Trial, TrialState

Array = NDArray[np.float64]

REPEATS = 5  # how often a configuration that is tried already is put aside


class TPESearch(Searcher):
    r"""Look where good trials are dense and bad ones are not [1]_.

    A Gaussian process models the value y that a configuration x will have, p(y | x). The
    tree-structured Parzen estimator (TPE) models the configurations that had good and bad
    values: with the threshold :math:`y^*` that a fraction gamma of the trials lies below,

    .. math:: p(x \mid y) = \ell(x) \text{ if } y < y^*, \quad g(x) \text{ otherwise}

    ([1]_, equation 2). The expected improvement on :math:`y^*` then needs no model of y.
    By Bayes' rule, with :math:`p(x) = \gamma \ell(x) + (1 - \gamma) g(x)`,

    .. math:: \mathrm{EI}(x) = \int_{-\infty}^{y^*} (y^* - y) \frac{p(x \mid y) p(y)}{p(x)} dy
        = \frac{\ell(x) \int_{-\infty}^{y^*} (y^* - y) p(y) dy}{\gamma \ell(x) + (1 - \gamma) g(x)}
        \propto \left(\gamma + \frac{g(x)}{\ell(x)} (1 - \gamma)\right)^{-1},

    since the integral does not depend on x. So the best x is the one with the largest
    l(x) / g(x): draw ``n_candidates`` from l and take the one where that is largest.

    l and g are Parzen estimators on the unit scale of the space, made from the n good and
    the n bad trials that have the hyperparameter:

    floats
        A mixture of normal distributions truncated to [0, 1], one at each trial, and the
        uniform one, with the weight ``prior_weight``. The deviation of each is the larger
        one of the distances to its neighbors on the left and on the right, the ends 0 and 1
        being neighbors too. [1]_ clips it to "a reasonable range"; this one is Hyperopt's,
        from 1 / min(100, n + 2) to 1.
    whole numbers, steps and ordered choices
        The same density, integrated over the share of the scale that a value has.
    choices
        Option i has a probability in proportion to ``prior_weight`` plus the number of
        trials that have it.

    Each hyperparameter is drawn and chosen by itself, those first that conditions depend on,
    and only if it exists. With ``multivariate`` l and g are joint densities, so that what is
    good only together stays together [2]_: see there.

    Where a space has few configurations, the best of the candidates is often one that is tried
    already. It is then put aside, and others are drawn; after 5 times, one at random is tried.
    (This is ours: without it TPE tries the same configuration again and again.)

    Trials without a value, failed or still running, count among the bad ones: a parallel
    worker looks away from where another one is already looking. A pruned trial counts with
    the value that it reached.

    Parameters
    ----------
    gamma : float
        Fraction of the finished trials that are good, in (0, 1), rounded up. 0.15 is what [1]_
        used, according to [4]_; Hyperopt and Optuna let it fall as trials get more.
    n_candidates : int
        At least 1. The default is Hyperopt's.
    n_startup_trials : int
        From 0; so many trials are drawn at random. The default is Hyperopt's.
    multivariate : bool
        Instead of a mixture for each hyperparameter, one mixture of products: a trial's
        kernel is the product, over all hyperparameters, of a truncated normal for a number
        and, for a choice, of 1 - b/2 on its option and b/2 spread evenly over all. Candidates
        are drawn from one trial's kernel for all hyperparameters at once. The deviations
        follow Scott's rule [3]_ for n trials and d hyperparameters: b = n**(-1 / (d + 4))
        times the standard deviation of the hyperparameter among them, clipped as above.
        A kernel is uniform in what its trial does not have.
    prior_weight : float
        Above 0; of the uniform distribution, where each trial has the weight 1.
    n_parallel : int
        After the startup, so many trials do not wait for each other's results.

    Examples
    --------
    >>> from hpcourse import Float, Study
    >>> study = Study(Space(x=Float(-5, 5)), TPESearch(), seed=0)
    >>> study.optimize(lambda trial: (trial.params["x"] - 2) ** 2, n_trials=50)
    >>> study.best_value < 0.01
    True

    References
    ----------
    .. [1] J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, "Algorithms for hyper-parameter
       optimization", Advances in Neural Information Processing Systems 24, 2011, section 4.
    .. [2] S. Falkner, A. Klein and F. Hutter, "BOHB: robust and efficient hyperparameter
       optimization at scale", International Conference on Machine Learning, 2018.
    .. [3] D. W. Scott, "Multivariate density estimation", 2nd edition, Wiley, 2015, chapter 6.
    .. [4] S. Watanabe, "Tree-structured Parzen estimator: understanding its algorithm components
       and their roles for better empirical performance", 2023.
    """

    def __init__(
        self,
        gamma: float = 0.15,
        n_candidates: int = 24,
        n_startup_trials: int = 20,
        multivariate: bool = False,
        prior_weight: float = 1.0,
        n_parallel: int = 1,
    ):
        self.gamma = real("gamma", gamma, above=0, below=1)
        self.n_candidates = whole("n_candidates", n_candidates, 1)
        self.n_startup_trials = whole("n_startup_trials", n_startup_trials)
        self.multivariate = flag("multivariate", multivariate)
        self.prior_weight = real("prior_weight", prior_weight, above=0)
        self.n_parallel = whole("n_parallel", n_parallel, 1)

    def horizon(self, number: int, space: Space) -> int:
        """Wait for all trials before this one's batch; for none during the startup."""
        later = number - self.n_startup_trials
        return 0 if later < 0 else number - later % self.n_parallel

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the candidate for which the ratio of the densities is largest."""
        if len(trials) < self.n_startup_trials:
            return space.sample(rng)
        good, bad = self._split(space, trials)
        for _ in range(REPEATS):
            params = self._choose(space, good, bad, rng)
            if all(params != trial.params for trial in trials):
                return params
        return space.sample(rng)

    def _choose(self, space, good, bad, rng):
        if self.multivariate:
            return self._best(space.parameters, good, bad, space.from_unit, rng)

        def choose(name):
            def make(u):
                return {name: space[name].from_unit(u[0])}

            known = [[params for params in group if name in params] for group in (good, bad)]
            return self._best({name: space[name]}, *known, make, rng)[name]

        return space.assemble(choose)

    def _split(self, space, trials):
        """Return the configurations of the good and of the bad trials."""
        horizon = self.horizon(len(trials), space)
        values = [_value(trial) if k < horizon else math.inf for k, trial in enumerate(trials)]
        finished = sum(trial.state is not TrialState.RUNNING for trial in trials[:horizon])
        n_good = min(math.ceil(self.gamma * finished), sum(map(math.isfinite, values)))
        params = [trials[k].params for k in np.argsort(values, kind="stable")]
        return params[:n_good], params[n_good:]

    def _best(self, dimensions, good, bad, make, rng):
        """Draw points from the density of the good, make candidates of them, return the best."""
        ell, g = (Parzen(dimensions, x, self.prior_weight, self.multivariate) for x in (good, bad))
        candidates = [make(u) for u in ell.draw(rng, self.n_candidates)]
        return candidates[np.argmax(ell.log_density(candidates) - g.log_density(candidates))]


class Parzen:
    """A density on the unit scale, with a component for each configuration and a uniform one.

    Parameters
    ----------
    dimensions : mapping from names to Float, Int or Choice
        The coordinates, in this order.
    configurations : sequence of dict
        The centers of the components.
    prior_weight : float
        Of the uniform component, which comes last; the others have the weight 1.
    joint : bool
        Components that are smooth in every hyperparameter, as ``multivariate`` needs them.
    """

    def __init__(
        self,
        dimensions: Mapping[str, Float | Int | Choice],
        configurations: Sequence[Mapping[str, Any]],
        prior_weight: float = 1.0,
        joint: bool = False,
    ):
        n, self.dimensions = len(configurations), dimensions
        scott = max(n, 1) ** (-1 / (len(dimensions) + 4)) if joint else None
        self.kernels = []
        units = to_units(dimensions, configurations)
        for given, centers in zip(dimensions.values(), units.T, strict=True):
            kind = _Options if isinstance(given, Choice) and not given.ordered else _Normals
            self.kernels.append(kind(given, centers, scott))
        # [1], section 4.2: p_i of N options becomes N p_i + the count of i, so each weighs 1.
        alone = 1 if joint else getattr(self.kernels[0], "count", 1)
        self.weights = np.append(np.ones(n), prior_weight * alone)
        self.weights /= self.weights.sum()

    def draw(self, rng: np.random.Generator, size: int) -> Array:
        """Return points of the unit cube, of shape (size, d)."""
        chosen = rng.choice(len(self.weights), size=size, p=self.weights)
        return np.stack([kernel.draw(rng, chosen) for kernel in self.kernels], axis=1)

    def log_density(self, configurations: Sequence[Mapping[str, Any]]) -> Array:
        """Return the logarithms of the density at configurations, of shape (size,).

        For whole numbers, steps and choices it is the mean over the share that the value has;
        what a configuration does not have is integrated out.
        """
        units = to_units(self.dimensions, configurations)
        total = np.log(self.weights) + np.zeros((len(units), 1))
        for kernel, u in zip(self.kernels, units.T, strict=True):
            there = ~np.isnan(u)
            with np.errstate(divide="ignore"):
                total[there] += np.log(kernel.density(u[there]))
        return logsumexp(total, axis=1)


class _Normals:
    """Normal kernels truncated to [0, 1]."""

    def __init__(self, given, centers, scott):
        n, known, self.given = len(centers), ~np.isnan(centers), given
        mu = np.where(known, centers, 0.5)
        if scott is None:
            order = np.argsort(mu)
            gaps = np.diff(mu[order], prepend=0, append=1)
            sigma = np.empty(n)
            sigma[order] = np.maximum(gaps[:-1], gaps[1:])
        else:
            sigma = np.full(n, scott * np.std(mu[known]) if known.any() else 1.0)
        sigma = np.where(known, np.clip(sigma, 1 / min(100, n + 2), 1), _FLAT)
        self.mu, self.sigma = np.append(mu, 0.5), np.append(sigma, _FLAT)
        self.low, self.high = ndtr(-self.mu / self.sigma), ndtr((1 - self.mu) / self.sigma)

    def draw(self, rng, chosen):
        low, high = self.low[chosen], self.high[chosen]
        z = ndtri(low + rng.random(len(chosen)) * (high - low))
        return np.clip(self.mu[chosen] + self.sigma[chosen] * z, 0, 1)

    def density(self, u):
        """Return the density of each component, of shape (len(u), n + 1)."""
        low, high = self.given.share(u)
        width = (high - low)[:, None]
        below, at, above = ((x[:, None] - self.mu) / self.sigma for x in (low, u, high))
        density = np.exp(-(at**2) / 2) / (math.sqrt(2 * math.pi) * self.sigma)
        # Of a narrow share the density at its middle is the mean, and free of cancellation.
        wide = width > 1e-5
        mean = (ndtr(above) - ndtr(below)) / np.where(wide, width, 1)
        return np.where(wide, mean, density) / (self.high - self.low)


class _Options:
    """Probabilities of options: all on one, or nearly so, with Scott's factor."""

    def __init__(self, given, centers, scott):
        self.count = len(given.options)
        known = ~np.isnan(centers)
        spread = np.where(known, (scott or 0) / 2, 1.0)
        self.index = np.append(np.where(known, centers * self.count, 0), 0).astype(int)
        self.spread = np.append(spread, 1.0)

    def draw(self, rng, chosen):
        own = rng.random(len(chosen)) >= self.spread[chosen]
        anew = rng.integers(self.count, size=len(chosen))
        return (np.where(own, self.index[chosen], anew) + 0.5) / self.count

    def density(self, u):
        """Return the probability of each component times the number of options."""
        own = (u * self.count).astype(int)[:, None] == self.index
        return self.spread + (1 - self.spread) * self.count * own


_FLAT = 1e3  # a normal distribution so wide is uniform on [0, 1], up to a part in a million


def _value(trial):
    known = trial.value is not None and trial.state is not TrialState.FAIL
    return trial.value if known and math.isfinite(trial.value) else math.inf
