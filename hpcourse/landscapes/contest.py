"""A contest of optimizers: what a fair comparison measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from hpcourse.arguments import array, is_number, mapping, one_of, plain, real, unknown_name, whole
from hpcourse.landscapes.catalog import Array, Landscape
from hpcourse.landscapes.descent import UPDATE_RULES, checked_settings, descend


def compare(
    landscapes: Iterable[Landscape],
    optimizers: Sequence[str] = tuple(UPDATE_RULES),
    *,
    learning_rates: ArrayLike = (0.001, 0.01, 0.1, 1.0),
    settings: Mapping[str, Sequence[Mapping[str, float]]] | None = None,
    n_starts: int = 30,
    steps: int = 500,
    tolerance: float = 0.01,
    seed: int = 0,
) -> list[dict[str, object]]:
    """Measure four criteria for each optimizer on each landscape.

    Distances are measured in the unit cube to which the bounds are scaled, to the nearest
    global minimizer. A start *arrives* when its path ends within ``tolerance`` of it; the
    steps it needs are those after which the path leaves that neighborhood no more.

    The learning rate, and what ``settings`` lists, are tuned for each pair by the performance
    on ``n_starts`` tuning starts (ties: by the mean final distance). The criteria are then
    measured on other starts, the same for all optimizers: ``default_rng(seed)`` draws the starts
    of the evaluation uniformly in the bounds, ``default_rng(seed + 1)`` those of the tuning.

    Parameters
    ----------
    landscapes : iterable of Landscape
        Each pair of one with an optimizer is a row of the result; at least one.
    optimizers : sequence of names
        As for :func:`descend`; at least one.
    learning_rates : array of shape (k,)
        The candidates, above 0.
    settings : mapping of names of optimizers to sequences of mappings, optional
        Further settings of :func:`descend` that are tried with every learning rate, as
        ``{"adam": [{"beta_2": 0.9}, {"beta_2": 0.999}]}``; default its defaults alone.
    n_starts, steps : int
        Starts for each pair, and updates of each path; at least 1.
    tolerance : float
        Share of the width of the domain, above 0.
    seed : int
        Of the starts, from 0.

    Returns
    -------
    list of dict, one for each landscape and optimizer, as ``pandas.DataFrame`` takes it
        ``landscape``, ``optimizer``, ``learning_rate``, ``settings`` (those chosen),
        ``convergence`` (median steps of the starts that arrive), ``precision`` (their median
        final distance; both NaN where none arrives), ``robustness`` (share of starts that
        arrive) and ``performance`` (mean steps, where a start that does not arrive counts as
        ``steps``).

    Raises
    ------
    ValueError
        Before the first descent, for anything else.

    Examples
    --------
    >>> from hpcourse import landscapes
    >>> booth = landscapes.get("booth")
    >>> row, = compare([booth], ["momentum"], steps=200)
    >>> row["learning_rate"], row["robustness"], row["convergence"] < 100
    (0.01, 1.0, True)
    """
    landscapes = _several("landscapes", landscapes, Landscape)
    optimizers = [
        one_of("optimizer", name, UPDATE_RULES) for name in _several("optimizers", optimizers, str)
    ]
    single = [learning_rates] if is_number(learning_rates) else learning_rates
    rates = array("learning_rates", single, "k")
    if not rates.size or not np.all(rates > 0):
        raise ValueError(f"learning_rates holds numbers above 0, at least one, got {single!r}")
    n_starts, steps, seed = (
        whole("n_starts", n_starts, 1),
        whole("steps", steps, 1),
        whole("seed", seed),
    )
    tolerance = real("tolerance", tolerance, above=0)
    tried = _tried(optimizers, settings)
    rows = []
    for landscape in landscapes:
        low, high = landscape.bounds.T
        shape = (n_starts, landscape.dimension)
        starts, tuning = (
            np.random.default_rng(s).uniform(low, high, shape) for s in (seed, seed + 1)
        )
        for name in optimizers:
            tries: list[tuple] = []
            for more in tried[name]:
                path = descend(
                    landscape,
                    np.tile(tuning, (len(rates), 1)),
                    name,
                    steps,
                    learning_rate=np.repeat(rates, n_starts),
                    **more,
                )
                needed, final = (
                    part.reshape(len(rates), n_starts).mean(axis=1)
                    for part in _arrivals(landscape, path, tolerance)
                )
                tries += zip(needed, final, rates.tolist(), [more] * len(rates), strict=True)
            *_, rate, more = min(tries, key=lambda each: each[:2])
            path = descend(landscape, starts, name, steps, learning_rate=rate, **more)
            needed, final = _arrivals(landscape, path, tolerance)
            arrived = final <= tolerance
            rows.append(
                {
                    "landscape": landscape.name,
                    "optimizer": name,
                    "learning_rate": rate,
                    "settings": dict(more),
                    "convergence": float(np.median(needed[arrived])) if arrived.any() else np.nan,
                    "precision": float(np.median(final[arrived])) if arrived.any() else np.nan,
                    "robustness": float(arrived.mean()),
                    "performance": float(needed.mean()),
                }
            )
    return rows


def _several(name: str, given: Iterable, kind: type) -> list:
    """Return what holds at least one of a kind, and nothing else, as a list."""
    several = isinstance(given, Iterable) and not isinstance(given, str | Mapping)
    each = list(given) if several else []
    if not each or not all(isinstance(one, kind) for one in each):
        of = "Landscapes" if kind is Landscape else "names"
        raise ValueError(f"{name} is a sequence of one or more {of}, got {each or given!r}")
    return each


def _tried(optimizers: Sequence[str], settings: Mapping | None) -> dict[str, list[dict]]:
    """Return the settings that are tried with each optimizer, or say what is wrong with them."""
    given = mapping(
        "settings", {} if settings is None else settings, "names of optimizers to lists"
    )
    if unknown := set(given) - set(optimizers):
        raise unknown_name("optimizer", min(unknown, key=str), optimizers)
    tried: dict[str, list[dict]] = {name: [{}] for name in optimizers}
    for name, several in given.items():
        dicts = isinstance(several, list | tuple) and all(isinstance(d, Mapping) for d in several)
        if not dicts or not several or any("learning_rate" in more for more in several):
            raise ValueError(
                f"settings of {name} is a list of one or more dicts without learning_rate, "
                f"got {several!r}"
            )
        tried[name] = [{key: plain(value) for key, value in more.items()} for more in several]
        for more in tried[name]:
            checked_settings(name, more, np.empty((0, 0)))
    return tried


def _arrivals(landscape: Landscape, path: Array, tolerance: float) -> tuple[Array, Array]:
    """Return the steps each path needs to arrive for good, and its final distance."""
    scale = 1 / np.ptp(landscape.bounds, axis=1)
    distance = np.min(
        [np.linalg.norm((path - best) * scale, axis=-1) for best in landscape.minimizers], axis=0
    )
    # The last step outside is the first one found from the end; the next one arrives.
    outside = (distance > tolerance)[::-1]
    needed = np.where(outside.any(axis=0), len(path) - outside.argmax(axis=0), 0)
    return np.minimum(needed, len(path) - 1), distance[-1]
