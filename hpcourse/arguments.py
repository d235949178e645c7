"""One way to refuse an argument: what it is called, what it accepts, what was given.

Each function returns the argument as Python's own type, so that NumPy's numbers are welcome and
nothing keeps them, or raises one error before any work starts.
"""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "array",
    "flag",
    "function",
    "instance",
    "is_number",
    "mapping",
    "one_of",
    "plain",
    "real",
    "unknown_name",
    "whole",
    "wholes",
]


def is_number(value: Any, kind: type[Any] = Real) -> bool:
    """Whether a value is a finite number of a kind; True and False are none."""
    if type(value) is int and kind in (Real, Integral):  # most are, and asking a class takes long
        return True
    if type(value) is float and kind is Real:
        return math.isfinite(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # of a whole number that no float can hold
        return kind is Integral


_PLAIN = frozenset((int, float, str, bool, type(None)))


def plain(value: Any) -> Any:
    """Return a copy with Python's own numbers and lists in place of NumPy's.

    Lists, tuples and dicts are copied with all that is in them; anything else is returned as it is.

    >>> plain([np.int64(3), (np.float32(0.5), {"a": np.arange(2)})])
    [3, (0.5, {'a': [0, 1]})]
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, np.longdouble):
        return float(value)
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {k: v if type(v) in _PLAIN else plain(v) for k, v in value.items()}
    return type(value)(map(plain, value)) if type(value) in (list, tuple) else value


def flag(name: str, given: Any) -> bool:
    """Return True or False as Python has it, or raise the error for anything else.

    >>> flag("shuffle", 1)
    Traceback (most recent call last):
    ...
    ValueError: shuffle is True or False, got 1
    """
    if isinstance(given, bool | np.bool_):
        return bool(given)
    raise ValueError(f"{name} is True or False, got {given!r}")


def whole(
    name: str, given: Any, low: int = 0, high: int | None = None, *, optional: bool = False
) -> Any:
    """Return a whole number, or None where that is accepted, as Python has it.

    Parameters
    ----------
    name : str
        Of the argument.
    given : object
        True and False, 2.0 and "2" are refused; NumPy's whole numbers are not.
    low, high : int
        The least and the largest that is accepted; without ``high`` there is none.
    optional : bool
        Whether None is accepted.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> whole("epochs", np.int64(3), 1)
    3
    >>> whole("epochs", 2.5, 1)
    Traceback (most recent call last):
    ...
    ValueError: epochs is a whole number from 1, got 2.5
    """
    if given is None and optional:
        return None
    if is_number(given, Integral) and low <= given and (high is None or given <= high):
        return int(given)
    accepted = f"a whole number from {low}" + (f" to {high}" if high is not None else "")
    accepted = f"{low}" if low == high else accepted
    more = " or None" if optional else ""
    raise ValueError(f"{name} is {accepted}{more}, got {given!r}")


def wholes(name: str, given: Any, low: int = 0, *, least: int = 0) -> tuple[int, ...]:
    """Return a sequence of whole numbers as a tuple.

    Parameters
    ----------
    name : str
        Of the argument.
    given : sequence
        A list, tuple or array; a single number is none.
    low : int
        The least number that is accepted.
    least : int
        How many there are at least.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> wholes("units", [64, np.int64(32)], 1)
    (64, 32)
    >>> wholes("units", 64, 1)
    Traceback (most recent call last):
    ...
    ValueError: units is a sequence of whole numbers from 1, got 64
    """
    array = isinstance(given, np.ndarray) and given.ndim == 1
    enough = (array or isinstance(given, list | tuple | range)) and len(given) >= least
    if enough and all(is_number(n, Integral) and n >= low for n in given):
        return tuple(int(n) for n in given)
    some = f"{least} or more " if least else ""
    raise ValueError(f"{name} is a sequence of {some}whole numbers from {low}, got {given!r}")


def real(
    name: str,
    given: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    above: float | None = None,
    below: float | None = None,
    optional: bool = False,
) -> Any:
    """Return a finite number, or None where that is accepted, as Python has it.

    Parameters
    ----------
    name : str
        Of the argument.
    given : object
        True and False and texts are refused; NumPy's numbers are not.
    low, high : float, optional
        Bounds that are accepted themselves.
    above, below : float, optional
        Bounds that are not.
    optional : bool
        Whether None is accepted.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> real("momentum", 0.9, 0, below=1)
    0.9
    >>> real("momentum", 1.0, 0, below=1)
    Traceback (most recent call last):
    ...
    ValueError: momentum is in [0, 1), got 1.0
    """
    if given is None and optional:
        return None
    number = plain(given) if isinstance(given, np.generic) else given
    fits = is_number(number) and not (
        (low is not None and number < low)
        or (high is not None and number > high)
        or (above is not None and number <= above)
        or (below is not None and number >= below)
    )
    if fits:
        return number
    more = " or None" if optional else ""
    raise ValueError(f"{name} is {_range(low, high, above, below)}{more}, got {given!r}")


def _range(low, high, above, below):
    """Return what the bounds accept, in words."""
    left = [f"[{low}"] * (low is not None) + [f"({above}"] * (above is not None)
    right = [f"{high}]"] * (high is not None) + [f"{below})"] * (below is not None)
    if left and right:
        return f"in {left[0]}, {right[0]}"
    if left:
        return f"a number from {low}" if low is not None else f"a number above {above}"
    if right:
        return f"a number to {high}" if high is not None else f"a number below {below}"
    return "a finite number"


def array(name: str, given: Any, *shape: int | str, finite: bool = True) -> NDArray[np.float64]:
    """Return an array of floats.

    Parameters
    ----------
    name : str
        Of the argument.
    given : array or sequence
        Of numbers; True and False count as 1 and 0, None as NaN. Texts are refused.
    *shape : int or str
        The length of each axis, or a name for one of any length; default any shape but that of
        a single number.
    finite : bool
        Whether NaN and infinity are refused.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> array("rates", [1, 2], "n")
    array([1., 2.])
    >>> array("points", [1, 2], "n", 2)
    Traceback (most recent call last):
    ...
    ValueError: points is an array of finite numbers of shape (n, 2), got [1, 2] of shape (2,)
    """
    made = _floats(given)
    axes = shape or (made.shape if made is not None and made.ndim else ("n",))
    if (
        made is not None
        and len(axes) == made.ndim
        and all(isinstance(n, str) or n == m for n, m in zip(axes, made.shape, strict=True))
        and (not finite or np.isfinite(made).all())
    ):
        return made
    wanted = "(" + ", ".join(map(str, shape)) + (",)" if len(shape) == 1 else ")")
    got = "" if made is None else f" of shape {made.shape}"
    raise ValueError(
        f"{name} is an array of {'finite ' * finite}numbers{f' of shape {wanted}' * bool(shape)}, "
        f"got {given!r:.200}{got}"
    )


def _floats(given):
    """Return an array of floats, None of what holds anything but numbers."""
    try:
        made = np.asarray(given)
        return np.asarray(made, dtype=float) if made.dtype.kind in "biufO" else None
    except (TypeError, ValueError):  # objects; lists of other lengths in a list
        return None


def function(name: str, given: Any, of: str, *, optional: bool = False) -> Any:
    """Return a function, or None where that is accepted; a class is none.

    >>> function("objective", 3, "a trial")
    Traceback (most recent call last):
    ...
    ValueError: objective is a function of a trial, got 3
    """
    if (given is None and optional) or (callable(given) and not isinstance(given, type)):
        return given
    more = " or None" if optional else ""
    raise ValueError(f"{name} is a function of {of}{more}, got {given!r:.200}")


def takes(given: Any, *arguments: Any) -> bool:
    """Whether something can be called with these arguments, as far as it says what it takes.

    >>> takes(len, []), takes(lambda: 0, 1), takes(3)
    (True, False, False)
    """
    try:
        inspect.signature(given).bind(*arguments)
    except TypeError:  # of the arguments, or of what is no function
        return False
    except ValueError:  # some functions in C have no signature
        pass
    return callable(given)


def functions(name: str, given: Any, *of: str) -> tuple[Callable, ...]:
    """Return functions that can be called with these arguments; classes are none.

    >>> functions("callbacks", [print, len], "study", "trial")
    Traceback (most recent call last):
    ...
    ValueError: callbacks is a sequence of functions (study, trial), got [<built-in function \
print>, <built-in function len>]
    """
    wanted = f"{name} is a sequence of functions ({', '.join(of)})"
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise ValueError(f"{wanted}, got {given!r:.200}")
    each = tuple(given)
    if not all(takes(one, *of) and not isinstance(one, type) for one in each):
        raise ValueError(f"{wanted}, got {list(each)!r:.200}")
    return each


def instance(name: str, given: Any, kind: type, accepted: str, *, optional: bool = False) -> Any:
    """Return an object of a class, or None where that is accepted.

    >>> instance("rng", 0, np.random.Generator, "a numpy.random.Generator")
    Traceback (most recent call last):
    ...
    ValueError: rng is a numpy.random.Generator, got 0
    """
    if isinstance(given, kind) or (given is None and optional):
        return given
    more = " or None" if optional else ""
    raise ValueError(f"{name} is {accepted}{more}, got {given!r:.200}")


def mapping(name: str, given: Any, accepted: str) -> Any:
    """Return a mapping as it is.

    >>> mapping("params", [], "names of hyperparameters to values")
    Traceback (most recent call last):
    ...
    ValueError: params maps names of hyperparameters to values, got []
    """
    if isinstance(given, Mapping):
        return given
    raise ValueError(f"{name} maps {accepted}, got {given!r:.200}")


def one_of(name: str, given: Any, accepted: Iterable[str], *, optional: bool = False) -> Any:
    """Return a name, or None where that is accepted, or raise the error that suggests the nearest.

    >>> one_of("direction", "minimise", ("minimize", "maximize"))
    Traceback (most recent call last):
    ...
    ValueError: unknown direction 'minimise'; did you mean 'minimize'? Accepted: maximize, minimize
    """
    if given is None and optional:
        return None
    if isinstance(given, str) and given in (accepted := tuple(accepted)):
        return str(given)
    error = unknown_name(name, given, accepted)
    raise ValueError(f"{error} or None") if optional else error


def unknown_name(kind: str, given: object, accepted: Iterable[str]) -> ValueError:
    """Make the error for a name that does not exist: what was given, the nearest, all.

    >>> raise unknown_name("optimizer", "adma", ["adam", "momentum"])
    Traceback (most recent call last):
    ...
    ValueError: unknown optimizer 'adma'; did you mean 'adam'? Accepted: adam, momentum
    """
    accepted = sorted(accepted)
    plain = {name.casefold(): name for name in accepted}
    near = difflib.get_close_matches(str(given).casefold(), plain, n=1, cutoff=0.5)
    hint = f"did you mean {plain[near[0]]!r}? " if near else ""
    return ValueError(f"unknown {kind} {given!r}; {hint}Accepted: {', '.join(accepted)}")
