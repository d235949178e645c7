"""Configurations are bred: selection, crossover, mutation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from hpcourse.arguments import one_of, real, whole
from hpcourse.search.dimensions import Choice
from hpcourse.search.searcher import Searcher
from hpcourse.search.space import Space
from hpcourse.search.trial import Trial, TrialState


class EvolutionSearch(Searcher):
    """Breed configurations: select parents, cross them, mutate the child [1]_.

    The first ``population_size`` trials are drawn at random. Each later generation of that
    size is bred from the generation before it and the ``n_elite`` best of all trials:

    selection
        ``"tournament"``: the best of ``tournament_size`` drawn at random; ``"truncation"``:
        one of the better half.
    crossover
        Uniform: each hyperparameter from the first or the second parent, with equal chance;
        one that only one of them has, by a condition, from that one.
    mutation
        With probability ``mutation_rate``, each hyperparameter is moved by a normal step of
        deviation ``mutation_scale`` on its unit scale, reflected at the ends; a choice
        without order is drawn anew.

    Trials of a generation do not wait for each other, so they can run in parallel.

    Parameters
    ----------
    population_size : int
        At least 2.
    selection : {"tournament", "truncation"}
        How parents are chosen, as above.
    tournament_size : int
        At least 1.
    n_elite : int
        From 0.
    mutation_rate, mutation_scale : float
        In [0, 1].

    References
    ----------
    .. [1] A. E. Eiben and J. E. Smith, "Introduction to evolutionary computing", 2nd edition,
       Springer, 2015, chapters 3 to 5.
    """

    def __init__(
        self,
        population_size: int = 10,
        selection: str = "tournament",
        tournament_size: int = 3,
        n_elite: int = 2,
        mutation_rate: float = 0.5,
        mutation_scale: float = 0.1,
    ):
        self.population_size = whole("population_size", population_size, 2)
        self.selection = one_of("selection", selection, ("tournament", "truncation"))
        self.tournament_size = whole("tournament_size", tournament_size, 1)
        self.n_elite = whole("n_elite", n_elite)
        self.mutation_rate = real("mutation_rate", mutation_rate, 0, 1)
        self.mutation_scale = real("mutation_scale", mutation_scale, 0, 1)

    def horizon(self, number: int, space: Space) -> int:
        """Wait for all generations before this trial's."""
        return number - number % self.population_size

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return a child of two trials of the generations before."""
        start = self.horizon(len(trials), space)
        if not start:
            return space.sample(rng)
        ranked = sorted(islice(trials, start), key=_loss)
        last = trials[start - self.population_size : start]
        elite = [trial for trial in ranked[: self.n_elite] if trial.number < last[0].number]
        pool = sorted([*elite, *last], key=_loss)
        parents = [self._select(pool, rng) for _ in range(2)]
        points = np.array([space.to_unit(parent.params) for parent in parents])
        points = np.where(np.isnan(points), points[::-1], points)  # what only one parent has
        points = np.where(np.isnan(points), rng.random(len(space)), points)  # or neither
        child = np.where(rng.random(len(space)) < 0.5, *points)
        steps = rng.normal(scale=self.mutation_scale, size=len(space))
        moved = 1 - np.abs(1 - np.abs(child + steps) % 2)
        fresh = rng.random(len(space))
        choices = [isinstance(d, Choice) and not d.ordered for d in space.parameters.values()]
        mutated = rng.random(len(space)) < self.mutation_rate
        return space.from_unit(np.where(mutated, np.where(choices, fresh, moved), child))

    def _select(self, pool, rng):
        """Draw a parent from a pool that is sorted from best to worst."""
        if self.selection == "truncation":
            return pool[rng.integers((len(pool) + 1) // 2)]
        return pool[min(rng.integers(len(pool), size=self.tournament_size))]


def _loss(trial):
    """Order trials: failures, and whatever has no value, come last."""
    usable = trial.value is not None and trial.state is not TrialState.FAIL
    return trial.value if usable else np.inf
