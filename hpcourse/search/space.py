"""Search spaces: which hyperparameters, in which range, on which scale.

>>> import numpy as np
>>> from hpcourse import Choice, Float, Int, Space
>>> space = Space(
...     learning_rate=Float(1e-4, 1, log=True),
...     units=Int(16, 256, log=True),
...     optimizer=Choice(["sgd", "adam"]),
...     momentum=Float(0, 0.99, when={"optimizer": "sgd"}),
... )
>>> sorted(space.sample(np.random.default_rng(1)))
['learning_rate', 'momentum', 'optimizer', 'units']

Every hyperparameter has a *unit* scale, from 0 to 1, on which equal lengths are equally
likely: u = (x - low) / (high - low), or with ``log=True`` the same of the logarithms. Whole
numbers and choices take equal shares of it. All searches work on that scale, so what they do
does not depend on units of measurement.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse.arguments import array, function, instance, mapping, one_of, unknown_name, whole
from hpcourse.search.dimensions import Choice, Float, Int, to_units

VALUES = "names of hyperparameters to values"


class Space:
    """Hyperparameters and their ranges, by name.

    Parameters
    ----------
    **parameters : Float, Int or Choice
        In the order in which they are to be shown. Conditions (``when``) may refer to any
        other; where a condition does not hold, a configuration does not have that name.

    Raises
    ------
    ValueError
        For no hyperparameters, a condition on an unknown name or on a value that it never
        takes, or conditions in a circle.

    Examples
    --------
    >>> space = Space(depth=Int(1, 2), dropout=Float(0, 0.5, when={"depth": 2}))
    >>> list(space.grid(2))
    [{'depth': 1}, {'depth': 2, 'dropout': 0.0}, {'depth': 2, 'dropout': 0.5}]
    >>> space.from_unit([0.9, 0.5])
    {'depth': 2, 'dropout': 0.25}
    """

    def __init__(self, **parameters: Float | Int | Choice):
        self._parameters = parameters
        if not parameters:
            raise ValueError("a space has at least one hyperparameter")
        for name, given in parameters.items():
            if not isinstance(given, Float | Int | Choice):
                raise ValueError(f"{name} is a Float, Int or Choice, got {given!r}")
        self._conditions = {
            name: self._condition(name, given.when) for name, given in parameters.items()
        }
        self._order = self._parents_first()
        self._columns = {name: column for column, name in enumerate(parameters)}

    def _condition(self, name, when):
        """Return what must hold for a hyperparameter: names, and the values they may have."""
        condition = {}
        for other, wanted in (when or {}).items():
            if other not in self._parameters:
                raise unknown_name(f"condition of {name}", other, self._parameters)
            parent = self._parameters[other]
            several = isinstance(wanted, list | set | frozenset)
            allowed = list(wanted) if several else [wanted]
            for value in allowed:
                if not parent.contains(value):
                    raise ValueError(f"{name} exists when {other} is {value!r}, which it never is")
            if not allowed:
                raise ValueError(f"{name} exists when {other} is one of no values")
            condition[other] = [parent.own(value) for value in allowed]
        return condition

    def _parents_first(self):
        order, waiting = [], dict(self._conditions)
        while waiting:
            ready = [name for name, needs in waiting.items() if not set(needs) & set(waiting)]
            if not ready:
                raise ValueError(f"the conditions of {', '.join(waiting)} go in a circle")
            order += ready
            waiting = {name: needs for name, needs in waiting.items() if name not in ready}
        return order

    @property
    def parameters(self) -> Mapping[str, Float | Int | Choice]:
        """The hyperparameters by name, in order; nothing can be put in."""
        return MappingProxyType(self._parameters)

    def __len__(self) -> int:
        """Number of hyperparameters."""
        return len(self._parameters)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __getitem__(self, name: str) -> Float | Int | Choice:
        return self._parameters[name]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Space) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(tuple(self._parameters))

    def __repr__(self) -> str:
        lines = "".join(f"    {name}={given},\n" for name, given in self._parameters.items())
        return f"Space(\n{lines})"

    def active(self, name: str, params: Mapping[str, Any]) -> bool:
        """Whether a hyperparameter exists in a configuration that has these values so far.

        Raises
        ------
        ValueError
            For a name that is not in the space.
        """
        one_of("hyperparameter", name, self._parameters)
        return self._active(name, mapping("params", params, VALUES))

    def _active(self, name, params):
        return all(
            other in params
            and any(_same(params[other], value) for value in self._conditions[name][other])
            for other in self._conditions[name]
        )

    def from_unit(self, u: ArrayLike) -> dict[str, Any]:
        """Return the configuration at a point of the unit cube.

        Parameters
        ----------
        u : array of shape (len(space),)
            In [0, 1], in the order of the hyperparameters; what is at the place of one that
            does not exist there is not looked at.

        Raises
        ------
        ValueError
            For another shape, and what is not in [0, 1].
        """
        ready = isinstance(u, np.ndarray) and u.dtype.char == "d" and u.shape == (len(self),)
        point: Any = u if ready else array("u", u, len(self), finite=False)
        given = dict(zip(self._parameters, point.tolist(), strict=True))

        def choose(name):
            if not 0 <= given[name] <= 1:
                raise ValueError(f"{name} lies in [0, 1] on the unit scale, got {given[name]}")
            return self._parameters[name].from_unit(given[name])

        return self.assemble(choose)

    def assemble(self, choose: Callable[[str], Any]) -> dict[str, Any]:
        """Return a configuration, asking for the value of each hyperparameter that exists.

        Parameters
        ----------
        choose : function of a name
            Called for what conditions depend on first.
        """
        function("choose", choose, "a name")
        params: dict[str, Any] = {}
        for name in self._order:
            if not self._conditions[name] or self._active(name, params):
                params[name] = choose(name)
        return self._sorted(params)

    def to_unit(self, params: Mapping[str, Any]) -> NDArray[np.float64]:
        """Return the point of the unit cube of a configuration; NaN for what it does not have."""
        self.check(params)
        return np.array(
            [
                given.to_unit(params[name]) if name in params else math.nan
                for name, given in self._parameters.items()
            ]
        )

    def to_units(self, configurations: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
        """Return configurations of the space as points of the unit cube, without checking values.

        Parameters
        ----------
        configurations : sequence of mappings
            From names of hyperparameters to values of the space's own.

        Returns
        -------
        array of shape (len(configurations), len(space))
            NaN for what a configuration does not have.

        Raises
        ------
        ValueError
            For what is no sequence of mappings.
        """
        several = isinstance(configurations, Sequence) and not isinstance(configurations, str)
        if not several or not all(isinstance(params, Mapping) for params in configurations):
            raise ValueError(
                f"configurations is a sequence of mappings, got {configurations!r:.200}"
            )
        return to_units(self._parameters, configurations)

    def snap(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where the configurations at points of the unit cube lie, as :meth:`to_unit` says.

        Parameters
        ----------
        points : array of shape (n, len(space))
            In [0, 1]; NaN counts as 0.5.

        Raises
        ------
        ValueError
            For another shape, and what is not in [0, 1].
        """
        points = array("points", points, "n", len(self), finite=False)
        points = np.where(np.isnan(points), 0.5, points)
        if points.size and not (points.min() >= 0 and points.max() <= 1):
            raise ValueError(f"points lie in [0, 1] on the unit scale, got {points!r:.200}")
        snapped = np.full(points.shape, math.nan)
        for name in self._order:
            given, column = self._parameters[name], self._columns[name]
            there = np.ones(len(points), dtype=bool)
            for other, allowed in self._conditions[name].items():
                places = [self._parameters[other].to_unit(value) for value in allowed]
                there &= np.isin(snapped[:, self._columns[other]], places)
            snapped[there, column] = given.snap(points[there, column])
        return snapped

    def sample(self, rng: np.random.Generator) -> dict[str, Any]:
        """Draw a configuration, each hyperparameter uniform on its scale."""
        instance("rng", rng, np.random.Generator, "a numpy.random.Generator")
        given = dict(zip(self._parameters, rng.random(len(self)).tolist(), strict=True))
        return self.assemble(lambda name: self._parameters[name].from_unit(given[name]))

    def grid(self, n: int | Mapping[str, int] | None = None) -> Iterator[dict[str, Any]]:
        """Return every combination of n values of each hyperparameter, none of them twice.

        Parameters
        ----------
        n : int or mapping from names to int, optional
            Values for each, spread over its scale. Choices are all taken; whole numbers and
            steps without n are all taken too.

        Raises
        ------
        ValueError
            For n below 1, a name that is not in the space, or a continuous range without n.
        """
        if isinstance(n, Mapping):
            for name in n:
                if name not in self._parameters:
                    raise unknown_name("hyperparameter", name, self._parameters)
        counts = {name: n.get(name) if isinstance(n, Mapping) else n for name in self._parameters}
        for count in counts.values():
            whole("n", count, 1, optional=True)
        values = {name: given.values(counts[name]) for name, given in self._parameters.items()}
        return self._combinations(values, {}, self._order)

    def _combinations(self, values, params, names):
        if not names:
            yield self._sorted(params)
            return
        first, rest = names[0], names[1:]
        options = values[first] if self._active(first, params) else [None]
        for value in options:
            more = params | {first: value} if self._active(first, params) else params
            yield from self._combinations(values, more, rest)

    def check(self, params: Mapping[str, Any]) -> None:
        """Raise the error that says why these values are no configuration of the space."""
        self.canonical(params)

    def canonical(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return a configuration with the space's own values, as :meth:`Float.own` says.

        Raises
        ------
        ValueError
            For values that are no configuration of the space.
        """
        for name in mapping("params", params, VALUES):
            if name not in self._parameters:
                raise unknown_name("hyperparameter", name, self._parameters)
        own = dict(params)
        for name in self._order:
            given = self._parameters[name]
            if self._conditions[name] and not self._active(name, params):
                if name in params:
                    raise ValueError(f"{name} does not exist when {self._conditions[name]}")
            elif name not in params:
                raise ValueError(f"{name} is missing from {dict(params)!r}")
            else:
                try:
                    own[name] = given.own(params[name])
                except ValueError:
                    raise ValueError(f"{name} is in {given}, got {params[name]!r}") from None
        return own

    def completed(
        self, known: Mapping[str, Any], rest: Mapping[str, Any], rng: np.random.Generator
    ) -> dict[str, Any]:
        """Return a configuration that has these values, the rest from another one.

        Parameters
        ----------
        known : mapping from names to values
            Of any of the hyperparameters; what they depend on and is not among them gets a value
            with which they exist.
        rest : mapping from names to values
            A configuration from which the others are taken as far as it has them.
        rng : numpy.random.Generator
            For what neither has.

        Raises
        ------
        ValueError
            For unknown names, values that do not belong to the space, or do not go together.
        """
        mapping("rest", rest, VALUES)
        instance("rng", rng, np.random.Generator, "a numpy.random.Generator")
        for name in mapping("known", known, VALUES):
            if name not in self._parameters:
                raise unknown_name("hyperparameter", name, self._parameters)
        allowed: dict[str, list] = {}
        waiting = list(known)
        while waiting:
            for other, values in self._conditions[waiting.pop()].items():
                if other not in known:
                    both = [
                        v for v in values if any(_same(v, w) for w in allowed.get(other, values))
                    ]
                    if not both:
                        raise ValueError(f"no value of {other} lets {dict(known)!r} exist")
                    allowed[other] = both
                    waiting.append(other)

        def choose(name):
            value = rest.get(name, None) if name in rest else self[name].from_unit(rng.random())
            if name in known:
                return known[name]
            fits = allowed.get(name)
            return value if fits is None or any(_same(value, v) for v in fits) else fits[0]

        made = self.assemble(choose)
        return self.canonical({**made, **known})

    def _sorted(self, params):
        return {name: params[name] for name in self._parameters if name in params}

    def to_dict(self) -> dict[str, dict]:
        """Return what JSON can hold and what tells two spaces apart."""
        return {
            name: {"type": type(given).__name__}
            | {
                part.name: getattr(given, part.name)
                for part in fields(given)
                if part.init and part.name not in ("options", "when")
            }
            | ({"options": given.values()} if isinstance(given, Choice) else {})
            | {"when": self._conditions[name]}
            for name, given in self._parameters.items()
        }


def _same(one: object, other: object) -> bool:
    """Whether two values are equal, True and 1 kept apart."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two configurations are equal, True and 1 kept apart."""
    return one == other and all(_same(value, other[name]) for name, value in one.items())
