"""A learner's function as a check sees it, and what it has earned."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hpcourse.grading import runner


class Wrong(Exception):
    """What is wrong with an answer, as the learner is told.

    Attributes
    ----------
    hint : str or None
        Key of the part's hint that it is, if it is one.
    """

    def __init__(self, message: str, hint: str | None = None):
        super().__init__(message)
        self.hint = hint


class Over(Wrong):
    """What is wrong with an answer so that the rest of the part need not be looked at."""


class Stopped(Exception):
    """Ends a check."""


class Broken(RuntimeError):
    """The process for an answer could not do its work: our failure, no reason to take points."""


@dataclass
class Judged:
    """What an answer to a part has earned.

    Attributes
    ----------
    points : int
    criteria : dict
        Points of each criterion.
    hints : list of str
        Keys of the hints that were given.
    messages : list of str
        What the learner is told, hints included.
    """

    points: int = 0
    criteria: dict[str, int] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One graded function of a problem set; made by :meth:`Exercise.part`."""

    name: str
    title: str
    points: Mapping[str, int]
    hints: Mapping[str, str]
    check: Callable[[Answer], None]

    @property
    def max_points(self) -> int:
        """All points of the part."""
        return sum(self.points.values())

    def judge(self, function: Callable[[Sequence], dict], seed: int = 0) -> Judged:
        """Return what an answer has earned; ``function`` is as for :class:`Answer`."""
        answer = Answer(self, function, seed)
        try:
            self.check(answer)
        except Stopped:
            pass
        except (Broken, OSError, MemoryError):  # the machine's, and no mark
            raise
        except Exception as error:  # of the check: an answer that its author did not think of
            answer.judged.messages.append(
                f"The check cannot judge this answer ({type(error).__name__}); please report it."
            )
        return answer.judged


class Answer:
    """A learner's function, as a check sees it.

    Parameters
    ----------
    part : Part
        What the function is an answer to.
    call : function of a list of arguments
        Returns ``{"value": ...}``, perhaps with ``"changed"``, the positions of arguments that are
        not as they were, ``{"error": [type, message]}``, ``{"unfit": what}``,
        ``{"missing": True}`` or, when no more answers are to be had, ``{"died": why}``.
    seed : int
        Of the inputs; another one for each part is made from it.

    Attributes
    ----------
    rng : numpy.random.Generator
        For the inputs; seeded, so that the same answer is asked the same.
    """

    def __init__(self, part: Part, call: Callable[[Sequence], dict], seed: int):
        self._part, self._call = part, call
        self.rng = np.random.default_rng([seed, zlib.crc32(part.name.encode())])
        self.judged = Judged(criteria=dict.fromkeys(part.points, 0))
        self._changed: list[int] = []

    def __call__(self, *args: Any) -> Any:
        """Call the learner's function with copies of these values; return a copy of its value.

        Parameters
        ----------
        *args
            What :func:`hpcourse.runner.encode` takes; functions stay where they are, and the
            learner's code calls them from afar. A ``numpy.random.Generator`` (PCG64) arrives
            in the state that it has here.

        Raises
        ------
        Wrong
            When it raises, or returns what is no plain value.
        """
        answer = self._call(args)
        if "value" in answer:
            self._changed = answer.get("changed", [])
            return answer["value"]
        if "died" in answer:
            raise Over(f"It could not be run to its end: {answer['died']}.")
        if "missing" in answer:
            raise Over(f"There is no function {self._part.name}: is its cell there, does it run?")
        given = f" for {_shown_call(self._part.name, args)}"
        if "unfit" in answer:
            raise Wrong(f"It returns {answer['unfit']}{given}; a plain value is wanted.")
        kind, message = answer["error"]
        if kind == "NotImplementedError":
            raise Over("Not written yet.")
        more = f": {message}" if message else ""
        if kind in ("NameError", "ModuleNotFoundError", "ImportError"):
            more += " (import what you need in the cell of your answer; NumPy and SciPy are there)"
        raise Wrong(f"It raises {kind}{given}{more}")

    @contextmanager
    def criterion(self, name: str):
        """Give the criterion's points if the block runs to its end."""
        points, judged = self._part.points[name], self.judged
        try:
            yield
        except Wrong as wrong:
            if wrong.hint is not None and wrong.hint not in judged.hints:
                judged.hints.append(wrong.hint)
            if str(wrong) not in judged.messages:
                judged.messages.append(str(wrong))
            if isinstance(wrong, Over):
                raise Stopped from None
        else:
            judged.criteria[name] = points
            judged.points += points

    def wrong(self, hint: str) -> Wrong:
        """Return the exception for one of the part's hints: ``raise answer.wrong("key")``."""
        return Wrong(self._part.hints[hint], hint)

    def close(
        self,
        value: Any,
        expected: Any,
        *,
        what: str = "",
        rtol: float = 1e-6,
        atol: float = 1e-9,
        **mistakes: Any,
    ) -> None:
        """Require numbers close to the expected ones, in the same shape.

        Parameters
        ----------
        value : number, array or list of numbers
            As the learner's function returned it.
        expected : number or array
            What a right answer returns.
        what : str
            Where it comes from, for the message: ``"update 3"``.
        rtol, atol : float
            Allowed is a difference of ``atol`` plus ``rtol`` times the expected number.
        **mistakes : number, array or None
            By the key of a hint: what comes out when one makes that mistake. The first that the
            value is close to decides on the hint. One that equals the expected value is no
            mistake for this input.

        Raises
        ------
        Wrong
        """
        expected = np.asarray(expected, dtype=float)
        given = self.numbers(value, what)
        for hint, other in mistakes.items():
            if other is None:
                continue
            other = np.asarray(other, dtype=float)
            if other.shape == expected.shape and _all_close(other, expected, rtol, atol):
                continue
            if given.shape == other.shape and _all_close(given, other, rtol, atol):
                raise self.wrong(hint)
        where = f" ({what})" if what else ""
        if given.shape != expected.shape:
            raise Wrong(f"Expected {_shape(expected)}, got {_shape(given)}{where}.")
        if not _all_close(given, expected, rtol, atol):
            wrong = np.abs(given - expected) > atol + rtol * np.abs(expected)
            place = tuple(map(int, np.argwhere(wrong)[0]))
            first = _told(expected[place].item(), given[place].item())
            if given.ndim == 0:
                raise Wrong(f"{first}{where}.")
            if given.size <= SHORT and _shown(given) != _shown(expected):
                raise Wrong(f"{_told(expected, given)}{where}.")
            raise Wrong(f"The first difference is at {list(place)}: {_low(first)}{where}.")

    def numbers(self, value: Any, what: str = "") -> np.ndarray:
        """Return a number, list or array as an array of floats; require that it is one, finite."""
        where = f" ({what})" if what else ""
        if value is None:
            raise Wrong(f"It returns None: is the return missing?{where}")
        plain = isinstance(value, int | float | list | tuple | np.ndarray)
        try:
            array = np.asarray(value, dtype=float) if plain else None
        except (TypeError, ValueError, OverflowError):
            array = None
        if array is None or _has_texts(value):
            raise Wrong(f"Expected numbers, got {_shown(value)}{where}.")
        if not np.isfinite(array).all():
            raise Wrong(f"NaN or infinity in what it returns{where}: {_shown(array)}.")
        return array

    def equal(self, value: Any, expected: Any, *, what: str = "", **mistakes: Any) -> None:
        """Require exactly this value: a text, truth value, whole number, or a list or dict of them.

        Lists and tuples are alike; so are 2 and 2.0.
        """
        for hint, other in mistakes.items():
            if _alike(value, other) and not _alike(expected, other):
                raise self.wrong(hint)
        if not _alike(value, expected):
            where = f" ({what})" if what else ""
            raise Wrong(f"{_difference(value, expected)}{where}.")

    def unchanged(self, *names: str) -> None:
        """Require that the last call has left its arguments as they were.

        Parameters
        ----------
        *names : str
            Of the arguments, in order, for the message.
        """
        for k in self._changed:
            name = names[k] if k < len(names) else f"argument {k + 1}"
            raise Wrong(f"It changes {name}, which belongs to the caller; work on a copy.")

    def require(self, fulfilled: bool, message: str) -> None:
        """Require a property; the message says which one, as a sentence."""
        if not fulfilled:
            raise Wrong(message)


class Local:
    """A function in this process, called as :class:`Answer` wants it: values are copied."""

    def __init__(self, function: Callable):
        self.function = function

    def __call__(self, args: Sequence) -> dict[str, Any]:
        """Call it; return its value, or what is wrong, as :class:`Answer` wants it."""
        lent: list[Callable] = []
        encoded = [runner.encode(x, lent) for x in args]
        copies = [runner.decode(x, self._lend(lent)) for x in encoded]
        try:
            value = {"value": runner.decode(runner.encode(self.function(*copies)))}
            changed = runner.changed(copies, encoded)
            return value | {"changed": changed} if changed else value
        except runner.Unfit as unfit:
            return {"unfit": str(unfit)}
        except Exception as error:
            return {"error": runner.explain(error)}

    def _lend(self, lent):
        def lend(k):
            def function(*args):
                plain = [runner.decode(runner.encode(x)) for x in args]
                return runner.decode(runner.encode(lent[k](*plain)))

            return function

        return lend


def _all_close(one, other, rtol, atol):
    return bool(np.all(np.abs(one - other) <= atol + rtol * np.abs(other)))


def _alike(one, other):
    if isinstance(one, np.ndarray):
        one = one.tolist()
    if isinstance(other, np.ndarray):
        other = other.tolist()
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in other)
    return isinstance(one, bool) == isinstance(other, bool) and one == other


SHORT = 6  # elements: what has more is not shown whole


def _told(expected, given):
    """Say what was expected and what came, with so many digits that one sees the difference."""
    texts = _shown(expected), _shown(given)
    if texts[0] == texts[1]:
        texts = tuple(
            x if len(x) <= 120 else x[:116] + " ..." for x in map(repr, (expected, given))
        )
    return f"Expected {texts[0]}, got {texts[1]}"


def _low(sentence):
    return sentence[:1].lower() + sentence[1:]


def _plain(value):
    """Return lists for arrays and tuples, as far as can be seen."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    return list(value) if isinstance(value, tuple) else value


def _difference(value, expected, place=()):
    """Say where two values differ first; both whole, where they are short."""
    one, other = _plain(value), _plain(expected)
    texts = _shown(one), _shown(other)
    short = max(map(len, texts)) <= 60 and not any("..." in text for text in texts)
    inside = type(one) is type(other) and isinstance(one, list | dict)
    if not inside or (short and not place and texts[0] != texts[1]):
        said = _told(other, one)
    elif isinstance(one, dict) and one.keys() != other.keys():
        missing = [key for key in other if key not in one]
        more = [key for key in one if key not in other]
        said = f"There is no key {_shown(missing[0])}" if missing else ""
        said = said or f"There is a key too many, {_shown(more[0])}"
    elif len(one) != len(other):
        said = f"Expected {len(other)} elements, got {len(one)}"
    else:
        keys = one if isinstance(one, dict) else range(len(one))
        key = next(key for key in keys if not _alike(one[key], other[key]))
        return _difference(one[key], other[key], (*place, key))
    return f"The first difference is at {list(place)}: {_low(said)}" if place else said


def _has_texts(value):
    if isinstance(value, list | tuple):
        return any(map(_has_texts, value))
    return isinstance(value, str | bytes)


def _shape(array):
    if array.ndim == 0:
        return "a number"
    return f"an array of shape {array.shape}"


def _shown(value):
    """Return a value as a short text."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=4, threshold=8, edgeitems=3):
            text = np.array2string(value, separator=", ").replace("\n", "")
    elif callable(value):
        text = getattr(value, "__name__", "f")
        text = "f" if text == "<lambda>" else text
    elif isinstance(value, np.random.Generator):
        text = "rng"
    elif isinstance(value, list | tuple) and len(value) > 6:
        first = ", ".join(map(_shown, value[:4]))
        text = f"[{first}, ... {len(value)} in all]"
    elif isinstance(value, list | tuple):
        text = f"[{', '.join(map(_shown, value))}]"
    else:
        text = repr(value)
    return text if len(text) <= 120 else text[:116] + " ..."


def _shown_call(name, args):
    text = ", ".join(map(_shown, args))
    return f"{name}({text if len(text) <= 160 else text[:156] + ' ...'})"
